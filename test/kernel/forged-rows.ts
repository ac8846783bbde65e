/** Records of real checks with one value changed: the circuits have to notice each. */
import { expect, test } from 'vitest'
import { checkTraces } from '../../aiur/circuit/check.js'
import { claimMessage, constraintSystem, traces } from '../../aiur/circuit/constraints.js'
import { ExecutionRecord } from '../../aiur/vm/record.js'
import type { RowTable } from '../../aiur/vm/table.js'
import { openClosure } from '../../bench/closure-costs.js'
import { check } from '../../kernel/check.js'
import type { KernelRun } from '../../kernel/verdict.js'
import { changesOf, otherValues, rowsOfEveryKind, targetsOf, withCell } from './forged-cells.js'

/** A constant of a closure of test/lean. */
export type Subject = readonly [closure: string, name: string]

/** A theorem, a mutual type, a nested type, a quotient, and a literal. */
export const SUBJECTS: readonly Subject[] = [
  ['Library', 'Nat.add_comm'],
  ['Inds', 'Inds.Even.rec'],
  ['Inds', 'Inds.Tree.rec'],
  ['Library', 'Quot.sound'],
  ['Prims', 'Strings.str_of_list'],
]

/** With these, all circuits that any of the pinned constants uses. */
export const FURTHER: readonly Subject[] = [
  ...['UnivM', 'UnsafeSquash', 'partialKRec'].map((name): Subject => ['Inds', `Inds.${name}`]),
  ...['bv_to_nat_lit', 'nat_shl_lit', 'nat_log2_lit', 'nat_shr_lit', 'nat_div_lit'].map(
    (name): Subject => ['Prims', `Prims.${name}`],
  ),
  ['Prims', 'Strings.str_size_lit'],
  ...['Trans.mk', 'Array.append_assoc', 'String.append'].map((name): Subject => ['Library', name]),
]

const runs = new Map<string, Promise<KernelRun>>()

async function accepted([closure, name]: Subject): Promise<KernelRun> {
  const environment = openClosure(closure)
  const addresses = [environment.addressOf(name)!]
  const { status, run } = await check({
    environment,
    target: { kind: 'constants', addresses },
    engine: 'interp',
  })
  if (status !== 'accepted' || run === undefined) throw new Error(`${name} is ${status}`)
  return run
}

/** The execution of a check, on the engine whose record can be written to. */
function runOf(subject: Subject): Promise<KernelRun> {
  const key = subject.join()
  const known = runs.get(key) ?? accepted(subject)
  runs.set(key, known)
  return known
}

/** Numbers below a bound, the same ones for a seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
  }
}

/** Up to n of these, in random order. */
function some(values: Iterable<number>, n: number, random: (below: number) => number): number[] {
  const left = [...values]
  if (left.length <= n) return left
  return Array.from({ length: n }, () => left.splice(random(left.length), 1)[0]!)
}

/**
 * Changes cells of traces: in every circuit some cells that the bytecode hands on to something checked, which have to be
 * missed, and some others, which nothing may notice.
 *
 * @param rows of each kind in a circuit @param cells of each sort in a row
 */
export function describeCells(subjects: readonly Subject[], rows: number, cells: number, seed: number): void {
  test.each(subjects)(`%s: %s, each cell counts or is free (seed ${seed})`, async (...subject) => {
    const random = generator(seed)
    const wrong: string[] = []
    let changes = 0
    for (const target of targetsOf(await runOf(subject))) {
      const { trace } = target
      const { name, columns } = trace.circuit
      for (const row of rowsOfEveryKind(target, rows, random)) {
        const pinned = target.pinned(row)
        const broken = changesOf(trace, row)
        const free = [...columns.keys()].filter(column => !pinned.has(column))
        for (const column of [...some(pinned, cells, random), ...some(free, cells, random)])
          for (const value of otherValues(trace, row, column, random(trace.height))) {
            changes++
            if ((broken(column, value) !== undefined) === pinned.has(column)) continue
            const what = pinned.has(column) ? 'accepted' : 'not accepted'
            wrong.push(`${name}, row ${row}, ${columns[column]}: ${value} is ${what}`)
          }
      }
    }
    expect(wrong).toEqual([])
    expect(changes).toBeGreaterThan(1000)
  })
}

