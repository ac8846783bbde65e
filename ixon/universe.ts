import type { ByteReader, ByteWriter } from './bytes.js'
import { readTag2Value, writeTag2 } from './tags.js'

/** A universe level; parameters are positions in the declaration's list (ixon.md 1.2). */
export type Universe =
  | { readonly kind: 'zero' }
  /** `count` >= 1 successors of a base that is not itself a successor. */
  | { readonly kind: 'succ'; readonly count: number; readonly base: Universe }
  | { readonly kind: 'max' | 'imax'; readonly left: Universe; readonly right: Universe }
  | { readonly kind: 'var'; readonly index: number }

export const ZERO: Universe = { kind: 'zero' }

export function variable(index: number): Universe {
  return { kind: 'var', index }
}

export function max(left: Universe, right: Universe): Universe {
  return { kind: 'max', left, right }
}

export function imax(left: Universe, right: Universe): Universe {
  return { kind: 'imax', left, right }
}

/** `base` plus `count` successors. */
export function successor(base: Universe, count = 1): Universe {
  if (count === 0) return base
  if (base.kind === 'succ') return { kind: 'succ', count: count + base.count, base: base.base }
  return { kind: 'succ', count, base }
}

export function numeral(value: number): Universe {
  return successor(ZERO, value)
}

/** ixon.md 2.2. */
export function writeUniverse(writer: ByteWriter, universe: Universe): void {
  const stack: Universe[] = [universe]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    switch (next.kind) {
      case 'zero':
        writeTag2(writer, 0, 0)
        break
      case 'succ':
        writeTag2(writer, 0, next.count)
        stack.push(next.base)
        break
      case 'max':
      case 'imax':
        writeTag2(writer, next.kind === 'max' ? 1 : 2, 0)
        stack.push(next.right, next.left)
        break
      case 'var':
        writeTag2(writer, 3, next.index)
    }
  }
}

/** Strict inverse of {@link writeUniverse}: accepts nothing that the writer would not write. */
export function readUniverse(reader: ByteReader): Universe {
  // Nodes that still wait for operands: count > 0 is a successor, 'max'/'imax' hold their left operand once known.
  type Pending = { kind: 'succ'; count: number } | { kind: 'max' | 'imax'; left: Universe | undefined }
  const pending: Pending[] = []
  for (;;) {
    const start = reader.position
    const head = reader.byte()
    const value = readTag2Value(reader, head)
    let done: Universe
    switch (head >> 6) {
      case 0:
        if (value !== 0) {
          if (pending.at(-1)?.kind === 'succ') reader.fail('a universe successor of a successor', start)
          pending.push({ kind: 'succ', count: value })
          continue
        }
        done = ZERO
        break
      case 1:
      case 2:
        if (value !== 0) reader.fail(`a universe maximum with operand ${value}`, start)
        pending.push({ kind: head >> 6 === 1 ? 'max' : 'imax', left: undefined })
        continue
      default:
        done = variable(value)
    }
    for (;;) {
      const top = pending.at(-1)
      if (top === undefined) return done
      if (top.kind === 'succ') done = { kind: 'succ', count: top.count, base: done }
      else if (top.left === undefined) {
        top.left = done
        break
      } else done = { kind: top.kind, left: top.left, right: done }
      pending.pop()
    }
  }
}
