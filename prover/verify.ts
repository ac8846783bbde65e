/**
 * The verifier: decides whether a proof shows that a call of an entry function has the claimed result. Pure
 * TypeScript, runs in Node and in browsers. docs/protocol.md has the messages in order and their reasons.
 */

import { highWord, lowWord, P } from '../aiur/vm/goldilocks.js'
import { domainPoint, inverseOf, power, reverseBits, rootOfUnity } from './domain.js'
import { type Challenges, constraintsAt, inverseVanishing, messageOf } from './evaluate.js'
import {
  type Extension,
  equal,
  extension,
  invert,
  invertAll,
  isZero,
  minus,
  plus,
  powers,
  ROOT,
  scale,
  times,
  ZERO,
} from './extension.js'
import { hash, TREE_KEYS } from './hash.js'
import { distinct, rootOf } from './merkle.js'
import { LOG_BLOWUP, type Parameters, type Security } from './parameters.js'
import { type Header, ProofError, ProofReader, readHeader } from './proof-bytes.js'
import { claimMessage, openTranscript } from './protocol.js'
import { type Claim, claimProblem, type Shape, type SizeClass, shapeOf } from './shape.js'
import { tableAt } from './table-evaluation.js'
import type { Transcript } from './transcript.js'
import type { VerifyingKey } from './verifying-key.js'

export { decodeKey, KeyError } from './key-file.js'
export type { Parameters, Security } from './parameters.js'
export { parameters } from './parameters.js'
export { type Header, ProofError } from './proof-bytes.js'
export type { Claim } from './shape.js'
export type { VerifyingKey } from './verifying-key.js'

export type Verdict =
  | { accepted: true; claim: Claim; security: Security }
  | { accepted: false; reason: string }

/** The header of a proof, unverified. @throws ProofError */
export function inspect(proof: Uint8Array): Header {
  return readHeader(new ProofReader(proof))
}

/**
 * Accepts a proof of exactly this claim, made for this key under these parameters. Never throws on a bad proof.
 */
export function verify(key: VerifyingKey, claim: Claim, proof: Uint8Array, p: Parameters): Verdict {
  try {
    const security = new Verifier(key, claim, new ProofReader(proof), p).run()
    return { accepted: true, claim, security }
  } catch (error) {
    if (error instanceof ProofError) return { accepted: false, reason: error.message }
    throw error
  }
}

function require(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new ProofError(reason)
}

/** Opened values of a class, in the order of the batch. */
interface ClassValues {
  main: Extension[]
  accumulators: Extension[]
  quotient: Extension[]
  /** Parallel to `next` of the class. */
  next: Extension[][]
}

type Tree = 'main' | 'accumulators' | 'quotient'

class Verifier {
  private readonly shape: Shape
  private readonly transcript: Transcript
  private readonly roots: Record<Tree, Uint8Array> = {
    main: new Uint8Array(0),
    accumulators: new Uint8Array(0),
    quotient: new Uint8Array(0),
  }

  constructor(
    key: VerifyingKey,
    private readonly claim: Claim,
    private readonly reader: ProofReader,
    private readonly p: Parameters,
  ) {
    const problem = claimProblem(key, claim)
    require(problem === null, problem ?? '')
    const header = readHeader(reader)
    require(sameBytes(header.keyDigest, key.digest), 'the proof was made for another verifying key')
    require(sameParameters(header.parameters, p), 'the proof was made under other parameters')
    require(sameClaim(header.claim, claim), 'the proof is about another claim')
    require(header.heights.length === key.circuits.length, 'the proof has another number of circuits')
    try {
      this.shape = shapeOf(key, header.heights, p)
    } catch (error) {
      if (error instanceof RangeError) throw new ProofError(error.message)
      throw error
    }
    this.transcript = openTranscript(key, p, claim, header.heights)
  }

