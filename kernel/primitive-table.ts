/**
 * The primitive table of a check: which addresses the kernel may treat as the Nat, String, ... operations that it knows,
 * and how it convinces itself that they are (primitives.aiur). Public input 2 of a check is the table's digest.
 */
import { type Address, addressOf, ZERO_ADDRESS } from '../ixon/address.js'
import { ByteWriter } from '../ixon/bytes.js'
import { writeTag0 } from '../ixon/tags.js'
import { type ConstantBytes, closureOf } from './closure.js'
import type { ConstantShape } from './constant-shape.js'
import { TRUSTED_CODE, type Trust } from './trusted-code.js'

/** How an entry is justified; the numbers of the serialised table. */
export const METHOD = { absent: 0, equations: 1, witnesses: 2, assumed: 3 } as const

export type Method = (typeof METHOD)[keyof typeof METHOD]

interface Primitive {
  readonly name: string
  /** Whether the circuit knows equations of the body; those of a fast algorithm need structural recursion. */
  readonly equations: 'none' | 'any' | 'structural'
  /** Theorems that determine the function, in the order of witnesses.aiur. */
  readonly witnesses: readonly string[]
  /** Whether the claim may assume that a primitive whose body is missing is the standard one. */
  readonly assumable: boolean
  /** Primitives that the equations and the witnesses speak of, besides those that the body mentions. */
  readonly support: { readonly equations: readonly string[]; readonly witnesses: readonly string[] }
}

/**
 * What Lean answers by running compiled code: in the table, and unfolded (nat_reduce.aiur), only where a check allows it.
 */
const COMPILED: readonly string[] = [
  'Lean.reduceBool',
  'Lean.reduceNat',
] satisfies (typeof TRUSTED_CODE)[number][]

const NO_SUPPORT = { equations: [], witnesses: [] }

const byEquations = (name: string): Primitive => ({
  name,
  equations: 'any',
  witnesses: [],
  assumable: false,
  support: NO_SUPPORT,
})

const division = (name: string, witnesses: readonly string[]): Primitive => ({
  name,
  equations: 'structural',
  witnesses: ['Nat.div_add_mod', 'Nat.mod_lt', ...witnesses],
  assumable: true,
  support: {
    equations: ['Nat.sub', 'Nat.le'],
    witnesses: ['Eq', 'Nat.add', 'Nat.mul', 'Nat.div', 'Nat.mod', 'Nat.le'],
  },
})

const byWitnesses = (name: string, witnesses: readonly string[], support: readonly string[]): Primitive => ({
  name,
  equations: 'none',
  witnesses,
  assumable: true,
  support: { ...NO_SUPPORT, witnesses: ['Eq', ...support] },
})

/** land, lor, xor, whose theorems are named after the second name. */
const bitwise = (name: string, verb: string): Primitive =>
  byWitnesses(
    name,
    [`${verb}_div_two`, `${verb}_mod_two_pow`, `${verb}_zero`, `zero_${verb}`, `${verb}_self`].map(
      witness => `Nat.${witness}`,
    ),
    ['Nat.pow', 'Nat.div', 'Nat.mod'],
  )

const byHalving = (name: string, equations: 'any' | 'structural'): Primitive => ({
  name,
  equations,
  witnesses: [],
  assumable: true,
  support: { ...NO_SUPPORT, equations: ['Nat.div'] },
})

/** Entry i has number i + 1. */
export const PRIMITIVES: readonly Primitive[] = [
  ...['Nat', 'Nat.zero', 'Nat.succ', 'Nat.pred', 'Nat.add', 'Nat.sub', 'Nat.mul', 'Nat.pow'].map(byEquations),
  division('Nat.div', ['Nat.div_zero']),
  division('Nat.mod', []),
  byWitnesses('Nat.gcd', ['Nat.gcd_zero_left', 'Nat.gcd_rec'], ['Nat.mod']),
  byEquations('Nat.beq'),
  byEquations('Nat.ble'),
  bitwise('Nat.land', 'and'),
  bitwise('Nat.lor', 'or'),
  bitwise('Nat.xor', 'xor'),
  byEquations('Nat.shiftLeft'),
  byHalving('Nat.shiftRight', 'any'),
  byHalving('Nat.log2', 'structural'),
  ...['Bool', 'Bool.false', 'Bool.true', 'String', 'String.ofList', 'Char', 'Char.ofNat'].map(byEquations),
  ...['List', 'List.nil', 'List.cons', 'Eq', 'Eq.refl', 'Lean.reduceBool', 'Lean.reduceNat'].map(byEquations),
  byEquations('Nat.le'),
]

