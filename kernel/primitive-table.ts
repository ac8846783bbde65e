/**
 * The primitive table of a check: which addresses the kernel may treat as the Nat, String, ... operations that it knows,
 * and how it convinces itself that they are (primitives.aiur). Public input 2 of a check is the table's digest.
 */
import { type Address, addressOf, ZERO_ADDRESS } from '../ixon/address.js'
import { ByteWriter } from '../ixon/bytes.js'
import { writeTag0 } from '../ixon/tags.js'
import type { ConstantShape } from './constant-shape.js'

/** How an entry is justified; the numbers of the serialised table. */
export const METHOD = { absent: 0, equations: 1, witnesses: 2, assumed: 3 } as const

export type Method = (typeof METHOD)[keyof typeof METHOD]

interface Primitive {
  readonly name: string
  /** Used when the environment holds the primitive's body, and the witnesses if it takes any. */
  readonly method: Method
  /** Whether the claim may assume that a primitive which cannot be justified otherwise is the standard one. */
  readonly assumable: boolean
  /** Theorems that determine the function, in the order of witnesses.aiur, and primitives that they speak of. */
  readonly witnesses: readonly string[]
  readonly support: readonly string[]
}

const byEquations = (name: string): Primitive => ({
  name,
  method: METHOD.equations,
  assumable: false,
  witnesses: [],
  support: [],
})

const byWitnesses = (name: string, witnesses: readonly string[], support: readonly string[]): Primitive => ({
  name,
  method: METHOD.witnesses,
  assumable: true,
  witnesses,
  support: ['Eq', ...support],
})

const DIVISION = ['Nat.add', 'Nat.mul', 'Nat.div', 'Nat.mod', 'Nat.le']

/** land, lor, xor, whose theorems are named after the second name. */
const bitwise = (name: string, verb: string): Primitive =>
  byWitnesses(
    name,
    [`${verb}_div_two`, `${verb}_mod_two_pow`, `${verb}_zero`, `zero_${verb}`, `${verb}_self`].map(
      witness => `Nat.${witness}`,
    ),
    ['Nat.pow', 'Nat.div', 'Nat.mod'],
  )

/** Entry i has number i + 1. */
export const PRIMITIVES: readonly Primitive[] = [
  ...['Nat', 'Nat.zero', 'Nat.succ', 'Nat.pred', 'Nat.add', 'Nat.sub', 'Nat.mul', 'Nat.pow'].map(byEquations),
  byWitnesses('Nat.div', ['Nat.div_add_mod', 'Nat.mod_lt', 'Nat.div_zero'], DIVISION),
  byWitnesses('Nat.mod', ['Nat.div_add_mod', 'Nat.mod_lt'], DIVISION),
  byWitnesses('Nat.gcd', ['Nat.gcd_zero_left', 'Nat.gcd_rec'], ['Nat.mod']),
  byEquations('Nat.beq'),
  byEquations('Nat.ble'),
  bitwise('Nat.land', 'and'),
  bitwise('Nat.lor', 'or'),
  bitwise('Nat.xor', 'xor'),
  byEquations('Nat.shiftLeft'),
  { ...byEquations('Nat.shiftRight'), assumable: true },
  { ...byEquations('Nat.log2'), method: METHOD.assumed, assumable: true },
  ...['Bool', 'Bool.false', 'Bool.true', 'String', 'String.ofList', 'Char', 'Char.ofNat'].map(byEquations),
  ...['List', 'List.nil', 'List.cons', 'Eq', 'Eq.refl', 'Lean.reduceBool', 'Lean.reduceNat'].map(byEquations),
  byEquations('Nat.le'),
]

export function isPrimitive(name: string): boolean {
  return PRIMITIVES.some(primitive => primitive.name === name)
}

export interface PrimitiveEntry {
  readonly name: string
  readonly address: Address
  readonly method: Method
  readonly witnesses: readonly Address[]
}

export interface PrimitiveTable {
  readonly entries: readonly PrimitiveEntry[]
  readonly bytes: Uint8Array
  readonly digest: Address
}