  run(): Security {
    const { shape, reader, transcript, p } = this
    const { work } = shape.security
    this.roots.main = this.commitment()
    this.work(work.lookup)
    const beta = transcript.extension()
    const gamma = transcript.extension()
    const mask = p.hiding ? transcript.extension() : ZERO
    this.roots.accumulators = this.commitment()
    const totals = shape.active.map(() => this.value())
    this.work(work.constraints)
    const alpha = transcript.extension()
    const challenges = { beta, gamma, mask, alpha }
    this.balance(totals, challenges)
    this.roots.quotient = this.commitment()
    this.work(work.outOfDomain)
    const zeta = outOfDomainPoint(transcript)
    const values = shape.classes.map(c => this.classValues(c))
    this.work(work.batch)
    const batch = transcript.extension()
    this.quotients(values, zeta, totals, challenges)

    const logDomain = shape.classes[0]!.logDomain
    const logFinal = shape.finalLog + LOG_BLOWUP
    const rounds: { root: Uint8Array; challenge: Extension }[] = []
    for (let log = logDomain; log > logFinal; log--) {
      const root = this.commitment()
      this.work(work.fold)
      rounds.push({ root, challenge: transcript.extension() })
    }
    const final = Array.from({ length: shape.finalLength }, () => this.value())
    this.work(p.queryWork)
    const drawn = Array.from({ length: p.queries }, () => transcript.bits(logDomain))
    const indices = distinct(
      drawn.sort((a, b) => a - b),
      0,
    )
    const inputs = this.openInputs(indices, values, zeta, batch)
    this.fold(indices, inputs, rounds, final)
    reader.finish()
    return shape.security
  }

  private commitment(): Uint8Array {
    const root = this.reader.raw(32)
    this.transcript.absorb(root)
    return root
  }

  private value(): Extension {
    const x = this.reader.extension()
    this.transcript.absorbExtension(x)
    return x
  }

  private work(bits: number): void {
    if (bits > 0)
      require(this.transcript.work(bits, this.reader.u32()), 'the work before a challenge is missing')
  }

  /** The sums of all circuits and the claim cancel. */
  private balance(totals: Extension[], challenges: Challenges): void {
    const message = messageOf(
      claimMessage(this.claim).map(x => extension(x)),
      challenges,
    )
    require(!isZero(message), 'the message of the claim vanishes')
    const sum = totals.reduce(plus, invert(message))
    require(isZero(sum), 'the lookups do not balance')
  }

  private classValues(c: SizeClass): ClassValues {
    const list = (count: number) => Array.from({ length: count }, () => this.value())
    const { slices } = c
    return {
      main: list(c.mainColumns),
      accumulators: list(c.accumulatorColumns),
      quotient: list(2 * slices),
      next: c.next.map(group => list(group.columns.length)),
    }
  }

  /** The constraints of every class at zeta against its quotient. */
  private quotients(
    values: ClassValues[],
    zeta: Extension,
    totals: Extension[],
    challenges: Challenges,
  ): void {
    const alphas = powers(challenges.alpha, this.shape.constraints)
    const position = new Map(this.shape.active.map((a, i) => [a, i]))
    this.shape.classes.forEach((c, i) => {
      const { main, accumulators, quotient, next } = values[i]!
      const ahead = new Map<string, Extension>()
      c.next.forEach(({ logHeight, columns }, g) => {
        columns.forEach(({ tree, column }, j) => {
          ahead.set(`${tree} ${column} ${logHeight}`, next[g]![j]!)
        })
      })
      let sum = ZERO
      for (const active of c.circuits) {
        const { circuit, mainAt, mainColumns, accumulatorAt, accumulatorColumns, firstConstraint } = active
        const at = (tree: Tree, column: number) => ahead.get(`${tree} ${column} ${active.logHeight}`)!
        const opened = {
          main: main.slice(mainAt, mainAt + mainColumns),
          next: new Map(circuit.nextColumns.map(own => [own, at('main', mainAt + own)])),
          fixed: circuit.fixed === null ? [] : tableAt(circuit.fixed, zeta, active.shift),
          accumulators: accumulators.slice(accumulatorAt, accumulatorAt + accumulatorColumns),
          nextAccumulator: [at('accumulators', accumulatorAt), at('accumulators', accumulatorAt + 1)] as [
            Extension,
            Extension,
          ],
        }
        const constraints = constraintsAt(active, opened, zeta, totals[position.get(active)!]!, challenges)
        const folded = constraints.reduce(
          (total, value, j) => plus(total, times(value, alphas[firstConstraint + j]!)),
          ZERO,
        )
        sum = plus(sum, times(folded, inverseVanishing(zeta, active)))
      }
      const step = extensionPower(zeta, c.sliceLength)
      let claimed = ZERO
      for (let s = c.slices - 1; s >= 0; s--)
        claimed = plus(times(claimed, step), plus(quotient[2 * s]!, times(quotient[2 * s + 1]!, ROOT)))
      require(equal(sum, claimed), `the constraints at height class 2^${c.logSize} do not hold`)
    })
  }

