/**
 * Claims: what a proof establishes, as bytes (ixon.md 6.1). The digest of the bytes is the public input of the circuit.
 */
import { type Address, addressBytes, addressFromBytes, addressOf } from '../ixon/address.js'
import { ByteReader, ByteWriter } from '../ixon/bytes.js'
import { readTag0, writeTag0 } from '../ixon/tags.js'

export type Claim =
  /** `input` evaluates to `output`; the format has it, no checker implements it. */
  | {
      readonly kind: 'eval'
      readonly input: Address
      readonly output: Address
      readonly assumptions?: Address
    }
  /** The constant and all it reaches is well typed, modulo the leaves of the assumption tree. */
  | { readonly kind: 'check'; readonly constant: Address; readonly assumptions?: Address }
  /** Every leaf of the tree with this root is well typed, modulo the leaves of the assumption tree. */
  | { readonly kind: 'checkEnv'; readonly root: Address; readonly assumptions?: Address }
  /** The committed constant has these field values. */
  | { readonly kind: 'reveal'; readonly commitment: Address; readonly constant: Revealed }
  /** The constant is a leaf of the tree with this root. */
  | { readonly kind: 'contains'; readonly tree: Address; readonly constant: Address }

const TAG = { eval: 0xe3, check: 0xe4, checkEnv: 0xe5, reveal: 0xe6, contains: 0xe7 } as const

/** How a revealed field is written: one byte, Tag0, an address (or the hash of an expression), or a list. */
type FieldType = 'byte' | 'number' | 'address' | 'rules' | 'constructors'

type Schema = readonly (readonly [name: string, type: FieldType])[]

const DEFINITION = [
  ['kind', 'byte'],
  ['safety', 'byte'],
  ['levels', 'number'],
  ['type', 'address'],
  ['value', 'address'],
] as const
const RECURSOR = [
  ['k', 'byte'],
  ['unsafe', 'byte'],
  ['levels', 'number'],
  ['params', 'number'],
  ['indices', 'number'],
  ['motives', 'number'],
  ['minors', 'number'],
  ['type', 'address'],
  ['rules', 'rules'],
] as const
const INDUCTIVE = [
  ['unsafe', 'byte'],
  ['levels', 'number'],
  ['params', 'number'],
  ['indices', 'number'],
  ['type', 'address'],
  ['constructors', 'constructors'],
] as const
const CONSTRUCTOR = [
  ['unsafe', 'byte'],
  ['levels', 'number'],
  ['cidx', 'number'],
  ['params', 'number'],
  ['fields', 'number'],
  ['type', 'address'],
] as const
const MEMBER_PROJECTION = [
  ['index', 'number'],
  ['block', 'address'],
] as const

/** Field lists in the order of their mask bits, by variant byte. */
const VARIANTS = [
  ['definition', DEFINITION],
  ['recursor', RECURSOR],
  [
    'axiom',
    [
      ['unsafe', 'byte'],
      ['levels', 'number'],
      ['type', 'address'],
    ],
  ],
  [
    'quotient',
    [
      ['kind', 'byte'],
      ['levels', 'number'],
      ['type', 'address'],
    ],
  ],
  [
    'constructorProjection',
    [
      ['index', 'number'],
      ['cidx', 'number'],
      ['block', 'address'],
    ],
  ],
  ['recursorProjection', MEMBER_PROJECTION],
  ['inductiveProjection', MEMBER_PROJECTION],
  ['definitionProjection', MEMBER_PROJECTION],
] as const satisfies readonly (readonly [string, Schema])[]
const BLOCK_VARIANT = 8

/** Member variants of a block, by their byte. */
const MEMBERS = [
  ['definition', DEFINITION],
  ['inductive', INDUCTIVE],
  ['recursor', RECURSOR],
] as const

/** Names of the fields that a constant, a member of a block or a constructor of this kind may reveal; none for a block. */
export function fieldNames(kind: string): string[] {
  const schemas: readonly (readonly [string, Schema])[] = [
    ...VARIANTS,
    ...MEMBERS,
    ['constructor', CONSTRUCTOR],
  ]
  const schema = schemas.find(([name]) => name === kind)?.[1] ?? []
  return schema.map(([name]) => name)
}

