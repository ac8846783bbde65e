import { type Address, addressOf } from './address.js'
import { type ByteOrigin, ByteReader, ByteWriter } from './bytes.js'
import { type Expression, readExpression, visitExpressions, writeExpression } from './expression.js'
import { readTag0, readTag4Value, writeTag0, writeTag4 } from './tags.js'
import { readUniverse, type Universe, writeUniverse } from './universe.js'

export type DefinitionKind = 'definition' | 'opaque' | 'theorem'
export type DefinitionSafety = 'unsafe' | 'safe' | 'partial'
export type QuotientKind = 'type' | 'ctor' | 'lift' | 'ind'

export const DEFINITION_KINDS: readonly DefinitionKind[] = ['definition', 'opaque', 'theorem']
export const SAFETIES: readonly DefinitionSafety[] = ['unsafe', 'safe', 'partial']
export const QUOTIENT_KINDS: readonly QuotientKind[] = ['type', 'ctor', 'lift', 'ind']

/** `lvls`, `params`, `indices`, `motives`, `minors`, `fields` are counts (ixon.md 1.4). */
export interface Definition {
  readonly kind: 'defn'
  readonly form: DefinitionKind
  readonly safety: DefinitionSafety
  readonly lvls: number
  readonly type: Expression
  readonly value: Expression
}

/** Rule j belongs to constructor j. */
export interface Recursor {
  readonly kind: 'recr'
  readonly k: boolean
  readonly unsafe: boolean
  readonly lvls: number
  readonly params: number
  readonly indices: number
  readonly motives: number
  readonly minors: number
  readonly type: Expression
  readonly rules: readonly { readonly fields: number; readonly rhs: Expression }[]
}

export interface Constructor {
  readonly unsafe: boolean
  readonly lvls: number
  readonly cidx: number
  readonly params: number
  readonly fields: number
  readonly type: Expression
}

/** Occurs only as a member of a block. */
export interface Inductive {
  readonly kind: 'indc'
  readonly unsafe: boolean
  readonly lvls: number
  readonly params: number
  readonly indices: number
  readonly type: Expression
  readonly ctors: readonly Constructor[]
}

export type Member = Definition | Inductive | Recursor

export type Projection =
  | { readonly kind: 'cprj'; readonly idx: number; readonly cidx: number; readonly block: Address }
  | { readonly kind: 'rprj' | 'iprj' | 'dprj'; readonly idx: number; readonly block: Address }

export type ConstantInfo =
  | Definition
  | Recursor
  | { readonly kind: 'axio'; readonly unsafe: boolean; readonly lvls: number; readonly type: Expression }
  | { readonly kind: 'quot'; readonly form: QuotientKind; readonly lvls: number; readonly type: Expression }
  | Projection
  | { readonly kind: 'muts'; readonly members: readonly Member[] }

export interface Constant {
  readonly info: ConstantInfo
  /** Entry i may use `Share` only with an index below i. */
  readonly sharing: readonly Expression[]
  readonly refs: readonly Address[]
  readonly univs: readonly Universe[]
}

const VARIANT = { defn: 0, recr: 1, axio: 2, quot: 3, cprj: 4, rprj: 5, iprj: 6, dprj: 7 } as const
const FLAG_MUTS = 12
const FLAG_CONSTANT = 13
const MEMBER = { defn: 0, indc: 1, recr: 2 } as const

/** ixon.md 2.4. */
export function writeConstant(writer: ByteWriter, constant: Constant): void {
  const { info } = constant
  if (info.kind === 'muts') {
    writeTag4(writer, FLAG_MUTS, info.members.length)
    for (const member of info.members) {
      writer.byte(MEMBER[member.kind])
      writeMember(writer, member)
    }
  } else {
    writeTag4(writer, FLAG_CONSTANT, VARIANT[info.kind])
    switch (info.kind) {
      case 'defn':
      case 'recr':
        writeMember(writer, info)
        break
      case 'axio':
        writer.byte(info.unsafe ? 1 : 0)
        writeTag0(writer, info.lvls)
        writeExpression(writer, info.type)
        break
      case 'quot':
        writer.byte(QUOTIENT_KINDS.indexOf(info.form))
        writeTag0(writer, info.lvls)
        writeExpression(writer, info.type)
        break
      default:
        writeTag0(writer, info.idx)
        if (info.kind === 'cprj') writeTag0(writer, info.cidx)
        writer.address(info.block)
    }
  }
  writeTag0(writer, constant.sharing.length)
  for (const entry of constant.sharing) writeExpression(writer, entry)
  writeTag0(writer, constant.refs.length)
  for (const ref of constant.refs) writer.address(ref)
  writeTag0(writer, constant.univs.length)
  for (const universe of constant.univs) writeUniverse(writer, universe)
}

