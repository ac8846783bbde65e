import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { calledCircuits } from '../../aiur/circuit/callers.js'
import { report } from '../../aiur/circuit/cost.js'
import { layout } from '../../aiur/circuit/layout.js'
import { ownCosts, type Profile, profile, withCalls } from '../../aiur/circuit/profile.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { blocksOf } from '../../aiur/vm/ranks.js'
import { executeWasm } from '../../aiur/wasm/engine.js'
import { program as linked } from './bytecode-builder.js'
import { randomProgram } from './random-program.js'
import { randomProgram as randomSource } from './random-source.js'

function compiled(text: string): Program {
  return compile([{ name: 'test.aiur', text }])
}

/** The nodes as collapsed stacks with what they made. */
function stacksOf({ circuits, frames, parents, nodeFrames, entries }: Profile): string[] {
  const paths: string[] = []
  for (let node = 0; node < parents.length; node++) {
    const { circuit, label } = frames[nodeFrames[node]!]!
    const name = `${circuits[circuit]!.name}${label === undefined ? '' : ` ${label}`}`
    paths.push(parents[node]! < 0 ? name : `${paths[parents[node]!]};${name}`)
  }
  return paths.map((path, node) => `${path} ${entries[node]}`)
}

function profiled(program: Program, args: bigint[], labels: readonly string[] = []) {
  const io = new IoBuffer()
  const entry = program.functions.findIndex(f => f.entry)
  const outcome = execute(program, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const { record } = outcome
  const shapes = layout(program)
  const costs = report(shapes, record)
  const of = (index: number) => (row: number) => String(record.functions[index]!.word(row, 0))
  return {
    costs,
    found: profile(shapes, record, { entry, args, outputs: outcome.outputs, io }, costs, {
      labels: new Map(
        labels.map(name => [program.functionIndex.get(name)!, of(program.functionIndex.get(name)!)]),
      ),
    }),
  }
}

const SHARED = `
fn square(x: G) -> G { x * x }
fn pair(x: G) -> &[G; 2] { store([x, square(x)]) }
fn first(x: G) -> G { let [a, _] = load(pair(x)); a }
fn sum(n: G) -> G { match n { 0 => 0, _ => first(n) + sum(n - 1), } }
pub fn main(n: G) -> G { square(2) + sum(n) }
`

test('rows belong to the call that made them first', () => {
  const { found, costs } = profiled(compiled(SHARED), [3n])
  expect(stacksOf(found).sort()).toEqual([
    'main 1',
    // sum calls itself: its rows are one node.
    'main;square 1',
    'main;sum 4',
    'main;sum;first 3',
    'main;sum;first;pair 3',
    // The square of 2 was there already.
    'main;sum;first;pair;memory[2] 3',
    'main;sum;first;pair;square 2',
  ])
  const square = costs.circuits.find(circuit => circuit.name === 'square')!
  const node = stacksOf(found).indexOf('main;square 1')
  expect(ownCosts(found).cost[node]).toBeCloseTo(square.cost / 3, 9)
  const called = calledCircuits(found)
  expect(called.map(({ name }) => name).slice(0, 2)).toEqual(['main', 'sum'])
  expect(called[0]).toMatchObject({ inclusive: expect.closeTo(costs.cost.total, 6), callers: [] })
  expect(called.find(({ name }) => name === 'square')!.callers).toEqual([
    { name: 'pair', cost: expect.closeTo((2 * square.cost) / 3, 9) },
    { name: 'main', cost: expect.closeTo(square.cost / 3, 9) },
  ])
})

test('the record of either engine gives the same profile', async () => {
  const program = compiled(SHARED)
  const io = new IoBuffer()
  const outcome = await executeWasm(program, 'main', [3n], io, {})
  if (!outcome.ok) throw outcome.error
  const shapes = layout(program)
  const call = { entry: 'main', args: [3n], outputs: outcome.outputs, io }
  const found = profile(shapes, outcome.record, call, report(shapes, outcome.record))
  expect(stacksOf(found)).toEqual(stacksOf(profiled(program, [3n]).found))
})

test('a record of another call has no profile', () => {
  const program = compiled(SHARED)
  const outcome = execute(program, 'main', [3n], new IoBuffer())
  if (!outcome.ok) throw outcome.error
  const shapes = layout(program)
  const costs = report(shapes, outcome.record)
  const call = { entry: 'main', args: [4n], outputs: outcome.outputs, io: new IoBuffer() }
  expect(() => profile(shapes, outcome.record, call, costs)).toThrow(/no row of the call/)
  const more = { ...costs, circuits: costs.circuits.map(circuit => ({ ...circuit, rows: circuit.rows + 1 })) }
  expect(() => profile(shapes, outcome.record, { ...call, args: [3n] }, more)).toThrow(/make \d+ of \d+ rows/)
})

test('labels tell calls apart, and nothing below one is taken for what is above it', () => {
  const { found } = profiled(
    compiled(`
      fn low(x: G) -> G { x + 1 }
      fn high(x: G) -> G { match x { 0 => 0, _ => about(x), } }
      fn about(x: G) -> G { low(x) + high(x - 1) }
      pub fn main(n: G) -> G { high(n) }
    `),
    [2n],
    ['about'],
  )
  expect(stacksOf(found)).toEqual([
    'main 1',
    'main;high 1',
    'main;high;about 2 1',
    'main;high;about 2;low 1',
    'main;high;about 2;high 1',
    'main;high;about 2;high;about 1 1',
    'main;high;about 2;high;about 1;low 1',
    'main;high;about 2;high;about 1;high 1',
  ])
})

test('a call of what is on the path goes back to it', () => {
  const { found } = profiled(
    compiled(`
      fn even(n: G) -> G { match n { 0 => 1, _ => odd(n - 1), } }
      fn odd(n: G) -> G { match n { 0 => 0, _ => even(n - 1), } }
      pub fn main(n: G) -> G { even(n) }
    `),
    [7n],
  )
  expect(stacksOf(found).filter(stack => !/Range|Ranks|Nibbles/.test(stack))).toEqual([
    'main 1',
    'main;even 4',
    'main;even;odd 4',
  ])
  const [main, even, odd] = calledCircuits(found)
  expect([main!.name, even!.name, odd!.name]).toEqual(['main', 'even', 'odd'])
  expect(even!.inclusive).toBeGreaterThan(odd!.inclusive)
})

test('advice makes no rows, and what it stored belongs to who uses it', () => {
  const { found } = profiled(
    compiled(`
      fn guess(x: G) -> &[G; 2] { store([x, x]) }
      fn use_it(x: G) -> G { let [a, b] = load(#guess(x)); a + b }
      pub fn main(n: G) -> G { use_it(n) }
    `),
    [5n],
  )
  expect(stacksOf(found)).toEqual(['main 1', 'main;use_it 1', 'main;use_it;memory[2] 1'])
})

test('what a gadget uses in turn is first used with its row', () => {
  const { found, costs } = profiled(
    compiled(`
      fn less(a: G, b: G) -> G { u32_less_than(a, b) }
      fn add(a: G, b: G) -> G { let (sum, _) = u8_add(u8_from_field_unsafe(a), u8_from_field_unsafe(b)); to_field(sum) }
      pub fn main(n: G) -> G { less(n, 300) + add(n, 1) }
    `),
    [5n],
  )
  const rows = (name: string) => costs.circuits.find(circuit => circuit.name === name)!.rows
  // Bytes of 5, of 300 - 5 - 1 = 294 and of 300: (5, 0), (0, 0), (38, 1), (44, 1).
  expect(rows('u8RangeCheck')).toBe(4)
  const stacks = stacksOf(found)
  expect(stacks).toContain('main;less;u8RangeCheck 4')
  expect(stacks).toContain('main;add;u8Add 1')
  // Nibbles of 5, 0, 38, 1, 44; of the sum 5 + 1 only 6 is new.
  expect(stacks).toContain('main;less;Nibbles 5')
  expect(stacks).toContain('main;add;Nibbles 1')
})

/** A random program with its advice calls made constrained. */
function withoutAdvice(random: Program): Program {
  for (const { body } of random.functions)
    for (const { ops } of blocksOf(body)) for (const op of ops) if (op.op === 'call') op.unconstrained = false
  return linked(...random.functions)
}

test('profiles of random programs add up', () => {
  let shared = 0
  let nodes = 0
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(6),
      fc.boolean(),
      (seed, count, n, ranks) => {
        const program = randomProgram(seed, count)
        const entry = program.functions.length - 1
        const args = [BigInt(n), 5n]
        const shapes = layout(program, { ranks })
        const io = new IoBuffer()
        const outcome = execute(program, entry, args, io, { rows: 5000 })
        if (!outcome.ok) return
        const call = { entry, args, outputs: outcome.outputs, io }
        const costs = report(shapes, outcome.record)
        const found = profile(shapes, outcome.record, call, costs)
        const { cost, rows } = ownCosts(found)
        const sum = (numbers: Float64Array) => numbers.reduce((total, x) => total + x, 0)
        expect(sum(cost)).toBeCloseTo(costs.cost.total, 3)
        expect(sum(rows)).toBeCloseTo(costs.rows, 6)
        expect(withCalls(found, cost)[0]).toBeCloseTo(costs.cost.total, 3)
        for (const circuit of costs.circuits) {
          const own = found.nodeFrames.reduce(
            (total, frame, node) =>
              total + (found.frames[frame]!.circuit === circuit.position ? cost[node]! : 0),
            0,
          )
          expect(own).toBeCloseTo(circuit.cost, 3)
        }
        for (const { inclusive, cost: own, callers, name } of calledCircuits(found)) {
          expect(inclusive).toBeGreaterThan(own - 1e-6)
          expect(inclusive).toBeLessThan(costs.cost.total + 1e-3)
          if (name !== program.functions[entry]!.name)
            expect(callers.reduce((total, caller) => total + caller.cost, 0)).toBeCloseTo(inclusive, 3)
        }
        found.parents.forEach((parent, node) => {
          expect(parent).toBeLessThan(node)
          const above = new Set<number>()
          for (let at = node; at >= 0; at = found.parents[at]!) above.add(found.nodeFrames[at]!)
          let depth = 0
          for (let at = node; at >= 0; at = found.parents[at]!) depth++
          expect(above.size).toBe(depth)
        })
        nodes += found.parents.length
        if (costs.hits > 0) shared++
      },
    ),
    { numRuns: 150 },
  )
  expect(shared).toBeGreaterThan(20)
  expect(nodes).toBeGreaterThan(300)
})

