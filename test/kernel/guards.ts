/**
 * The guards of the kernel: assertions and range checks, found in its sources, and the source without one of them. What a
 * missing arm rejects is none of them.
 */
import type { SourceFile } from '../../aiur/language/compile-error.js'

export interface Guard {
  /** Name of the file in kernel/. */
  readonly file: string
  readonly function: string
  /** The guard as it is written, on one line. */
  readonly text: string
  readonly from: number
  readonly to: number
}

/** What a guard is called: equal ones of a function are numbered. */
export function guardNames(guards: readonly Guard[]): string[] {
  const seen = new Map<string, number>()
  return guards.map(guard => {
    const name = `${guard.file} ${guard.function}: ${guard.text}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

const GUARD = /\bassert_eq!\(|\bu32_range_check\(|\bu4_range_check\(/g

/** Guards in the order of the text. */
export function guardsOf({ name, text }: SourceFile): Guard[] {
  const code = text.replace(/--.*/g, comment => ' '.repeat(comment.length))
  const guards: Guard[] = []
  for (const { index, 0: opening } of code.matchAll(GUARD)) {
    const to = closing(code, index + opening.length)
    const functions = [...code.slice(0, index).matchAll(/^(?:pub )?fn (\w+)/gm)]
    guards.push({
      file: name.replace('kernel/', ''),
      function: functions.at(-1)![1]!,
      text: text.slice(index, to).replace(/\s+/g, ' '),
      from: index,
      to,
    })
  }
  return guards
}

/** Behind the parenthesis that ends what was opened before `at`. Texts hold no parentheses that do not match. */
function closing(code: string, at: number): number {
  let depth = 1
  let end = at
  while (depth > 0) {
    if (code[end] === '(') depth++
    if (code[end] === ')') depth--
    end++
  }
  return end
}

/** The text without a guard: an assertion becomes nothing, a range check the value that it lets through. */
export function withoutGuard(text: string, { text: guard, from, to }: Guard): string {
  const before = text.slice(0, from)
  const after = text.slice(to)
  if (guard.startsWith('u32')) {
    const value = text.slice(from + 'u32_range_check('.length, to - 1)
    return /let _ = $/.test(before) ? `${before}0${after}` : `${before}${value}${after}`
  }
  if (guard.startsWith('u4')) return `${before}0${after}`
  // A statement ends in a semicolon; at the end of a block the value is unit.
  if (!after.startsWith(';')) return `${before}()${after}`
  return after.startsWith(';,') ? `${before}()${after.slice(1)}` : `${before}${after.slice(1)}`
}
