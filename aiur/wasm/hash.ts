/**
 * The hash of a key of 32-bit columns, for the generated code and for readers of its tables.
 *
 * Its high bits choose a line of eight slots of the index, its low three bits the slot in the line where the search
 * begins. They are those of one column, `sequential`, whose other bits go into the choice of the line: keys that differ by
 * small steps in that column, as pointers and counters do, share a line of the cache. The high bits being what counts,
 * the places of an index that doubles keep their order, so that growing it moves from one end to the other.
 */

const START = 0x2545f491
const MIX = 0x7feb352d

/** Slots of a line of the cache, and what leaves its number. */
const LINE = 8
const LINE_BITS = 3

const multipliers: number[] = []

/** Odd multiplier of column i. */
export function multiplier(i: number): number {
  while (multipliers.length <= i) {
    let h = Math.imul(multipliers.length + 1, 0x9e3779b1)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    multipliers.push((h ^ (h >>> 16)) | 1)
  }
  return multipliers[i]!
}

export function hashColumns(columns: ArrayLike<number>, count: number, sequential: number): number {
  let h = START
  for (let i = 0; i < count; i++)
    h = (h + Math.imul(i === sequential ? columns[i]! >>> LINE_BITS : columns[i]!, multiplier(i))) | 0
  h = Math.imul(h ^ (h >>> 16), MIX)
  return ((h ^ (h >>> 15)) & -LINE) | (count === 0 ? 0 : columns[sequential]! & (LINE - 1))
}

/** Byte offset of the slot where the search for a hash begins, in an index of `slots`. */
export function emitHome(hash: string, shift: string): string {
  return `local.get ${hash} ${shift} i32.shr_u i32.const ${-8 * LINE} i32.and
local.get ${hash} i32.const ${LINE - 1} i32.and i32.const 3 i32.shl i32.or`
}

/** The same in words. */
export function homeOf(hash: number, shift: number): number {
  return (((hash >>> shift) & (-8 * LINE)) | ((hash & (LINE - 1)) << 3)) >>> 2
}

/** Code that leaves the hash of the i32 locals in the local `result`. */
export function emitHash(columns: readonly string[], sequential: number, result: string): string {
  const part = (c: string, i: number) =>
    `local.get ${c} ${i === sequential ? `i32.const ${LINE_BITS} i32.shr_u` : ''} i32.const ${multiplier(i)} i32.mul i32.add`
  const low =
    columns.length === 0 ? '' : `local.get ${columns[sequential]} i32.const ${LINE - 1} i32.and i32.or`
  return `i32.const ${START}
${columns.map(part).join('\n')}
local.tee ${result} local.get ${result} i32.const 16 i32.shr_u i32.xor i32.const ${MIX} i32.mul
local.tee ${result} local.get ${result} i32.const 15 i32.shr_u i32.xor i32.const ${-LINE} i32.and ${low} local.set ${result}`
}
