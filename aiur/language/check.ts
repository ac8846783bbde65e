import type { Call, Term, TypeExpr } from './ast.js'
import {
  type Builtin,
  type FixedBuiltin,
  isFixed,
  isPolymorphic,
  type PolymorphicBuiltin,
} from './builtins.js'
import { checkBuiltin } from './check-builtin.js'
import { PatternChecker } from './check-pattern.js'
import { CompileError, placeOf, type Span } from './compile-error.js'
import {
  type Declarations,
  type FunctionInfo,
  findConstructor,
  scopeOf,
  type TypeScope,
} from './declarations.js'
import { KEYWORDS } from './lexer.js'
import { Scope } from './scope.js'
import { isPlain, type LocalId, type Node, type NodeShape, type TypedArm } from './typed.js'
import * as T from './types.js'
import { FIELD } from './types.js'

/** Bound of one function's nodes: inlined calls and replicated elements multiply. */
const MAX_NODES = 1_000_000

/** The text being checked: a function's own, or that of a callee inlined into it. */
interface Context {
  readonly types: TypeScope
  /** What `return` must have: always the outermost function's result. */
  readonly result: T.Type
  readonly syntax: 'ix' | 'reference'
}

export interface CheckedFunction {
  info: FunctionInfo
  params: LocalId[]
  body: Node
}

/** Types one function body; inlined callees are spliced and typed in place. */
export function checkFunction(declarations: Declarations, info: FunctionInfo): CheckedFunction {
  return new FunctionChecker(declarations, info).run()
}

class FunctionChecker {
  private nextId = 0
  private nodes = 0

  constructor(
    private readonly declarations: Declarations,
    private readonly info: FunctionInfo,
  ) {}

  run(): CheckedFunction {
    const { params, result, declaration, typeParams } = this.info
    const scope = new Scope()
    const bindings = params.map(param => ({ ...param, id: this.freshId() }))
    scope.enter(bindings)
    const context = { types: scopeOf(typeParams), result, syntax: declaration.syntax }
    const body = this.term(declaration.body, scope, context)
    if (!body.escapes) this.expectType(body, result, lastTerm(declaration.body).span)
    return { info: this.info, params: bindings.map(b => b.id), body }
  }

  private readonly freshId = (): LocalId => this.nextId++

  private node(
    shape: NodeShape,
    type: T.Type,
    span: Span,
    flow: { escapes?: boolean; branching?: boolean },
  ): Node {
    if (++this.nodes > MAX_NODES) throw new CompileError(`more than ${MAX_NODES} terms after expansion`, span)
    return { ...shape, type, span, escapes: flow.escapes ?? false, branching: flow.branching ?? false }
  }

  /** A node whose operands are evaluated in order before it. */
  private strict(shape: NodeShape, type: T.Type, span: Span, operands: readonly Node[]): Node {
    return this.node(shape, type, span, { branching: operands.some(operand => operand.branching) })
  }

  private expectType(node: Node, wanted: T.Type, span: Span = node.span): void {
    if (T.unify(node.type, wanted)) return
    const actual = T.prune(node.type)
    const expected = T.prune(wanted)
    let hint = ''
    if (node.k === 'constant' && expected.k === 'U8') hint = `: ${node.value}u8`
    else if (actual.k === 'U8' && expected.k === 'G') hint = ' (to_field(x) turns a U8 into a G)'
    else if (actual.k === 'G' && expected.k === 'U8') hint = ' (u8_range_check(a, b) turns two G into two U8)'
    throw new CompileError(`this has type ${T.showType(actual)}`, span, `${T.showType(wanted)}${hint}`)
  }

  /** A term whose value is used on the spot, so it cannot end in `return`. */
  private operand(term: Term, scope: Scope, context: Context): Node {
    const node = this.term(term, scope, context)
    if (node.escapes) {
      throw new CompileError('illegal return: the value is needed here', term.span, 'a term with a value')
    }
    return node
  }

  private operandOf(term: Term, type: T.Type, scope: Scope, context: Context): Node {
    const node = this.operand(term, scope, context)
    this.expectType(node, type, lastTerm(term).span)
    return node
  }

