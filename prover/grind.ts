/** Work before a challenge: the smallest witness, found with four hashes at a time. */

import { FLAG, IV } from './engine/blake3-code.js'
import type { Engine } from './engine/engine.js'
import type { Transcript } from './transcript.js'

const CANDIDATES = 4096

/** Finds the smallest witness, absorbs it and returns it. */
export function grind(engine: Engine, transcript: Transcript, bits: number): number {
  if (bits === 0) return 0
  const prefix = transcript.workPrefix()
  if (prefix.length !== 32) throw new RangeError('the transcript is not reduced')
  const witness = search(engine, prefix, bits)
  if (!transcript.work(bits, witness)) throw new Error(`witness ${witness} does not have ${bits} zero bits`)
  return witness
}

function search(engine: Engine, prefix: Uint8Array, bits: number): number {
  return engine.scope(() => {
    const tile = engine.allocate(5 * 8 * CANDIDATES)
    const values = engine.allocate(32 * CANDIDATES)
    const view = new DataView(prefix.buffer, prefix.byteOffset, 32)
    for (let c = 0; c < 4; c++) {
      const column = engine.view(tile + 8 * CANDIDATES * c, 2 * CANDIDATES)
      for (let i = 0; i < CANDIDATES; i++) {
        column[2 * i] = view.getUint32(8 * c, true)
        column[2 * i + 1] = view.getUint32(8 * c + 4, true)
      }
    }
    const { words } = engine
    words.fill(0, 16, 16 + 64)
    const candidates = engine.view(tile + 8 * CANDIDATES * 4, 2 * CANDIDATES).fill(0)
    const flags = FLAG.chunkStart | FLAG.chunkEnd | FLAG.root
    const mask = 2 ** bits - 1
    for (let first = 0; first < 2 ** 32; first += CANDIDATES) {
      for (let i = 0; i < CANDIDATES; i++) candidates[2 * i] = first + i
      for (let w = 0; w < 8; w++)
        words.fill(IV[w]!, values / 4 + w * CANDIDATES, values / 4 + (w + 1) * CANDIDATES)
      engine.kernels.absorb(tile, 8 * CANDIDATES, 5, CANDIDATES, values, 4 * CANDIDATES, flags, 40, 0)
      const last = engine.view(values + 28 * CANDIDATES, CANDIDATES)
      for (let i = 0; i < CANDIDATES; i++) {
        // samples take the digest from its last byte on
        const x = last[i]!
        const reversed = (x >>> 24) | ((x >>> 8) & 0xff00) | ((x << 8) & 0xff0000) | (x << 24)
        if ((reversed & mask) === 0) return first + i
      }
    }
    throw new Error('no witness')
  })
}
