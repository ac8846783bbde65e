/**
 * Parameters of a proof and what they are worth. Proven bits are in the unique-decoding regime: a word further than
 * (1 - rate) / 2 from the code survives a query with probability at most (1 + rate) / 2; folding and batching keep the
 * distance up to an error of (number of terms) * |domain| / |K| (Ben-Sasson et al., "Proximity gaps for Reed-Solomon
 * codes", theorem 1.2 and its version for curves). Conjectured bits assume log2(1 / rate) per query and are printed for
 * comparison with other systems only.
 */

import { ceilLog2, TWO_ADICITY } from './domain.js'

export interface Parameters {
  /** Zero knowledge: blinded columns, salted leaves, masked quotient and FRI input. */
  readonly hiding: boolean
  readonly queries: number
  /** Leading zero bits of the work before the queries are drawn. */
  readonly queryWork: number
  /** Proven bits that every other term is brought to by work of its own. */
  readonly target: number
  /** FRI stops at polynomials for a domain of 2^finalLog (before blow-up), or earlier at the smallest height. At least 3. */
  readonly finalLog: number
}

export const LOG_BLOWUP = 2

/** Greatest height of a trace, as a logarithm: the evaluation domain of any stack is within the two-adicity. */
export const MAX_LOG_HEIGHT = TWO_ADICITY - 2 - 2 * LOG_BLOWUP

/** Most bits of work for one challenge; more is refused. */
const MAX_WORK = 24

export type Preset = 'default' | 'fast'

export function parameters(preset: Preset, options: { hiding?: boolean } = {}): Parameters {
  const hiding = options.hiding ?? true
  const queries = preset === 'default' ? (hiding ? 125 : 118) : hiding ? 57 : 54
  return preset === 'default'
    ? { hiding, queries, queryWork: 20, target: 100, finalLog: 6 }
    : { hiding, queries, queryWork: 14, target: 50, finalLog: 6 }
}

/**
 * Blinders of the columns of a stack with traces of so many heights. A column is opened at the queries, and over K, which
 * is two values of F, at zeta and at w zeta for each height. The quotient shows one more value for each query: it depends
 * on a column of accumulators at w x for every height.
 */
export function blinders(p: Parameters, heights: number): number {
  return p.hiding ? 2 * p.queries + 2 + 2 * heights : 0
}

/**
 * Random coefficients between neighbouring slices of a quotient, opened at the queries and at zeta. No more than a slice
 * is long, since the columns of a class have more than twice as many coefficients.
 */
export function sliceBlinders(p: Parameters): number {
  return p.hiding ? p.queries + 2 : 0
}

/**
 * Greatest length of a committed polynomial for a domain of `size` before blow-up. The eighth is for blinders: much more
 * would cost queries, and with less a stack of 2048 rows would not fit the domain of 2048.
 */
export function degreeBound(p: Parameters, size: number): number {
  return p.hiding ? size + size / 8 : size
}

/** Degree bound over domain. */
export function rate(p: Parameters): number {
  return degreeBound(p, 4) / (4 * 2 ** LOG_BLOWUP)
}

/** What the terms of the error depend on. */
export interface Size {
  /** Log of the largest evaluation domain. */
  logDomain: number
  /** Rows times lookups, over all circuits. */
  messages: number
  /** Elements of the longest message. */
  messageLength: number
  constraints: number
  /** Sum over the heights of (terms of the batch) * |domain|. */
  batch: number
}

/** Bits of work before each challenge. */
export interface Work {
  lookup: number
  constraints: number
  outOfDomain: number
  batch: number
  fold: number
}

export interface Security {
  /** Proven bits of each term, the work included. */
  terms: {
    query: number
    lookup: number
    constraints: number
    outOfDomain: number
    batch: number
    proximity: number
  }
  proven: number
  /** Bits of the query term under the conjecture that lists are short up to capacity, capped by the others. */
  conjectured: number
  work: Work
}

/** @throws RangeError when a term would need more work than is reasonable */
export function security(p: Parameters, size: Size): Security {
  const field = 128
  const raw = {
    lookup: field - ceilLog2(size.messages + 1) - ceilLog2(size.messageLength + 2),
    constraints: field - ceilLog2(size.constraints + 1),
    outOfDomain: field - (size.logDomain + 2),
    batch: field - ceilLog2(size.batch + 1),
    // each round folds and rolls one height in: 2 |domain| / |K|, summed over halving domains
    fold: field - (size.logDomain + 2),
  }
  const missing = (bits: number) => {
    const work = Math.max(0, p.target - bits)
    if (work > MAX_WORK) throw new RangeError(`the statement is too large for ${p.target} bits of security`)
    return work
  }
  const work: Work = {
    lookup: missing(raw.lookup),
    constraints: missing(raw.constraints),
    outOfDomain: missing(raw.outOfDomain),
    batch: missing(raw.batch),
    fold: missing(raw.fold),
  }
  const terms = {
    query: -p.queries * Math.log2((1 + rate(p)) / 2) + p.queryWork,
    lookup: raw.lookup + work.lookup,
    constraints: raw.constraints + work.constraints,
    outOfDomain: raw.outOfDomain + work.outOfDomain,
    batch: raw.batch + work.batch,
    proximity: raw.fold + work.fold,
  }
  const { query, ...others } = terms
  const rest = Math.min(...Object.values(others))
  const conjectured = -p.queries * Math.log2(rate(p)) + p.queryWork
  return { terms, proven: Math.min(query, rest), conjectured: Math.min(conjectured, rest), work }
}
