import type { Program } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import type { ExecutionError } from '../../aiur/vm/error.js'
import { execute, type Outcome } from '../../aiur/vm/interpreter.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { METHOD, type PrimitiveEntry, type PrimitiveTable, tableOf } from '../../kernel/primitive-table.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { digestWords, Witness } from '../../kernel/witness.js'
import { type Claim, claimDigest } from '../../shards/claim.js'
import { canonicalSet } from '../../shards/merkle.js'

/** Constants are read and not checked; any primitive may be assumed, so that fixtures need none of them. */
export const UNTYPED = `fn check_const(a: Addr) { let _ = resolve(a); () }
fn may_be_assumed(id: G) { let _ = id; () }`

/**
 * The kernel with all of its ingress and no type checking: what `load`, `parse`, `resolve` and the walk reject. Functions
 * in `overlay` replace the kernel's.
 */
export function ingressWith(overlay: string): Program {
  return compile(kernelSources(), {
    roots: [ENTRY],
    overlay: [{ name: 'overlay', text: `${UNTYPED}\n${overlay}` }],
  })
}

const ingress = ingressWith('')

export function hex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

export const NO_PRIMITIVES = tableOf([])

/** A table with these addresses at their numbers, counted from 1; assumed ones are not walked. */
export function primitivesWith(
  entries: ReadonlyMap<number, Address>,
  method: 1 | 3 = METHOD.assumed,
): PrimitiveTable {
  const all: PrimitiveEntry[] = []
  for (let number = 1; number <= Math.max(...entries.keys()); number++) {
    const address = entries.get(number)
    all.push({
      name: String(number),
      address: address ?? '00'.repeat(32),
      method: address === undefined ? METHOD.absent : method,
      witnesses: [],
    })
  }
  return tableOf(all)
}

/** A store of bytes by content, with entries that are not what their address says if a test wants them. */
export class Store {
  readonly constants = new Map<Address, Uint8Array>()
  readonly blobs = new Map<Address, Uint8Array>()

  put(bytes: Uint8Array | string): Address {
    const data = typeof bytes === 'string' ? hex(bytes) : bytes
    const address = addressOf(data)
    this.constants.set(address, data)
    return address
  }

  blob(bytes: Uint8Array): Address {
    const address = addressOf(bytes)
    this.blobs.set(address, bytes)
    return address
  }
}

export interface ClaimRun {
  /** The kernel to run instead of the plain ingress. */
  program?: Program
  primitives?: PrimitiveTable
  /** Changes the witness before the run. */
  tamper?: (witness: Witness) => void
  /** Digests to state instead of the honest ones. */
  claimed?: Address
  claimedPrimitives?: Address
}

/** Runs a claim about a store on the ingress kernel. */
export function runClaim(
  store: Store,
  claim: Claim,
  trees: readonly (readonly Address[])[],
  options: ClaimRun = {},
): Outcome {
  const { primitives = NO_PRIMITIVES, tamper } = options
  const digest = claimDigest(claim)
  const witness = new Witness({
    constant: address => store.constants.get(address),
    blob: address => store.blobs.get(address),
  })
  witness.putClosure(store.constants.keys())
  for (const leaves of trees) witness.putTree(canonicalRoot(leaves)!, canonicalSet(leaves))
  witness.putClaim(claim, digest)
  witness.putPrimitives(primitives.digest, primitives.bytes)
  tamper?.(witness)
  const words = [
    ...digestWords(options.claimed ?? digest),
    ...digestWords(options.claimedPrimitives ?? primitives.digest),
  ]
  return execute(options.program ?? ingress, ENTRY, words.map(BigInt), witness.io)
}

export function runCheck(store: Store, constant: Address, options: ClaimRun = {}): Outcome {
  return runClaim(store, { kind: 'check', constant }, [], options)
}

/** The error of a run that has to fail. */
export function failure(outcome: Outcome): ExecutionError {
  if (outcome.ok) throw new Error('accepted')
  return outcome.error
}

/** An axiom with the given references, all used in its type: a telescope of Pis over them. */
export function axiom(store: Store, lvls: number, refs: readonly Address[]): Address {
  const count = refs.length.toString(16).padStart(2, '0')
  const uses = refs.map((_, i) => `20${i.toString(16).padStart(2, '0')}`).join('')
  const type = refs.length === 0 ? '00' : `9${refs.length} ${uses} 00`
  return store.put(`d2 00 ${lvls.toString(16).padStart(2, '0')} ${type} 00 ${count} ${refs.join('')} 0100`)
}

/** a0, a1 <- a0, a2 <- a1, a0, ... */
export function chain(length: number): { store: Store; chain: Address[] } {
  const store = new Store()
  const all: Address[] = []
  for (let i = 0; i < length; i++) all.push(axiom(store, i, all.slice(-2)))
  return { store, chain: all }
}

export function checkEnv(
  store: Store,
  owned: readonly Address[],
  assumed: readonly Address[] = [],
  options: ClaimRun = {},
) {
  const assumptions = canonicalRoot(assumed)
  const claim: Claim = {
    kind: 'checkEnv',
    root: canonicalRoot(owned)!,
    ...(assumptions === undefined ? {} : { assumptions }),
  }
  return runClaim(store, claim, assumed.length === 0 ? [owned] : [owned, assumed], options)
}
