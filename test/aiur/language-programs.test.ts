import { describe, expect, it } from 'vitest'
import type { Block, BytecodeFunction, Op } from '../../aiur/bytecode.js'
import { BYTE_PAIR_RESULTS } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { PROGRAMS } from './programs.js'

/** Auxiliaries, lookups and result degrees of an op, straight from the table of section 5.3. */
function price(op: Op, degree: (value: number) => number): [aux: number, lookups: number, degrees: number[]] {
  const ones = (n: number): number[] => new Array<number>(n).fill(1)
  switch (op.op) {
    case 'const':
      return [0, 0, [0]]
    case 'add':
    case 'sub':
      return [0, 0, [Math.max(degree(op.a), degree(op.b))]]
    case 'mul': {
      const sum = degree(op.a) + degree(op.b)
      return sum < 2 ? [0, 0, [sum]] : [1, 0, [1]]
    }
    case 'eqZero':
      return degree(op.a) === 0 ? [0, 0, [0]] : [2, 0, [1]]
    case 'call':
      return [op.outputSize, op.unconstrained ? 0 : 1, ones(op.outputSize)]
    case 'store':
      return [1, 1, [1]]
    case 'load':
      return [op.size, 1, ones(op.size)]
    case 'assertEq':
    case 'ioSetInfo':
    case 'ioWrite':
    case 'debug':
      return [0, 0, []]
    case 'ioGetInfo':
      return [2, 0, ones(2)]
    case 'ioRead':
      return [op.len, 0, ones(op.len)]
    case 'u8BitDecomposition':
      return [8, 1, ones(8)]
    case 'u8ShiftLeft':
    case 'u8ShiftRight':
      return [1, 1, [1]]
    case 'u8Add':
    case 'u8Sub':
      return [1, 1, ones(2)]
    case 'u32LessThan':
      return [12, 6, [1]]
    case 'u8RangeCheck':
      return [0, 1, []]
    case 'unconstrainedU32Add':
      return [4, 0, ones(5)]
    case 'u32ToField':
      return [0, 0, [1]]
    case 'unconstrainedGToBytes':
      return [8, 0, ones(8)]
    case 'unconstrainedGInverse':
      return [1, 0, [1]]
    default: {
      const results = BYTE_PAIR_RESULTS[op.op as keyof typeof BYTE_PAIR_RESULTS]
      if (results === undefined) throw new Error(`no price for ${op.op}`)
      return [results, 1, ones(results)]
    }
  }
}

/** Sections 5.1 - 5.4, without sharing code with the layout. */
function shapeOf(f: BytecodeFunction): [number, number, number, number] {
  let leaves = 0
  const block = (
    { ops, control }: Block,
    aux0: number,
    lookups0: number,
    degrees0: number[],
  ): [number, number] => {
    let [aux, lookups] = [aux0, lookups0]
    const degrees = [...degrees0]
    for (const op of ops) {
      const [a, l, results] = price(op, value => degrees[value]!)
      aux += a
      lookups += l
      degrees.push(...results)
    }
    if (control.control === 'return' || control.control === 'yield') {
      expect(control.selector).toBe(leaves++)
      for (const value of control.values) expect(value).toBeLessThan(degrees.length)
      if (control.control === 'return') expect(control.values).toHaveLength(f.outputSize)
      return [aux, lookups]
    }
    const ends = control.cases.map(c => block(c.block, aux, lookups, degrees))
    if (control.default !== null)
      ends.push(block(control.default, aux + control.cases.length, lookups, degrees))
    aux = Math.max(aux, ...ends.map(end => end[0]))
    lookups = Math.max(lookups, ...ends.map(end => end[1]))
    if (control.control === 'match') return [aux, lookups]
    const merged = new Array<number>(control.outputSize).fill(1)
    return block(control.continuation, aux + control.outputSize, lookups, [...degrees, ...merged])
  }
  const [aux, lookups] = block(f.body, 1, 0, new Array<number>(f.inputSize).fill(1))
  expect(leaves).toBe(f.selectors)
  return [f.inputSize, f.selectors, aux, lookups + 1]
}

describe('self-check programs', () => {
  for (const { name, source, tags, circuits, memorySizes } of PROGRAMS) {
    it(`${name} has the expected circuits`, () => {
      const program = compile([{ name: `${name}.aiur`, text: source }], { tags })
      for (const expected of circuits) {
        const f = program.functions[program.functionIndex.get(expected.name)!]!
        expect(f.constrained).toBe(true)
        expect(shapeOf(f)).toEqual(expected.layout)
      }
      if (memorySizes !== undefined) expect(program.memorySizes).toEqual(memorySizes)
    })
  }

  for (const { name, source, tags, runs } of PROGRAMS) {
    for (const { entry, args, result } of runs ?? []) {
      it(`${name}: ${entry}(${args.join(', ')}) = ${result.join(', ')}`, () => {
        const outcome = execute(compile([{ name, text: source }], { tags }), entry, [...args], new IoBuffer())
        if (!outcome.ok) throw outcome.error
        expect(outcome.outputs).toEqual(result)
      })
    }
  }

  it('compiles the same under the reference syntax', () => {
    for (const { name, source, tags, circuits } of PROGRAMS) {
      const program = compile([{ name, text: source }], { tags, syntax: 'reference' })
      for (const expected of circuits) {
        const f = program.functions[program.functionIndex.get(expected.name)!]!
        expect(shapeOf(f)).toEqual(expected.layout)
      }
    }
  })

  it('gives no circuit to what is only inlined or only called unconstrained', () => {
    for (const [name, callee] of [
      ['B1', 'sq'],
      ['A14', 'half'],
    ]) {
      const { source, tags } = PROGRAMS.find(p => p.name === name)!
      const program = compile([{ name: name!, text: source }], { tags })
      expect(program.functions[program.functionIndex.get(callee!)!]!.constrained).toBe(false)
    }
  })
})
