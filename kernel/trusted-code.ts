/**
 * What rests on the code that Lean's compiler makes: `Lean.reduceBool` and `Lean.reduceNat`, whose values Lean finds by
 * running it, and the axioms that turn such a value into a proof. The kernel runs nothing, so a constant that mentions one of
 * them is declined unless the user allows that one by name.
 */
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { edgesOf } from './closure.js'
import type { ConstantShape } from './constant-shape.js'

/** All names that can be allowed. */
export const TRUSTED_CODE = [
  'Lean.reduceBool',
  'Lean.reduceNat',
  'Lean.ofReduceBool',
  'Lean.ofReduceNat',
  'Lean.trustCompiler',
] as const

const isTrusted = (name: string): boolean => (TRUSTED_CODE as readonly string[]).includes(name)

/** Names by address, and addresses by name: an environment. */
interface Names {
  addressOf(name: string): Address | undefined
  namesOf(address: Address): readonly string[]
}

/**
 * Where the five stand. A name shares its address with equal statements: `Lean.trustCompiler` says no more than `True`, and
 * where a bare theorem says so, too, nobody can tell which of them is meant: such a name stands nowhere.
 */
function trustedCode(names: Names): Map<string, Address> {
  const code = new Map<string, Address>()
  for (const name of TRUSTED_CODE) {
    const address = names.addressOf(name)
    if (address !== undefined && names.namesOf(address).every(isTrusted)) code.set(name, address)
  }
  return code
}

/** Those of the five that an environment has. */
export interface Trust {
  readonly allowed: ReadonlyMap<string, Address>
  readonly barred: ReadonlySet<Address>
}

export function trustIn(names: Names, allow: Iterable<string> = []): Trust {
  const wanted = new Set(allow)
  const allowed = new Map<string, Address>()
  const barred = new Set<Address>()
  for (const [name, address] of trustedCode(names))
    if (wanted.has(name)) allowed.set(name, address)
    else barred.add(address)
  return { allowed, barred }
}

/** All that can be allowed in an environment: subsets of what it has, none first. */
export function allowances(names: Names): string[][] {
  const sets: string[][] = [[]]
  for (const name of trustedCode(names).keys()) sets.push(...sets.map(set => [...set, name]))
  return sets
}

/** Constants of a set that mention any of the five, with their names. What the five say of each other is no use of them. */
export function trustedMentions(
  environment: Environment,
  constants: Iterable<readonly [Address, ConstantShape | undefined]>,
): Map<Address, string[]> {
  const nameOf = new Map([...trustedCode(environment)].map(([name, address]) => [address, name]))
  const mentions = new Map<Address, string[]>()
  if (nameOf.size === 0) return mentions
  for (const [address, shape] of constants) {
    const used = edgesOf(shape).flatMap(edge => nameOf.get(edge) ?? [])
    if (used.length > 0 && !environment.namesOf(address).some(isTrusted)) mentions.set(address, used)
  }
  return mentions
}

/** Of these, the constants that mention what is not allowed, with its name. */
export function trustingConstants(
  mentions: ReadonlyMap<Address, readonly string[]>,
  allow: Iterable<string> = [],
): Map<Address, string> {
  const allowed = new Set(allow)
  return new Map(
    [...mentions].flatMap(([address, names]) => {
      const barred = names.find(name => !allowed.has(name))
      return barred === undefined ? [] : [[address, barred] as const]
    }),
  )
}

export function trustReason(used: string): string {
  return `it rests on ${used}, which Lean answers with compiled code (--allow ${used} accepts that)`
}
