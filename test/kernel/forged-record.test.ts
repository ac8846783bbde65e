/**
 * Supplied records: what an honest execution never produces, offered to the constraint checker. Each forgery is accepted
 * when the circuits are laid out without ranks, so it is the ranks (and nothing accidental) that reject it.
 */
import { describe, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { planRanks } from '../../aiur/vm/ranks.js'
import { ExecutionRecord } from '../../aiur/vm/record.js'
import type { RowTable } from '../../aiur/vm/table.js'
import { kernelSources } from '../../kernel/sources.js'

function program(main: string): Program {
  return compile([...kernelSources(), { name: 'main', text: main }], { roots: ['main'] })
}

interface Row {
  /** Key and outputs, or the values of a memory row. */
  values: number[]
  uses: number
  rank?: number
}

/** A record with every row passed through `edit`; pointers and row numbers stay. */
function rebuilt(
  record: ExecutionRecord,
  edit: (table: string, row: Row, index: number) => void,
): ExecutionRecord {
  const { program: p } = record
  const copy = new ExecutionRecord(p, planRanks(p))
  const move = (name: string, from: RowTable, to: RowTable): void => {
    for (let r = 0; r < from.count; r++) {
      const width = from.strideWords / 2
      const row: Row = {
        values: Array.from({ length: width }, (_, i) => from.values[r * from.strideWords + 2 * i]!),
        uses: from.multiplicity[r]!,
        rank: from.rank?.[r] ?? 0,
      }
      edit(name, row, r)
      const words = new Uint32Array(from.strideWords)
      row.values.forEach((value, i) => {
        words[2 * i] = value
      })
      expect(to.intern(words, 0)).toBe(r)
      to.values.set(words, r * to.strideWords)
      to.multiplicity[r] = row.uses
      if (to.rank !== null) to.rank[r] = row.rank!
    }
  }
  record.functions.forEach((table, i) => {
    move(p.functions[i]!.name, table, copy.functions[i]!)
  })
  record.memories.forEach((table, i) => {
    move(`memory[${p.memorySizes[i]}]`, table, copy.memories[i]!)
  })
  move('ranges', record.rangeUses, copy.rangeUses)
  move('differences', record.rankDifferences, copy.rankDifferences)
  copy.byteUses.bitDecomposition.set(record.byteUses.bitDecomposition)
  copy.byteUses.shiftLeft.set(record.byteUses.shiftLeft)
  copy.byteUses.shiftRight.set(record.byteUses.shiftRight)
  record.nibblePairUses.forEach((uses, i) => {
    copy.nibblePairUses[i]!.set(uses)
  })
  record.bytePairUses.forEach((uses, i) => {
    if (uses !== null) copy.bytePairUses[i] = uses.slice()
  })
  return copy
}

function honest(p: Program, args: bigint[]): ExecutionRecord {
  const outcome = execute(p, 'main', args, new IoBuffer())
  if (!outcome.ok) throw outcome.error
  expect(failures(p, outcome.record, args, true)).toEqual([])
  return outcome.record
}

function failures(p: Program, record: ExecutionRecord, args: bigint[], ranks: boolean): string[] {
  const call = { entry: 'main', args, outputs: [], io: new IoBuffer() }
  return checkConstraints(layout(p, { ranks }), record, call).map(String)
}

/** Rejected whatever small ranks the forger gives to the rows of the circle. */
function rejectedByRanks(
  p: Program,
  args: bigint[],
  forge: (rank: (name: string) => number) => ExecutionRecord,
): void {
  expect(
    failures(
      p,
      forge(() => 0),
      args,
      false,
    ),
  ).toEqual([])
  for (const base of [0, 1, 5, 0xffffffff])
    for (const step of [0, 1, -1]) {
      let next = base
      const seen = new Map<string, number>()
      const rank = (name: string): number => {
        if (!seen.has(name)) {
          seen.set(name, next >>> 0)
          next += step
        }
        return seen.get(name)!
      }
      expect(failures(p, forge(rank), args, true).length).toBeGreaterThan(0)
    }
}

const SHARE_0 = 0xb0
const VAR_0 = 0x10

describe('forged records', () => {
  test('a sharing entry that is itself', () => {
    const p = program(`
pub fn main(byte: G) {
  let (_, _) = head4(${VAR_0});
  let (_, _) = head4(${SHARE_0});
  let none = store(List.Nil);
  let p = store(List.Cons(byte, none));
  let t = store(Tables.Mk(p, 1, store(List.Nil), store(List.Nil), store(List.Nil)));
  let (_, end) = sharing_entry(t, 0);
  assert_eq!(end, none);
}`)
    const record = honest(p, [BigInt(VAR_0)])
    const forge = (rank: (name: string) => number): ExecutionRecord =>
      rebuilt(record, (table, row) => {
        const [first, second] = row.values
        if (table === 'main') row.values[0] = SHARE_0
        if (table === 'memory[3]' && first === 1 && second === VAR_0) row.values[1] = SHARE_0
        if (table === 'head4') row.uses += first === VAR_0 ? -1 : 1
        // The entry is no longer made: what it is said to be is free. (The empty reference table has the same values.)
        if (table === 'memory[4]') row.uses -= 1
        if (table === 'sharing_entry') row.uses += 1
        if (table === 'sharing_entry' || table === 'parse_expr') row.rank = rank(table)
      })
    rejectedByRanks(p, [BigInt(SHARE_0)], forge)
  })

  test('a cyclic list of bytes', () => {
    // 81 10 91 10 10: a function whose body is a Pi; the forger ties the last byte's cell to the first.
    const bytes = [0x81, VAR_0, 0x91, VAR_0, VAR_0]
    const cells = bytes.reduceRight((rest, byte) => `store(List.Cons(${byte}, ${rest}))`, 'store(List.Nil)')
    const p = program(`
fn setup() -> (&List‹G›, &Tables) {
  let p = ${cells};
  (p, store(Tables.Mk(p, 0, store(List.Nil), store(List.Nil), store(List.Nil))))
}
pub fn main() {
  let (p, t) = #setup();
  let (_, _) = parse_expr(p, t);
  not_headed_by(p, 9);
}`)
    const record = honest(p, [])
    // Cells are stored last to first: pointer 0 is the end, 5 the first byte.
    const cell = (i: number): number => bytes.length - i
    const nodes: number[][] = []
    rebuilt(record, (table, row) => {
      if (table === 'memory[4]') nodes.push(row.values)
    })
    const tag = (values: number[]): number => values[0]!
    const lam = nodes.findIndex(values => tag(values) === 5)
    const pi = nodes.findIndex(values => tag(values) === 6)
    expect([lam, pi]).not.toContain(-1)
    const forge = (rank: (name: string) => number): ExecutionRecord =>
      rebuilt(record, (table, row, index) => {
        const { values } = row
        // The last byte is cut off: its predecessor points to the first.
        if (table === 'memory[3]' && index === cell(3)) values[2] = cell(0)
        if (table === 'memory[3]' && index === cell(4)) row.uses = 0
        // The first cell was loaded once by parse_expr and once by not_headed_by, as it is now.
        if (table === 'memory[4]' && index === pi) values[2] = lam
        if (table === 'not_headed_by') {
          if (values[0] === cell(4)) row.uses = 0
          else if (values[0] === cell(0) && values[1] === 9) row.uses += 1
        }
        if (table === 'split4' && values[0] === VAR_0) row.uses -= 1
        if (table === 'head4' && values[0] === VAR_0) row.uses -= 1
        if (table === 'parse_expr') {
          const [position] = values
          if (position === cell(4)) row.uses = 0
          if (position === cell(3)) values[3] = cell(0)
          if (position === cell(0)) row.uses += 1
          row.rank = rank(`${table} ${position}`)
        }
        if (table === 'memory[4]' && index !== pi && index !== lam) row.uses -= 1
        if (table === 'parse_lams' || table === 'parse_pis') row.rank = rank(table)
      })
    rejectedByRanks(p, [], forge)
  })

  test('a row that no execution leaves behind is one failure that says where', () => {
    const p = program(`
fn cell(byte: G) -> &List‹G› { store(List.Cons(byte, store(List.Nil))) }
pub fn main(byte: G) { assert_eq!(list_length(#cell(byte)), 1); }`)
    const record = honest(p, [5n])
    // Row 0 of the lists is the end, row 1 the cell.
    const forged = (at: number, element: number, value: number): string[] => {
      const copy = rebuilt(record, (table, row, index) => {
        if (table === 'memory[3]' && index === at) row.values[element] = value
      })
      return failures(p, copy, [5n], true)
    }
    const length = p.functions.find(({ name }) => name.startsWith('list_length'))!.name
    expect(forged(0, 0, 7)).toEqual([`${length}, row 0: no arm for the value 7 of a match`])
    expect(forged(1, 2, 99)).toEqual([`${length}, row 1: a call of ${length} has no row in the record`])
  })

  test('any changed multiplicity', () => {
    // Streams, an address, limbs: a parsed literal is divided, compared and loaded again.
    const p = program(`
pub fn main(byte: G) {
  let (kind, size) = head4(byte);
  let tail = store(List.Cons(size, store(List.Nil)));
  let all = store(List.Cons(kind, tail));
  assert_eq!(list_length(all), 2);
  let a = store(List.Cons([7, 0, 0, 0, 0, 0, 0, size], store(List.Nil)));
  let List.Cons(words, _) = load(a);
  assert_eq!(words[0], 7);
  let q = limbs_div(store(List.Cons(23, store(List.Nil))), store(List.Cons(5, store(List.Nil))));
  let List.Cons(limb, _) = load(q);
  assert_eq!(limb, 4);
}`)
    const args = [BigInt(VAR_0)]
    const record = honest(p, args)
    const rows: { table: string; index: number }[] = []
    rebuilt(record, (table, { uses }, index) => {
      if (uses > 0) rows.push({ table, index })
    })
    expect(rows.length).toBeGreaterThan(10)
    const accepted: string[] = []
    for (const { table, index } of rows)
      for (const change of [1, -1]) {
        const forged = rebuilt(record, (name, row, i) => {
          if (name === table && i === index) row.uses += change
        })
        if (failures(p, forged, args, true).length === 0) accepted.push(`${table} ${index}: ${change}`)
      }
    expect(accepted).toEqual([])
  })
})