  private term(term: Term, scope: Scope, context: Context): Node {
    const { span } = term
    switch (term.k) {
      case 'number':
        return this.node({ k: 'constant', value: term.value % FIELD }, T.G, span, {})
      case 'byte':
        return this.node({ k: 'constant', value: term.value }, T.U8, span, {})
      case 'name':
        return this.name(term, scope, context)
      case 'tuple': {
        const items = term.items.map(item => this.operand(item, scope, context))
        return this.strict({ k: 'group', items }, { k: 'tuple', items: items.map(i => i.type) }, span, items)
      }
      case 'array': {
        const first = this.operand(term.items[0]!, scope, context)
        const rest = term.items.slice(1).map(item => this.operandOf(item, first.type, scope, context))
        const items = [first, ...rest]
        return this.strict({ k: 'group', items }, T.array(first.type, items.length), span, items)
      }
      case 'replicate': {
        const before = this.nodes
        const item = this.operand(term.item, scope, context)
        this.nodes += (this.nodes - before) * term.count
        const items = new Array<Node>(term.count).fill(item)
        return this.strict({ k: 'group', items }, T.array(item.type, term.count), span, [item])
      }
      case 'return': {
        const value = this.operandOf(term.value, context.result, scope, context)
        return this.node({ k: 'return', value }, context.result, span, { escapes: true, branching: true })
      }
      case 'let':
        return this.lets(term, scope, context)
      case 'match':
        return this.match(term, scope, context)
      case 'call':
        return this.call(term, scope, context)
      case 'ascription':
        return this.operandOf(term.value, this.type(term.type, context), scope, context)
      case 'proj':
        return this.projection(term, scope, context)
      case 'get': {
        const [value, elem, size] = this.arrayOperand(term.value, scope, context)
        checkIndex(term.index, size, span)
        const slice = { k: 'slice', value, from: term.index, to: term.index + 1 } as const
        return this.strict(slice, elem, span, [value])
      }
      case 'slice': {
        const [value, elem, size] = this.arrayOperand(term.value, scope, context)
        const { from, to } = term
        if (from > to || to > size) {
          throw new CompileError(`slice ${from}..${to} of ${size} elements`, span, `from <= to <= ${size}`)
        }
        return this.strict({ k: 'slice', value, from, to }, T.array(elem, to - from), span, [value])
      }
      case 'set': {
        const [value, elem, size] = this.arrayOperand(term.value, scope, context)
        checkIndex(term.index, size, span)
        const item = this.operandOf(term.item, elem, scope, context)
        return this.strict({ k: 'set', value, index: term.index, item }, value.type, span, [value, item])
      }
      case 'ioRead': {
        if (term.count === 0) throw new CompileError('a read of no elements', span, 'at least 1')
        const args = [
          this.operandOf(term.channel, T.G, scope, context),
          this.operandOf(term.idx, T.G, scope, context),
        ]
        return this.builtin('io_read', args, T.array(T.G, term.count), span)
      }
      case 'assertEq': {
        const left = this.operand(term.left, scope, context)
        const right = this.operandOf(term.right, left.type, scope, context)
        return this.builtin('assert_eq!', [left, right], T.UNIT, span, term.message)
      }
      case 'debug': {
        const args = term.value === null ? [] : [this.operand(term.value, scope, context)]
        return this.builtin('dbg!', args, T.UNIT, span, term.label)
      }
    }
  }

  private type(expr: TypeExpr, context: Context): T.Type {
    return this.declarations.type(expr, context.types)
  }

  private builtin(name: Builtin, args: Node[], type: T.Type, span: Span, label: string | null = null): Node {
    const shape: NodeShape = { k: 'builtin', name, args, ...(label === null ? {} : { label }) }
    return this.strict(shape, type, span, args)
  }

  private name(term: Term & { k: 'name' }, scope: Scope, context: Context): Node {
    const { name, span } = term
    if (!term.global) {
      const binding = scope.find(name)
      if (binding !== null) return this.node({ k: 'local', id: binding.id }, binding.type, span, {})
      if (this.declarations.functions.has(name)) {
        throw new CompileError(`function '${name}' used as a value`, span, `a call: ${name}(…)`)
      }
      throw new CompileError(`unknown name '${name}'`, span, 'a variable in scope')
    }
    const found = findConstructor(this.declarations, name)
    if (found !== null) {
      return this.construct(name, found, term.typeArgs, [], null, { span, context, scope })
    }
    if (this.declarations.functions.has(name)) {
      throw new CompileError(`function '${name}' used as a value`, span, `a call: ${name}(…)`)
    }
    throw new CompileError(`unknown constructor '${name}'`, span)
  }

