import type { Program } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import type { Address } from '../../ixon/address.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { type PrimitiveTable, primitiveTable } from '../../kernel/primitive-table.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import type { Declaration, Hints } from '../../lean/declaration.js'
import { type Claim, claimDigest } from '../../shards/claim.js'
import { sourceOf } from '../ixon/declarations.js'
import { type Mutation, mutated } from './mutation.js'

export function environmentOf(declarations: readonly Declaration[]): Environment {
  return Environment.fromData(compileEnvironment(sourceOf(...declarations), {}), 'test')
}

const programs = new Map<string, Program>()

/** The kernel, without some of its rules. */
export function kernelWith(mutation: Mutation | readonly Mutation[] = []): Program {
  const key = JSON.stringify(mutation)
  let program = programs.get(key)
  if (program === undefined) {
    const sources = [mutation].flat().reduce(mutated, kernelSources())
    program = compile(sources, { roots: [ENTRY] })
    programs.set(key, program)
  }
  return program
}

export interface CheckOptions {
  readonly mutation?: Mutation | readonly Mutation[]
  readonly primitives?: PrimitiveTable
  /** Reducibility hints in place of the environment's. */
  readonly hint?: (address: Address) => Hints
}

/** `accepted`, or why a constant with all that it reaches is not. */
export function checkOne(environment: Environment, name: string, options: CheckOptions = {}): string {
  const { primitives = primitiveTable(environment), hint } = options
  const constant = environment.addressOf(name)
  if (constant === undefined) throw new Error(`no constant ${name}`)
  const claim: Claim = { kind: 'check', constant }
  const digest = claimDigest(claim)
  const source = environmentSource(environment)
  const witness = new Witness(hint === undefined ? source : { ...source, hint })
  witness.putClosure([
    constant,
    ...primitives.entries.flatMap(({ address, witnesses }) => [address, ...witnesses]),
  ])
  witness.putClaim(claim, digest)
  witness.putPrimitives(primitives.digest, primitives.bytes)
  const args = [...digestWords(digest), ...digestWords(primitives.digest)].map(BigInt)
  const outcome = execute(kernelWith(options.mutation), ENTRY, args, witness.io, { rows: 20_000_000 })
  return outcome.ok ? 'accepted' : reasonOf(outcome.error).text
}
