/** Lookups that never open a file: nothing here, or imported from here, can reach the loader. */
import { displayName } from '../name.js'
import type { ConstantKind } from '../olean/constant-decoder.js'
import type { ConstantRef, LeanModule, Statement } from '../olean/module.js'
import { privateOwner, type Symbols } from './symbols.js'

/** What is known of a constant without its body. */
export type HeaderAnswer =
  | {
      readonly state: 'found'
      readonly module: string
      /** As the public part has it, where it has the constant: `axiom` for a body that it hides. */
      readonly kind: ConstantKind
      /** Whether no other part can say more. */
      readonly final: boolean
      readonly statement: Statement
    }
  | {
      readonly state: 'needs-load'
      /** Module to open; absent when the table of private constants is what is missing. */
      readonly module: string | undefined
    }
  | { readonly state: 'absent'; readonly reason: string }

/** Decodes from a loaded chain; the caller may bound what it keeps. */
export type Decode = <T>(module: LeanModule, decode: () => T) => T

/**
 * Name, parameters and type of a constant, from what is open. A public record answers for its private one: hiding a body
 * never changes the statement.
 *
 * @param name displayed
 */
export function findConstantHeader(symbols: Symbols, name: string, decode: Decode): HeaderAnswer {
  for (const { entry, index } of symbols.publicPlaces(name)) {
    const { module } = entry.public
    if (module === undefined) return { state: 'needs-load', module: entry.name }
    const ref = { module, part: 0, index }
    if (isListedAs(ref, name)) return found(entry.name, ref, entry.bodies.paths.length === 0, decode)
  }
  const places = symbols.privatePlaces(name)
  if (places === undefined) {
    const owner = symbols.module(privateOwner(name) ?? '')
    const loaded = owner?.bodies.module
    if (owner === undefined || (loaded === undefined && owner.bodies.paths.length > 0))
      return { state: 'needs-load', module: owner?.name }
    const ref = loaded?.lastPartRef(name)
    // Somebody else may declare a name of that shape.
    if (ref === undefined) return { state: 'needs-load', module: undefined }
    return found(owner.name, ref, true, decode)
  }
  for (const { entry, index } of places) {
    const { module } = entry.bodies
    if (module === undefined) return { state: 'needs-load', module: entry.name }
    const ref = { module, part: module.lastPart, index }
    if (isListedAs(ref, name)) return found(entry.name, ref, true, decode)
  }
  return absent(symbols, name)
}

/** A candidate of the index is the constant only if its module lists it under that name. */
export function isListedAs(ref: ConstantRef, name: string): boolean {
  return ref.index < ref.module.count(ref.part) && displayName(ref.module.listedName(ref)) === name
}

function found(owner: string, ref: ConstantRef, last: boolean, decode: Decode): HeaderAnswer {
  const kind = ref.module.kind(ref)
  const statement = decode(ref.module, () => ref.module.statement(ref))
  return { state: 'found', module: owner, kind, final: last || kind !== 'axiom', statement }
}

function absent(symbols: Symbols, name: string): HeaderAnswer {
  return { state: 'absent', reason: absenceOf(symbols, name) }
}

/** Why a name that no table has is not there, for messages. */
export function absenceOf(symbols: Symbols, name: string): string {
  const owner = privateOwner(name)
  if (owner === undefined) return `no module declares ${name}`
  const entry = symbols.module(owner)
  if (entry === undefined) return `${name} is private to ${owner}, which is not among the modules`
  if (entry.bodies.paths.length === 0)
    return `${name} is private to ${owner}, whose private part is not at hand: it is not exported`
  return `${name} is private to ${owner}, which does not declare it`
}
