import { CompileError, type SourceFile, type Span } from './compile-error.js'
import { type Syntax, type Token, tokenize } from './lexer.js'

/** Numbers in types, indices and folds are at most this. */
export const MAX_COUNT = 65536

/** A cursor over the tokens of one file, with the errors that every reader shares. */
export class TokenStream {
  readonly syntax: Syntax
  private readonly tokens: Token[]
  private position = 0

  constructor(file: SourceFile, defaultSyntax: Syntax) {
    const { tokens, syntax } = tokenize(file, defaultSyntax)
    this.tokens = tokens
    this.syntax = syntax
  }

  get token(): Token {
    return this.tokens[this.position]!
  }

  get nextToken(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)]!
  }

  /** The last token taken. */
  get previous(): Token {
    return this.tokens[Math.max(this.position - 1, 0)]!
  }

  mark(): number {
    return this.position
  }

  rewind(mark: number): void {
    this.position = mark
  }

  take(): Token {
    const token = this.token
    if (token.kind !== 'end') this.position++
    return token
  }

  is(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol
  }

  isKeyword(word: string): boolean {
    return this.token.kind === 'keyword' && this.token.text === word
  }

  accept(symbol: string): boolean {
    if (!this.is(symbol)) return false
    this.position++
    return true
  }

  acceptKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false
    this.position++
    return true
  }

  expect(symbol: string): Token {
    if (!this.is(symbol)) this.fail(`'${symbol}'`)
    return this.take()
  }

  fail(expected: string, what?: string): never {
    const { kind, text, span } = this.token
    const shown = kind === 'end' ? 'end of file' : `'${span.file.text.slice(span.start, span.end)}'`
    const note = kind === 'keyword' ? ` ('${text}' is a reserved word)` : ''
    throw new CompileError(what ?? `unexpected ${shown}${note}`, span, expected)
  }

  /** From `start` to the end of the last token taken. */
  since(start: Span): Span {
    return { file: start.file, start: start.start, end: this.previous.span.end }
  }

  /** Opening of type parameters or arguments: `‹`, or `<` in ASCII. */
  isAngle(): boolean {
    return this.is('‹') || this.is('<')
  }

  /** Items in `‹ … ›` or `< … >`; the cursor is on the opening. */
  angled<T>(item: () => T): T[] {
    const close = this.take().text === '‹' ? '›' : '>'
    const items = [item()]
    while (this.accept(',') && !this.is(close)) items.push(item())
    this.expect(close)
    return items
  }

  /** Items up to and including `close`; the opening is already taken. A trailing comma is accepted. */
  list<T>(close: string, item: () => T): T[] {
    const items: T[] = []
    while (!this.is(close)) {
      items.push(item())
      if (!this.accept(',') && !this.is(close)) this.fail(`',' or '${close}'`)
    }
    this.take()
    return items
  }

  component(what: string): Token {
    const { kind, text } = this.token
    if (kind !== 'name' || text.includes('.')) this.fail(what)
    return this.take()
  }

  /** A small literal: array lengths, indices, fold bounds. */
  count(what: string): number {
    if (this.token.kind !== 'number') this.fail(what)
    if (this.token.value > BigInt(MAX_COUNT)) {
      throw new CompileError('number too large here', this.token.span, `at most ${MAX_COUNT}`)
    }
    return Number(this.take().value)
  }
}
