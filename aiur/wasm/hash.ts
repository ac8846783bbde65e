/** The hash of a key of 32-bit columns, for the generated code and for readers of its tables. */

const START = 0x2545f491
const MIX = 0x7feb352d

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

export function hashColumns(columns: ArrayLike<number>, count: number): number {
  let h = START
  for (let i = 0; i < count; i++) h = (h + Math.imul(columns[i]!, multiplier(i))) | 0
  h = Math.imul(h ^ (h >>> 16), MIX)
  return h ^ (h >>> 15)
}

/** Code that leaves the hash of the i32 locals in the local `result`. */
export function emitHash(columns: readonly string[], result: string): string {
  const sum = columns.map((c, i) => `local.get ${c} i32.const ${multiplier(i)} i32.mul i32.add`).join('\n')
  return `i32.const ${START}
${sum}
local.tee ${result} local.get ${result} i32.const 16 i32.shr_u i32.xor i32.const ${MIX} i32.mul
local.tee ${result} local.get ${result} i32.const 15 i32.shr_u i32.xor local.set ${result}`
}
