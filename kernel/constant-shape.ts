/**
 * Where the parts of a serialised constant lie. The kernel takes this as advice and pins every bit of it while it
 * parses, so this reader only finds its way and judges nothing.
 */
import { type Address, addressFromBytes } from '../ixon/address.js'

export interface ConstantShape {
  /** First byte: flag and variant. */
  readonly header: number
  /** Offsets of the three tables (of their counts). */
  readonly sharing: number
  readonly references: number
  readonly universes: number
  /** 1 when `Rec` may refer to the members: no member is a safe definition. */
  readonly selfReferences: 0 | 1
  readonly refs: readonly Address[]
  /** For each reference 1 when an expression uses it as a constant. */
  readonly uses: Uint8Array
  readonly usesNatLiterals: boolean
  readonly usesStringLiterals: boolean
  /** Members of a block: kind (0 definition, 1 inductive, 2 recursor) and number of constructors. */
  readonly members: readonly { readonly kind: number; readonly ctors: number }[]
  /** Block that a projection points into. */
  readonly block: Address | undefined
}

const FLAG_BLOCK = 12
const FLAG_CONSTANT = 13
const SAFETY_SAFE = 1
const KIND_SHIFT = 2

class Lost extends Error {}

class Skipper {
  position = 0
  readonly used = new Set<number>()
  natLiterals = false
  stringLiterals = false

  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    const value = this.bytes[this.position++]
    if (value === undefined) throw new Lost()
    return value
  }

  private integer(count: number): number {
    let value = 0
    for (let i = 0, unit = 1; i < count; i++, unit *= 256) value += this.byte() * unit
    return value
  }

  tag0(): number {
    const head = this.byte()
    return head < 128 ? head : this.integer(head - 127)
  }

  tag4(): [flag: number, value: number] {
    const head = this.byte()
    return [head >> 4, (head & 8) === 0 ? head & 7 : this.integer((head & 7) + 1)]
  }

  address(): Address {
    const start = this.position
    this.position += 32
    if (this.position > this.bytes.length) throw new Lost()
    return addressFromBytes(this.bytes, start)
  }

  expression(): void {
    for (let missing = 1; missing > 0; missing--) {
      const [flag, value] = this.tag4()
      switch (flag) {
        case 2:
        case 3: {
          const index = this.tag0()
          if (flag === 2) this.used.add(index)
          for (let i = 0; i < value; i++) this.tag0()
          break
        }
        case 4:
          this.used.add(this.tag0())
          missing += 1
          break
        case 5:
          this.stringLiterals = true
          break
        case 6:
          this.natLiterals = true
          break
        case 7:
        case 8:
        case 9:
          missing += value + 1
          break
        case 10:
          missing += 3
      }
    }
  }

  /** A definition's flag byte and expressions. */
  definition(): number {
    const flags = this.byte()
    this.tag0()
    this.expression()
    this.expression()
    return flags
  }

  recursor(): void {
    this.byte()
    for (let i = 0; i < 5; i++) this.tag0()
    this.expression()
    for (let rules = this.tag0(); rules > 0; rules--) {
      this.tag0()
      this.expression()
    }
  }

  inductive(): number {
    this.byte()
    for (let i = 0; i < 3; i++) this.tag0()
    this.expression()
    const ctors = this.tag0()
    for (let i = 0; i < ctors; i++) {
      this.byte()
      for (let k = 0; k < 4; k++) this.tag0()
      this.expression()
    }
    return ctors
  }
}

/** Does the definition with this flag byte count as safe (kernel.md 2.5)? */
function isSafe(flags: number): boolean {
  return flags >> KIND_SHIFT === 0 ? (flags & 3) === SAFETY_SAFE : (flags & 3) !== 0
}

/** `undefined` for bytes through which no way leads. */
export function constantShape(bytes: Uint8Array): ConstantShape | undefined {
  try {
    return shapeOf(new Skipper(bytes))
  } catch (error) {
    if (error instanceof Lost) return undefined
    throw error
  }
}

function shapeOf(skipper: Skipper): ConstantShape {
  const [flag, value] = skipper.tag4()
  const members: { kind: number; ctors: number }[] = []
  let safe = false
  let block: Address | undefined
  if (flag === FLAG_BLOCK) {
    for (let i = 0; i < value; i++) {
      const kind = skipper.byte()
      let ctors = 0
      if (kind === 0) safe = isSafe(skipper.definition()) || safe
      else if (kind === 1) ctors = skipper.inductive()
      else skipper.recursor()
      members.push({ kind, ctors })
    }
  } else if (flag !== FLAG_CONSTANT) {
    throw new Lost()
  } else if (value === 0) {
    skipper.definition()
  } else if (value === 1) {
    skipper.recursor()
  } else if (value <= 3) {
    skipper.byte()
    skipper.tag0()
    skipper.expression()
  } else {
    skipper.tag0()
    if (value === 4) skipper.tag0()
    block = skipper.address()
  }
  const sharing = skipper.position
  for (let entries = skipper.tag0(); entries > 0; entries--) skipper.expression()
  const references = skipper.position
  const refs: Address[] = []
  for (let entries = skipper.tag0(); entries > 0; entries--) refs.push(skipper.address())
  const universes = skipper.position
  const uses = Uint8Array.from(refs, (_, i) => (skipper.used.has(i) ? 1 : 0))
  return {
    header: skipper.bytes[0]!,
    sharing,
    references,
    universes,
    selfReferences: safe ? 0 : 1,
    refs,
    uses,
    usesNatLiterals: skipper.natLiterals,
    usesStringLiterals: skipper.stringLiterals,
    members,
    block,
  }
}
