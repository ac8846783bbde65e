import type { AliasDeclaration, EnumDeclaration, FunctionDeclaration, Name, Toplevel } from './ast.js'
import { CompileError, type SourceFile } from './compile-error.js'
import type { Syntax } from './lexer.js'
import { TermReader } from './parse-term.js'
import { parseType } from './parse-type.js'
import { TokenStream } from './token-stream.js'

/** Reads one file. Throws {@link CompileError} at the first place that is not a program. */
export function parse(file: SourceFile, defaultSyntax: Syntax): Toplevel {
  const s = new TokenStream(file, defaultSyntax)
  try {
    return new DeclarationReader(s).toplevel()
  } catch (error) {
    if (error instanceof RangeError) throw new CompileError('nested too deeply', s.token.span)
    throw error
  }
}

class DeclarationReader {
  private readonly terms: TermReader

  constructor(private readonly s: TokenStream) {
    this.terms = new TermReader(s)
  }

  toplevel(): Toplevel {
    const { s } = this
    const out: Toplevel = { enums: [], aliases: [], functions: [] }
    while (s.token.kind !== 'end') {
      if (s.isKeyword('enum')) out.enums.push(this.enumeration())
      else if (s.isKeyword('type')) out.aliases.push(this.alias())
      else if (s.isKeyword('fn') || s.isKeyword('pub')) out.functions.push(this.function())
      else s.fail("a declaration: 'enum', 'type', 'fn' or 'pub fn'")
    }
    return out
  }

  private declaredName(what: string): Name {
    const { kind, text, span } = this.s.token
    if (kind !== 'name') this.s.fail(what)
    this.s.take()
    return { name: text, span }
  }

  private typeParams(): Name[] {
    if (!this.s.isAngle()) return []
    const params = this.s.angled(() => {
      const { text, span } = this.s.component('the name of a type parameter')
      return { name: text, span }
    })
    const seen = new Set<string>()
    for (const { name, span } of params) {
      if (seen.has(name)) throw new CompileError(`type parameter '${name}' given twice`, span)
      seen.add(name)
    }
    return params
  }

  private enumeration(): EnumDeclaration {
    const { s } = this
    s.take()
    const { name, span } = this.declaredName('the name of the enum')
    const typeParams = this.typeParams()
    const constructors = s.accept('{') ? s.list('}', () => this.constructorDeclaration()) : []
    return { k: 'enum', name, nameSpan: span, typeParams, constructors }
  }

  private constructorDeclaration(): EnumDeclaration['constructors'][number] {
    const { s } = this
    const { text, span } = s.component('the name of a constructor')
    const fields = s.accept('(') ? s.list(')', () => parseType(s)) : []
    return { name: text, span, fields }
  }

  private alias(): AliasDeclaration {
    const { s } = this
    s.take()
    const { name, span } = this.declaredName('the name of the type')
    const typeParams = this.typeParams()
    s.expect('=')
    return { k: 'alias', name, nameSpan: span, typeParams, type: parseType(s) }
  }

  private function(): FunctionDeclaration {
    const { s } = this
    const entry = s.acceptKeyword('pub')
    if (!s.acceptKeyword('fn')) s.fail("'fn'")
    const { name, span } = this.declaredName('the name of the function')
    if (entry && s.isAngle()) s.fail("'('", 'an entry function cannot have type parameters')
    const typeParams = this.typeParams()
    s.expect('(')
    const params = s.list(')', () => {
      const at = s.token.span
      const param = s.accept('_') ? '_' : s.component('a parameter').text
      s.expect(':')
      return { name: param, span: at, type: parseType(s) }
    })
    const result = s.accept('->') ? parseType(s) : null
    s.expect('{')
    const body = s.is('}') ? ({ k: 'tuple', items: [], span: s.token.span } as const) : this.terms.sequence()
    if (!s.is('}')) s.fail("';', an operator or '}'")
    s.take()
    return {
      k: 'function',
      name,
      nameSpan: span,
      entry,
      typeParams,
      params,
      result,
      body: body as FunctionDeclaration['body'],
      syntax: s.syntax,
    }
  }
}
