import type { Arm, Call, CallMode, Pattern, Term, TypeExpr } from './ast.js'
import { CompileError, join, type Span } from './compile-error.js'
import type { Token } from './lexer.js'
import { parsePattern } from './parse-pattern.js'
import { parseType } from './parse-type.js'
import { MAX_COUNT, type TokenStream } from './token-stream.js'

/** Terms one file may unroll to; folds in folds multiply. */
const MAX_TERMS = 1_000_000

/** Keywords that are called like functions, without special arguments. */
const SPECIAL = new Set(['fold', 'let', 'match', 'return', 'pub', 'fn', 'enum', 'type', 'G', 'U8'])

interface Step {
  pattern: Pattern
  type: TypeExpr | null
  value: Term
  start: Span
}

/** Reads terms. One reader serves a whole file, so that unrolling is bounded per file. */
export class TermReader {
  private terms = 0
  /** Values of the `@v` of the folds around the cursor. */
  private readonly foldIndices = new Map<string, number>()

  constructor(private readonly s: TokenStream) {}

  /** A term that may be continued by `;`: steps `let p = v;`, `statement;`, `t;` and a last term (unit if absent). */
  sequence(): Term {
    const { s } = this
    const steps: Step[] = []
    let last: Term | null = null
    while (last === null) {
      if (steps.length > 0 && !this.atTerm()) {
        last = { k: 'tuple', items: [], span: s.previous.span }
        break
      }
      const start = s.token.span
      if (s.acceptKeyword('let')) {
        const step = this.letStep(start)
        steps.push(step)
        if (!s.accept(';')) last = { k: 'tuple', items: [], span: s.previous.span }
        continue
      }
      const value = this.term()
      const statement = value.k === 'assertEq' || value.k === 'debug' || isIoWrite(value)
      if (s.accept(';')) {
        steps.push({ pattern: { k: 'wildcard', span: start }, type: null, value, start })
      } else if (statement) {
        steps.push({ pattern: { k: 'wildcard', span: start }, type: null, value, start })
        last = { k: 'tuple', items: [], span: s.previous.span }
      } else {
        last = value
      }
    }
    let body: Term = last
    for (let i = steps.length - 1; i >= 0; i--) {
      const { pattern, type, value, start } = steps[i]!
      body = { k: 'let', pattern, type, value, body, span: join(start, body.span) }
    }
    return body
  }

  private letStep(start: Span): Step {
    const { s } = this
    const pattern = parsePattern(s)
    const type = s.accept(':') ? parseType(s) : null
    s.expect('=')
    return { pattern, type, value: this.term(), start }
  }

  private atTerm(): boolean {
    const { kind, text } = this.s.token
    if (kind === 'end' || kind === 'string') return false
    return kind !== 'symbol' || '([#@'.includes(text)
  }

  /** A term that `;` does not continue. */
  term(): Term {
    return this.s.syntax === 'ix' ? this.sum() : this.referenceChain()
  }

  private sum(): Term {
    let left = this.product()
    while (this.s.is('+') || this.s.is('-')) left = this.binary(this.s.take(), left, this.product())
    return left
  }

  private product(): Term {
    let left = this.postfix()
    while (this.s.is('*')) left = this.binary(this.s.take(), left, this.postfix())
    return left
  }

  /** The reference's reading: the right operand of + - takes the whole rest of the chain, that of * further *. */
  private referenceChain(): Term {
    const operands: Term[] = [this.postfix()]
    const operators: Token[] = []
    while (this.s.is('+') || this.s.is('-') || this.s.is('*')) {
      operators.push(this.s.take())
      operands.push(this.postfix())
    }
    let sum: Term | null = null
    for (let end = operands.length - 1; end >= 0; ) {
      let product = operands[end]!
      let i = end - 1
      for (; i >= 0 && operators[i]!.text === '*'; i--)
        product = this.binary(operators[i]!, operands[i]!, product)
      sum = sum === null ? product : this.binary(operators[end]!, product, sum)
      end = i
    }
    return sum!
  }

  private binary(operator: Token, left: Term, right: Term): Term {
    return {
      k: 'call',
      head: operator.text,
      headSpan: operator.span,
      global: false,
      mode: 'constrained',
      typeArgs: null,
      args: [left, right],
      span: join(left.span, right.span),
    }
  }

