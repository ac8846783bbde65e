/**
 * All that a check is told about a constant, as one digest. Its address commits to its own bytes and, through the references
 * in them, to those of everything that it refers to; but a check is also told reducibility hints, finds constants by
 * displayed name, reports axioms by their names and kinds, and can only follow references to what the environment holds. So
 * the digest is over the address, hint, names, kinds of placeholders and presence, of the constant and in turn of everything
 * that it refers to: a check of constants with equal digests, by one kernel over one primitive table, is one computation.
 */
import { createHash } from 'node:crypto'
import type { Address } from '../../ixon/address.js'
import { ByteWriter } from '../../ixon/bytes.js'
import { projectionAddress } from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import { hintCode } from '../../ixon/environment-data.js'
import { writeTag0 } from '../../ixon/tags.js'
import { InputError } from '../../lean/input-error.js'
import { writeText } from './fields.js'

/** 64 hexadecimal digits. */
export type ContextDigest = string

/** What a constant refers to. */
export interface References {
  readonly refs: readonly Address[]
  readonly block: Address | undefined
  /** Members of a block: kind (0 definition, 1 inductive, 2 recursor) and number of constructors. */
  readonly members: readonly { readonly kind: number; readonly ctors: number }[]
}

const PROJECTIONS = ['dprj', 'iprj', 'rprj'] as const
const VERSION = 1
const REFERENCE = { absent: 0, constant: 1, blob: 2 } as const

/** Digests of the constants of an environment, made when asked for. */
export class ContextDigests {
  readonly #digests = new Map<Address, ContextDigest>()
  readonly #open = new Set<Address>()

  /** @param referencesOf undefined for a constant that cannot be parsed, which no kernel accepts */
  constructor(
    private readonly environment: Environment,
    private readonly referencesOf: (address: Address) => References | undefined,
  ) {}

  /** @throws InputError for a constant that reaches itself: no hash does that; for bytes without the hash they are filed under */
  of(address: Address): ContextDigest {
    const pending: { address: Address; references: References | undefined; targets: Address[] }[] = []
    const enter = (constant: Address): void => {
      const references = this.referencesOf(constant)
      const targets = targetsOf(references).filter(target => this.environment.has(target))
      if (this.#open.has(constant))
        throw new InputError('a constant that refers to itself', {
          file: this.environment.source.label,
          constant,
        })
      this.#open.add(constant)
      pending.push({ address: constant, references, targets })
    }
    if (!this.#digests.has(address)) enter(address)
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      const next = top.targets.pop()
      if (next !== undefined) {
        if (!this.#digests.has(next)) enter(next)
        continue
      }
      this.#digests.set(top.address, this.#digest(top.address, top.references))
      this.#open.delete(top.address)
      pending.pop()
    }
    return this.#digests.get(address)!
  }

  #digest(address: Address, references: References | undefined): ContextDigest {
    const writer = new ByteWriter(512)
    writer.byte(VERSION)
    this.#own(writer, address)
    const members = references?.members ?? []
    writeTag0(writer, members.length)
    members.forEach(({ kind, ctors }, idx) => {
      const projection = PROJECTIONS[kind]
      if (projection === undefined) return
      this.#own(writer, projectionAddress({ kind: projection, idx, block: address }))
      for (let cidx = 0; cidx < ctors; cidx++)
        this.#own(writer, projectionAddress({ kind: 'cprj', idx, cidx, block: address }))
    })
    const targets = targetsOf(references)
    writeTag0(writer, targets.length)
    for (const target of targets) {
      const digest = this.#digests.get(target)
      const constant = digest !== undefined && this.environment.has(target)
      const blob = !constant && this.environment.hasBlob(target)
      // Read for its hash: the address stands for the payload only where it is that of the payload.
      if (blob) this.environment.blob(target)
      writer.byte(REFERENCE[constant ? 'constant' : blob ? 'blob' : 'absent'])
      writer.address(constant ? digest : target)
    }
    return createHash('sha256').update(writer.finish()).digest('hex')
  }

  /** What the environment says of a constant besides its bytes. */
  #own(writer: ByteWriter, address: Address): void {
    const { environment } = this
    writer.address(address)
    if (!environment.has(address)) {
      writer.byte(0)
      return
    }
    writer.byte(1)
    const hint = environment.hint(address)
    writeTag0(writer, hint === undefined ? 0 : 1 + hintCode(hint))
    const names = environment.namesOf(address)
    writeTag0(writer, names.length)
    for (const name of names) {
      writeText(writer, name)
      writeText(writer, environment.placeholders.get(name) ?? '')
    }
  }
}

function targetsOf(references: References | undefined): Address[] {
  if (references === undefined) return []
  return references.block === undefined ? [...references.refs] : [...references.refs, references.block]
}

/** A digest over a list of digests and texts: no list has that of another. */
export function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)} `).update(part)
  return hash.digest('hex')
}