export function isPrimitive(name: string): boolean {
  return PRIMITIVES.some(primitive => primitive.name === name)
}

function primitiveOf(name: string): Primitive {
  return PRIMITIVES.find(primitive => primitive.name === name)!
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
export interface PrimitiveNames extends ConstantBytes {
  addressOf(name: string): Address | undefined
  readonly placeholders: { has(name: string): boolean }
}

/**
 * The table of an environment. What is allowed stands in it, so that a claim is one about a check that allowed it: functions
 * under their numbers, axioms behind all numbers, where no rule of the kernel knows them. A Check claim walks them as it does
 * all entries.
 *
 * What rests on trusted code that is not allowed justifies nothing: a primitive with such a witness does not compute.
 *
 * @param wanted names of what to enter as far as the environment holds it; default all
 * @param trust in compiled code (trusted-code.ts); default none allowed, none known
 */
export function primitiveTable(
  names: PrimitiveNames,
  wanted?: ReadonlySet<string>,
  trust: Trust = { allowed: new Map(), barred: new Set() },
): PrimitiveTable {
  const isWanted = (name: string): boolean => wanted?.has(name) !== false
  const code = witnessCode(names, trust)
  const isBarred = (name: string): boolean => code(name).some(address => trust.barred.has(address))
  const sharing = new Map<Address, number>()
  for (const { name } of PRIMITIVES) {
    const address = names.addressOf(name)
    if (address !== undefined) sharing.set(address, (sharing.get(address) ?? 0) + 1)
  }
  const entries = PRIMITIVES.filter(({ name }) => !COMPILED.includes(name)).map(primitive => {
    const { name } = primitive
    const address = names.addressOf(name)
    if (!isWanted(name)) return absent(name)
    if (address === undefined)
      return (name === 'String.ofList' ? literalParts(names) : undefined) ?? absent(name)
    const method = methodOf(names, name, isBarred)
    // Bare statements of one type have one address: such a constant cannot be assumed to be any of its functions.
    const ambiguous = method === METHOD.assumed && sharing.get(address)! > 1
    if (ambiguous || method === METHOD.absent) return absent(name)
    const witnesses =
      method === METHOD.witnesses ? primitive.witnesses.map(witness => names.addressOf(witness)!) : []
    return { name, address, method, witnesses }
  })
  const byWitness = new Set(
    entries.flatMap(({ name, method }) => (method === METHOD.witnesses ? code(name) : [])),
  )
  const granted = (name: string): PrimitiveEntry => {
    const address = trust.allowed.get(name)
    return address !== undefined && (isWanted(name) || byWitness.has(address))
      ? { name, address, method: METHOD.equations, witnesses: [] }
      : absent(name)
  }
  const axioms = TRUSTED_CODE.filter(name => !COMPILED.includes(name)).map(granted)
  return tableOf([
    ...PRIMITIVES.map(({ name }) => entries.find(entry => entry.name === name) ?? granted(name)),
    ...axioms.filter(({ method }) => method !== METHOD.absent),
  ])
}

/** Trusted code that the witnesses of a primitive rest on. */
function witnessCode(
  names: PrimitiveNames,
  { allowed, barred }: Trust,
): (primitive: string) => readonly Address[] {
  const code = [...allowed.values(), ...barred]
  const found = new Map<string, readonly Address[]>()
  return primitive => {
    if (code.length === 0) return []
    let known = found.get(primitive)
    if (known === undefined) {
      const witnesses = primitiveOf(primitive).witnesses.flatMap(witness => names.addressOf(witness) ?? [])
      const closure = closureOf(names, witnesses)
      known = code.filter(address => closure.has(address))
      found.set(primitive, known)
    }
    return known
  }
}

/** Names of the trusted code that a claim with this table allows. */
export function allowedIn(table: PrimitiveTable): string[] {
  const names: readonly string[] = TRUSTED_CODE
  return table.entries
    .filter(({ name, method }) => method !== METHOD.absent && names.includes(name))
    .map(({ name }) => name)
}

/** How a primitive is justified, if it is there and can be. A primitive that rests on an absent one is absent, too. */
function methodOf(
  names: PrimitiveNames,
  name: string,
  isBarred: (primitive: string) => boolean = () => false,
): Method {
  const { equations, witnesses, assumable, support } = primitiveOf(name)
  const address = names.addressOf(name)
  if (address === undefined) return METHOD.absent
  if (isHidden(names, name, address)) return assumable ? METHOD.assumed : METHOD.absent
  // Quotient and remainder speak of each other, and of themselves.
  const present = (other: string): boolean =>
    primitiveOf(other).support.witnesses.includes(name)
      ? names.addressOf(other) !== undefined
      : methodOf(names, other, isBarred) !== METHOD.absent
  const byEquations = equations === 'any' || (equations === 'structural' && isStructural(names, address))
  if (byEquations && support.equations.every(present)) return METHOD.equations
  const stated = witnesses.every(witness => names.addressOf(witness) !== undefined)
  const held = witnesses.length > 0 && stated && !isBarred(name)
  return held && support.witnesses.every(present) ? METHOD.witnesses : METHOD.absent
}

const HEADER_AXIOM = 0xd2

/** Is the body missing: left out of the public part of a library, or of an export? */
function isHidden(names: PrimitiveNames, name: string, address: Address): boolean {
  return names.placeholders.has(name) || names.bytes(address)[0] === HEADER_AXIOM
}

/** Equations of a recursion on proofs of accessibility do not hold by conversion. */
const WELL_FOUNDED = ['WellFounded.fix', 'WellFounded.Nat.fix']

function isStructural(names: PrimitiveNames, address: Address): boolean {
  const closure = closureOf(names, [address])
  return !WELL_FOUNDED.some(name => closure.has(names.addressOf(name) ?? ZERO_ADDRESS))
}

/**
 * What the body of String.ofList is made of: string literals mean that body where the function itself is not declared.
 * The first is what it applies, the others are the entry's witnesses (strings.aiur).
 */
const STRING_PARTS = [
  'String.ofByteArray',
  'List.utf8Encode',
  'ByteArray.IsValidUTF8.intro',
  'Eq.refl',
  'ByteArray',
]

function literalParts(names: PrimitiveNames): PrimitiveEntry | undefined {
  const [address, ...witnesses] = STRING_PARTS.map(part => names.addressOf(part))
  if (address === undefined || witnesses.includes(undefined)) return undefined
  return { name: 'String.ofList', address, method: METHOD.witnesses, witnesses: witnesses as Address[] }
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
  const shapes = [...closure.values()]
  const add = (group: readonly string[]): void => {
    for (const name of group) needed.add(name)
  }
  const strings = shapes.some(shape => shape?.usesStringLiterals)
  if (strings) add(STRING)
  if (strings || shapes.some(shape => shape?.usesNatLiterals)) {
    add(NAT)
    for (const { name } of PRIMITIVES) {
      const address = names.addressOf(name)
      if (name.startsWith('Nat.') && address !== undefined && closure.has(address)) needed.add(name)
    }
  }
  if (needed.has('Nat.beq') || needed.has('Nat.ble')) add(BOOL)
  add(TRUSTED_CODE.filter(name => closure.has(names.addressOf(name) ?? ZERO_ADDRESS)))
  // A set is walked in the order in which it grows.
  for (const name of needed) {
    if (!isPrimitive(name)) continue
    const method = methodOf(names, name)
    if (method === METHOD.equations) add(primitiveOf(name).support.equations)
    if (method === METHOD.witnesses) add(primitiveOf(name).support.witnesses)
  }
  return needed
}

/** What the circuit checks with all that it reaches before the entry computes (fuel.aiur, witnesses.aiur). */
export function checkedBeforeUse({ name, address, method, witnesses }: PrimitiveEntry): readonly Address[] {
  const byFuel = method === METHOD.equations && (name === 'Nat.div' || name === 'Nat.mod')
  return byFuel ? [address] : witnesses
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
