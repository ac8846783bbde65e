/** Reveal and Contains claims in words: their fields as JSON, and what they say as lines. */
import type { Address } from '../ixon/address.js'
import { DEFINITION_KINDS, QUOTIENT_KINDS, SAFETIES } from '../ixon/constant.js'
import {
  type Claim,
  fieldNames,
  type Revealed,
  type RevealedConstructor,
  type RevealedFields,
  type RevealedRule,
} from './claim.js'

/** A claim that checks nothing. */
export type Statement = Extract<Claim, { kind: 'reveal' | 'contains' }>

/** Fields by name, with words and truth values in place of the numbers that stand for them. */
export interface WordedFields {
  readonly [field: string]:
    | string
    | number
    | boolean
    | readonly RevealedRule[]
    | readonly { readonly index: number; readonly fields: WordedFields }[]
}

export type WordedClaim =
  | {
      readonly kind: 'reveal'
      readonly commitment: Address
      readonly constant:
        | { readonly kind: string; readonly fields: WordedFields }
        | {
            readonly kind: 'block'
            readonly members?: readonly {
              readonly index: number
              readonly kind: string
              readonly fields: WordedFields
            }[]
          }
    }
  | Extract<Claim, { kind: 'contains' }>

/** Words of fields that are numbers in a claim, by the kind of constant. */
const WORDS: Record<string, Record<string, readonly (string | boolean)[]>> = {
  definition: { kind: DEFINITION_KINDS, safety: SAFETIES },
  quotient: { kind: QUOTIENT_KINDS },
}
const FLAGS: readonly boolean[] = [false, true]
const FLAG_FIELDS = ['unsafe', 'k']

/** A number that stands for nothing stays as it is: no constant has it, so no such claim holds. */
function wordedFields(kind: string, fields: RevealedFields): WordedFields {
  const worded: Record<string, WordedFields[string]> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number') {
      const words = WORDS[kind]?.[name] ?? (FLAG_FIELDS.includes(name) ? FLAGS : [])
      worded[name] = words[value] ?? value
    } else if (name === 'constructors') {
      const constructors = value as readonly RevealedConstructor[]
      worded[name] = constructors.map(({ index, fields: own }) => ({
        index,
        fields: wordedFields('constructor', own),
      }))
    } else worded[name] = value as string | readonly RevealedRule[]
  }
  return worded
}

export function claimInWords(claim: Statement): WordedClaim {
  if (claim.kind === 'contains') return claim
  const { commitment, constant } = claim
  if (constant.kind !== 'block')
    return {
      kind: 'reveal',
      commitment,
      constant: { kind: constant.kind, fields: wordedFields(constant.kind, constant.fields) },
    }
  const members = constant.members?.map(({ index, kind, fields }) => ({
    index,
    kind,
    fields: wordedFields(kind, fields),
  }))
  return {
    kind: 'reveal',
    commitment,
    constant: { kind: 'block', ...(members === undefined ? {} : { members }) },
  }
}

/** What a claim says, for people. */
export function claimLines(claim: Statement): string[] {
  if (claim.kind === 'contains') return [`${claim.constant} is a leaf of the tree ${claim.tree}`]
  return [`${claim.commitment} is ${articled(phrase(claim.constant.kind))}`, ...constantLines(claim.constant)]
}

function constantLines(constant: Revealed): string[] {
  if (constant.kind !== 'block') return fieldLines(constant.kind, constant.fields, '  ')
  if (constant.members === undefined) return ['  not revealed: members']
  return constant.members.flatMap(({ index, kind, fields }) => [
    `  ${index}: ${phrase(kind)}`,
    ...fieldLines(kind, fields, '    '),
  ])
}

/** inductiveProjection -> inductive projection */
const phrase = (kind: string): string => kind.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

const articled = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

function fieldLines(kind: string, fields: RevealedFields, indent: string): string[] {
  const lines: string[] = []
  for (const [name, value] of Object.entries(wordedFields(kind, fields))) {
    if (name === 'rules') {
      lines.push(`${indent}rules: ${(value as readonly RevealedRule[]).length}`)
      for (const { index, fields: taken, rhs } of value as readonly RevealedRule[])
        lines.push(`${indent}  ${index}: fields ${taken}, right-hand side ${rhs}`)
    } else if (name === 'constructors') {
      const constructors = fields[name] as readonly RevealedConstructor[]
      lines.push(`${indent}constructors: ${constructors.length}`)
      for (const { index, fields: own } of constructors)
        lines.push(`${indent}  ${index}: constructor`, ...fieldLines('constructor', own, `${indent}    `))
    } else lines.push(`${indent}${name}: ${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`)
  }
  const hidden = fieldNames(kind).filter(name => !(name in fields))
  if (hidden.length > 0) lines.push(`${indent}not revealed: ${hidden.join(', ')}`)
  return lines
}