  private construct(
    name: string,
    { info, index, fields }: NonNullable<ReturnType<typeof findConstructor>>,
    typeArgs: TypeExpr[] | null,
    args: Term[],
    call: Call | null,
    at: { span: Span; context: Context; scope: Scope },
  ): Node {
    const { span, context, scope } = at
    if (args.length !== fields.length) {
      const given = call === null ? 'without arguments' : `with ${args.length} arguments`
      throw new CompileError(
        `constructor '${name}' used ${given}`,
        span,
        `${fields.length}, one for each field`,
      )
    }
    const targets = this.instantiate(info.typeParams, typeArgs, name, span, context)
    const map = T.typeMap(info.typeParams, targets)
    const nodes = args.map((arg, i) => this.operandOf(arg, T.substitute(fields[i]!, map), scope, context))
    return this.strict(
      { k: 'construct', index, args: nodes },
      { k: 'enum', info, args: targets },
      span,
      nodes,
    )
  }

  /** Fresh unknowns for type parameters, equal to the written arguments if there are any. */
  private instantiate(
    params: readonly T.Param[],
    written: TypeExpr[] | null,
    name: string,
    span: Span,
    context: Context,
  ): T.Type[] {
    if (written === null) return params.map(() => T.freshMeta())
    if (written.length !== params.length) {
      throw new CompileError(`'${name}' is given ${written.length} type arguments`, span, `${params.length}`)
    }
    return written.map(expr => this.type(expr, context))
  }

  private call(term: Call, scope: Scope, context: Context): Node {
    const { head, headSpan, mode, span } = term
    const info = this.declarations.functions.get(head)
    if (
      !term.global &&
      (isFixed(head) || isPolymorphic(head)) &&
      (info === undefined || KEYWORDS.has(head))
    ) {
      if (mode !== 'constrained')
        throw new CompileError(`'${head}' is not a function`, headSpan, 'a function')
      return this.builtinCall(head, term, scope, context)
    }
    if (info !== undefined) {
      if (info.params.length !== term.args.length) {
        const reason = `'${head}' is given ${term.args.length} arguments`
        throw new CompileError(reason, span, `${info.params.length}: ${showParams(info)}`)
      }
      if (mode === 'inline') return this.inline(info, term, scope, context)
      const typeArgs = this.instantiate(info.typeParams, term.typeArgs, head, headSpan, context)
      const map = T.typeMap(info.typeParams, typeArgs)
      const args = this.args(info, term, map, scope, context)
      const shape: NodeShape = {
        k: 'call',
        callee: info,
        typeArgs,
        args,
        unconstrained: mode === 'unconstrained',
      }
      return this.strict(shape, T.substitute(info.result, map), span, args)
    }
    const found = findConstructor(this.declarations, head)
    if (found === null) throw new CompileError(`unknown function '${head}'`, headSpan)
    if (mode !== 'constrained') {
      throw new CompileError(`constructor '${head}' called as a function`, headSpan, 'a function')
    }
    return this.construct(head, found, term.typeArgs, term.args, term, { span, context, scope })
  }

  private args(
    info: FunctionInfo,
    { args }: Call,
    map: ReadonlyMap<T.Param, T.Type>,
    scope: Scope,
    context: Context,
  ): Node[] {
    return args.map((arg, i) => this.operandOf(arg, T.substitute(info.params[i]!.type, map), scope, context))
  }

  /**
   * `let p1 = a1; …; body` with the callee's binders its own. In our syntax the callee's parameter and result
   * types are enforced; the reference loses them at the splice.
   */
  private inline(info: FunctionInfo, term: Call, scope: Scope, context: Context): Node {
    const enforced = context.syntax === 'ix'
    const typeArgs = this.instantiate(info.typeParams, term.typeArgs, term.head, term.headSpan, context)
    const map = T.typeMap(info.typeParams, typeArgs)
    const args = enforced
      ? this.args(info, term, map, scope, context)
      : term.args.map(arg => this.operand(arg, scope, context))
    const types = new Map(info.typeParams.map((param, i) => [param.name, typeArgs[i]!]))
    const inner = new Scope()
    const bindings = info.params.map((param, i) => ({ ...param, type: args[i]!.type, id: this.freshId() }))
    inner.enter(bindings)
    const { body: source, syntax } = info.declaration
    let body: Node
    try {
      body = this.term(source, inner, { types, result: context.result, syntax })
      if (enforced && !body.escapes) {
        this.expectType(body, T.substitute(info.result, map), lastTerm(source).span)
      }
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      const { line, column } = placeOf(term.headSpan)
      throw error.withNote(`inlined at ${term.span.file.name}:${line}:${column}`)
    }
    for (let i = bindings.length - 1; i >= 0; i--) {
      body = this.letNode({ k: 'bind', id: bindings[i]!.id }, args[i]!, body, term.span)
    }
    return body
  }

