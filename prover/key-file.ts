/** Verifying keys as bytes, so that a verifier needs neither the program nor its compiler. */

import type { FixedTable } from '../aiur/circuit/circuit.js'
import { circuitDegree } from '../aiur/circuit/circuit.js'
import { type Expressions, NodeKind } from '../aiur/circuit/expression.js'
import { P } from '../aiur/vm/goldilocks.js'
import {
  type KeyCircuit,
  type KeyEntry,
  type KeyLookup,
  KeyWriter,
  keyDigest,
  type VerifyingKey,
  writeKey,
  writeTable,
} from './verifying-key.js'

const MAGIC = 'ix verifying key file 1'
/** Columns of a circuit; far above those of any program. */
const MAX_COLUMNS = 2 ** 20

export class KeyError extends Error {}

export function encodeKey({ circuits, entries }: VerifyingKey): Uint8Array {
  const w = new KeyWriter()
  w.text(MAGIC)
  writeKey(w, circuits, entries, table => writeTable(w, table))
  return w.finish()
}

/** The key, its digest computed. @throws KeyError for bytes that no {@link encodeKey} wrote */
export function decodeKey(bytes: Uint8Array): VerifyingKey {
  const r = new KeyReader(bytes)
  if (r.text() !== MAGIC) throw new KeyError('byte 0: this is not a verifying key')
  const circuits = r.list(() => readCircuit(r))
  const entries = r.list(
    (): KeyEntry => ({
      index: r.number(),
      name: r.text(),
      inputs: r.number(),
      outputs: r.number(),
      ranked: r.below(2) === 1,
    }),
  )
  r.finish()
  return { circuits, entries, digest: keyDigest(circuits, entries) }
}

class KeyReader {
  private at = 0
  private readonly view: DataView

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Skips bytes and returns where they begin. */
  take(count: number): number {
    const { at } = this
    if (at + count > this.bytes.length) throw new KeyError(`the key ends at byte ${this.bytes.length}`)
    this.at = at + count
    return at
  }

  number(width = 4): number {
    const at = this.take(width)
    return width === 1
      ? this.view.getUint8(at)
      : width === 2
        ? this.view.getUint16(at, true)
        : this.view.getUint32(at, true)
  }

  below(limit: number, width = 4): number {
    const value = this.number(width)
    if (value >= limit) throw new KeyError(`byte ${this.at - width}: ${value} is not below ${limit}`)
    return value
  }

  text(): string {
    const count = this.number()
    const at = this.take(count)
    return new TextDecoder().decode(this.bytes.subarray(at, at + count))
  }

  /** Every item takes at least a byte, so the count cannot be larger than what is left. */
  list<T>(read: () => T): T[] {
    const count = this.number()
    if (count > this.left) throw new KeyError(`byte ${this.at - 4}: ${count} items are too many`)
    return Array.from({ length: count }, read)
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.bytes.length - this.at
  }

  finish(): void {
    if (this.at !== this.bytes.length) throw new KeyError(`byte ${this.at}: the key is followed by more`)
  }
}

function readCircuit(r: KeyReader): KeyCircuit {
  const name = r.text()
  const main = r.below(MAX_COLUMNS)
  const groupDegree = r.number()
  if (groupDegree === 0) throw new KeyError(`${name}: groups of degree 0`)
  const expressions = readExpressions(r, main)
  const nodes = expressions.kinds.length
  const constraints = r.list(() => r.below(nodes))
  const lookups = r.list(
    (): KeyLookup => ({ multiplicity: r.below(nodes), message: r.list(() => r.below(nodes)) }),
  )
  const fixed = r.below(2) === 1 ? readTable(r) : null
  const next = new Set<number>()
  expressions.kinds.forEach((kind, i) => {
    if (kind === NodeKind.next) next.add(expressions.a[i]!)
    if (kind === NodeKind.fixed && expressions.a[i]! >= (fixed?.width ?? 0))
      throw new KeyError(`${name}: no preprocessed column ${expressions.a[i]}`)
  })
  const shape = {
    name,
    kind: 'function' as const,
    columns: [],
    fixed,
    expressions,
    groupDegree,
    constraints: constraints.map(expression => ({ expression, label: '' })),
    lookups: lookups.map(l => ({ ...l, label: '' })),
  }
  return {
    name,
    main,
    nextColumns: [...next].sort((a, b) => a - b),
    fixed,
    expressions,
    constraints,
    lookups,
    groupDegree,
    degree: Math.max(2, circuitDegree(shape)),
  }
}

function readExpressions(r: KeyReader, main: number): Expressions {
  const constants = r.list(() => {
    const low = BigInt(r.number())
    const value = low | (BigInt(r.number()) << 32n)
    if (value >= P) throw new KeyError('a constant is not canonical')
    return value
  })
  const kinds: number[] = []
  const a: number[] = []
  const b: number[] = []
  const degrees: number[] = []
  r.list(() => {
    const kind = r.below(NodeKind.mul + 1, 1)
    const operator = kind >= NodeKind.add
    const limit = operator
      ? kinds.length
      : kind === NodeKind.constant
        ? constants.length
        : kind === NodeKind.column || kind === NodeKind.next
          ? main
          : 2 ** 31
    const x = r.below(limit)
    const y = operator ? r.below(limit) : r.number()
    kinds.push(kind)
    a.push(x)
    b.push(y)
    const [dx, dy] = operator ? [degrees[x]!, degrees[y]!] : [0, 0]
    const leaf = kind === NodeKind.constant || kind === NodeKind.transition ? 0 : 1
    degrees.push(!operator ? leaf : kind === NodeKind.mul ? Math.min(255, dx + dy) : Math.max(dx, dy))
  })
  return {
    kinds: Uint8Array.from(kinds),
    a: Int32Array.from(a),
    b: Int32Array.from(b),
    constants,
    degrees: Uint8Array.from(degrees),
  }
}

function readTable(r: KeyReader): FixedTable {
  const width = r.number()
  const height = r.number()
  if (width * height > r.left) throw new KeyError('a preprocessed table is too large')
  const values = new Uint32Array(width * height)
  for (let c = 0; c < width; c++) {
    const bytes = r.number()
    if (bytes !== 1 && bytes !== 2 && bytes !== 4) throw new KeyError('a column has an odd width')
    for (let i = 0; i < height; i++) values[i * width + c] = r.number(bytes)
  }
  return { width, height, values }
}
