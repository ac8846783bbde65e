/** How lookups share accumulator columns, and what that costs in degree. */

/** nextPow2(max(degree, 2) - 1) */
export function quotientDegreeOf(degree: number): number {
  let q = 1
  while (q < Math.max(degree, 2) - 1) q *= 2
  return q
}

/** Numbers of neighbouring lookups that share an accumulator: their degrees add up to at most `groupDegree`. */
export function groupSizes(messageDegrees: readonly number[], groupDegree: number): number[] {
  const sizes: number[] = []
  let room = -1
  for (const degree of messageDegrees) {
    room -= degree
    if (room >= 0) sizes[sizes.length - 1]!++
    else {
      sizes.push(1)
      room = groupDegree - degree
    }
  }
  return sizes
}

/** The order in which messages of these degrees fill groups best: the first stays, then by falling degree. */
export function groupingOrder(messageDegrees: readonly number[]): number[] {
  const order = messageDegrees.map((_, i) => i)
  return order.sort((a, b) => (a === 0 || b === 0 ? a - b : messageDegrees[b]! - messageDegrees[a]! || a - b))
}

/** Height at which the price of a group is weighed against that of the degree. */
const TYPICAL_LOG_HEIGHT = 10

/** Degrees of groups that leave a circuit at degree 3. */
const NARROW = [1, 2]
/** Degree of groups for circuits of hundreds of lookups. */
const WIDE = 4
/**
 * Accumulator columns that wide groups have to save. Above degree 3 a prover needs a domain twice as large where a trace
 * nearly fills its own, which no model of costs counts, so this is for circuits that are wide and short.
 */
const WIDE_SAVES = 100

/**
 * The degree of groups that costs least under `transforms`; of equal ones the smallest.
 *
 * @param messageDegrees in order; multiplicities have degree 1 at most
 * @param constraintDegree of the other constraints
 */
export function cheapestGroupDegree(messageDegrees: readonly number[], constraintDegree: number): number {
  let best = 1
  let least = Number.POSITIVE_INFINITY
  let columns = 0
  for (const groupDegree of NARROW) {
    const sizes = groupSizes(messageDegrees, groupDegree)
    const q = quotientDegreeOf(Math.max(constraintDegree, stepDegree(messageDegrees, sizes)))
    const cost =
      5 * 2 * sizes.length * TYPICAL_LOG_HEIGHT +
      2 * q * (TYPICAL_LOG_HEIGHT + Math.log2(q)) +
      8 * q * (TYPICAL_LOG_HEIGHT + 2)
    if (cost < least) {
      least = cost
      best = groupDegree
      columns = 2 * sizes.length
    }
  }
  return columns - 2 * groupSizes(messageDegrees, WIDE).length >= WIDE_SAVES ? WIDE : best
}

/** Greatest degree of the steps of accumulators over groups of these sizes. */
export function stepDegree(messageDegrees: readonly number[], sizes: readonly number[]): number {
  let at = 0
  let degree = 0
  for (const size of sizes) {
    degree = Math.max(degree, 1 + messageDegrees.slice(at, at + size).reduce((a, b) => a + b, 0))
    at += size
  }
  return degree
}
