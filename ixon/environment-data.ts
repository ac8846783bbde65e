import type { Hints, Name } from '../lean/declaration.js'
import type { Address } from './address.js'

/** What stands behind an axiom whose body the input did not hold. */
export type PlaceholderKind = 'theorem' | 'definition' | 'opaque'

export interface NamedConstant {
  readonly name: Name
  readonly address: Address
  readonly hints: Hints | undefined
  readonly placeholder: PlaceholderKind | undefined
}

/** A constant that was left out of an environment. */
export interface Ungrounded {
  /** Displayed name. */
  readonly name: string
  /** Displayed name of a constant that it needs, maybe through others, and that exists nowhere. */
  readonly missing: string | undefined
  /** One line. */
  readonly reason: string
}

/** The content of an `.ixe` file in memory. */
export interface EnvironmentData {
  /** Serialised constants, blocks and projections included. */
  readonly constants: ReadonlyMap<Address, Uint8Array>
  readonly blobs: ReadonlyMap<Address, Uint8Array>
  /** Keys are displayed names. */
  readonly names: ReadonlyMap<string, NamedConstant>
  readonly ungrounded: readonly Ungrounded[]
}

/** Serial form of a hint (ixon.md 5.1): 0 opaque, 1 abbreviation, h + 2 regular of height h; the order of merging. */
export function hintCode(hints: Hints): number {
  return hints.kind === 'opaque' ? 0 : hints.kind === 'abbrev' ? 1 : hints.height + 2
}

export function hintFromCode(code: number): Hints {
  return code === 0
    ? { kind: 'opaque' }
    : code === 1
      ? { kind: 'abbrev' }
      : { kind: 'regular', height: code - 2 }
}