export interface RevealedRule {
  readonly index: number
  readonly fields: number
  /** Hash of the right-hand side. */
  readonly rhs: Address
}

export interface RevealedConstructor {
  readonly index: number
  readonly fields: RevealedFields
}

/** Revealed fields by name; absent fields stay hidden. Expressions are the BLAKE3 of their serialised form. */
export interface RevealedFields {
  readonly [field: string]: number | Address | readonly RevealedRule[] | readonly RevealedConstructor[]
}

export interface RevealedMember {
  readonly index: number
  readonly kind: (typeof MEMBERS)[number][0]
  readonly fields: RevealedFields
}

export type Revealed =
  | { readonly kind: (typeof VARIANTS)[number][0]; readonly fields: RevealedFields }
  | { readonly kind: 'block'; readonly members?: readonly RevealedMember[] }

/** Serialised claim. */
export function encodeClaim(claim: Claim): Uint8Array {
  const writer = new ByteWriter()
  writer.byte(TAG[claim.kind])
  switch (claim.kind) {
    case 'eval':
      writer.address(claim.input)
      writer.address(claim.output)
      writeOptional(writer, claim.assumptions)
      break
    case 'check':
      writer.address(claim.constant)
      writeOptional(writer, claim.assumptions)
      break
    case 'checkEnv':
      writer.address(claim.root)
      writeOptional(writer, claim.assumptions)
      break
    case 'reveal':
      writer.address(claim.commitment)
      writeRevealed(writer, claim.constant)
      break
    case 'contains':
      writer.address(claim.tree)
      writer.address(claim.constant)
      break
  }
  return writer.finish()
}

function writeOptional(writer: ByteWriter, address: Address | undefined): void {
  writer.byte(address === undefined ? 0 : 1)
  if (address !== undefined) writer.address(address)
}

function writeRevealed(writer: ByteWriter, revealed: Revealed): void {
  if (revealed.kind === 'block') {
    writer.byte(BLOCK_VARIANT)
    writeTag0(writer, revealed.members === undefined ? 0 : 1)
    if (revealed.members === undefined) return
    writeTag0(writer, revealed.members.length)
    for (const member of revealed.members) {
      const variant = MEMBERS.findIndex(([kind]) => kind === member.kind)
      writeTag0(writer, member.index)
      writer.byte(variant)
      writeFields(writer, MEMBERS[variant]![1], member.fields)
    }
    return
  }
  const variant = VARIANTS.findIndex(([kind]) => kind === revealed.kind)
  writer.byte(variant)
  writeFields(writer, VARIANTS[variant]![1], revealed.fields)
}

function writeFields(writer: ByteWriter, schema: Schema, fields: RevealedFields): void {
  writeTag0(
    writer,
    schema.reduce((mask, [name], bit) => (name in fields ? mask | (1 << bit) : mask), 0),
  )
  for (const [name, type] of schema) if (name in fields) writeField(writer, type, fields[name]!)
}

function writeField(writer: ByteWriter, type: FieldType, value: RevealedFields[string]): void {
  switch (type) {
    case 'byte':
      writer.byte(value as number)
      break
    case 'number':
      writeTag0(writer, value as number)
      break
    case 'address':
      writer.address(value as Address)
      break
    case 'rules': {
      const rules = value as readonly RevealedRule[]
      writeTag0(writer, rules.length)
      for (const rule of rules) {
        writeTag0(writer, rule.index)
        writeTag0(writer, rule.fields)
        writer.address(rule.rhs)
      }
      break
    }
    case 'constructors': {
      const constructors = value as readonly RevealedConstructor[]
      writeTag0(writer, constructors.length)
      for (const { index, fields } of constructors) {
        writeTag0(writer, index)
        writeFields(writer, CONSTRUCTOR, fields)
      }
    }
  }
}

/**
 * Reads a serialised claim. Throws InputError on unknown forms, non-minimal numbers, unknown fields, trailing bytes.
 *
 * @param offset of the claim in the file
 */
