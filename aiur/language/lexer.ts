import { CompileError, type SourceFile, type Span } from './compile-error.js'

export type TokenKind = 'name' | 'global' | 'keyword' | 'number' | 'byte' | 'string' | 'symbol' | 'end'

export interface Token {
  kind: TokenKind
  /** Name without a leading dot; text of a string without quotes; the symbol itself. */
  text: string
  /** Value of a number or byte literal. */
  value: bigint
  span: Span
}

/** How chains of + - * are read: left-associative, or the way the reference reads them. */
export type Syntax = 'ix' | 'reference'

/** Names with a meaning of their own; they cannot name a variable, function or type. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['pub', 'fn', 'enum', 'type', 'let', 'match', 'return', 'fold', 'G', 'U8'],
  ...['assert_eq!', 'dbg!', 'io_get_info', 'io_set_info', 'io_read', 'io_write'],
  ...['proj', 'set', 'store', 'load', 'ptr_val', 'eq_zero', 'to_field', 'u8_from_field_unsafe'],
  ...[
    'u8_range_check',
    'u8_bit_decomposition',
    'u8_shift_left',
    'u8_shift_right',
    'u8_xor',
    'u8_and',
    'u8_or',
  ],
  ...['u8_add', 'u8_sub', 'u8_mul', 'u8_less_than', 'u32_less_than', 'u8_xor_split7', 'u8_xor_split4'],
  ...['unconstrained_u32_add', 'unconstrained_u32_add3', 'u32_to_field', 'unconstrained_g_to_bytes'],
  ...['unconstrained_g_inverse', 'unconstrained_big_uint_div_mod'],
])

const SPACE = /[ \t\r\n]+/y
const COMPONENT = /[\p{L}_][\p{L}_0-9'?!\u2080-\u209c]*/uy
const NUMBER = /0x[0-9a-fA-F]+|0b[01]+|0o[0-7]+|[0-9]+/y
const PRAGMA = /#syntax[ \t]+([A-Za-z]+)[ \t]*(?=\r?\n|$)/y
const SYMBOLS = ['..', '->', '=>', ...'()[]{},;:=|&+-*@#‹›<>_']
const MAX_DIGITS = 1000

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Position after blanks, `-- line` and nested block comments. */
function skipTrivia(file: SourceFile, from: number): number {
  const { text } = file
  let at = from
  for (;;) {
    const space = matchAt(SPACE, text, at)
    if (space !== null) at += space[0].length
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (text.startsWith('/-', at)) {
      at = skipBlockComment(file, at)
    } else if (space === null) {
      return at
    }
  }
}

function skipBlockComment(file: SourceFile, start: number): number {
  const { text } = file
  let depth = 0
  let at = start
  do {
    if (text.startsWith('/-', at)) {
      depth++
      at += 2
    } else if (text.startsWith('-/', at)) {
      depth--
      at += 2
    } else if (at >= text.length) {
      throw new CompileError('unclosed comment', { file, start, end: start + 2 }, "'-/'")
    } else {
      at++
    }
  } while (depth > 0)
  return at
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"' }

function readString(file: SourceFile, start: number): { text: string; end: number } {
  let out = ''
  for (let at = start + 1; at < file.text.length; at++) {
    const c = file.text[at]!
    if (c === '"') return { text: out, end: at + 1 }
    if (c === '\n') break
    if (c === '\\') {
      at++
      const escaped = ESCAPES[file.text[at] ?? '']
      if (escaped === undefined) {
        throw new CompileError(
          'unknown escape in string',
          { file, start: at - 1, end: at + 1 },
          '\\n \\t \\r \\\\ \\"',
        )
      }
      out += escaped
    } else {
      out += c
    }
  }
  throw new CompileError('unclosed string', { file, start, end: start + 1 }, `'"' on the same line`)
}

/** Reads `component { "." component }` at `start`; null when there is none. */
function readDottedName(text: string, start: number): string | null {
  let at = start
  for (;;) {
    const component = matchAt(COMPONENT, text, at)
    if (component === null) return at === start ? null : text.slice(start, at - 1)
    at += component[0].length
    if (text[at] !== '.') return text.slice(start, at)
    at++
  }
}

/**
 * Tokens of a file, ending in one `end` token. A `#syntax reference` line before the first token chooses how
 * operator chains are read. A dotted name is one token; `.name` is a `global`.
 */
export function tokenize(file: SourceFile, defaultSyntax: Syntax): { tokens: Token[]; syntax: Syntax } {
  const { text } = file
  const tokens: Token[] = []
  let syntax = defaultSyntax
  let at = skipTrivia(file, 0)
  const push = (kind: TokenKind, tokenText: string, end: number, value = 0n): void => {
    tokens.push({ kind, text: tokenText, value, span: { file, start: at, end } })
    at = end
  }
  const pragma = matchAt(PRAGMA, text, at)
  if (pragma !== null) {
    const name = pragma[1]!
    if (name !== 'ix' && name !== 'reference') {
      const start = at + pragma[0].indexOf(name)
      const span = { file, start, end: start + name.length }
      throw new CompileError(`unknown syntax '${name}'`, span, "'ix' or 'reference'")
    }
    syntax = name
    at += pragma[0].length
  }
  for (at = skipTrivia(file, at); at < text.length; at = skipTrivia(file, at)) {
    const c = text[at]!
    if (c === '"') {
      const { text: value, end } = readString(file, at)
      push('string', value, end)
      continue
    }
    const number = matchAt(NUMBER, text, at)
    if (number !== null) {
      readNumber(number[0])
      continue
    }
    const name = readDottedName(text, at)
    if (name !== null && name !== '_') {
      push(KEYWORDS.has(name) ? 'keyword' : 'name', name, at + name.length)
      continue
    }
    const global = c === '.' ? readDottedName(text, at + 1) : null
    if (global !== null) {
      push('global', global, at + 1 + global.length)
      continue
    }
    const symbol = SYMBOLS.find(s => text.startsWith(s, at))
    if (symbol === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at)!)
      const span = { file, start: at, end: at + character.length }
      throw new CompileError(`unexpected character '${character}'`, span)
    }
    push('symbol', symbol, at + symbol.length)
  }
  push('end', 'end of file', at)
  return { tokens, syntax }

  function readNumber(digits: string): void {
    const end = at + digits.length
    if (digits.length > MAX_DIGITS)
      throw new CompileError('number literal too long', { file, start: at, end })
    const value = BigInt(digits)
    const suffix = matchAt(COMPONENT, text, end)?.[0]
    if (suffix === undefined) {
      push('number', digits, end, value)
    } else if (suffix === 'u8') {
      const span = { file, start: at, end: end + 2 }
      if (value > 255n) throw new CompileError('byte literal out of range', span, 'at most 255u8')
      push('byte', digits, end + 2, value)
    } else {
      const span = { file, start: at, end: end + suffix.length }
      throw new CompileError(
        `malformed number '${digits}${suffix}'`,
        span,
        "a number, or a byte such as '200u8'",
      )
    }
  }
}