test('profiles of random sources add up, whatever operations they have', () => {
  let profiles = 0
  fc.assert(
    fc.property(fc.gen(), g => {
      const { source, args, makeIo } = randomSource(g)
      const program = compiled(source)
      const io = makeIo()
      const outcome = execute(program, 'main', args, io, { rows: 20_000 })
      if (!outcome.ok) return
      const shapes = layout(program)
      const costs = report(shapes, outcome.record)
      // It makes sure that it meets every row.
      const found = profile(
        shapes,
        outcome.record,
        { entry: 'main', args, outputs: outcome.outputs, io },
        costs,
      )
      expect(ownCosts(found).cost.reduce((sum, x) => sum + x, 0)).toBeCloseTo(costs.cost.total, 2)
      profiles++
    }),
    { numRuns: 50 },
  )
  expect(profiles).toBeGreaterThan(15)
})

// With every call told apart the tree is that of the execution, so that its calls end in the order of the record's rows.
test('calls of random programs are met in the order of their execution', () => {
  let compared = 0
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.nat(6), (seed, count, n) => {
      const program = withoutAdvice(randomProgram(seed, count))
      const entry = program.functions.length - 1
      const args = [BigInt(n), 5n]
      const io = new IoBuffer()
      const outcome = execute(program, entry, args, io, { rows: 5000 })
      if (!outcome.ok) return
      const shapes = layout(program)
      const { frames, circuits, parents, nodeFrames, entries } = profile(
        shapes,
        outcome.record,
        { entry, args, outputs: outcome.outputs, io },
        report(shapes, outcome.record),
        { labels: new Map(program.functions.map((_, i) => [i, (row: number) => String(row)])) },
      )
      const children: number[][] = Array.from(parents, () => [])
      parents.forEach((parent, node) => {
        if (parent >= 0) children[parent]!.push(node)
      })
      const ended = new Map<number, number>()
      const stored = new Map<number, number>()
      const visit = (node: number): void => {
        for (const child of children[node]!) visit(child)
        const { circuit, label } = frames[nodeFrames[node]!]!
        if (circuits[circuit]!.kind === 'memory')
          stored.set(circuit, (stored.get(circuit) ?? 0) + entries[node]!)
        if (circuits[circuit]!.kind !== 'function') return
        const next = ended.get(circuit) ?? 0
        expect(Number(label)).toBe(next)
        ended.set(circuit, next + 1)
        compared++
      }
      visit(0)
    }),
    { numRuns: 150 },
  )
  expect(compared).toBeGreaterThan(300)
})