  /** Reads and authenticates all opened rows; the FRI inputs by log of the domain, one per distinct index. */
  private openInputs(
    indices: number[],
    values: ClassValues[],
    zeta: Extension,
    batch: Extension,
  ): Map<number, Extension[]> {
    const { classes } = this.shape
    const logDomain = classes[0]!.logDomain
    const rows = {} as Record<Tree, Uint8Array[][]>
    for (const tree of ['main', 'accumulators', 'quotient'] as const) {
      rows[tree] = classes.map(c => {
        const columns = {
          main: c.mainColumns,
          accumulators: c.accumulatorColumns,
          quotient: c.quotientColumns,
        }[tree]
        return distinct(indices, logDomain - c.logDomain).map(() => this.row(columns))
      })
      const leaves = new Map(
        classes.map((c, i) => [c.logDomain, rows[tree][i]!.map(row => hash(row, TREE_KEYS.leaf))]),
      )
      const root = rootOf(logDomain, indices, leaves, () => this.reader.raw(32), TREE_KEYS)
      require(sameBytes(root, this.roots[tree]), `the rows of the tree '${tree}' do not belong to its root`)
    }
    const inputs = new Map<number, Extension[]>()
    classes.forEach((c, i) => {
      const positions = distinct(indices, logDomain - c.logDomain)
      const opened = { main: rows.main[i]!, accumulators: rows.accumulators[i]!, quotient: rows.quotient[i]! }
      inputs.set(
        c.logDomain,
        batchAt(c, i === 0 && this.p.hiding, positions, opened, values[i]!, zeta, batch),
      )
    })
    return inputs
  }

  /** A row with its salt: the preimage of a leaf. */
  private row(columns: number): Uint8Array {
    const row = this.reader.row(columns)
    if (!this.p.hiding) return row
    this.reader.raw(16)
    return new Uint8Array(row.buffer, row.byteOffset, row.length + 16)
  }

  /** Folds the inputs at all queries down to the final polynomial. */
  private fold(
    indices: number[],
    inputs: ReadonlyMap<number, Extension[]>,
    rounds: readonly { root: Uint8Array; challenge: Extension }[],
    final: readonly Extension[],
  ): void {
    let log = this.shape.classes[0]!.logDomain
    let level = indices
    let known = inputs.get(log)!
    for (const { root, challenge } of rounds) {
      const pairs = distinct(level, 1)
      const leaves: Uint8Array[] = []
      const folded: Extension[] = []
      const inverseRoot = inverseOf(rootOfUnity(log))
      let at = 0
      for (const pair of pairs) {
        const left = level[at] === 2 * pair ? known[at++]! : this.reader.extension()
        const right = level[at] === 2 * pair + 1 ? known[at++]! : this.reader.extension()
        leaves.push(hash(this.pairLeaf(left, right), TREE_KEYS.leaf))
        const s = (power(inverseRoot, BigInt(reverseBits(pair, log - 1))) * HALF) % P
        const slope = times(challenge, scaleBig(minus(left, right), s))
        folded.push(plus(scaleBig(plus(left, right), HALF), slope))
      }
      const found = rootOf(log - 1, pairs, new Map([[log - 1, leaves]]), () => this.reader.raw(32), TREE_KEYS)
      require(sameBytes(found, root), 'the values of a folding round do not belong to its root')
      log--
      const input = inputs.get(log)
      const square = times(challenge, challenge)
      known = input === undefined ? folded : folded.map((x, i) => plus(x, times(square, input[i]!)))
      level = pairs
    }
    const root = rootOfUnity(log)
    level.forEach((index, i) => {
      const x = power(root, BigInt(reverseBits(index, log)))
      const [lo, hi] = [lowWord(x), highWord(x)]
      let value = ZERO
      for (let j = final.length - 1; j >= 0; j--) value = plus(scale(value, lo, hi), final[j]!)
      require(equal(value, known[i]!), 'the folded values do not lie on the final polynomial')
    })
  }

