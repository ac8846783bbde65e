import type { Block, BytecodeFunction, Case, Control, Op, Value } from '../bytecode.js'
import type { CheckedFunction } from './check.js'
import { CompileError, type Span } from './compile-error.js'
import { distribute, initialRows, type Occurrence, type Row, type Test } from './decision-tree.js'
import { concretize, type FlatSizes, MAX_FLAT_SIZE } from './flatten.js'
import { lowerBuiltin } from './lower-builtin.js'
import type { Instance, Instances } from './monomorphise.js'
import { isPlain, type LocalId, type Node, type TypedArm, type TypedPattern } from './typed.js'
import { type Param, prune, showType, substitute, type Type, typeMap } from './types.js'

/** Leaves of one function; rows without a test are duplicated into every case. */
const MAX_LEAVES = 65536

/** What happens to the value of a term. */
type Continuation =
  | { k: 'return' }
  /** Ends an arm of the innermost matchContinue. */
  | { k: 'yield' }
  /** Continues in the same block, or in the continuation of a matchContinue when the term branches. */
  | { k: 'then'; type: Type; next: (values: Value[]) => Control }

const RETURN: Continuation = { k: 'return' }
const YIELD: Continuation = { k: 'yield' }

interface Choice {
  value: bigint
  rows: Row[]
}

export interface LoweringContext {
  sizes: FlatSizes
  instances: Instances
}

/** Bytecode of one instance. Callees are instance indices; `entry` and `constrained` are settled later. */
export function lowerFunction(
  checked: CheckedFunction,
  instance: Instance,
  context: LoweringContext,
): BytecodeFunction {
  return new FunctionLowering(checked, instance, context).run()
}

class FunctionLowering {
  private ops: Op[] = []
  private nextValue = 0
  private leaves = 0
  private readonly locals = new Map<LocalId, Value[]>()
  private readonly types: ReadonlyMap<Param, Type>

  constructor(
    private readonly checked: CheckedFunction,
    private readonly instance: Instance,
    private readonly context: LoweringContext,
  ) {
    this.types = typeMap(instance.info.typeParams, instance.typeArgs)
  }

  run(): BytecodeFunction {
    const { info, params, body } = this.checked
    const { nameSpan } = info.declaration
    for (const [i, { type, span }] of info.params.entries()) {
      this.locals.set(params[i]!, this.allocate(this.size(type, span)))
    }
    const inputSize = this.nextValue
    if (inputSize > MAX_FLAT_SIZE) {
      throw new CompileError('too many inputs', nameSpan, `at most ${MAX_FLAT_SIZE} elements`)
    }
    const outputSize = this.size(info.result, nameSpan)
    const block = this.block(inputSize, () => this.tail(body, RETURN))
    return {
      name: this.instance.name,
      aliases: [this.instance.name],
      inputSize,
      outputSize,
      selectors: this.leaves,
      body: block,
      entry: info.declaration.entry,
      constrained: false,
    }
  }

  private concrete(type: Type, span: Span): Type {
    const concrete = concretize(type, this.types)
    if (concrete !== null) return concrete
    throw new CompileError(`cannot infer the type ${showType(type)}`, span, 'a type ascription (e : T)')
  }

  private size(type: Type, span: Span): number {
    return this.context.sizes.size(this.concrete(type, span), span)
  }

  private allocate(count: number): Value[] {
    const values = Array.from({ length: count }, (_, i) => this.nextValue + i)
    this.nextValue += count
    return values
  }

  private emit(op: Op, results: number): Value[] {
    this.ops.push(op)
    return this.allocate(results)
  }

  private constant(value: bigint): Value {
    return this.emit({ op: 'const', value }, 1)[0]!
  }

  /** A block whose values start at `start`. */
  private block(start: Value, lower: () => Control): Block {
    const outer = this.ops
    const ops: Op[] = []
    this.ops = ops
    this.nextValue = start
    const control = lower()
    this.ops = outer
    return { ops, control }
  }

  private leaf(control: 'return' | 'yield', values: Value[], span: Span): Control {
    if (this.leaves >= MAX_LEAVES)
      throw new CompileError(`more than ${MAX_LEAVES} leaves in a function`, span)
    return { control, selector: this.leaves++, values }
  }

  private finish(values: Value[], k: Continuation, span: Span): Control {
    return k.k === 'then' ? k.next(values) : this.leaf(k.k, values, span)
  }