/** What the table is made from: an environment, or a fixture. */
export interface PrimitiveNames {
  addressOf(name: string): Address | undefined
  readonly placeholders: { has(name: string): boolean }
}

/**
 * The table of an environment.
 *
 * @param wanted names of the primitives to enter as far as the environment holds them; default all
 */
export function primitiveTable(names: PrimitiveNames, wanted?: ReadonlySet<string>): PrimitiveTable {
  const sharing = new Map<Address, number>()
  for (const { name } of PRIMITIVES) {
    const address = names.addressOf(name)
    if (address !== undefined) sharing.set(address, (sharing.get(address) ?? 0) + 1)
  }
  return tableOf(
    PRIMITIVES.map(primitive => {
      const { name } = primitive
      const address = names.addressOf(name)
      if (address === undefined || wanted?.has(name) === false) return absent(name)
      const method = methodOf(names, primitive)
      // Bare statements of one type have one address: such a constant cannot be assumed to be any of its functions.
      const ambiguous = method === METHOD.assumed && sharing.get(address)! > 1
      if (ambiguous || method === METHOD.absent) return absent(name)
      const witnesses =
        method === METHOD.witnesses ? primitive.witnesses.map(witness => names.addressOf(witness)!) : []
      return { name, address, method, witnesses }
    }),
  )
}

/** How a primitive that the environment holds is justified. */
function methodOf(names: PrimitiveNames, { name, method, assumable, witnesses, support }: Primitive): Method {
  const held = (constant: string): boolean => names.addressOf(constant) !== undefined
  if (!names.placeholders.has(name))
    if (method !== METHOD.witnesses || [...witnesses, ...support].every(held)) return method
  return assumable ? METHOD.assumed : METHOD.absent
}

const NAT = ['Nat', 'Nat.zero', 'Nat.succ']
const BOOL = ['Bool', 'Bool.false', 'Bool.true']
const STRING = ['String', 'String.ofList', 'Char', 'Char.ofNat', 'List', 'List.nil', 'List.cons']

/**
 * Primitives that matter to constants with these shapes, by address: those that occur, and what literals and
 * comparisons turn into.
 */
export function neededPrimitives(
  names: PrimitiveNames,
  closure: ReadonlyMap<Address, ConstantShape | undefined>,
): Set<string> {
  const needed = new Set<string>()
  for (const { name } of PRIMITIVES) {
    const address = names.addressOf(name)
    if (address !== undefined && closure.has(address)) needed.add(name)
  }
  const shapes = [...closure.values()]
  const add = (group: readonly string[]): void => {
    for (const name of group) needed.add(name)
  }
  if (shapes.some(shape => shape?.usesStringLiterals)) add([...STRING, ...NAT])
  if (shapes.some(shape => shape?.usesNatLiterals) || [...needed].some(name => name.startsWith('Nat.')))
    add(NAT)
  if (needed.has('Nat.beq') || needed.has('Nat.ble')) add(BOOL)
  // A set is walked in the order in which it grows.
  for (const name of needed) {
    const primitive = PRIMITIVES.find(entry => entry.name === name)!
    if (names.addressOf(name) !== undefined && methodOf(names, primitive) === METHOD.witnesses)
      add(primitive.support)
  }
  return needed
}

function absent(name: string): PrimitiveEntry {
  return { name, address: ZERO_ADDRESS, method: METHOD.absent, witnesses: [] }
}

/** Serialises entries: Tag0 count, then for each its method and, unless absent, its address and witnesses. */
export function tableOf(entries: readonly PrimitiveEntry[]): PrimitiveTable {
  const writer = new ByteWriter()
  writeTag0(writer, entries.length)
  for (const { method, address, witnesses } of entries) {
    writer.byte(method)
    if (method === METHOD.absent) continue
    writer.address(address)
    if (method !== METHOD.witnesses) continue
    writeTag0(writer, witnesses.length)
    for (const witness of witnesses) writer.address(witness)
  }
  const bytes = writer.finish()
  return { entries, bytes, digest: addressOf(bytes) }
}
