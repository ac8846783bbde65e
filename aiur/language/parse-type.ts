import type { TypeExpr } from './ast.js'
import { CompileError } from './compile-error.js'
import type { TokenStream } from './token-stream.js'

/** `(T)` is T in our syntax and a tuple of one component in the reference's; `()` is unit. */
export function parseType(s: TokenStream): TypeExpr {
  const start = s.token.span
  if (s.acceptKeyword('G')) return { k: 'G', span: start }
  if (s.acceptKeyword('U8')) return { k: 'U8', span: start }
  if (s.accept('&')) {
    const to = parseType(s)
    return { k: 'pointer', to, span: s.since(start) }
  }
  if (s.accept('(')) {
    const items = s.list(')', () => parseType(s))
    if (items.length === 1 && s.syntax === 'ix') return { ...items[0]!, span: s.since(start) }
    return { k: 'tuple', items, span: s.since(start) }
  }
  if (s.accept('[')) {
    const elem = parseType(s)
    s.expect(';')
    const size = s.count('the length of the array')
    s.expect(']')
    return { k: 'array', elem, size, span: s.since(start) }
  }
  if (s.isKeyword('fn')) {
    throw new CompileError('function types are not supported', start, 'a type')
  }
  if (s.token.kind === 'name' || s.token.kind === 'global') {
    const { text } = s.take()
    const args = s.isAngle() ? s.angled(() => parseType(s)) : []
    return { k: 'name', name: text, args, span: s.since(start) }
  }
  return s.fail('a type')
}
