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

/**
 * Constants of a set that mention what is not allowed, with its name. What these five say of each other is no use of them,
 * and a name shares its address with equal statements: `Lean.trustCompiler` says no more than `True`, and where a bare
 * theorem says so, too, nobody can tell which of them is meant.
 */
export function trustingConstants(
  environment: Environment,
  constants: Iterable<readonly [Address, ConstantShape | undefined]>,
  allowed: ReadonlySet<string>,
): Map<Address, string> {
  const isTrusted = (name: string): boolean => (TRUSTED_CODE as readonly string[]).includes(name)
  const own = (address: Address): boolean => environment.namesOf(address).some(isTrusted)
  const barred = new Map<Address, string>()
  for (const name of TRUSTED_CODE) {
    const address = environment.addressOf(name)
    if (address !== undefined && !allowed.has(name) && environment.namesOf(address).every(isTrusted))
      barred.set(address, name)
  }
  const trusting = new Map<Address, string>()
  if (barred.size === 0) return trusting
  for (const [address, shape] of constants) {
    const used = edgesOf(shape).find(edge => barred.has(edge))
    if (used !== undefined && !own(address)) trusting.set(address, barred.get(used)!)
  }
  return trusting
}
