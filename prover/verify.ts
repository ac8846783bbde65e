/**
 * The verifier: decides whether a proof shows that a call of an entry function has the claimed result. Pure
 * TypeScript, runs in Node and in browsers. docs/protocol.md has the messages in order and their reasons.
 */

import { checkFolds, type Round } from './check-folds.js'
import { type Challenges, constraintsAt, messageOf, vanishing } from './evaluate.js'
import {
  type Extension,
  equal,
  extension,
  invert,
  invertAll,
  isZero,
  plus,
  powers,
  ROOT,
  times,
  ZERO,
} from './extension.js'
import { distinct } from './merkle.js'
import { type ClassValues, openInputs, type TreeName } from './open-rows.js'
import { LOG_BLOWUP, type Parameters, type Security } from './parameters.js'
import { type Header, ProofError, ProofReader, readHeader, require, sameBytes } from './proof-bytes.js'
import { claimMessage, openTranscript } from './protocol.js'
import { type Claim, claimProblem, type Shape, type SizeClass, shapeOf } from './shape.js'
import { tablesAt } from './table-evaluation.js'
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

class Verifier {
  private readonly shape: Shape
  private readonly transcript: Transcript
  private readonly roots: Record<TreeName, Uint8Array> = {
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
    const rounds: Round[] = []
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
    const inputs = openInputs(reader, shape, this.roots, p.hiding, indices, values, zeta, batch)
    checkFolds(reader, p.hiding, logDomain, indices, inputs, rounds, final)
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
    const tableAt = tablesAt(zeta)
    const inverses = invertAll(this.shape.active.map(a => vanishing(zeta, a)))
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
        const at = (tree: TreeName, column: number) => ahead.get(`${tree} ${column} ${active.logHeight}`)!
        const opened = {
          main: main.slice(mainAt, mainAt + mainColumns),
          next: new Map(circuit.nextColumns.map(own => [own, at('main', mainAt + own)])),
          fixed: circuit.fixed === null ? [] : tableAt(circuit.fixed, active.shift),
          accumulators: accumulators.slice(accumulatorAt, accumulatorAt + accumulatorColumns),
          nextAccumulator: [at('accumulators', accumulatorAt), at('accumulators', accumulatorAt + 1)] as [
            Extension,
            Extension,
          ],
        }
        const own = position.get(active)!
        const constraints = constraintsAt(active, opened, zeta, totals[own]!, challenges)
        const folded = constraints.reduce(
          (total, value, j) => plus(total, times(value, alphas[firstConstraint + j]!)),
          ZERO,
        )
        sum = plus(sum, times(folded, inverses[own]!))
      }
      const step = extensionPower(zeta, c.sliceLength)
      let claimed = ZERO
      for (let s = c.slices - 1; s >= 0; s--)
        claimed = plus(times(claimed, step), plus(quotient[2 * s]!, times(quotient[2 * s + 1]!, ROOT)))
      require(equal(sum, claimed), `the constraints at height class 2^${c.logSize} do not hold`)
    })
  }
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
