import type { Declaration, Name } from './declaration.js'
import { type Place, RejectedInput } from './input-error.js'
import { displayName } from './name.js'

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

/**
 * Rules that hold between the records of an inductive block: every type lists its constructors in their order, nothing else is a
 * constructor, and recursors are called and say that they belong to the block's types. Whether they are the right recursors is
 * for the kernel to decide.
 *
 * @throws RejectedInput
 */
export function checkInductiveBlock(block: readonly Declaration[], place: Place): void {
  const reject = (declaration: Declaration, reason: string): never => {
    throw new RejectedInput(reason, { ...place, constant: displayName(declaration.name) })
  }
  const ctors = new Map<Name, Declaration & { kind: 'constructor' }>()
  const types = new Map<Name, Declaration & { kind: 'inductive' }>()
  for (const record of block) {
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
      if (!isRecursorName(record.name, record.all, types))
        reject(record, 'is not the name of a recursor of its block')
    }
  }
  for (const ctor of ctors.values()) reject(ctor, 'is a constructor that no type of its block lists')
}

function sameMembers(all: readonly Name[], types: ReadonlyMap<Name, unknown>): boolean {
  return all.length === types.size && new Set(all).size === all.length && all.every(name => types.has(name))
}

/** `T.rec` for a type of the block; `T.rec_i` of its first type for the nested occurrences, counted from 1. */
function isRecursorName(
  name: Name,
  all: readonly Name[],
  types: ReadonlyMap<Name, { readonly numNested: number }>,
): boolean {
  if (name.kind !== 'str') return false
  if (name.part === 'rec') return types.has(name.prefix)
  const number = /^rec_([1-9][0-9]*)$/.exec(name.part)?.[1]
  return number !== undefined && name.prefix === all[0] && Number(number) <= types.get(all[0]!)!.numNested
}
