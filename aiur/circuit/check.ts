/** Evaluates every constraint on every row of given traces and balances all lookups. */

import { add, high, highWord, lowWord, mul, P, sub, toBigInt } from '../vm/goldilocks.js'
import { MAX_ROWS } from '../vm/ranks.js'
import { RowTable } from '../vm/table.js'
import { channelName } from './channels.js'
import { type Circuit, circuitDegree, circuitShape } from './circuit.js'
import { type Expressions, NodeKind } from './expression.js'
import { RowError, type Trace } from './trace.js'

/** Something that does not hold; prints as one line. */
export class ConstraintFailure {
  constructor(
    readonly kind: 'constraint' | 'lookup' | 'shape' | 'row',
    /** Circuit; for lookups the first one that takes part. */
    readonly circuit: string,
    /** Row of the trace, -1 when no single row is to blame. */
    readonly row: number,
    /** The constraint's label, the message and by how much it is out of balance, or why the row has no trace. */
    readonly what: string,
  ) {}

  toString(): string {
    const row = this.row < 0 ? '' : `, row ${this.row}`
    return `${this.circuit}${row}: ${this.what}`
  }
}

export interface CheckOptions {
  /** Stop after so many failures. Default 20. */
  maxFailures?: number
  onProgress?: (done: number, total: number) => void
}

/**
 * Checks traces of circuits against each other and the claims (messages that the verifier demands once each).
 * The balance of lookups is exact; like the prover's linear form it does not see trailing zeros of a message. A row that
 * cannot be filled is the only failure then.
 */
export function checkTraces(
  traces: readonly Trace[],
  claims: readonly bigint[][],
  options: CheckOptions = {},
): ConstraintFailure[] {
  try {
    return failuresOf(traces, claims, options)
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    return [new ConstraintFailure('row', error.circuit, error.row, error.what)]
  }
}

function failuresOf(
  traces: readonly Trace[],
  claims: readonly bigint[][],
  options: CheckOptions,
): ConstraintFailure[] {
  const { maxFailures = 20 } = options
  const failures: ConstraintFailure[] = []
  const balance = new Balance()
  for (const claim of claims) balance.claim(claim)
  const total = traces.reduce((n, t) => n + t.height, 0)
  // The bound that well-founded calls rest on (docs/well-founded-calls.md).
  if (total >= MAX_ROWS)
    failures.push(new ConstraintFailure('shape', 'all circuits', -1, `${total} rows are too many`))
  let done = 0
  for (const trace of traces) {
    if (trace.height === 0) continue
    const walk = new Walk(trace)
    failures.push(...walk.shapeFailures())
    walk.rows(block => {
      block.constraints(failures, maxFailures)
      block.lookups((_lookup, _row, lo, hi, element, length) => balance.add(lo, hi, element, length))
      done += block.count
      options.onProgress?.(done, total)
      return failures.length < maxFailures
    })
    if (failures.length >= maxFailures) return failures
  }
  const open = balance.unbalanced(maxFailures - failures.length)
  return open.length === 0 ? failures : [...failures, ...explain(open, traces)]
}

/** A message that is not provided as often as it is demanded. */
interface Open {
  message: bigint[]
  /** Demanded minus provided, modulo p. */
  excess: bigint
}

/** Net demand per message: tables by message length, the balance after the message. */
class Balance {
  private readonly tables = new Map<number, RowTable>()

  claim(elements: readonly bigint[]): void {
    this.add(1, 0, wordsOf(elements), elements.length)
  }

  /** Adds lo + hi 2^32 to the balance of a message. */
  add(lo: number, hi: number, message: Uint32Array, elements: number): void {
    const words = trimmed(message, elements)
    let table = this.tables.get(words)
    if (table === undefined) {
      table = new RowTable(words, words + 2)
      this.tables.set(words, table)
    }
    const at = table.intern(message, 0) * (words + 2) + words
    const { values } = table
    values[at] = add(values[at]!, values[at + 1]!, lo, hi)
    values[at + 1] = high
  }

  unbalanced(limit: number): Open[] {
    const open: Open[] = []
    for (const [words, { values, count }] of this.tables)
      for (let row = 0; row < count && open.length < limit; row++) {
        const at = row * (words + 2) + words
        if ((values[at]! | values[at + 1]!) === 0) continue
        const message = Array.from({ length: words / 2 }, (_, i) =>
          toBigInt(values[at - words + 2 * i]!, values[at - words + 2 * i + 1]!),
        )
        open.push({ message, excess: toBigInt(values[at]!, values[at + 1]!) })
      }
    return open
  }
}

