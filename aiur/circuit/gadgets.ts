/** Which gadget circuits an execution needs, and their rows. */

import type { RecordView } from '../vm/record.js'
import { RowTable } from '../vm/table.js'
import { type Circuit, circuitShape } from './circuit.js'
import type { CircuitShape } from './circuit-shape.js'
import {
  bytePairOnDemand,
  type Demands,
  type OnDemandGadget,
  range32,
  rankDifferences,
} from './gadget-circuits.js'
import { BYTE_RANGE, bytePairTable, byteTable, nibbleTable, type TableGadget } from './gadget-tables.js'
import type { Layout } from './layout.js'
import { shapeCost } from './shape-cost.js'

/** Rows of a gadget in one execution: row-major, one number below 2^53 per column. */
export interface GadgetRows {
  circuit: Circuit
  shape: CircuitShape
  height: number
  values: Float64Array
}

interface Gadget<T> {
  readonly gadget: T
  readonly shape: CircuitShape
}

function shaped<T extends { circuit: Circuit }>(gadget: T): Gadget<T> {
  return { gadget, shape: circuitShape(gadget.circuit) }
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

// The circuits do not depend on the program; the tables are built when first needed.
const NIBBLES = lazy(() => shaped(nibbleTable()))
const BYTES = lazy(() => shaped(byteTable()))
const RANGE32 = lazy(() => shaped(range32()))
const RANKS = lazy(() => shaped(rankDifferences()))
/** Every byte table has one main column and one lookup of degree 1, so its cost needs no 65,536 rows. */
const TABLE_COST = shapeCost('transforms', { main: 1, stage2: 2, quotientDegree: 1, classicWidth: 5 }, 65536)
const operations = Array.from({ length: BYTE_RANGE + 1 }, (_, i) => i)
const ON_DEMAND = operations.map(i => lazy(() => shaped(bytePairOnDemand(i))))
const TABLES = operations.map(i => lazy(() => shaped(bytePairTable(i))))

/** Shapes of the gadget circuits of a system, in canonical order. */
export function gadgets(layout: Layout): CircuitShape[] {
  return systemGadgets(layout).map(g => g.shape)
}

/** The gadget circuits of a system, in canonical order. */
export function gadgetCircuits(layout: Layout): Circuit[] {
  return systemGadgets(layout).map(g => g.gadget.circuit)
}

function systemGadgets(layout: Layout): Gadget<{ circuit: Circuit }>[] {
  return [
    ...(layout.ranks.ranked.some(r => r === 1) ? [RANKS()] : []),
    RANGE32(),
    ...ON_DEMAND.map(g => g()),
    ...TABLES.map(g => g()),
    BYTES(),
    NIBBLES(),
  ]
}

/**
 * The gadget circuits that an execution activates. A byte operation gets a row per distinct pair or its
 * preprocessed table, whichever costs less; what nobody uses is absent.
 */
export function gadgetRows(record: RecordView, options: { ranks: boolean }): GadgetRows[] {
  const active: GadgetRows[] = []
  const range = new RowTable(2, 2)
  const nibbleUses = record.nibblePairUses.map(uses => Float64Array.from(uses))
  const word = new Uint32Array(2)
  const useRange = (x: number, count: number) => {
    word[0] = x
    range.use(word, 0, count)
  }
  const demands: Demands = {
    nibbles(operation, a, b) {
      nibbleUses[operation]![16 * a + b]!++
    },
    range32: x => useRange(x, 1),
  }
  const onDemand = (
    { gadget, shape }: Gadget<OnDemandGadget>,
    height: number,
    each: (row: (a: number, b: number, uses: number) => void) => void,
  ) => {
    if (height === 0) return
    const values = new Float64Array(height * shape.main)
    let at = 0
    each((a, b, uses) => {
      values[at] = 1
      values[at + 1] = uses
      gadget.fill(a, b, values, at + 2, demands)
      at += shape.main
    })
    active.push({ circuit: gadget.circuit, shape, height, values })
  }
  const fullTable = ({ gadget, shape }: Gadget<TableGadget>, uses: ArrayLike<number>[]) => {
    const height = gadget.circuit.fixed!.height
    const values = new Float64Array(height * shape.main)
    uses.forEach((column, i) => {
      for (let r = 0; r < height; r++) values[r * shape.main + i] = column[r]!
    })
    active.push({ circuit: gadget.circuit, shape, height, values })
  }

  if (options.ranks) {
    const table = record.rankDifferences
    onDemand(RANKS(), table.count, row => {
      for (let r = 0; r < table.count; r++) row(table.word(r, 0), table.word(r, 2), table.usesOf(r))
    })
  }
  for (let r = 0; r < record.rangeUses.count; r++)
    useRange(record.rangeUses.word(r, 0), record.rangeUses.usesOf(r))
  onDemand(RANGE32(), range.count, row => {
    for (let r = 0; r < range.count; r++) row(range.values[2 * r]!, 0, range.multiplicity[r]!)
  })
  record.bytePairUses.forEach((uses, operation) => {
    if (uses === null) return
    let pairs = 0
    for (let pair = 0; pair < uses.length; pair++) if (uses[pair] !== 0) pairs++
    const small = ON_DEMAND[operation]!()
    const large = TABLES[operation]!
    if (shapeCost('transforms', small.shape, pairs) <= TABLE_COST) {
      onDemand(small, pairs, row => {
        for (let pair = 0; pair < uses.length; pair++)
          if (uses[pair] !== 0) row(pair >> 8, pair & 255, uses[pair]!)
      })
    } else fullTable(large(), [uses])
  })
  const { bitDecomposition, shiftLeft, shiftRight } = record.byteUses
  const bytes = [bitDecomposition, shiftLeft, shiftRight]
  if (bytes.some(used)) fullTable(BYTES(), bytes)
  if (nibbleUses.some(used)) fullTable(NIBBLES(), nibbleUses)
  return active
}

function used(uses: ArrayLike<number>): boolean {
  for (let i = 0; i < uses.length; i++) if (uses[i] !== 0) return true
  return false
}