  private postfix(): Term {
    const { s } = this
    const start = s.token.span
    let term = this.lead()
    for (;;) {
      if (s.accept(':')) {
        const type = parseType(s)
        term = { k: 'ascription', value: term, type, span: s.since(start) }
      } else if (s.accept('[')) {
        const from = this.index()
        if (s.accept('..')) {
          const to = s.count('the end of the slice')
          s.expect(']')
          term = { k: 'slice', value: term, from, to, span: s.since(start) }
        } else {
          s.expect(']')
          term = { k: 'get', value: term, index: from, span: s.since(start) }
        }
      } else {
        return term
      }
    }
  }

  /** A literal index, or `@v` of a fold around it. */
  private index(): number {
    const { s } = this
    if (!s.accept('@')) return s.count("an index (a number, or '@v' of a fold)")
    const token = s.component('the index variable of a fold')
    const value = this.foldIndices.get(token.text)
    if (value === undefined) throw new CompileError(`no fold binds '@${token.text}' here`, token.span)
    return value
  }

  private lead(): Term {
    const { s } = this
    const { kind, text, span, value } = s.token
    if (++this.terms > MAX_TERMS)
      throw new CompileError(`more than ${MAX_TERMS} terms after unrolling folds`, span)
    switch (kind) {
      case 'number':
      case 'byte':
        s.take()
        return { k: kind, value, span }
      case 'name':
      case 'global':
        return this.named('constrained', span)
      case 'keyword':
        return this.keyword(text, span)
      case 'symbol':
        return this.bracketed(span)
      default:
        return s.fail('a term')
    }
  }

  private bracketed(start: Span): Term {
    const { s } = this
    if (s.accept('(')) {
      const items = s.list(')', () => this.sequence())
      if (items.length === 1) return items[0]!
      return { k: 'tuple', items, span: s.since(start) }
    }
    if (s.accept('[')) {
      if (s.is(']')) s.fail('an element', 'an array literal needs at least one element')
      const first = this.term()
      if (s.accept(';')) {
        const count = s.count('the length of the array')
        s.expect(']')
        return { k: 'replicate', item: first, count, span: s.since(start) }
      }
      if (!s.accept(',') && !s.is(']')) s.fail("',', ';' or ']'")
      return { k: 'array', items: [first, ...s.list(']', () => this.term())], span: s.since(start) }
    }
    if (s.is('#') || s.is('@')) {
      const mode = s.take().text === '#' ? 'unconstrained' : 'inline'
      const head = s.token
      if ((head.kind !== 'name' && head.kind !== 'global') || head.span.start !== start.end) {
        s.fail(mode === 'inline' ? "'@f(…)' without a blank" : "'#f(…)' without a blank")
      }
      return this.named(mode, start)
    }
    return s.fail('a term')
  }

  /** A variable, a constructor or a call; the cursor is on the name. */
  private named(mode: CallMode, start: Span): Term {
    const { s } = this
    const token = s.take()
    const headSpan = token.span
    let head = token.text
    let global = token.kind === 'global'
    let typeArgs: TypeExpr[] | null = null
    if (s.isAngle()) {
      typeArgs = s.angled(() => parseType(s))
      if (s.token.kind === 'global') {
        head = `${head}.${s.take().text}`
        global = true
      } else if (!s.is('(')) {
        s.fail("'(' or a constructor such as '.Cons'")
      }
      if (s.syntax === 'reference') typeArgs = null
    }
    if (s.is('(')) return this.call(head, headSpan, start, { global, mode, typeArgs })
    if (mode !== 'constrained') s.fail("'('")
    return { k: 'name', name: head, global: global || head.includes('.'), typeArgs, span: s.since(start) }
  }

  private call(
    head: string,
    headSpan: Span,
    start: Span,
    how: Pick<Call, 'global' | 'mode' | 'typeArgs'>,
  ): Term {
    this.s.expect('(')
    const args = this.s.list(')', () => this.sequence())
    return { k: 'call', head, headSpan, ...how, args, span: this.s.since(start) }
  }

  private keyword(word: string, start: Span): Term {
    const { s } = this
    switch (word) {
      case 'return': {
        s.take()
        const value = this.term()
        return { k: 'return', value, span: s.since(start) }
      }
      case 'let':
        return this.sequence()
      case 'match':
        return this.match(start)
      case 'fold':
        return this.fold(start)
      case 'proj': {
        const [value, index] = this.indexed('the component of the tuple', () => s.count('a number'))
        return { k: 'proj', value, index, span: s.since(start) }
      }
      case 'set': {
        s.take()
        s.expect('(')
        const value = this.sequence()
        s.expect(',')
        const index = this.index()
        s.expect(',')
        const item = this.sequence()
        s.expect(')')
        return { k: 'set', value, index, item, span: s.since(start) }
      }
      case 'io_read': {
        s.take()
        s.expect('(')
        const channel = this.sequence()
        s.expect(',')
        const idx = this.sequence()
        s.expect(',')
        const count = s.count('the number of elements to read')
        s.expect(')')
        return { k: 'ioRead', channel, idx, count, span: s.since(start) }
      }
      case 'assert_eq!':
      case 'dbg!':
      case 'io_write':
      case 'io_set_info':
        return this.continued(this.statement(word, start))
      default: {
        if (SPECIAL.has(word)) return s.fail('a term')
        s.take()
        return this.call(word, start, start, { global: false, mode: 'constrained', typeArgs: null })
      }
    }
  }

