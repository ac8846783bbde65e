import type { Declaration, Name } from './declaration.js'
import { type Place, RejectedInput } from './input-error.js'
import { displayName } from './name.js'
import { conclusionOf } from './recursor-conclusion.js'

/**
 * Rules that hold for a record by itself: universe parameters differ from one another. Names must come from one table.
 *
 * @throws RejectedInput
 */
export function checkUniverseParams(declaration: Declaration, place: Place): void {
  const { levelParams } = declaration
  if (levelParams.length < 2) return
  const params = new Set<Name>()
  for (const param of levelParams) {
    if (params.has(param)) {
      const constant = displayName(declaration.name)
      throw new RejectedInput(`repeats the universe parameter ${displayName(param)}`, { ...place, constant })
    }
    params.add(param)
  }
}

const QUOTIENT_NAMES = { type: 'Quot', ctor: 'Quot.mk', lift: 'Quot.lift', ind: 'Quot.ind' } as const

/**
 * Quotients are no declarations of a user: each of the four constants has the name that Lean gives it.
 *
 * @throws RejectedInput
 */
export function checkQuotientName(declaration: Declaration & { kind: 'quotient' }, place: Place): void {
  const constant = displayName(declaration.name)
  const name = QUOTIENT_NAMES[declaration.quotKind]
  if (constant !== name)
    throw new RejectedInput(`is the quotient constant ${name} under another name`, { ...place, constant })
}

/**
 * Rules that hold between the records of an inductive block: every type lists its constructors in their order, nothing else is a
 * constructor, all have the type's universe parameters, and each recursor is named after what it eliminates, in the order of the
 * block. Whether they are the right recursors is for the kernel to decide.
 *
 * @throws RejectedInput
 */
export function checkInductiveBlock(block: readonly Declaration[], place: Place): void {
  const reject = (declaration: Declaration, reason: string): never => {
    throw new RejectedInput(reason, { ...place, constant: displayName(declaration.name) })
  }
  const ctors = new Map<Name, Declaration & { kind: 'constructor' }>()
  const types = new Map<Name, Declaration & { kind: 'inductive' }>()
  const { levelParams } = block[0]!
  for (const record of block) {
    // A recursor may have one more, in front.
    const own = record.levelParams
    const more = record.kind === 'recursor' && own.length > levelParams.length ? 1 : 0
    if (own.length !== levelParams.length + more || levelParams.some((param, i) => own[i + more] !== param))
      reject(record, `has other universe parameters than ${displayName(block[0]!.name)}`)
    if (record.kind === 'constructor') {
      if (ctors.has(record.name)) reject(record, 'is declared twice')
      ctors.set(record.name, record)
    } else if (record.kind === 'inductive') {
      if (types.has(record.name)) reject(record, 'is declared twice')
      types.set(record.name, record)
    }
  }
  for (const record of block) {
    if (record.kind === 'inductive') {
      if (isReserved(record.name)) reject(record, 'has a name that Lean keeps for nested occurrences')
      if (!sameMembers(record.all, types))
        reject(record, 'names other types as its block than the block declares')
      for (const [index, name] of record.ctors.entries()) {
        const ctor = ctors.get(name)
        if (ctor === undefined) {
          reject(record, `lists the constructor ${displayName(name)}, which its block does not declare`)
        } else if (ctor.inductive !== record.name || ctor.cidx !== index) {
          reject(ctor, `is constructor ${index} of ${displayName(record.name)} but claims another place`)
        }
        ctors.delete(name)
      }
    } else if (record.kind === 'recursor') {
      if (!sameMembers(record.all, types))
        reject(record, 'is a recursor of other types than its block declares')
      const position = recursorPosition(record.name, record.all, types)
      if (position === undefined) reject(record, 'is not the name of a recursor of its block')
      else checkTarget(record, position, types, reject)
    }
  }
  for (const ctor of ctors.values()) reject(ctor, 'is a constructor that no type of its block lists')
}

/** `_nested...`: the types that Lean's kernel makes of nested occurrences. */
function isReserved(name: Name): boolean {
  let root = name
  while (root.kind !== 'anonymous' && root.prefix.kind !== 'anonymous') root = root.prefix
  return root.kind === 'str' && root.part.startsWith('_nested')
}

function sameMembers(all: readonly Name[], types: ReadonlyMap<Name, unknown>): boolean {
  return all.length === types.size && new Set(all).size === all.length && all.every(name => types.has(name))
}

/**
 * The motive that a recursor of this name eliminates into: `T.rec` into that of the type T of the block, `T.rec_i` of its first
 * type into those of the nested occurrences, counted from 1, which come behind. `undefined`: no recursor of the block has it.
 */
function recursorPosition(
  name: Name,
  all: readonly Name[],
  types: ReadonlyMap<Name, { readonly numNested: number }>,
): number | undefined {
  if (name.kind !== 'str') return undefined
  if (name.part === 'rec') return types.has(name.prefix) ? all.indexOf(name.prefix) : undefined
  const number = /^rec_([1-9][0-9]*)$/.exec(name.part)?.[1]
  if (number === undefined || name.prefix !== all[0] || Number(number) > types.get(all[0]!)!.numNested)
    return undefined
  return all.length + Number(number) - 1
}

/** Types without a conclusion are left to the kernel, which rejects them. */
function checkTarget(
  recursor: Declaration & { kind: 'recursor' },
  position: number,
  types: ReadonlyMap<Name, { readonly numNested: number }>,
  reject: (declaration: Declaration, reason: string) => never,
): void {
  const { all, numMotives } = recursor
  const conclusion = conclusionOf(recursor)
  if (conclusion === undefined) return
  const motives = all.length + types.get(all[0]!)!.numNested
  if (numMotives !== motives)
    reject(recursor, `has ${numMotives} motives where its block has ${motives} types`)
  const { motive, major } = conclusion
  const own = all[position]
  if (motive !== position || major === undefined || (own === undefined ? types.has(major) : major !== own))
    reject(recursor, 'eliminates another type than its name says')
}
