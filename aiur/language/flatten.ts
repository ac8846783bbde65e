import { CompileError, type Span } from './compile-error.js'
import { type EnumInfo, type Param, prune, showType, substitute, type Type, typeMap } from './types.js'

/** Longest flattened value, in field elements. */
export const MAX_FLAT_SIZE = 65536

const MAX_ENUM_DEPTH = 256
const MAX_KEY_LENGTH = 10_000

/** `head`: an enum with exactly one constructor has no tag. `p438`: every enum has one. */
export type Tags = 'head' | 'p438'

/** Sizes of flattened values of concrete types, in field elements. */
export class FlatSizes {
  private readonly enums = new Map<string, number>()
  private readonly inProgress = new Set<string>()

  constructor(readonly tags: Tags) {}

  isTagless(info: EnumInfo): boolean {
    return this.tags === 'head' && info.constructors.length === 1
  }

  /** Throws at `span` when a value would be too long, and at the enum when it contains itself without a pointer. */
  size(type: Type, span: Span): number {
    const size = this.unbounded(type, span)
    if (size <= MAX_FLAT_SIZE) return size
    throw new CompileError(
      `a value of type ${showType(type)} is too long`,
      span,
      `at most ${MAX_FLAT_SIZE} elements`,
    )
  }

  private unbounded(type: Type, span: Span): number {
    const t = prune(type)
    switch (t.k) {
      case 'tuple':
        return t.items.reduce((sum, item) => sum + this.size(item, span), 0)
      case 'array':
        return t.size * this.size(t.elem, span)
      case 'enum':
        return this.enumSize(t, span)
      default:
        return 1
    }
  }

  private enumSize(type: Type & { k: 'enum' }, span: Span): number {
    const key = typeKey(type, span)
    const known = this.enums.get(key)
    if (known !== undefined) return known
    const { info, args } = type
    if (this.inProgress.has(key) || this.inProgress.size > MAX_ENUM_DEPTH) {
      throw new CompileError(`enum '${info.name}' contains itself`, info.nameSpan, 'a pointer (&) in between')
    }
    this.inProgress.add(key)
    const map = typeMap(info.typeParams, args)
    let widest = 0
    for (const { fields } of info.constructors) {
      const size = fields.reduce((sum, field) => sum + this.size(substitute(field, map), span), 0)
      widest = Math.max(widest, size)
    }
    this.inProgress.delete(key)
    const size = this.isTagless(info) ? widest : widest + 1
    this.enums.set(key, size)
    return size
  }
}

/** Text that is equal for equal concrete types. */
export function typeKey(type: Type, span: Span): string {
  let length = 0
  const show = (part: Type): string => {
    const t = prune(part)
    if (++length > MAX_KEY_LENGTH) throw new CompileError('type too large', span)
    switch (t.k) {
      case 'tuple':
        return `(${t.items.map(show).join(',')})`
      case 'array':
        return `[${show(t.elem)};${t.size}]`
      case 'pointer':
        return `&${show(t.to)}`
      case 'enum':
        return t.args.length === 0 ? t.info.name : `${t.info.name}‹${t.args.map(show).join(',')}›`
      case 'param':
        return `'${t.name}`
      case 'meta':
        return '_'
      default:
        return t.k
    }
  }
  return show(type)
}

/** Replaces parameters and solved metas throughout; null when something is still unknown. */
export function concretize(type: Type, map: ReadonlyMap<Param, Type>): Type | null {
  const t = prune(type)
  switch (t.k) {
    case 'G':
    case 'U8':
      return t
    case 'meta':
      return null
    case 'param':
      return map.get(t) ?? null
    case 'array': {
      const elem = concretize(t.elem, map)
      return elem && { k: 'array', elem, size: t.size }
    }
    case 'pointer': {
      const to = concretize(t.to, map)
      return to && { k: 'pointer', to }
    }
    case 'tuple': {
      const items = concretizeAll(t.items, map)
      return items && { k: 'tuple', items }
    }
    case 'enum': {
      const args = concretizeAll(t.args, map)
      return args && { k: 'enum', info: t.info, args }
    }
  }
}

function concretizeAll(types: Type[], map: ReadonlyMap<Param, Type>): Type[] | null {
  const out: Type[] = []
  for (const type of types) {
    const concrete = concretize(type, map)
    if (concrete === null) return null
    out.push(concrete)
  }
  return out
}
