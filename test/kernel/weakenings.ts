/**
 * Kernels weaker than the real one, made from its sources: without one guard (an assertion or a range check; what a
 * missing arm rejects is none), or with one decision forced (a match on 0 or 1 that always takes the same arm).
 */
import type {} from 'vitest'
import type { SourceFile } from '../../aiur/language/compile-error.js'
import { kernelSources } from '../../kernel/sources.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which of the weakenings (of guards or decisions) the tests are asked about, and the file for what they notice. */
    weakenings: { readonly decisions: boolean; readonly places: readonly number[]; readonly report: string }
  }
}

/** A piece of a source, and what stands there in the weaker kernel. */
export interface Weakening {
  readonly kind: 'guard' | 'decision'
  /** Name of the file in kernel/. */
  readonly file: string
  readonly function: string
  /** What is taken out or forced, on one line. */
  readonly text: string
  readonly from: number
  readonly to: number
  readonly replacement: string
}

/** Of all files, in the order of the sources. */
export function allWeakenings(decisions: boolean): Weakening[] {
  return kernelSources().flatMap(decisions ? decisionsOf : guardsOf)
}

/** What a weakening is called: equal ones of a function are numbered. */
export function weakeningNames(weakenings: readonly Weakening[]): string[] {
  const seen = new Map<string, number>()
  return weakenings.map(weakening => {
    const name = `${weakening.file} ${weakening.function}: ${weakening.text}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

export function weakened(text: string, { from, to, replacement }: Weakening): string {
  return text.slice(0, from) + replacement + text.slice(to)
}

const GUARD = /\bassert_eq!\(|\bu32_range_check\(|\bu4_range_check\(/g

/** Guards in the order of the text, each to be taken out: a range check becomes the value that it lets through. */
export function guardsOf(source: SourceFile): Weakening[] {
  const { text } = source
  const code = withoutComments(text)
  return [...code.matchAll(GUARD)].map(({ index, 0: opening }) => {
    const end = closing(code, index + opening.length)
    const guard = text.slice(index, end)
    const place = {
      kind: 'guard' as const,
      ...placeOf(source, code, index),
      text: onOneLine(guard),
      from: index,
    }
    if (guard.startsWith('u32')) {
      const unused = /let _ = $/.test(text.slice(0, index))
      return { ...place, to: end, replacement: unused ? '0' : guard.slice('u32_range_check('.length, -1) }
    }
    if (guard.startsWith('u4')) return { ...place, to: end, replacement: '0' }
    // A statement ends in a semicolon; at the end of a block the value is unit.
    if (text[end] !== ';') return { ...place, to: end, replacement: '()' }
    return { ...place, to: end + 1, replacement: text[end + 1] === ',' ? '()' : '' }
  })
}

const MATCH = /\bmatch ([^{}]+?) \{/g
const ARM = /^\s*([^=>]+?) =>/

/** What counts the steps of a recursion, rather than decides. */
const COUNTER = /^n( - i)?$/

/**
 * Decisions in the order of the text, each forced to either of its arms: matches whose two arms are 0 and 1, or one of
 * these and the rest, or whose three are 0, 1 and 2 or the rest. That pointers differ is not forced: nothing follows from it.
 */
export function decisionsOf(source: SourceFile): Weakening[] {
  const { text } = source
  const code = withoutComments(text)
  return [...code.matchAll(MATCH)].flatMap(({ index, 0: opening, 1: scrutinee }) => {
    const patterns = patternsOf(code, index + opening.length)
    const values = forcedValues(patterns).filter(
      value => !scrutinee!.startsWith('ptr_val') || value === patterns.find(pattern => pattern !== '_'),
    )
    if (COUNTER.test(scrutinee!)) return []
    const from = index + 'match '.length
    const what = onOneLine(scrutinee!)
    return values.map(value => ({
      kind: 'decision' as const,
      ...placeOf(source, code, index),
      text: `match ${what} as if ${value}`,
      from,
      to: from + scrutinee!.length,
      replacement: value,
    }))
  })
}

/** One value for each arm of a decision; none for other matches. */
function forcedValues(patterns: readonly string[]): string[] {
  if (/^0,1,[2_]$/.test(patterns.join())) return ['0', '1', '2']
  const known = patterns.filter(pattern => pattern === '0' || pattern === '1')
  if (patterns.length !== 2 || known.length === 0) return []
  if (known.length === 2) return known
  return patterns[1] === '_' ? [known[0]!, known[0] === '0' ? '1' : '0'] : []
}

/** Patterns of the arms behind the brace that was opened before `at`. */
function patternsOf(code: string, at: number): string[] {
  const patterns: string[] = []
  const end = closing(code, at) - 1
  let next = at
  while (next < end) {
    const arm = ARM.exec(code.slice(next, end))
    if (arm === null) return patterns
    patterns.push(arm[1]!)
    next += arm[0].length
    // The comma that ends the arm is the next one outside all brackets.
    while (next < end && code[next] !== ',')
      next = '([{'.includes(code[next]!) ? closing(code, next + 1) : next + 1
    next++
  }
  return patterns
}

function placeOf({ name }: SourceFile, code: string, at: number): { file: string; function: string } {
  const functions = [...code.slice(0, at).matchAll(/^(?:pub )?fn (\w+)/gm)]
  return { file: name.replace('kernel/', ''), function: functions.at(-1)![1]! }
}

const withoutComments = (text: string): string => text.replace(/--.*/g, comment => ' '.repeat(comment.length))

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ')

/** Behind the bracket that ends what was opened before `at`. Texts hold no brackets that do not match. */
function closing(code: string, at: number): number {
  let depth = 1
  let end = at
  while (depth > 0) {
    if ('([{'.includes(code[end]!)) depth++
    if (')]}'.includes(code[end]!)) depth--
    end++
  }
  return end
}
