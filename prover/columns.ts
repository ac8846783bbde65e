/** Committed columns in memory that all threads see, two words per element. */

import { LOG_BLOWUP } from './parameters.js'

export const COSETS = 2 ** LOG_BLOWUP

/** The polynomials of one size class in one tree. */
export interface Columns {
  /** Log of the domain before blow-up. */
  readonly logSize: number
  /** Coefficients of a column. */
  readonly bound: number
  readonly columns: number
  /** Values of a column: those on some cosets of 2^logSize points, each in bit-reversed order. */
  readonly rows: number
  readonly coefficients: Uint32Array
  readonly evaluations: Uint32Array
}

/** Gives zeros, so many words of them. */
export type Share = (words: number) => Uint32Array

export function newColumns(
  share: Share,
  logSize: number,
  bound: number,
  columns: number,
  cosets = COSETS,
): Columns {
  const rows = cosets * 2 ** logSize
  return {
    logSize,
    bound,
    columns,
    rows,
    coefficients: share(2 * bound * columns),
    evaluations: share(2 * rows * columns),
  }
}

/** Coefficients of a column. */
export function coefficientsOf({ coefficients, bound }: Columns, column: number): Uint32Array {
  return coefficients.subarray(2 * bound * column, 2 * bound * (column + 1))
}

/** Values of a column. */
export function valuesOf({ evaluations, rows }: Columns, column: number): Uint32Array {
  return evaluations.subarray(2 * rows * column, 2 * rows * (column + 1))
}

/** Part of some work: elements or columns [from, to) of its item `of`. */
export interface Piece {
  of: number
  from: number
  to: number
}

/** Cuts items of given lengths into pieces of at most `most`, in order. */
export function piecesOf(lengths: readonly number[], most: number | ((item: number) => number)): Piece[] {
  return lengths.flatMap((length, of) => {
    const step = typeof most === 'number' ? most : most(of)
    return Array.from({ length: Math.ceil(length / step) }, (_, i) => ({
      of,
      from: i * step,
      to: Math.min(length, (i + 1) * step),
    }))
  })
}