function wordsOf(elements: readonly bigint[]): Uint32Array {
  return Uint32Array.from(elements.flatMap(x => [lowWord(x), highWord(x)]))
}

/** Words of a message without trailing zero elements. */
function trimmed(message: Uint32Array, elements: number): number {
  let n = elements
  while (n > 0 && (message[2 * n - 2]! | message[2 * n - 1]!) === 0) n--
  return 2 * n
}

/** Says who takes part in the unbalanced lookups. */
function explain(open: Open[], traces: readonly Trace[]): ConstraintFailure[] {
  const wanted = new Map(open.map(o => [o.message.join(), o]))
  const found = new Map<Open, { circuit: string; row: number; label: string }>()
  for (const trace of traces) {
    if (trace.height === 0 || found.size === open.length) continue
    new Walk(trace).rows(block => {
      block.lookups((lookup, row, _lo, _hi, words, elements) => {
        const message = Array.from({ length: trimmed(words, elements) / 2 }, (_, i) =>
          toBigInt(words[2 * i]!, words[2 * i + 1]!),
        )
        const match = wanted.get(message.join())
        if (match === undefined || found.has(match)) return
        found.set(match, { circuit: trace.circuit.name, row, label: trace.circuit.lookups[lookup]!.label })
      })
      return found.size < open.length
    })
  }
  return open.map(o => {
    const where = found.get(o)
    const [channel = 0n, ...rest] = o.message
    const times = o.excess > P / 2n ? `provided ${P - o.excess}` : `demanded ${o.excess}`
    const message = `${channelName(Number(channel))}(${rest.join(', ')})`
    return new ConstraintFailure(
      'lookup',
      where?.circuit ?? 'claims',
      where?.row ?? -1,
      `${where?.label ?? 'claim'}: message ${message} is ${times} times too often`,
    )
  })
}

type OnLookup = (
  lookup: number,
  row: number,
  lo: number,
  hi: number,
  /** Two words per element. */
  message: Uint32Array,
  elements: number,
) => void

/** Values of all expressions of a circuit on a block of rows: node i, row r at [i * size + r]. */
class Walk {
  private readonly circuit: Circuit
  private readonly width: number
  private readonly size: number
  private readonly lo: Uint32Array
  private readonly hi: Uint32Array
  private readonly matrix: Uint32Array
  private readonly message: Uint32Array
  private readonly padded: boolean
  private start = 0
  count = 0

  constructor(private readonly trace: Trace) {
    const { circuit } = trace
    this.circuit = circuit
    this.width = circuit.columns.length
    const nodes = circuit.expressions.kinds.length
    this.size = Math.max(16, Math.min(256, Math.floor(65536 / nodes)))
    this.lo = new Uint32Array(nodes * this.size)
    this.hi = new Uint32Array(nodes * this.size)
    this.matrix = new Uint32Array(2 * this.width * (this.size + 1))
    this.message = new Uint32Array(2 * Math.max(1, ...circuit.lookups.map(l => l.message.length)))
    this.padded = (trace.height & (trace.height - 1)) !== 0
    const { kinds, a, constants } = circuit.expressions
    kinds.forEach((kind, node) => {
      if (kind !== NodeKind.constant) return
      const value = constants[a[node]!]!
      this.lo.fill(lowWord(value), node * this.size, (node + 1) * this.size)
      this.hi.fill(highWord(value), node * this.size, (node + 1) * this.size)
    })
  }

  /** What is wrong with the circuit or the trace as a whole: height of tables, rows of padding. */
  shapeFailures(): ConstraintFailure[] {
    const { circuit, trace } = this
    const failures: ConstraintFailure[] = []
    const fail = (what: string) => failures.push(new ConstraintFailure('shape', circuit.name, -1, what))
    if (circuitShape(circuit).quotientDegree > 4) fail(`degree ${circuitDegree(circuit)} is too high`)
    if (circuit.fixed !== null) {
      if (circuit.fixed.height !== trace.height)
        fail(`a table of ${circuit.fixed.height} rows has a trace of ${trace.height}`)
      return failures
    }
    // A row of zeros must satisfy everything and take part in nothing.
    this.matrix.fill(0)
    this.start = 0
    this.count = 1
    this.evaluate(1)
    for (const { expression, label } of circuit.constraints)
      if (!this.isZero(expression, 0)) fail(`a row of padding violates: ${label}`)
    for (const { multiplicity, label } of circuit.lookups)
      if (!this.isZero(multiplicity, 0)) fail(`a row of padding takes part in a lookup: ${label}`)
    return failures
  }

