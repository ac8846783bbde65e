/** Reveal claims: what a constant would reveal of itself, and the execution that shows it (reveal.aiur). */
import { type Address, addressOf } from '../ixon/address.js'
import { ByteWriter } from '../ixon/bytes.js'
import {
  type Constant,
  DEFINITION_KINDS,
  type Definition,
  decodeConstant,
  infoExpressions,
  type Member,
  QUOTIENT_KINDS,
  SAFETIES,
} from '../ixon/constant.js'
import { type Expression, writeExpression } from '../ixon/expression.js'
import type { Claim, Revealed, RevealedFields } from '../shards/claim.js'
import { runStatement, type StatementOutcome } from './statement.js'
import { CHANNEL, digestWords, streamWords } from './witness.js'

export const REVEAL_ENTRY = 'verify_reveal'

export type RevealClaim = Extract<Claim, { kind: 'reveal' }>

function expressionBytes(expression: Expression): Uint8Array {
  const writer = new ByteWriter()
  writeExpression(writer, expression)
  return writer.finish()
}

function hashOf(expression: Expression): Address {
  return addressOf(expressionBytes(expression))
}

const MEMBERS = { defn: 'definition', indc: 'inductive', recr: 'recursor' } as const
const PROJECTIONS = {
  iprj: 'inductiveProjection',
  rprj: 'recursorProjection',
  dprj: 'definitionProjection',
} as const

/** All fields of a constant: what a Reveal claim about it may show. */
export function revealedBy(constant: Constant): Revealed {
  const { info } = constant
  switch (info.kind) {
    case 'muts':
      return {
        kind: 'block',
        members: info.members.map((member, index) => ({
          index,
          kind: MEMBERS[member.kind],
          fields: memberFields(member),
        })),
      }
    case 'defn':
      return { kind: 'definition', fields: definitionFields(info) }
    case 'recr':
      return { kind: 'recursor', fields: memberFields(info) }
    case 'axio':
      return {
        kind: 'axiom',
        fields: { unsafe: Number(info.unsafe), levels: info.lvls, type: hashOf(info.type) },
      }
    case 'quot':
      return {
        kind: 'quotient',
        fields: { kind: QUOTIENT_KINDS.indexOf(info.form), levels: info.lvls, type: hashOf(info.type) },
      }
    case 'cprj':
      return {
        kind: 'constructorProjection',
        fields: { index: info.idx, cidx: info.cidx, block: info.block },
      }
    default:
      return { kind: PROJECTIONS[info.kind], fields: { index: info.idx, block: info.block } }
  }
}

function definitionFields({ form, safety, lvls, type, value }: Definition): RevealedFields {
  return {
    kind: DEFINITION_KINDS.indexOf(form),
    safety: SAFETIES.indexOf(safety),
    levels: lvls,
    type: hashOf(type),
    value: hashOf(value),
  }
}

function memberFields(member: Member): RevealedFields {
  switch (member.kind) {
    case 'defn':
      return definitionFields(member)
    case 'indc':
      return {
        unsafe: Number(member.unsafe),
        levels: member.lvls,
        params: member.params,
        indices: member.indices,
        type: hashOf(member.type),
        constructors: member.ctors.map(({ unsafe, lvls, cidx, params, fields, type }, index) => ({
          index,
          fields: { unsafe: Number(unsafe), levels: lvls, cidx, params, fields, type: hashOf(type) },
        })),
      }
    case 'recr':
      return {
        k: Number(member.k),
        unsafe: Number(member.unsafe),
        levels: member.lvls,
        params: member.params,
        indices: member.indices,
        motives: member.motives,
        minors: member.minors,
        type: hashOf(member.type),
        rules: member.rules.map(({ fields, rhs }, index) => ({ index, fields, rhs: hashOf(rhs) })),
      }
  }
}

/**
 * Runs the program of Reveal claims.
 *
 * @param bytes the constant that the claim is about
 */
export function runReveal(claim: RevealClaim, bytes: Uint8Array): Promise<StatementOutcome> {
  const { info } = decodeConstant(bytes)
  return runStatement(REVEAL_ENTRY, claim, io => {
    io.put(CHANNEL.constant, digestWords(claim.commitment), streamWords(bytes))
    const slices = infoExpressions(info).map(expressionBytes)
    for (const slice of new Map(slices.map(slice => [addressOf(slice), slice])).values())
      io.put(CHANNEL.blob, digestWords(addressOf(slice)), streamWords(slice))
  })
}
