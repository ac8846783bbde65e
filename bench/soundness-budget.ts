/**
 * The soundness budget of a proof, recomputed: the error of every challenge as an exact fraction, counted from circuits and
 * shape, and not by the closed formulas in prover/parameters.ts, which have to be at most as good.
 */
import { degreeBound, LOG_BLOWUP, type Parameters } from '../prover/parameters.js'
import type { Shape, SizeClass } from '../prover/shape.js'
import type { KeyEntry } from '../prover/verifying-key.js'

/** What a cheating prover hopes for at one challenge. */
export interface Term {
  readonly name: 'query' | 'lookup' | 'constraints' | 'outOfDomain' | 'batch' | 'proximity'
  readonly challenge: string
  /** Bad challenges, of so many; null for the queries. */
  readonly bad: bigint | null
  readonly of: bigint | null
  /** What the bad ones are. */
  readonly counted: string
  /** Without work. */
  readonly bits: number
  readonly work: number
}

const P = 2n ** 64n - 2n ** 32n + 1n
const K = P * P

export function soundnessBudget(shape: Shape, entries: readonly KeyEntry[], p: Parameters): Term[] {
  const { work } = shape.security
  const rate = degreeBound(p, 8) / (8 * 2 ** LOG_BLOWUP)
  const term = (
    name: Term['name'],
    challenge: string,
    bad: bigint,
    of: bigint,
    counted: string,
    own: number,
  ): Term => ({ name, challenge, bad, of, counted, bits: log2(of) - log2(bad), work: own })
  const { messages, degree } = lookups(shape, entries)
  const identity = shape.classes.reduce((most, c) => Math.max(most, identityDegree(c, p)), 0)
  const batch = shape.classes.reduce(
    (sum, c) => sum + BigInt(batchTerms(c) - 1) * 2n ** BigInt(c.logDomain),
    0n,
  )
  const domain = 2n ** BigInt(shape.classes[0]!.logDomain)
  return [
    {
      name: 'query',
      challenge: 'queries',
      bad: null,
      of: null,
      counted: `${p.queries} queries, each survived with probability at most (1 + ${rate}) / 2`,
      bits: -p.queries * Math.log2((1 + rate) / 2),
      work: p.queryWork,
    },
    term(
      'lookup',
      'beta, gamma, c',
      degree + messages + (p.hiding ? 1n : 0n),
      K,
      `degree ${degree} of the sum of ${messages} fractions; fingerprints that vanish; the masks`,
      work.lookup,
    ),
    term(
      'constraints',
      'alpha',
      BigInt(shape.constraints - 1),
      K,
      `${shape.constraints} constraints`,
      work.constraints,
    ),
    term(
      'outOfDomain',
      'zeta',
      BigInt(identity),
      K - P,
      `degree ${identity} of the identity of a class`,
      work.outOfDomain,
    ),
    term('batch', 'alpha_b', batch, K, 'over the classes, (terms - 1) times domain', work.batch),
    // a fold with roll-in is a curve of degree 2 over half the domain; every round has a challenge of its own
    term('proximity', 'a fold', domain, K, `2 times half of the domain of ${domain} points`, work.fold),
  ]
}

/**
 * Messages of all rows and the claim, and the degree in beta and gamma of the numerator of the sum of their reciprocals: each
 * summand is the product of all other fingerprints.
 */
function lookups(shape: Shape, entries: readonly KeyEntry[]): { messages: bigint; degree: bigint } {
  let messages = 0n
  let degree = 0n
  const add = (count: bigint, length: number) => {
    messages += count
    degree += count * BigInt(Math.max(1, length - 1))
  }
  // channel, function, inputs, outputs, rank
  add(1n, Math.max(...entries.map(e => 2 + e.inputs + e.outputs + (e.ranked ? 1 : 0))))
  for (const { circuit, logHeight } of shape.active)
    for (const { message } of circuit.lookups) add(2n ** BigInt(logHeight), message.length)
  return { messages, degree }
}

/**
 * Degree of an identity of a class, multiplied by what vanishes on its largest trace. Opened polynomials have degree at most the
 * bound: one more than those that the prover commits.
 */
function identityDegree(c: SizeClass, p: Parameters): number {
  const bound = degreeBound(p, 2 ** c.logSize)
  const largest = Math.max(...c.circuits.map(a => 2 ** a.logHeight))
  const quotient = (c.slices - 1) * c.sliceLength + bound + largest
  // transition selectors add less than the degree of the circuit
  return c.circuits.reduce((most, a) => {
    const { degree } = a.circuit
    return Math.max(most, degree * bound + degree - 1 + largest - 2 ** a.logHeight)
  }, quotient)
}

function batchTerms(c: SizeClass): number {
  const next = c.next.reduce((sum, group) => sum + group.columns.length, 0)
  return c.mainColumns + c.accumulatorColumns + c.quotientColumns + next
}

function log2(x: bigint): number {
  const shift = BigInt(Math.max(0, x.toString(2).length - 53))
  return Math.log2(Number(x >> shift)) + Number(shift)
}