  private indexed(what: string, index: () => number): [Term, number] {
    const { s } = this
    s.take()
    s.expect('(')
    const value = this.sequence()
    if (!s.accept(',')) s.fail(`',' and ${what}`)
    const at = index()
    s.expect(')')
    return [value, at]
  }

  private statement(word: string, start: Span): Term {
    const { s } = this
    s.take()
    if (word === 'io_write' || word === 'io_set_info') {
      return this.call(word, start, start, { global: false, mode: 'constrained', typeArgs: null })
    }
    s.expect('(')
    if (word === 'dbg!') {
      const label = this.string('the label')
      const value = s.accept(',') ? this.sequence() : null
      s.expect(')')
      return { k: 'debug', label, value, span: s.since(start) }
    }
    const left = this.sequence()
    s.expect(',')
    const right = this.sequence()
    const message = s.accept(',') ? this.string('the message') : null
    s.expect(')')
    return { k: 'assertEq', left, right, message, span: s.since(start) }
  }

  /** In the reference's syntax a statement takes the rest of the sequence even inside a right-hand side. */
  private continued(statement: Term): Term {
    const { s } = this
    if (s.syntax === 'ix' || !s.accept(';')) return statement
    const pattern: Pattern = { k: 'wildcard', span: statement.span }
    const body: Term = this.atTerm() ? this.sequence() : { k: 'tuple', items: [], span: s.previous.span }
    return { k: 'let', pattern, type: null, value: statement, body, span: s.since(statement.span) }
  }

  private string(what: string): string {
    if (this.s.token.kind !== 'string') this.s.fail(`${what} in double quotes`)
    return this.s.take().text
  }

  private match(start: Span): Term {
    const { s } = this
    s.take()
    const scrutinee = this.sequence()
    s.expect('{')
    const arms: Arm[] = []
    while (!s.is('}')) {
      const pattern = parsePattern(s)
      s.expect('=>')
      arms.push({ pattern, body: this.sequence() })
      if (!s.accept(',') && !s.is('}')) s.fail("',' after the arm")
    }
    if (arms.length === 0) s.fail('an arm', 'a match needs at least one arm')
    s.take()
    return { k: 'match', scrutinee, arms, span: s.since(start) }
  }

  /**
   * `fold(i .. j, init, |acc, @v| body)`: `let acc = init; let acc = body[i]; … body[last]`. The body is read
   * once per index, and once more to take its tokens when there is no index at all.
   */
  private fold(start: Span): Term {
    const { s } = this
    s.take()
    s.expect('(')
    const from = s.count('the first index')
    s.expect('..')
    const to = s.count('the end of the indices')
    s.expect(',')
    const init = this.sequence()
    s.expect(',')
    s.expect('|')
    const pattern = parsePattern(s)
    s.expect(',')
    s.expect('@')
    const variable = s.component('the index variable').text
    s.expect('|')
    const mark = s.mark()
    const outer = this.foldIndices.get(variable)
    const read = (index: number): Term => {
      s.rewind(mark)
      this.foldIndices.set(variable, index)
      return this.sequence()
    }
    const bodies: Term[] = []
    const step = from <= to ? 1 : -1
    const count = Math.abs(to - from)
    for (let i = 0; i < count; i++) bodies.push(read(step > 0 ? from + i : from - 1 - i))
    if (count === 0) read(Math.min(from, MAX_COUNT))
    if (outer === undefined) this.foldIndices.delete(variable)
    else this.foldIndices.set(variable, outer)
    s.expect(')')
    const span = s.since(start)
    const values = [init, ...bodies]
    let term = values.pop()!
    while (values.length > 0) term = { k: 'let', pattern, type: null, value: values.pop()!, body: term, span }
    return term
  }
}

function isIoWrite(term: Term): boolean {
  return term.k === 'call' && (term.head === 'io_write' || term.head === 'io_set_info') && !term.global
}