  private pairLeaf(left: Extension, right: Extension): Uint8Array {
    const bytes = new Uint8Array(this.p.hiding ? 48 : 32)
    const words = [left, right].flatMap(x => [x.lo0, x.hi0, x.lo1, x.hi1])
    const view = new DataView(bytes.buffer)
    words.forEach((word, i) => {
      view.setUint32(4 * i, word, true)
    })
    if (this.p.hiding) bytes.set(this.reader.raw(16), 32)
    return bytes
  }
}

const HALF = 0x7fffffff80000001n

function scaleBig(x: Extension, factor: bigint): Extension {
  return scale(x, lowWord(factor), highWord(factor))
}

/** A point outside of F, so of every domain; redrawn until it is one. */
export function outOfDomainPoint(transcript: Transcript): Extension {
  for (;;) {
    const point = transcript.extension()
    if ((point.lo1 | point.hi1) !== 0) return point
  }
}

export function extensionPower(x: Extension, exponent: number): Extension {
  let result = extension(1n)
  for (let e = exponent, base = x; e > 0; e = Math.floor(e / 2), base = times(base, base))
    if (e % 2 === 1) result = times(result, base)
  return result
}

/** The FRI input of a class at some of its rows (stark.md 3.7). */
function batchAt(
  c: SizeClass,
  masked: boolean,
  positions: readonly number[],
  rows: Record<Tree, Uint8Array[]>,
  values: ClassValues,
  zeta: Extension,
  batch: Extension,
): Extension[] {
  const terms = c.mainColumns + c.accumulatorColumns + 2 * c.slices
  const nextTerms = c.next.reduce((sum, group) => sum + group.columns.length, 0)
  // the random input has the first power, so that it covers the rest
  const weights = powers(batch, terms + nextTerms, masked ? batch : undefined)
  const atZeta = [...values.main, ...values.accumulators, ...values.quotient]
  const packed = packWeights(weights)
  let used = terms
  const groups = c.next.map((group, g) => {
    const first = used
    used += group.columns.length
    return {
      point: scaleBig(zeta, rootOfUnity(group.logHeight)),
      first,
      columns: group.columns,
      value: combine(values.next[g]!, weights, first),
    }
  })
  const zetaValue = combine(atZeta, weights, 0)
  const gathered = new Uint32Array(2 * nextTerms)
  const points = [zeta, ...groups.map(g => g.point)]
  const inverses = invertAll(
    positions.flatMap(position => {
      const x = extension(domainPoint(position, c.logDomain))
      return points.map(z => minus(z, x))
    }),
  )
  return positions.map((_, i) => {
    const main = wordsOf(rows.main[i]!)
    const accumulators = wordsOf(rows.accumulators[i]!)
    const quotient = wordsOf(rows.quotient[i]!)
    const denominators = inverses.slice(points.length * i, points.length * (i + 1))
    let sum = dot(main, c.mainColumns, packed, 0)
    sum = plus(sum, dot(accumulators, c.accumulatorColumns, packed, c.mainColumns))
    sum = plus(sum, dot(quotient, 2 * c.slices, packed, c.mainColumns + c.accumulatorColumns))
    let result = times(minus(zetaValue, sum), denominators[0]!)
    groups.forEach(({ first, columns, value }, g) => {
      columns.forEach(({ tree, column }, j) => {
        const row = tree === 'main' ? main : accumulators
        gathered[2 * j] = row[2 * column]!
        gathered[2 * j + 1] = row[2 * column + 1]!
      })
      const own = dot(gathered, columns.length, packed, first)
      result = plus(result, times(minus(value, own), denominators[g + 1]!))
    })
    if (masked) {
      const at = 4 * c.slices
      const [lo0, hi0, lo1, hi1] = quotient.subarray(at, at + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      result = plus(result, { lo0, hi0, lo1, hi1 })
    }
    return result
  })
}

function combine(values: readonly Extension[], weights: readonly Extension[], first: number): Extension {
  return values.reduce((sum, value, i) => plus(sum, times(value, weights[first + i]!)), ZERO)
}

/** Terms between two carries of {@link dot}: a product has 48 bits, two of them go into one sum. */
const CARRY_EVERY = 16

/** Weights in four pieces of 16 bits per coordinate, so that products with 32-bit words are exact in doubles. */
function packWeights(weights: readonly Extension[]): Float64Array {
  const pieces = new Float64Array(8 * weights.length)
  weights.forEach((w, i) => {
    const words = [w.lo0, w.hi0, w.lo1, w.hi1]
    words.forEach((word, k) => {
      pieces[8 * i + 2 * k] = word & 0xffff
      pieces[8 * i + 2 * k + 1] = word >>> 16
    })
  })
  return pieces
}

/** Little-endian words of a row (a copy: rows are not aligned). */
function wordsOf(row: Uint8Array): Uint32Array {
  const words = new Uint32Array(row.length / 4)
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(4 * i, true)
  return words
}

/** Sums of products by their weight 2^(16 i), six per coordinate. */
class Sums {
  private readonly total = new Float64Array(12)
  private readonly top = new Float64Array(2)

  /** Adds sums below 2^53; keeps each entry below 2^49. */
  add(coordinate: number, ...sums: [number, number, number, number, number, number]): void {
    for (let i = 0; i < 6; i++) {
      const at = 6 * coordinate + i
      const carry = Math.floor(sums[i]! / 65536)
      this.total[at]! += sums[i]! - 65536 * carry
      if (i < 5) this.total[at + 1]! += carry
      else this.top[coordinate]! += carry
    }
  }

  /** The coordinate modulo p. */
  reduce(coordinate: number): bigint {
    let value = BigInt(this.top[coordinate]!) << 96n
    for (let i = 5; i >= 0; i--) value += BigInt(this.total[6 * coordinate + i]!) << BigInt(16 * i)
    return value % P
  }
}

/** Sum of row_i weight_(first + i). */
function dot(row: Uint32Array, count: number, weights: Float64Array, first: number): Extension {
  const sums = new Sums()
  for (let start = 0; start < count; start += CARRY_EVERY) {
    const end = Math.min(count, start + CARRY_EVERY)
    for (let k = 0; k < 2; k++) {
      let [s0, s1, s2, s3, s4, s5] = [0, 0, 0, 0, 0, 0]
      let w = 8 * (first + start) + 4 * k
      for (let i = start; i < end; i++, w += 8) {
        const lo = row[2 * i]!
        const hi = row[2 * i + 1]!
        const w0 = weights[w]!
        const w1 = weights[w + 1]!
        const w2 = weights[w + 2]!
        const w3 = weights[w + 3]!
        s0 += lo * w0
        s1 += lo * w1
        s2 += lo * w2 + hi * w0
        s3 += lo * w3 + hi * w1
        s4 += hi * w2
        s5 += hi * w3
      }
      sums.add(k, s0, s1, s2, s3, s4, s5)
    }
  }
  return extension(sums.reduce(0), sums.reduce(1))
}

function sameBytes(x: Uint8Array, y: Uint8Array): boolean {
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}

function sameParameters(x: Parameters, y: Parameters): boolean {
  return (
    x.hiding === y.hiding &&
    x.queries === y.queries &&
    x.queryWork === y.queryWork &&
    x.target === y.target &&
    x.finalLog === y.finalLog
  )
}

function sameClaim(x: Claim, y: Claim): boolean {
  const same = (a: readonly bigint[], b: readonly bigint[]) =>
    a.length === b.length && a.every((value, i) => value === b[i])
  return x.entry === y.entry && same(x.inputs, y.inputs) && same(x.outputs, y.outputs) && x.rank === y.rank
}