function writeMember(writer: ByteWriter, member: Member): void {
  switch (member.kind) {
    case 'defn':
      writer.byte((DEFINITION_KINDS.indexOf(member.form) << 2) | SAFETIES.indexOf(member.safety))
      writeTag0(writer, member.lvls)
      writeExpression(writer, member.type)
      writeExpression(writer, member.value)
      break
    case 'indc':
      writer.byte(member.unsafe ? 1 : 0)
      writeTag0(writer, member.lvls)
      writeTag0(writer, member.params)
      writeTag0(writer, member.indices)
      writeExpression(writer, member.type)
      writeTag0(writer, member.ctors.length)
      for (const ctor of member.ctors) {
        writer.byte(ctor.unsafe ? 1 : 0)
        writeTag0(writer, ctor.lvls)
        writeTag0(writer, ctor.cidx)
        writeTag0(writer, ctor.params)
        writeTag0(writer, ctor.fields)
        writeExpression(writer, ctor.type)
      }
      break
    case 'recr':
      writer.byte((member.k ? 1 : 0) | (member.unsafe ? 2 : 0))
      writeTag0(writer, member.lvls)
      writeTag0(writer, member.params)
      writeTag0(writer, member.indices)
      writeTag0(writer, member.motives)
      writeTag0(writer, member.minors)
      writeExpression(writer, member.type)
      writeTag0(writer, member.rules.length)
      for (const rule of member.rules) {
        writeTag0(writer, rule.fields)
        writeExpression(writer, rule.rhs)
      }
  }
}

export function encodeConstant(constant: Constant): Uint8Array {
  const writer = new ByteWriter()
  writeConstant(writer, constant)
  return writer.finish()
}

/** Bytes of a projection constant. */
export function encodeProjection(info: Projection): Uint8Array {
  return encodeConstant({ info, sharing: [], refs: [], univs: [] })
}

/** Address of a block member: the hash of its projection (ixon.md 3). */
export function projectionAddress(info: Projection): Address {
  return addressOf(encodeProjection(info))
}

/**
 * Strict inverse of {@link encodeConstant}: whatever it accepts encodes to the same bytes again. Checks that table
 * indices are in range and that sharing entries only look back; the rest is the kernel's concern.
 *
 * @throws InputError with the offset of the fault
 */
export function decodeConstant(bytes: Uint8Array, origin: ByteOrigin = {}): Constant {
  const reader = new ByteReader(bytes, origin)
  const info = readInfo(reader)
  const sharingStart = reader.position
  const sharing: Expression[] = []
  for (let left = reader.count(readTag0(reader), 1, 'sharing entries'); left > 0; left--)
    sharing.push(readExpression(reader))
  const refs: Address[] = []
  for (let left = reader.count(readTag0(reader), 32, 'references'); left > 0; left--)
    refs.push(reader.address())
  const univs: Universe[] = []
  for (let left = reader.count(readTag0(reader), 1, 'universes'); left > 0; left--)
    univs.push(readUniverse(reader))
  reader.end('the constant')
  const constant = { info, sharing, refs, univs }
  const check = (limit: number) => (node: Expression) => {
    const fault = indexFault(node, constant, limit)
    if (fault !== undefined) reader.fail(fault, sharingStart)
  }
  for (let i = 0; i < sharing.length; i++) visitExpressions([sharing[i]!], check(i))
  visitExpressions(infoExpressions(info), check(sharing.length))
  return constant
}

function indexFault(node: Expression, { refs, univs }: Constant, shares: number): string | undefined {
  switch (node.kind) {
    case 'sort':
      return node.universe < univs.length ? undefined : `universe ${node.universe} of ${univs.length}`
    case 'share':
      return node.index < shares ? undefined : `share ${node.index} where ${shares} are known`
    case 'ref':
    case 'rec':
      for (const universe of node.universes)
        if (universe >= univs.length) return `universe ${universe} of ${univs.length}`
      return node.kind === 'rec' || node.ref < refs.length
        ? undefined
        : `reference ${node.ref} of ${refs.length}`
    case 'prj':
    case 'str':
    case 'nat':
      return node.ref < refs.length ? undefined : `reference ${node.ref} of ${refs.length}`
    default:
      return undefined
  }
}

function readInfo(reader: ByteReader): ConstantInfo {
  const start = reader.position
  const head = reader.byte()
  const value = readTag4Value(reader, head)
  if (head >> 4 === FLAG_MUTS) {
    const members: Member[] = []
    for (let left = reader.count(value, 2, 'block members'); left > 0; left--)
      members.push(readBlockMember(reader))
    return { kind: 'muts', members }
  }
  if (head >> 4 !== FLAG_CONSTANT || value > 7)
    reader.fail(`byte 0x${head.toString(16)} does not start a constant`, start)
  switch (value) {
    case VARIANT.defn:
      return readDefinition(reader)
    case VARIANT.recr:
      return readRecursor(reader)
    case VARIANT.axio:
      return { kind: 'axio', unsafe: readFlag(reader), lvls: readTag0(reader), type: readExpression(reader) }
    case VARIANT.quot: {
      const form = QUOTIENT_KINDS[reader.byte()]
      if (form === undefined) reader.fail('an unknown quotient kind', reader.position - 1)
      return { kind: 'quot', form, lvls: readTag0(reader), type: readExpression(reader) }
    }
    case VARIANT.cprj:
      return { kind: 'cprj', idx: readTag0(reader), cidx: readTag0(reader), block: reader.address() }
    default: {
      const kind = value === VARIANT.rprj ? 'rprj' : value === VARIANT.iprj ? 'iprj' : 'dprj'
      return { kind, idx: readTag0(reader), block: reader.address() }
    }
  }
}