  private letNode(pattern: (NodeShape & { k: 'let' })['pattern'], value: Node, body: Node, span: Span): Node {
    const branching = !isPlain(pattern) || value.branching || body.branching
    return this.node({ k: 'let', pattern, value, body }, body.type, span, {
      escapes: body.escapes,
      branching,
    })
  }

  /** A chain of lets, without recursion over its length. */
  private lets(first: Term & { k: 'let' }, scope: Scope, context: Context): Node {
    const steps: { pattern: (NodeShape & { k: 'let' })['pattern']; value: Node; span: Span }[] = []
    const mark = scope.mark()
    let term: Term = first
    for (; term.k === 'let'; term = term.body) {
      const value =
        term.type === null
          ? this.operand(term.value, scope, context)
          : this.operandOf(term.value, this.type(term.type, context), scope, context)
      const checker = new PatternChecker(this.declarations, this.freshId, context.syntax)
      const pattern = checker.check(term.pattern, value.type)
      scope.enter(checker.bindings.values())
      steps.push({ pattern, value, span: term.span })
    }
    let body = this.term(term, scope, context)
    scope.leave(mark)
    for (let i = steps.length - 1; i >= 0; i--) {
      const { pattern, value, span } = steps[i]!
      body = this.letNode(pattern, value, body, span)
    }
    return body
  }

  private match(term: Term & { k: 'match' }, scope: Scope, context: Context): Node {
    const scrutinee = this.operand(term.scrutinee, scope, context)
    const arms: TypedArm[] = []
    let result: Node | null = null
    for (const arm of term.arms) {
      const checker = new PatternChecker(this.declarations, this.freshId, context.syntax)
      const pattern = checker.check(arm.pattern, scrutinee.type)
      const mark = scope.mark()
      scope.enter(checker.bindings.values())
      const body = this.term(arm.body, scope, context)
      scope.leave(mark)
      if (result === null || result.escapes) result = body
      else if (!body.escapes) this.expectType(body, result.type, lastTerm(arm.body).span)
      arms.push({ pattern, body })
    }
    const { type, escapes } = result!
    return this.node({ k: 'match', scrutinee, arms }, type, term.span, { escapes, branching: true })
  }

  private projection(term: Term & { k: 'proj' }, scope: Scope, context: Context): Node {
    const value = this.operand(term.value, scope, context)
    const type = T.prune(value.type)
    if (type.k !== 'tuple') {
      throw new CompileError(`this has type ${T.showType(type)}`, term.value.span, 'a tuple of known type')
    }
    checkIndex(term.index, type.items.length, term.span)
    return this.strict({ k: 'proj', value, index: term.index }, type.items[term.index]!, term.span, [value])
  }

  private arrayOperand(term: Term, scope: Scope, context: Context): [Node, T.Type, number] {
    const value = this.operand(term, scope, context)
    const type = T.prune(value.type)
    if (type.k !== 'array') {
      throw new CompileError(`this has type ${T.showType(type)}`, term.span, 'an array of known type')
    }
    return [value, type.elem, type.size]
  }

  private builtinCall(
    name: FixedBuiltin | PolymorphicBuiltin,
    term: Call,
    scope: Scope,
    context: Context,
  ): Node {
    const { args, type } = checkBuiltin(name, term, {
      operand: operand => this.operand(operand, scope, context),
      operandOf: (operand, wanted) => this.operandOf(operand, wanted, scope, context),
      arrayOperand: operand => this.arrayOperand(operand, scope, context),
      expectType: (node, wanted, span) => this.expectType(node, wanted, span),
    })
    return this.builtin(name, args, type, term.span)
  }
}

function checkIndex(index: number, size: number, span: Span): void {
  if (index < size) return
  throw new CompileError(
    `index ${index} of ${size} components`,
    span,
    size === 0 ? undefined : `0 to ${size - 1}`,
  )
}

function showParams({ params }: FunctionInfo): string {
  return `(${params.map(({ name, type }) => `${name}: ${T.showType(type)}`).join(', ')})`
}

/** Where the value of a chain of lets comes from. */
function lastTerm(term: Term): Term {
  let last = term
  while (last.k === 'let') last = last.body
  return last
}
