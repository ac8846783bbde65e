/**
 * No term enters the kernel as advice (docs/soundness.md, Pointers): a term may mention a variable of a false type, and
 * whatever it satisfies then means nothing. Division is read off its definition by such terms (kernel/fuel.aiur).
 */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'

/** Return types that hold terms, levels or constants. */
const TERMS = /&(Expr|Level|Const)\b|\b(Exprs|Levels|Addr)\b/

function unconstrainedCalls(): Map<string, string> {
  const text = kernelSources()
    .map(source => source.text.replace(/--.*$/gm, ''))
    .join('\n')
  const called = new Set([...text.matchAll(/#([a-z_0-9]+)\(/g)].map(match => match[1]!))
  const results = new Map<string, string>()
  for (const [, name, result] of text.matchAll(
    /\bfn ([a-z_0-9]+)(?:‹[^›]*›)?\([^)]*\)\s*(?:->\s*([^{]*))?\{/g,
  ))
    if (called.has(name!)) results.set(name!, (result ?? '').trim())
  expect([...called].filter(name => !results.has(name))).toEqual([])
  return results
}

test('no unconstrained call of the kernel returns a term', () => {
  const results = unconstrainedCalls()
  expect(results.size).toBeGreaterThan(20)
  expect([...results].filter(([, result]) => TERMS.test(result))).toEqual([])
})

test('what division is read off by is proved', () => {
  const { functions, functionIndex } = compile(kernelSources(), { roots: [ENTRY] })
  for (const name of ['decision_of', 'predecessor', 'fuel_function', 'log2_function', 'refutation'])
    expect(functions[functionIndex.get(name)!]).toMatchObject({ constrained: true })
})

test('what the bytes of string literals are read off by is proved', () => {
  const { functions, functionIndex } = compile(kernelSources(), { roots: [ENTRY] })
  for (const name of [
    'byte_form',
    'pushing_form',
    'pushing_holds',
    'array_parts',
    'encoded_char',
    'elements',
  ])
    expect(functions[functionIndex.get(name)!]).toMatchObject({ constrained: true })
})
