import { CompileError, type Span } from './compile-error.js'
import * as T from './types.js'

/**
 * Type of the hint's results for operands of type `&L`, where L's first constructor is (limb, &L) and the second
 * one empty. With byte limbs the results have limbs of 8 field elements, so L must take its limb as parameter.
 */
export function limbChain(type: T.Type, limb: T.Type, span: Span): T.Type {
  const list = T.prune(type)
  const to = list.k === 'pointer' ? T.prune(list.to) : list
  const wanted = `a pointer to an enum of (${T.showType(limb)}, pointer to rest) and an empty constructor`
  const fail = (): never => {
    throw new CompileError(`this has type ${T.showType(type)}`, span, wanted)
  }
  if (list.k !== 'pointer' || to.k !== 'enum') return fail()
  const [cons, nil, ...others] = to.info.constructors
  if (cons?.fields.length !== 2 || nil?.fields.length !== 0 || others.length > 0) return fail()
  const map = T.typeMap(to.info.typeParams, to.args)
  if (!T.unify(T.substitute(cons.fields[0]!, map), limb)) return fail()
  if (!T.unify(T.substitute(cons.fields[1]!, map), T.pointer(to))) return fail()
  if (T.prune(limb).k === 'G') return type
  if (to.args.length !== 1 || T.prune(cons.fields[0]!) !== to.info.typeParams[0]) return fail()
  return T.pointer({ k: 'enum', info: to.info, args: [T.array(T.G, 8)] })
}
