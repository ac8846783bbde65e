import type { Declaration } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'
import type { Address } from '../address.js'

export type DeclarationOf<K extends Declaration['kind']> = Extract<Declaration, { readonly kind: K }>

/** What can be a member of a block. */
export type MemberDeclaration = DeclarationOf<'definition' | 'theorem' | 'opaque' | 'inductive' | 'recursor'>

export interface BlockMember {
  readonly declaration: MemberDeclaration
  /** Displayed name. */
  readonly name: string
  /** Constructors of an inductive, in order; empty otherwise. */
  readonly ctors: readonly DeclarationOf<'constructor'>[]
  /** Hash of the name: seeds the order of members that compare equal. */
  readonly nameAddress: Address
}

/** A declaration that Ixon cannot hold; the message is the reason. */
export class Unrepresentable extends Error {}

/** Displayed name -> index of a `Rec` expression. */
export type Context = ReadonlyMap<string, number>

/**
 * Numbers for the members of a block by class, then for their constructors (ixon.md 4.3).
 */
export function blockContext(classes: readonly (readonly BlockMember[])[]): Context {
  const context = new Map<string, number>()
  let base = classes.length
  classes.forEach((members, number) => {
    let most = 0
    for (const member of members) {
      context.set(member.name, number)
      member.ctors.forEach((ctor, cidx) => {
        context.set(displayName(ctor.name), base + cidx)
      })
      most = Math.max(most, member.ctors.length)
    }
    base += most
  })
  return context
}
