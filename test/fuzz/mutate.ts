/**
 * Mutations of constants: one place of a compiled constant is changed. Most changes make it wrong; some only change its
 * encoding, or give another constant that is right as well.
 */
import { type Constant, encodeConstant } from '../../ixon/constant.js'
import type { Mutant, Pool } from './mutant.js'
import { mutateMetadata } from './mutate-declaration.js'
import { mutateNode } from './mutate-expression.js'
import { mutateTables } from './mutate-tables.js'
import type { Random } from './random.js'

/** A changed constant, or `undefined` when the place that was chosen cannot be changed in the way that was chosen. */
export function mutate(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
  const { info } = constant
  const ways: (() => Mutant | undefined)[] = [
    () => mutateMetadata(constant, random),
    () => mutateTables(constant, pool, random),
  ]
  const what = random.below(8)
  const mutant = what < 2 ? ways[what]!() : mutateNode(constant, pool, random)
  if (mutant === undefined) return undefined
  const before = encodeConstant({ ...constant, info })
  return Buffer.compare(before, encodeConstant(mutant.constant)) === 0 ? undefined : mutant
}