  /** Lowers a term into the current block and ends the block the way `k` says. */
  private tail(start: Node, k: Continuation): Control {
    let node = start
    for (;;) {
      if (!node.branching && node.k !== 'let') return this.finish(this.values(node), k, node.span)
      if (node.k !== 'let') return this.branchingTail(node, k)
      const { pattern, value, body, span } = node
      if (pattern.k === 'bind' && body.k === 'local' && body.id === pattern.id) {
        node = value
        continue
      }
      const plain = isPlain(pattern)
      if (value.branching || !plain) {
        return this.evaluate(value, values => {
          if (!plain) return this.match(values, value, [{ pattern, body }], k, span)
          this.bind(pattern, values, value)
          return this.tail(body, k)
        })
      }
      this.bind(pattern, this.values(value), value)
      node = body
    }
  }

  /** Names the parts of a value; the pattern is plain. */
  private bind(pattern: TypedPattern, values: Value[], { type, span }: Node): void {
    const name = (part: TypedPattern, at: Occurrence): void => {
      if (part.k === 'bind') this.locals.set(part.id, at.values)
      if (part.k !== 'group') return
      const children = this.children(at, part, span)
      for (const [i, item] of part.items.entries()) name(item, children[i]!)
    }
    if (pattern.k === 'bind') this.locals.set(pattern.id, values)
    else if (pattern.k === 'group') name(pattern, { values, type: this.concrete(type, span) })
  }

  private branchingTail(node: Node, k: Continuation): Control {
    switch (node.k) {
      case 'return':
        return this.tail(node.value, RETURN)
      case 'match': {
        const { scrutinee, arms, span } = node
        return this.evaluate(scrutinee, values => this.match(values, scrutinee, arms, k, span))
      }
      default:
        return this.operands(node, values => this.finish(this.apply(node, values), k, node.span))
    }
  }

  /** The value of a term, then the rest. */
  private evaluate(node: Node, next: (values: Value[]) => Control): Control {
    return node.branching ? this.tail(node, { k: 'then', type: node.type, next }) : next(this.values(node))
  }

  /** The operands of a strict term in order, then the rest. */
  private operands(node: Node, next: (values: Value[][]) => Control): Control {
    const operands = operandsOf(node)
    const from = (i: number, done: Value[][]): Control => {
      let at = i
      const values = [...done]
      while (at < operands.length && !operands[at]!.branching) values.push(this.values(operands[at++]!))
      if (at === operands.length) return next(values)
      return this.evaluate(operands[at]!, result => from(at + 1, [...values, result]))
    }
    return from(0, [])
  }

  /** Value indices of a term that does not branch. */
  private values(start: Node): Value[] {
    let node = start
    while (node.k === 'let') {
      this.bind(node.pattern, this.values(node.value), node.value)
      node = node.body
    }
    return this.apply(
      node,
      operandsOf(node).map(operand => this.values(operand)),
    )
  }

  /** A strict term on operands already lowered. */
  private apply(node: Node, operands: Value[][]): Value[] {
    const { span } = node
    switch (node.k) {
      case 'constant':
        return [this.constant(node.value)]
      case 'local':
        return this.locals.get(node.id)!
      case 'group': {
        const values = operands.flat()
        if (values.length > MAX_FLAT_SIZE) {
          throw new CompileError('this value is too long', span, `at most ${MAX_FLAT_SIZE} elements`)
        }
        return values
      }
      case 'builtin': {
        const type = this.concrete(node.type, span)
        const emit = (op: Op, results: number): Value[] => this.emit(op, results)
        return lowerBuiltin(node.name, operands, this.context.sizes.size(type, span), node.label, emit)
      }
      case 'construct':
        return this.construct(node, operands)
      case 'call':
        return this.call(node, operands)
      case 'proj': {
        const type = prune(node.value.type)
        const items = type.k === 'tuple' ? type.items : []
        const sizes = items.map(item => this.size(item, span))
        const from = sizes.slice(0, node.index).reduce((sum, size) => sum + size, 0)
        return operands[0]!.slice(from, from + sizes[node.index]!)
      }
      case 'slice': {
        const elem = this.elementSize(node.value)
        return operands[0]!.slice(node.from * elem, node.to * elem)
      }
      case 'set': {
        const elem = this.elementSize(node.value)
        return operands[0]!.toSpliced(node.index * elem, elem, ...operands[1]!)
      }
      default:
        throw new CompileError(`a ${node.k} cannot be lowered here`, span)
    }
  }

  private elementSize({ type, span }: Node): number {
    const t = prune(type)
    return t.k === 'array' ? this.size(t.elem, span) : 0
  }

  private construct(node: Node & { k: 'construct' }, operands: Value[][]): Value[] {
    const type = this.concrete(node.type, node.span)
    if (type.k !== 'enum') throw new CompileError('not an enum', node.span)
    const size = this.context.sizes.size(type, node.span)
    const tag = this.context.sizes.isTagless(type.info) ? [] : [this.constant(BigInt(node.index))]
    const values = [...tag, ...operands.flat()]
    if (values.length === size) return values
    const padding = this.constant(0n)
    return [...values, ...new Array<Value>(size - values.length).fill(padding)]
  }

