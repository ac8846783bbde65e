import type { Call, Term } from './ast.js'
import { type FixedBuiltin, isFixed, POLYMORPHIC, type PolymorphicBuiltin, SIGNATURES } from './builtins.js'
import { CompileError, type Span } from './compile-error.js'
import { limbChain } from './limb-chain.js'
import type { Node } from './typed.js'
import * as T from './types.js'

/** How operands are typed where the call stands. All throw a CompileError. */
export interface Operands {
  operand(term: Term): Node
  operandOf(term: Term, type: T.Type): Node
  /** With the type and the number of its elements. */
  arrayOperand(term: Term): [node: Node, elem: T.Type, size: number]
  expectType(node: Node, wanted: T.Type, span: Span): void
}

/** The operands and the type of a call of a builtin. */
export interface CheckedBuiltin {
  args: Node[]
  type: T.Type
}

/** @throws CompileError when the operands are not those that the builtin takes */
export function checkBuiltin(
  name: FixedBuiltin | PolymorphicBuiltin,
  { args, span }: Call,
  at: Operands,
): CheckedBuiltin {
  const arity = isFixed(name) ? SIGNATURES[name].params.length : POLYMORPHIC[name]
  if (args.length !== arity) {
    throw new CompileError(`'${name}' is given ${args.length} operands`, span, String(arity))
  }
  if (!isFixed(name)) return polymorphic(name, args, at)
  const { params, result } = SIGNATURES[name]
  return { args: args.map((arg, i) => at.operandOf(arg, params[i]!)), type: result }
}

function polymorphic(name: PolymorphicBuiltin, terms: Term[], at: Operands): CheckedBuiltin {
  const field = (i: number): Node => at.operandOf(terms[i]!, T.G)
  switch (name) {
    case 'store': {
      const value = at.operand(terms[0]!)
      return { args: [value], type: T.pointer(value.type) }
    }
    case 'load':
    case 'ptr_val': {
      const to = T.freshMeta()
      const value = at.operandOf(terms[0]!, T.pointer(to))
      return { args: [value], type: name === 'load' ? to : T.G }
    }
    case 'io_get_info':
      return { args: [field(0), key(terms[1]!, null, at)], type: T.tuple(T.G, T.G) }
    case 'io_set_info':
      return { args: [field(0), key(terms[1]!, T.G, at), field(2), field(3)], type: T.UNIT }
    case 'io_write':
      return { args: [field(0), key(terms[1]!, T.G, at)], type: T.UNIT }
    case 'unconstrained_big_uint_div_mod':
    case 'unconstrained_limbs_div_mod': {
      const a = at.operand(terms[0]!)
      const limb = name === 'unconstrained_limbs_div_mod' ? T.G : T.array(T.U8, 8)
      const result = limbChain(a.type, limb, terms[0]!.span)
      const b = at.operandOf(terms[1]!, a.type)
      return { args: [a, b], type: T.tuple(result, result) }
    }
  }
}

/** An array, of field elements when `elem` says so. */
function key(term: Term, elem: T.Type | null, at: Operands): Node {
  const [node, actual, size] = at.arrayOperand(term)
  if (elem !== null && !T.unify(actual, elem)) at.expectType(node, T.array(elem, size), term.span)
  return node
}