/** What the whole checker says about some of these changes. */
export function describeWholeTraces(subject: Subject, count: number, seed: number): void {
  test(`${subject[1]}: the whole checker says the same about ${count} cells (seed ${seed})`, async () => {
    const random = generator(seed)
    const run = await runOf(subject)
    const targets = targetsOf(run)
    const claim = claimMessage(run.layout, run.record, run.call)
    for (let i = 0; i < count; i++) {
      const at = random(targets.length)
      const { trace } = targets[at]!
      const row = random(trace.height)
      const column = random(trace.circuit.columns.length)
      const [value] = otherValues(trace, row, column, 0)
      const forged = targets.map((each, j) => (j === at ? withCell(trace, row, column, value!) : each.trace))
      const failures = checkTraces(forged, [claim], { maxFailures: 1 })
      const where = `${trace.circuit.name}, row ${row}, ${trace.circuit.columns[column]}`
      expect(failures.length > 0, where).toBe(changesOf(trace, row)(column, value!) !== undefined)
    }
  })
}

/** A place of a record that is to be changed, and put back. */
interface Place {
  readonly what: string
  /** Low word of the value; the table whose index depends on it. */
  readonly words: Uint32Array
  readonly at: number
  readonly table: RowTable | undefined
  /** The same place of other rows. */
  readonly others: readonly number[]
}

/** Used rows of a table, each of its values and its multiplicity. */
function placesOf(name: string, table: RowTable): Place[] {
  const used = Array.from({ length: table.count }, (_, row) => row).filter(
    row => table.multiplicity[row] !== 0,
  )
  const elements = table.strideWords / 2
  return used.flatMap(row => [
    {
      what: `${name} ${row}, multiplicity`,
      words: table.multiplicity,
      at: row,
      table: undefined,
      others: [],
    },
    ...Array.from(
      { length: elements },
      (_, i): Place => ({
        what: `${name} ${row}, ${2 * i < table.keyWords ? 'key' : 'result'} ${i}`,
        words: table.values,
        at: row * table.strideWords + 2 * i,
        table: 2 * i < table.keyWords ? table : undefined,
        others: used.map(other => table.values[other * table.strideWords + 2 * i]!),
      }),
    ),
  ])
}

/** A random place of every table of a record. Ranks are left alone: larger ones in the same order are as good. */
function somePlaces(record: ExecutionRecord, random: (below: number) => number): Place[] {
  const tables: [string, RowTable][] = [
    ...record.functions.map((table, i): [string, RowTable] => [record.program.functions[i]!.name, table]),
    ...record.memories.map((table, i): [string, RowTable] => [
      `memory[${record.program.memorySizes[i]}]`,
      table,
    ]),
    ['ranges', record.rangeUses],
  ]
  const counts = [record.byteUses.bitDecomposition, ...record.nibblePairUses, ...record.bytePairUses]
  return [
    ...tables.map(([name, table]) => placesOf(name, table)),
    ...counts.map((uses, i) =>
      [...(uses ?? []).keys()]
        .filter(at => uses![at] !== 0)
        .map(
          (at): Place => ({
            what: `table ${i}, operands ${at}`,
            words: uses!,
            at,
            table: undefined,
            others: [],
          }),
        ),
    ),
  ].flatMap(places => (places.length === 0 ? [] : [places[random(places.length)]!]))
}

/**
 * Changes values of records, from which the traces are made anew: arguments, results and multiplicities of calls, contents
 * and uses of memories and tables.
 */
export function describeRecords(subject: Subject, count: number, seed: number): void {
  test(`${subject[1]}: ${count} changes of its record are noticed (seed ${seed})`, async () => {
    const random = generator(seed)
    const { layout, record, call } = await accepted(subject)
    if (!(record instanceof ExecutionRecord)) throw new Error('not the record of the interpreter')
    const system = constraintSystem(layout)
    const claim = claimMessage(layout, record, call)
    const failures = () =>
      checkTraces(traces(system, layout, record, call.io), [claim], { maxFailures: 1 }).map(String)
    expect(failures()).toEqual([])
    const missed: string[] = []
    let done = 0
    while (done < count)
      for (const { what, words, at, table, others } of somePlaces(record, random)) {
        const honest = words[at]!
        const values = [(honest + 1) >>> 0, 0, others[random(Math.max(1, others.length))] ?? honest]
        const value = values[random(3)]!
        if (value === honest || done === count) continue
        words[at] = value
        table?.dropMarks()
        if (failures().length === 0) missed.push(`${what}: ${honest} -> ${value}`)
        words[at] = honest
        table?.dropMarks()
        done++
      }
    expect(missed).toEqual([])
    expect(failures()).toEqual([])
  })
}
