/**
 * Times the prover's kernels on this machine, one thread: transforms and vector operations one element at a time and
 * two at a time, and constraint code as a straight-line program over vectors against compiled WebAssembly that keeps
 * rows in registers. Run with `npm run bench:engine`. Nanoseconds, best of several rounds.
 */

import { type FunctionBuilder, type Local, ModuleBuilder } from '../prover/engine/assembler.js'
import { Engine, type Simd } from '../prover/engine/engine.js'
import { VectorOp } from '../prover/engine/field-code.js'
import { SimdLanes } from '../prover/engine/lanes.js'
import { fastestSimd } from '../prover/engine/measure.js'

const ROUNDS = 40
const ROWS = 256
const TERMS = 8
const VECTORS = 8

function best(work: () => void, rounds = ROUNDS): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < rounds; i++) {
    const started = performance.now()
    work()
    least = Math.min(least, performance.now() - started)
  }
  return 1e6 * least
}

function transforms(simd: Simd): string[] {
  return [10, 14, 18, 20].flatMap(log => {
    const engine = new Engine(simd)
    engine.prepare(log)
    const at = engine.allocate(8 * 2 ** log)
    engine.geometric(at, 2 ** log, 3n, 7n)
    const butterflies = (2 ** log * log) / 2
    const rounds = log > 16 ? 6 : ROUNDS
    return [
      (best(() => engine.forward(at, log), rounds) / butterflies).toFixed(2),
      (best(() => engine.inverse(at, log), rounds) / butterflies).toFixed(2),
    ]
  })
}

function operations(simd: Simd): string[] {
  const engine = new Engine(simd)
  const [a, b, target, list, code] = Array.from({ length: 5 }, () => engine.allocate(8 * ROWS)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  engine.geometric(a, ROWS, 3n, 7n)
  engine.geometric(b, ROWS, 5n, 11n)
  const terms = Array.from({ length: TERMS }, (_, i) => [a, b + 8 * i]).flat()
  engine.write(list, Uint32Array.from([b, ...terms]))
  return Object.entries(VectorOp).map(([name, op]) => {
    const weighted = name === 'weightedSum'
    engine.write(code, Uint32Array.of(op, target, weighted ? list : a, weighted ? TERMS : b))
    const work = () => {
      for (let i = 0; i < 100; i++) engine.run(code, 1, 8 * ROWS)
    }
    return (best(work) / 100 / ROWS / (weighted ? TERMS : 1)).toFixed(2)
  })
}

/** Products and sums by turns of the same vectors, as operations (target, other). */
function mixture(count: number): [boolean, number, number][] {
  return Array.from({ length: count }, (_, k) => [k % 2 === 0, k % VECTORS, (3 * k + 1) % VECTORS])
}

function asProgram(count: number): number {
  const engine = new Engine()
  const vectors = Array.from({ length: VECTORS }, () => engine.allocate(8 * ROWS))
  for (const at of vectors) engine.geometric(at, ROWS, 3n, BigInt(at))
  const code = engine.allocate(16 * count)
  const words = mixture(count).flatMap(([product, x, y]) => [
    product ? VectorOp.mul : VectorOp.add,
    vectors[x]!,
    vectors[x]!,
    vectors[y]!,
  ])
  engine.write(code, Uint32Array.from(words))
  return best(() => engine.run(code, count, 8 * ROWS)) / ROWS / count
}

/** Nanoseconds per operation, and processor milliseconds of the compilation. */
async function asCompiled(count: number): Promise<[number, number]> {
  const module = new ModuleBuilder()
  const stride = 8 * ROWS
  module.function('rows', ['i32'], (f: FunctionBuilder) => {
    const base = f.parameter(0)
    const lanes = new SimdLanes(f)
    const x = Array.from({ length: VECTORS }, () => lanes.local())
    const factor = lanes.factor()
    const [at, end] = [f.local('i32'), f.local('i32')] as [Local, Local]
    f.get(base).tee(at).i32(stride).op('i32.add').set(end)
    f.count(at, end, lanes.bytes, () => {
      x.forEach((value, k) => {
        f.get(at)
        lanes.load(k * stride)
        f.set(value)
      })
      for (const [product, target, other] of mixture(count)) {
        if (product) {
          f.get(x[other]!)
          lanes.setFactor(factor)
          lanes.mul(x[target]!, factor)
        } else lanes.add(x[target]!, x[other]!)
        f.set(x[target]!)
      }
      x.forEach((value, k) => {
        f.get(at).get(value)
        lanes.store(k * stride)
      })
    })
  })
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 })
  const before = process.cpuUsage()
  const compiled = new WebAssembly.Module(module.bytes())
  const { rows } = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as {
    rows: (base: number) => void
  }
  const warming = performance.now()
  for (let i = 0; i < 200; i++) rows(1024)
  // the optimising compiler works in the background
  await new Promise(resolve => setTimeout(resolve, 2000))
  const { user, system } = process.cpuUsage(before)
  const spent = (user + system) / 1000
  const run = best(() => rows(1024))
  const warm = Math.min(spent, (200 * run) / 1e6, performance.now() - warming)
  return [run / ROWS / count, spent - warm]
}

const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`)
const head = (cells: readonly string[]) => {
  line(cells)
  line(cells.map(() => '---'))
}
const both = [true, false].map(on => ({ transforms: on, vectors: on }))
// compiles all kernels
for (const simd of both) operations(simd)
console.log(`chosen here: ${JSON.stringify(fastestSimd())}\n`)
head(['ns per butterfly', ...[10, 14, 18, 20].flatMap(log => [`2^${log}`, `2^${log} inverse`])])
both.forEach((simd, i) => {
  line([i === 0 ? 'SIMD' : 'scalar', ...transforms(simd)])
})
console.log()
head(['ns per element', ...Object.keys(VectorOp)])
both.forEach((simd, i) => {
  line([i === 0 ? 'SIMD' : 'scalar', ...operations(simd)])
})
console.log()
head([
  'operations',
  'program over vectors, ns each',
  'compiled to registers, ns each',
  'compilation, processor ms',
])
for (const count of [200, 2000]) {
  const [compiled, spent] = await asCompiled(count)
  line([String(count), asProgram(count).toFixed(2), compiled.toFixed(2), spent.toFixed(0)])
}
