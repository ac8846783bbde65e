import type { Value } from '../bytecode.js'
import { CompileError, type Span } from './compile-error.js'
import type { LocalId, Node, TypedPattern } from './typed.js'
import type { Type } from './types.js'

/** A part of the scrutinee: where its flattened value is. */
export interface Occurrence {
  values: Value[]
  /** Concrete. */
  type: Type
}

/** A pattern that tests or takes apart; variables, wildcards and alternatives are expanded away. */
export type Test = Exclude<TypedPattern, { k: 'wildcard' | 'bind' | 'or' }>

interface Clause {
  at: Occurrence
  test: Test
}

export interface Row {
  clauses: Clause[]
  bindings: [LocalId, Occurrence][]
  body: Node
}

/** Rows that a match may expand to: alternatives in several places multiply. */
const MAX_ROWS = 65536

interface Fragment {
  clauses: Clause[]
  bindings: [LocalId, Occurrence][]
}

/** Clauses of patterns side by side, one fragment for each combination of alternatives, first ones first. */
function expand(patterns: readonly [Occurrence, TypedPattern][], span: Span): Fragment[] {
  let fragments: Fragment[] = [{ clauses: [], bindings: [] }]
  for (const [at, pattern] of patterns) {
    const ends = expandOne(at, pattern)
    if (fragments.length * ends.length > MAX_ROWS) {
      throw new CompileError('too many combinations of alternatives in this match', span)
    }
    fragments = fragments.flatMap(start =>
      ends.map(end => ({
        clauses: [...start.clauses, ...end.clauses],
        bindings: [...start.bindings, ...end.bindings],
      })),
    )
  }
  return fragments
}

function expandOne(at: Occurrence, pattern: TypedPattern): Fragment[] {
  switch (pattern.k) {
    case 'wildcard':
      return [{ clauses: [], bindings: [] }]
    case 'bind':
      return [{ clauses: [], bindings: [[pattern.id, at]] }]
    case 'or':
      return pattern.alternatives.flatMap(alternative => expandOne(at, alternative))
    default:
      return [{ clauses: [{ at, test: pattern }], bindings: [] }]
  }
}

export function initialRows(
  at: Occurrence,
  arms: readonly { pattern: TypedPattern; body: Node }[],
  span: Span,
): Row[] {
  return arms.flatMap(({ pattern, body }) => expand([[at, pattern]], span).map(f => ({ ...f, body })))
}

/** Rows that remain once the value at an occurrence is known to be `head`. */
export interface Bucket {
  head: Test
  /** What the head's sub-patterns look at. */
  children: Occurrence[]
  rows: Row[]
}

function sameHead(a: Test, b: Test): boolean {
  if (a.k === 'number') return b.k === 'number' && a.value === b.value
  if (a.k === 'constructor') return b.k === 'constructor' && a.index === b.index
  return a.k === b.k
}

function subpatterns(test: Test): TypedPattern[] {
  switch (test.k) {
    case 'number':
      return []
    case 'constructor':
      return test.args
    case 'group':
      return test.items
    case 'pointer':
      return [test.to]
  }
}

/**
 * Sorts rows by what they require at `at`, heads in order of first appearance. A row that requires nothing there
 * goes into every bucket and into the fallback. `childrenOf` gives the parts of a head.
 */
export function distribute(
  rows: readonly Row[],
  at: Occurrence,
  childrenOf: (head: Test) => Occurrence[],
  span: Span,
): { buckets: Bucket[]; fallback: Row[] } {
  const buckets: Bucket[] = []
  for (const { clauses } of rows) {
    const clause = clauses.find(c => c.at === at)
    if (clause === undefined || buckets.some(b => sameHead(b.head, clause.test))) continue
    buckets.push({ head: clause.test, children: childrenOf(clause.test), rows: [] })
  }
  const fallback: Row[] = []
  for (const row of rows) {
    const clause = row.clauses.find(c => c.at === at)
    if (clause === undefined) {
      for (const bucket of buckets) bucket.rows.push(row)
      fallback.push(row)
      continue
    }
    const bucket = buckets.find(b => sameHead(b.head, clause.test))!
    const others = row.clauses.filter(c => c !== clause)
    const parts = subpatterns(clause.test).map((p, i): [Occurrence, TypedPattern] => [bucket.children[i]!, p])
    for (const { clauses, bindings } of expand(parts, span)) {
      bucket.rows.push({
        clauses: [...clauses, ...others],
        bindings: [...row.bindings, ...bindings],
        body: row.body,
      })
    }
  }
  return { buckets, fallback }
}
