/** What a constant rests on: the closure over the edges that a walk of the kernel takes. */
import type { Address } from '../ixon/address.js'
import { type ConstantShape, constantShape } from './constant-shape.js'

/** Constants by address: an environment, or a fixture. */
export interface ConstantBytes {
  has(address: Address): boolean
  bytes(address: Address): Uint8Array
}

/** Walk edges (ixon.md 6.3). */
export function edgesOf(shape: ConstantShape | undefined): Address[] {
  if (shape === undefined) return []
  const edges = shape.refs.filter((_, i) => shape.uses[i] === 1)
  if (shape.block !== undefined) edges.push(shape.block)
  return edges
}

/** Everything reachable over the walk edges, by shape; the nearest first. */
export function closureOf(
  constants: ConstantBytes,
  roots: readonly Address[],
): Map<Address, ConstantShape | undefined> {
  const closure = new Map<Address, ConstantShape | undefined>()
  const open = [...roots]
  // The list grows while it is gone through.
  for (const address of open) {
    if (closure.has(address) || !constants.has(address)) continue
    const shape = constantShape(constants.bytes(address))
    closure.set(address, shape)
    open.push(...edgesOf(shape))
  }
  return closure
}
