/**
 * A unit of a snapshot: one claim with its verdict and with all that the verdict is bound to. What is in a unit was checked
 * together.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Address } from '../../ixon/address.js'
import { type ByteOrigin, ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { readTag0, writeTag0 } from '../../ixon/tags.js'
import type { ContextDigest } from './context-digest.js'
import {
  readChoice,
  readList,
  readReal,
  readText,
  writeChoice,
  writeList,
  writeReal,
  writeText,
} from './fields.js'

export const UNIT_STATUS = ['accepted', 'rejected', 'undecided', 'unfinished'] as const
/** `unfinished`: ended by a limit, an interruption or a death; such a verdict is never reused. */
export type UnitStatus = (typeof UNIT_STATUS)[number]

export const CONSTANT_VERDICTS = ['accepted', 'rejected', 'undecided', 'unfinished'] as const
export type ConstantVerdict = (typeof CONSTANT_VERDICTS)[number]

const ASSUMPTION_KINDS = ['axiom', 'theorem', 'definition', 'opaque', 'primitive'] as const

export interface UnitFailure {
  readonly name: string
  readonly address: Address
  readonly reason: string
  /** Definition whose missing body is to blame. */
  readonly hiddenBody?: string
}

export interface UnitAssumption {
  readonly name: string
  readonly address: Address
  readonly kind: (typeof ASSUMPTION_KINDS)[number]
}

export interface UnitConstant {
  readonly address: Address
  readonly context: ContextDigest
  /** `unfinished` for what was neither accepted nor found at fault: rest of a block at fault, or never reached. */
  readonly verdict: ConstantVerdict
}

export interface Unit {
  /** `shard 10`, or the names that were asked for. */
  readonly label: string
  /** Digest of all that the result is a function of: settings, primitive table, context digests of the subjects. */
  readonly binding: string
  /** Digest of the primitive table and of the context digests of what it names. */
  readonly table: string
  readonly status: UnitStatus
  /** Claim that was established. */
  readonly claim: Address | undefined
  /** Constants that the run checked and accepted. */
  readonly checked: number
  readonly rows: number
  /** FFT total in the model of the settings. */
  readonly cost: number
  readonly failed: readonly UnitFailure[]
  readonly undecided: readonly UnitFailure[]
  /** What the accepted constants rest on without a check. */
  readonly assumptions: readonly UnitAssumption[]
  /** Numbers of the primitives that the run computed with. */
  readonly primitives: readonly number[]
  readonly constants: readonly UnitConstant[]
  /** JSON: what a report shows besides. */
  readonly report: string
}

/** A unit as it lies in a file. */
export interface SealedUnit {
  readonly unit: Unit
  readonly body: Uint8Array
  readonly seal: Uint8Array
}

const SEAL_BYTES = 32

/**
 * Seals a unit: only who has the key can. Without one the seal is zero, and no strict load believes the unit.
 *
 * @param settings digest of the settings under which the unit was checked
 */
export function sealUnit(unit: Unit, key: Uint8Array | undefined, settings: string): SealedUnit {
  const body = encodeUnit(unit)
  return { unit, body, seal: key === undefined ? new Uint8Array(SEAL_BYTES) : sealOf(body, key, settings) }
}

function sealOf(body: Uint8Array, key: Uint8Array, settings: string): Uint8Array {
  return createHmac('sha256', key).update(`ix snapshot unit ${settings}\n`).update(body).digest()
}

export function sealHolds(
  { body, seal }: SealedUnit,
  key: Uint8Array | undefined,
  settings: string,
): boolean {
  return key !== undefined && timingSafeEqual(sealOf(body, key, settings), seal)
}

export function encodeSealed({ body, seal }: SealedUnit): Uint8Array {
  return Buffer.concat([seal, body])
}

export function decodeSealed(bytes: Uint8Array, origin: ByteOrigin): SealedUnit {
  const reader = new ByteReader(bytes, origin)
  const seal = reader.bytes(SEAL_BYTES)
  return { unit: decodeUnit(reader), body: bytes.subarray(SEAL_BYTES), seal }
}

function encodeUnit(unit: Unit): Uint8Array {
  const writer = new ByteWriter(1024 + 65 * unit.constants.length)
  writeText(writer, unit.label)
  writer.address(unit.binding)
  writer.address(unit.table)
  writeChoice(writer, UNIT_STATUS, unit.status)
  writer.byte(unit.claim === undefined ? 0 : 1)
  if (unit.claim !== undefined) writer.address(unit.claim)
  writeTag0(writer, unit.checked)
  writeTag0(writer, unit.rows)
  writeReal(writer, unit.cost)
  for (const failures of [unit.failed, unit.undecided])
    writeList(writer, failures, ({ name, address, reason, hiddenBody }) => {
      writeText(writer, name)
      writer.address(address)
      writeText(writer, reason)
      writeText(writer, hiddenBody ?? '')
    })
  writeList(writer, unit.assumptions, ({ name, address, kind }) => {
    writeText(writer, name)
    writer.address(address)
    writeChoice(writer, ASSUMPTION_KINDS, kind)
  })
  writeList(writer, unit.primitives, number => writeTag0(writer, number))
  writeList(writer, unit.constants, ({ address, context, verdict }) => {
    writer.address(address)
    writer.address(context)
    writeChoice(writer, CONSTANT_VERDICTS, verdict)
  })
  writeText(writer, unit.report)
  return writer.finish()
}

function decodeUnit(reader: ByteReader): Unit {
  const failures = () =>
    readList(reader, 35, 'failures', () => {
      const [name, address, reason] = [readText(reader), reader.address(), readText(reader)]
      const hiddenBody = readText(reader)
      return { name, address, reason, ...(hiddenBody === '' ? {} : { hiddenBody }) }
    })
  const unit = {
    label: readText(reader),
    binding: reader.address(),
    table: reader.address(),
    status: readChoice(reader, UNIT_STATUS, 'status'),
    claim: reader.byte() === 0 ? undefined : reader.address(),
    checked: readTag0(reader),
    rows: readTag0(reader),
    cost: readReal(reader),
    failed: failures(),
    undecided: failures(),
    assumptions: readList(reader, 34, 'assumptions', () => ({
      name: readText(reader),
      address: reader.address(),
      kind: readChoice(reader, ASSUMPTION_KINDS, 'kind of assumption'),
    })),
    primitives: readList(reader, 1, 'primitives', () => readTag0(reader)),
    constants: readList(reader, 65, 'constants', () => ({
      address: reader.address(),
      context: reader.address(),
      verdict: readChoice(reader, CONSTANT_VERDICTS, 'verdict'),
    })),
    report: readText(reader),
  }
  reader.end('the unit')
  return unit
}