function readBlockMember(reader: ByteReader): Member {
  const start = reader.position
  const kind = reader.byte()
  if (kind === MEMBER.defn) return readDefinition(reader)
  if (kind === MEMBER.indc) return readInductive(reader)
  if (kind === MEMBER.recr) return readRecursor(reader)
  return reader.fail(`byte 0x${kind.toString(16)} does not start a block member`, start)
}

function readFlag(reader: ByteReader): boolean {
  const value = reader.byte()
  if (value > 1) reader.fail(`a flag with value ${value}`, reader.position - 1)
  return value === 1
}

function readDefinition(reader: ByteReader): Definition {
  const start = reader.position
  const packed = reader.byte()
  const form = DEFINITION_KINDS[packed >> 2]
  const safety = SAFETIES[packed & 3]
  if (form === undefined || safety === undefined)
    reader.fail(`a definition kind 0x${packed.toString(16)}`, start)
  const lvls = readTag0(reader)
  return { kind: 'defn', form, safety, lvls, type: readExpression(reader), value: readExpression(reader) }
}

function readRecursor(reader: ByteReader): Recursor {
  const packed = reader.byte()
  if (packed > 3) reader.fail(`recursor flags 0x${packed.toString(16)}`, reader.position - 1)
  const lvls = readTag0(reader)
  const params = readTag0(reader)
  const indices = readTag0(reader)
  const motives = readTag0(reader)
  const minors = readTag0(reader)
  const type = readExpression(reader)
  const rules: { fields: number; rhs: Expression }[] = []
  for (let left = reader.count(readTag0(reader), 2, 'recursor rules'); left > 0; left--)
    rules.push({ fields: readTag0(reader), rhs: readExpression(reader) })
  const k = (packed & 1) !== 0
  const unsafe = (packed & 2) !== 0
  return { kind: 'recr', k, unsafe, lvls, params, indices, motives, minors, type, rules }
}

function readInductive(reader: ByteReader): Inductive {
  const unsafe = readFlag(reader)
  const lvls = readTag0(reader)
  const params = readTag0(reader)
  const indices = readTag0(reader)
  const type = readExpression(reader)
  const ctors: Constructor[] = []
  for (let left = reader.count(readTag0(reader), 6, 'constructors'); left > 0; left--)
    ctors.push({
      unsafe: readFlag(reader),
      lvls: readTag0(reader),
      cidx: readTag0(reader),
      params: readTag0(reader),
      fields: readTag0(reader),
      type: readExpression(reader),
    })
  return { kind: 'indc', unsafe, lvls, params, indices, type, ctors }
}

/** The expressions of a constant, sharing table aside, in the order of ixon.md 4.4. */
export function infoExpressions(info: ConstantInfo): Expression[] {
  switch (info.kind) {
    case 'axio':
    case 'quot':
      return [info.type]
    case 'defn':
    case 'recr':
      return memberExpressions(info)
    case 'muts':
      return info.members.flatMap(memberExpressions)
    default:
      return []
  }
}

function memberExpressions(member: Member): Expression[] {
  switch (member.kind) {
    case 'defn':
      return [member.type, member.value]
    case 'indc':
      return [member.type, ...member.ctors.map(ctor => ctor.type)]
    case 'recr':
      return [member.type, ...member.rules.map(rule => rule.rhs)]
  }
}

/** The block a projection points to; `undefined` for every other constant. */
export function blockPointer(constant: Constant): Address | undefined {
  return 'block' in constant.info ? constant.info.block : undefined
}

/**
 * Addresses that a constant uses as constants: by `Ref` or `Prj` anywhere in its expressions or sharing entries, and
 * its block pointer (ixon.md 6.3). Each once, in ascending table order.
 */
export function walkEdges(constant: Constant): Address[] {
  const used = new Set<number>()
  visitExpressions([...infoExpressions(constant.info), ...constant.sharing], node => {
    if (node.kind === 'ref' || node.kind === 'prj') used.add(node.ref)
  })
  const edges = new Set<Address>()
  for (let i = 0; i < constant.refs.length; i++) if (used.has(i)) edges.add(constant.refs[i]!)
  const block = blockPointer(constant)
  if (block !== undefined) edges.add(block)
  return [...edges]
}