  private call(node: Node & { k: 'call' }, operands: Value[][]): Value[] {
    const { callee, unconstrained, span } = node
    const typeArgs = node.typeArgs.map(type => this.concrete(type, span))
    const { index } = this.context.instances.request(callee, typeArgs, this.instance, span)
    const outputSize = this.size(node.type, span)
    return this.emit(
      { op: 'call', callee: index, args: operands.flat(), outputSize, unconstrained },
      outputSize,
    )
  }

  private match(
    values: Value[],
    scrutinee: Node,
    arms: readonly TypedArm[],
    k: Continuation,
    span: Span,
  ): Control {
    const at = { values, type: this.concrete(scrutinee.type, scrutinee.span) }
    return this.decide(initialRows(at, arms, span), k, span)
  }

  /** Always tests the first clause of the first row. `rows` is not empty. */
  private decide(rows: readonly Row[], k: Continuation, span: Span): Control {
    const { clauses, bindings, body } = rows[0]!
    if (clauses.length === 0) {
      for (const [id, occurrence] of bindings) this.locals.set(id, occurrence.values)
      return this.tail(body, k)
    }
    const { at, test } = clauses[0]!
    const { buckets, fallback } = distribute(rows, at, head => this.children(at, head, span), span)
    const { type } = at
    const constructors = type.k === 'enum' ? type.info.constructors.length : 0
    const irrefutable = test.k === 'group' || test.k === 'pointer'
    if (irrefutable || (type.k === 'enum' && this.context.sizes.isTagless(type.info))) {
      return this.decide(buckets[0]!.rows, k, span)
    }
    const choices = buckets.map(({ head, rows }) => ({ value: headValue(head), rows }))
    const exhausted = test.k === 'constructor' && buckets.length === constructors
    return this.branch(at.values[0]!, choices, exhausted || fallback.length === 0 ? null : fallback, k, span)
  }

  /** The parts that a head's sub-patterns look at. A pointer is loaded here. */
  private children({ values, type }: Occurrence, head: Test, span: Span): Occurrence[] {
    switch (head.k) {
      case 'number':
        return []
      case 'pointer': {
        if (type.k !== 'pointer') return []
        const size = this.size(type.to, span)
        return [{ values: this.emit({ op: 'load', size, ptr: values[0]! }, size), type: type.to }]
      }
      case 'group': {
        const types =
          type.k === 'tuple' ? type.items : head.items.map(() => (type.k === 'array' ? type.elem : type))
        return this.split(values, types, 0, span)
      }
      case 'constructor': {
        if (type.k !== 'enum') return []
        const map = typeMap(type.info.typeParams, type.args)
        const fields = type.info.constructors[head.index]!.fields.map(field => substitute(field, map))
        return this.split(values, fields, this.context.sizes.isTagless(type.info) ? 0 : 1, span)
      }
    }
  }

  private split(values: Value[], types: readonly Type[], start: number, span: Span): Occurrence[] {
    let from = start
    return types.map(type => {
      const part = values.slice(from, from + this.size(type, span))
      from += part.length
      return { values: part, type }
    })
  }

  private branch(
    scrutinee: Value,
    choices: readonly Choice[],
    fallback: readonly Row[] | null,
    k: Continuation,
    span: Span,
  ): Control {
    const start = this.nextValue
    const inner = k.k === 'then' ? YIELD : k
    const arm = (rows: readonly Row[]): Block => this.block(start, () => this.decide(rows, inner, span))
    const cases: Case[] = choices.map(({ value, rows }) => ({ value, block: arm(rows) }))
    const otherwise = fallback === null ? null : arm(fallback)
    if (k.k !== 'then') return { control: 'match', scrutinee, cases, default: otherwise }
    const outputSize = this.size(k.type, span)
    const continuation = this.block(start, () => k.next(this.allocate(outputSize)))
    return { control: 'matchContinue', scrutinee, cases, default: otherwise, outputSize, continuation }
  }
}

function headValue(head: Test): bigint {
  return head.k === 'number' ? head.value : head.k === 'constructor' ? BigInt(head.index) : 0n
}

/** Strict operands in evaluation order. */
function operandsOf(node: Node): readonly Node[] {
  switch (node.k) {
    case 'group':
      return node.items
    case 'builtin':
    case 'construct':
    case 'call':
      return node.args
    case 'proj':
    case 'slice':
      return [node.value]
    case 'set':
      return [node.value, node.item]
    default:
      return []
  }
}