export function readClaim(bytes: Uint8Array, file?: string, offset?: number): Claim {
  const reader = new ByteReader(bytes, { file, offset })
  const claim = readClaimBody(reader)
  reader.end('the claim')
  return claim
}

function readClaimBody(reader: ByteReader): Claim {
  const tag = reader.byte()
  switch (tag) {
    case TAG.eval:
      return { kind: 'eval', input: reader.address(), output: reader.address(), ...readAssumptions(reader) }
    case TAG.check:
      return { kind: 'check', constant: reader.address(), ...readAssumptions(reader) }
    case TAG.checkEnv:
      return { kind: 'checkEnv', root: reader.address(), ...readAssumptions(reader) }
    case TAG.reveal:
      return { kind: 'reveal', commitment: reader.address(), constant: readRevealed(reader) }
    case TAG.contains:
      return { kind: 'contains', tree: reader.address(), constant: reader.address() }
    default:
      return reader.fail(`not a claim: unknown tag ${tag}`, 0)
  }
}

function readAssumptions(reader: ByteReader): { assumptions?: Address } {
  const flag = reader.byte()
  if (flag > 1) reader.fail(`bad option byte ${flag} before the assumption root`, reader.position - 1)
  return flag === 1 ? { assumptions: reader.address() } : {}
}

function readRevealed(reader: ByteReader): Revealed {
  const variant = reader.byte()
  if (variant === BLOCK_VARIANT) {
    if (readMask(reader, 1) === 0) return { kind: 'block' }
    const members: RevealedMember[] = []
    for (let rest = reader.count(readTag0(reader), 3, 'block members'); rest > 0; rest--) {
      const index = readTag0(reader)
      const member = reader.byte()
      const [kind, schema] =
        MEMBERS[member] ?? reader.fail(`unknown block member ${member}`, reader.position - 1)
      members.push({ index, kind, fields: readFields(reader, schema) })
    }
    return { kind: 'block', members }
  }
  const [kind, schema] = VARIANTS[variant] ?? reader.fail(`unknown constant ${variant}`, reader.position - 1)
  return { kind, fields: readFields(reader, schema) }
}

function readMask(reader: ByteReader, fields: number): number {
  const mask = readTag0(reader)
  if (mask >= 1 << fields) reader.fail(`unknown fields in mask ${mask}`)
  return mask
}

function readFields(reader: ByteReader, schema: Schema): RevealedFields {
  const mask = readMask(reader, schema.length)
  const fields: Record<string, RevealedFields[string]> = {}
  schema.forEach(([name, type], bit) => {
    if ((mask >> bit) & 1) fields[name] = readField(reader, type)
  })
  return fields
}

function readField(reader: ByteReader, type: FieldType): RevealedFields[string] {
  switch (type) {
    case 'byte':
      return reader.byte()
    case 'number':
      return readTag0(reader)
    case 'address':
      return reader.address()
    case 'rules': {
      const rules: RevealedRule[] = []
      for (let rest = reader.count(readTag0(reader), 34, 'rules'); rest > 0; rest--)
        rules.push({ index: readTag0(reader), fields: readTag0(reader), rhs: reader.address() })
      return rules
    }
    case 'constructors': {
      const constructors: RevealedConstructor[] = []
      for (let rest = reader.count(readTag0(reader), 2, 'constructors'); rest > 0; rest--)
        constructors.push({ index: readTag0(reader), fields: readFields(reader, CONSTRUCTOR) })
      return constructors
    }
  }
}

/** BLAKE3 of the serialised claim. */
export function claimDigest(claim: Claim): Address {
  return addressOf(encodeClaim(claim))
}

/** A digest as eight little-endian 32-bit words: the public input of a check. */
export function publicInput(digest: Address): number[] {
  const bytes = addressBytes(digest)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true))
}

/** Inverse of {@link publicInput}. */
export function digestOfWords(words: readonly number[]): Address {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 8; i++) view.setUint32(4 * i, words[i]!, true)
  return addressFromBytes(bytes)
}
