import type { Pattern } from './ast.js'
import { parseType } from './parse-type.js'
import type { TokenStream } from './token-stream.js'

/** `p | q | …`; `&A | B` is `&(A | B)`. */
export function parsePattern(s: TokenStream): Pattern {
  const start = s.token.span
  const first = parseAlternative(s)
  if (!s.is('|')) return first
  const alternatives = [first]
  while (s.accept('|')) alternatives.push(parseAlternative(s))
  return { k: 'or', alternatives, span: s.since(start) }
}

/** `(p)` is p in our syntax and a tuple of one component in the reference's. */
function parseAlternative(s: TokenStream): Pattern {
  const start = s.token.span
  const { kind, text, value } = s.token
  if (s.accept('_')) return { k: 'wildcard', span: start }
  if (kind === 'number' || kind === 'byte') {
    s.take()
    return { k: 'number', value, byte: kind === 'byte', span: start }
  }
  if (s.accept('&')) {
    const to = parsePattern(s)
    return { k: 'pointer', to, span: s.since(start) }
  }
  if (s.accept('(')) {
    const items = s.list(')', () => parsePattern(s))
    if (items.length === 1 && s.syntax === 'ix') return items[0]!
    return { k: 'tuple', items, span: s.since(start) }
  }
  if (s.accept('[')) {
    const items = s.list(']', () => parsePattern(s))
    return { k: 'array', items, span: s.since(start) }
  }
  if (kind === 'name' || kind === 'global') {
    s.take()
    let name = text
    let qualified = kind === 'global' || text.includes('.')
    if (s.isAngle()) {
      s.angled(() => parseType(s)) // the scrutinee's type decides; written type arguments are not needed
      if (s.token.kind !== 'global') s.fail("a constructor such as '.Cons'")
      name = `${text}.${s.take().text}`
      qualified = true
    }
    if (s.accept('(')) {
      const args = s.list(')', () => parsePattern(s))
      return { k: 'constructor', name, args, span: s.since(start) }
    }
    if (qualified) return { k: 'constructor', name, args: [], span: s.since(start) }
    return { k: 'variable', name, span: start }
  }
  return s.fail('a pattern')
}
