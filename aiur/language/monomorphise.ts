import { CompileError, type Span } from './compile-error.js'
import type { FunctionInfo } from './declarations.js'
import { typeKey } from './flatten.js'
import { prune, type Type } from './types.js'

/** A function at concrete type arguments. */
export interface Instance {
  info: FunctionInfo
  typeArgs: Type[]
  /** Unique; mangled when there are type arguments. */
  name: string
  index: number
  /** How many specialisations lead here from a function without type parameters. */
  round: number
}

/** All instances of a program: functions without parameters first, then specialisations by first use. */
export class Instances {
  readonly all: Instance[] = []
  private readonly byKey = new Map<string, Instance>()
  private readonly names: Set<string>

  constructor(
    functions: Iterable<FunctionInfo>,
    private readonly maxRounds: number,
  ) {
    const list = [...functions]
    this.names = new Set(list.map(f => f.name))
    for (const info of list) {
      if (info.typeParams.length === 0) this.add(info.name, info, [], info.name, 0)
    }
  }

  /** The instance that `caller` calls at `span`. */
  request(info: FunctionInfo, typeArgs: Type[], caller: Instance, span: Span): Instance {
    const key =
      typeArgs.length === 0 ? info.name : `${info.name}‹${typeArgs.map(t => typeKey(t, span)).join(',')}›`
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const round = caller.round + 1
    if (round > this.maxRounds) {
      throw new CompileError(`specialising '${info.name}' has no end (polymorphic recursion)`, span)
    }
    let name = [info.name, ...typeArgs.flatMap(nameLimbs)].join('.')
    while (this.names.has(name)) name += "'"
    this.names.add(name)
    return this.add(key, info, typeArgs, name, round)
  }

  private add(key: string, info: FunctionInfo, typeArgs: Type[], name: string, round: number): Instance {
    const instance = { info, typeArgs, name, index: this.all.length, round }
    this.all.push(instance)
    this.byKey.set(key, instance)
    return instance
  }
}

/** How a type argument appears in a specialised name. */
function nameLimbs(type: Type): string[] {
  const t = prune(type)
  switch (t.k) {
    case 'tuple':
      return t.items.length === 0 ? ['Unit'] : ['Tup', ...t.items.flatMap(nameLimbs)]
    case 'array':
      return [`${nameLimbs(t.elem).join('.')}_${t.size}`]
    case 'pointer':
      return ['Ptr', ...nameLimbs(t.to)]
    case 'enum':
      return [t.info.name, ...t.args.flatMap(nameLimbs)]
    case 'param':
      return [t.name]
    case 'meta':
      return ['_']
    default:
      return [t.k]
  }
}