  /** Evaluates block after block until `each` returns false. */
  rows(each: (block: Walk) => boolean): void {
    const { trace, size, matrix, width } = this
    for (this.start = 0; this.start < trace.height; this.start += size) {
      this.count = Math.min(size, trace.height - this.start)
      const more = this.start + this.count < trace.height
      trace.fill(this.start, this.count + (more ? 1 : 0), matrix)
      if (!more) {
        const after = matrix.subarray(2 * width * this.count, 2 * width * (this.count + 1))
        if (this.padded) after.fill(0)
        else {
          const first = new Uint32Array(2 * width)
          trace.fill(0, 1, first)
          after.set(first)
        }
      }
      this.evaluate(more || this.padded ? this.count : this.count - 1)
      if (!each(this)) return
    }
  }

  constraints(failures: ConstraintFailure[], limit: number): void {
    const { size } = this
    for (const { expression, label } of this.circuit.constraints) {
      const at = expression * size
      for (let r = 0; r < this.count && failures.length < limit; r++)
        if ((this.lo[at + r]! | this.hi[at + r]!) !== 0)
          failures.push(new ConstraintFailure('constraint', this.circuit.name, this.start + r, label))
    }
  }

  lookups(each: OnLookup): void {
    const { size, lo, hi, message } = this
    this.circuit.lookups.forEach((lookup, index) => {
      const at = lookup.multiplicity * size
      const length = lookup.message.length
      for (let r = 0; r < this.count; r++) {
        if ((lo[at + r]! | hi[at + r]!) === 0) continue
        for (let i = 0; i < length; i++) {
          const from = lookup.message[i]! * size + r
          message[2 * i] = lo[from]!
          message[2 * i + 1] = hi[from]!
        }
        each(index, this.start + r, lo[at + r]!, hi[at + r]!, message, length)
      }
    })
  }

  private isZero(node: number, r: number): boolean {
    return (this.lo[node * this.size + r]! | this.hi[node * this.size + r]!) === 0
  }

  /** `transitions`: rows of the block from its start on that have a successor. */
  private evaluate(transitions: number): void {
    const { lo, hi, size, count, width, matrix } = this
    const { kinds, a, b }: Expressions = this.circuit.expressions
    const fixed = this.circuit.fixed
    for (let node = 0; node < kinds.length; node++) {
      const at = node * size
      const x = a[node]! * size
      const y = b[node]! * size
      switch (kinds[node]) {
        case NodeKind.column:
        case NodeKind.next: {
          let from = 2 * a[node]! + (kinds[node] === NodeKind.next ? 2 * width : 0)
          for (let r = 0; r < count; r++, from += 2 * width) {
            lo[at + r] = matrix[from]!
            hi[at + r] = matrix[from + 1]!
          }
          break
        }
        case NodeKind.fixed:
          for (let r = 0; r < count; r++) {
            lo[at + r] = fixed!.values[(this.start + r) * fixed!.width + a[node]!]!
            hi[at + r] = 0
          }
          break
        case NodeKind.transition:
          for (let r = 0; r < count; r++) {
            lo[at + r] = r < transitions ? 1 : 0
            hi[at + r] = 0
          }
          break
        case NodeKind.add:
          for (let r = 0; r < count; r++) {
            lo[at + r] = add(lo[x + r]!, hi[x + r]!, lo[y + r]!, hi[y + r]!)
            hi[at + r] = high
          }
          break
        case NodeKind.sub:
          for (let r = 0; r < count; r++) {
            lo[at + r] = sub(lo[x + r]!, hi[x + r]!, lo[y + r]!, hi[y + r]!)
            hi[at + r] = high
          }
          break
        case NodeKind.mul:
          for (let r = 0; r < count; r++) {
            const p = lo[x + r]!
            const q = lo[y + r]!
            if ((p | hi[x + r]!) === 0 || (q | hi[y + r]!) === 0) {
              lo[at + r] = 0
              hi[at + r] = 0
              continue
            }
            lo[at + r] = mul(p, hi[x + r]!, q, hi[y + r]!)
            hi[at + r] = high
          }
          break
      }
    }
  }
}
