/** Mutated bodies of arithmetic functions, said to be those functions: the kernel must not compute with them. */
import { compile } from '../../aiur/language/compile.js'
import { compileModule, engineFrom, executeHere } from '../../aiur/wasm/engine.js'
import type { Engine } from '../../aiur/wasm/execution.js'
import type { Address } from '../../ixon/address.js'
import { addressOf } from '../../ixon/address.js'
import { type Constant, encodeConstant } from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import { METHOD, PRIMITIVES, primitiveTable, tableOf } from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import type { Pool } from './mutant.js'
import { mutate } from './mutate.js'
import { Oracle } from './oracle/kernel.js'
import { apply, clearTerms, constant as constantTerm, nat, Undecided, Wrong } from './oracle/terms.js'
import { World } from './oracle/world.js'
import type { Random } from './random.js'

const ENTRY = {
  name: 'entry',
  text: `
pub fn check_primitive(digest: [G; 8], id: G) {
  let ctx = load_primitives(digest);
  check_const(prim_addr(ctx, id));
  prim_ok(ctx, id)
}`,
}

/** A kernel that asks of one entry of a table what every claim does: that it is well typed and what its number says. */
export async function primitiveEngine(): Promise<Engine> {
  const program = compile([...kernelSources(), ENTRY], { roots: ['check_primitive'] })
  const { bytes } = await compileModule(program, { cache: false, optimise: false })
  return engineFrom(program, bytes)
}

export interface Outcome {
  readonly rejected: number
  /** Accepted, and right on small numbers. */
  readonly right: number
  /** Accepted, and of another value. */
  readonly wrong: readonly string[]
}

const SMALL = [0n, 1n, 2n, 3n, 5n, 8n]

/** Mutants of one function of the library, each in the place of that function in the table. */
export function mutatedPrimitive(
  engine: Engine,
  library: Environment,
  pool: Pool,
  random: Random,
  name: string,
  count: number,
): Outcome {
  const original = library.constant(library.addressOf(name)!)
  const honest = primitiveTable(library)
  const number = 1 + PRIMITIVES.findIndex(primitive => primitive.name === name)
  const outcome = { rejected: 0, right: 0, wrong: [] as string[] }
  for (let made = 0; made < count; ) {
    const mutant = mutate(original, pool, random)
    if (mutant === undefined || mutant.constant.info.kind !== 'defn') continue
    made++
    const bytes = encodeConstant(mutant.constant)
    const address = addressOf(bytes)
    const table = tableOf(
      honest.entries.map((entry, i) =>
        i === number - 1 ? { ...entry, address, method: METHOD.equations, witnesses: [] } : entry,
      ),
    )
    const source = environmentSource(library)
    const witness = new Witness({
      ...source,
      constant: each => (each === address ? bytes : source.constant(each)),
      hint: each => (each === address ? undefined : source.hint?.(each)),
    })
    witness.putClosure(table.entries.flatMap(entry => [entry.address, ...entry.witnesses]))
    witness.putPrimitives(table.digest, table.bytes)
    const args = [...digestWords(table.digest), number].map(BigInt)
    const limits = { rows: 2_000_000, memoryBytes: 1 << 28 }
    const { ok } = executeHere(engine, 'check_primitive', args, witness.io, limits)
    if (!ok) outcome.rejected++
    else {
      const difference = differenceOf(library, name, address, mutant.constant)
      if (difference === null) outcome.right++
      else outcome.wrong.push(`${name}, ${mutant.kind}: ${difference}`)
    }
  }
  return outcome
}

/** Where a mutant and the function differ on small numbers, by the oracle; null if nowhere. */
function differenceOf(
  library: Environment,
  name: string,
  address: Address,
  constant: Constant,
): string | null {
  clearTerms()
  const oracle = new Oracle(new World(library, { address, constant }))
  const unary = name === 'Nat.pred' || name === 'Nat.log2'
  for (const a of SMALL)
    for (const b of unary ? [0n] : SMALL) {
      const args = unary ? [nat(a)] : [nat(a), nat(b)]
      const standard = apply(constantTerm(library.addressOf(name)!), ...args)
      try {
        if (!oracle.eq(apply(constantTerm(address), ...args), standard)) return `at ${a}, ${b}`
      } catch (error) {
        if (error instanceof Wrong || error instanceof Undecided) return `at ${a}, ${b}: ${error.message}`
        throw error
      }
    }
  return null
}
