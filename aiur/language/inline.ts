import type { Call, FunctionDeclaration, Term } from './ast.js'
import { CompileError } from './compile-error.js'

/** Direct sub-terms, in textual order. */
export function subterms(term: Term): readonly Term[] {
  switch (term.k) {
    case 'number':
    case 'byte':
    case 'name':
      return []
    case 'tuple':
    case 'array':
      return term.items
    case 'replicate':
      return [term.item]
    case 'return':
    case 'proj':
    case 'get':
    case 'slice':
    case 'ascription':
      return [term.value]
    case 'let':
      return [term.value, term.body]
    case 'match':
      return [term.scrutinee, ...term.arms.map(arm => arm.body)]
    case 'call':
      return term.args
    case 'set':
      return [term.value, term.item]
    case 'ioRead':
      return [term.channel, term.idx]
    case 'assertEq':
      return [term.left, term.right]
    case 'debug':
      return term.value === null ? [] : [term.value]
  }
}

/** All sub-terms of a body including itself, outer before inner, left to right. */
export function* allTerms(body: Term): Generator<Term> {
  const stack: Term[] = [body]
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    yield term
    const children = subterms(term)
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!)
  }
}

/** Rejects functions that inline themselves, directly or through others: their expansion has no end. */
export function rejectInlineRecursion(functions: readonly FunctionDeclaration[]): void {
  const byName = new Map(functions.map(f => [f.name, f]))
  const calls = new Map<string, Call[]>()
  for (const { name, body } of functions) {
    const inlined: Call[] = []
    for (const term of allTerms(body)) {
      if (term.k === 'call' && term.mode === 'inline' && byName.has(term.head)) inlined.push(term)
    }
    calls.set(name, inlined)
  }
  const finished = new Set<string>()
  const path: string[] = []
  const visit = (name: string): void => {
    if (finished.has(name)) return
    path.push(name)
    for (const call of calls.get(name)!) {
      const at = path.indexOf(call.head)
      if (at >= 0) {
        const cycle = [...path.slice(at), call.head].join(' -> ')
        throw new CompileError(
          `inline recursion: ${cycle}`,
          call.headSpan,
          'a plain call somewhere in the cycle',
        )
      }
      visit(call.head)
    }
    path.pop()
    finished.add(name)
  }
  for (const { name } of functions) visit(name)
}

/** The functions that `roots` reach by mention, in their order. */
export function reachable(
  functions: readonly FunctionDeclaration[],
  roots: readonly string[],
): FunctionDeclaration[] {
  const byName = new Map(functions.map(f => [f.name, f]))
  const seen = new Set(roots)
  const pending = [...roots]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const declaration = byName.get(name)
    if (declaration === undefined) continue
    for (const term of allTerms(declaration.body)) {
      const mentioned = term.k === 'call' ? term.head : term.k === 'name' && term.global ? term.name : null
      if (mentioned !== null && !seen.has(mentioned)) {
        seen.add(mentioned)
        pending.push(mentioned)
      }
    }
  }
  return functions.filter(f => seen.has(f.name))
}
