/** The WebAssembly instance of one thread: kernels, a growing memory and its allocation. */

import { highWord, lowWord, P } from '../../aiur/vm/goldilocks.js'
import { inverseOf, power, reverseBits, rootOfUnity } from '../domain.js'
import { ModuleBuilder } from './assembler.js'
import { defineHashKernels } from './blake3-code.js'
import { defineFieldKernels } from './field-code.js'

export interface Kernels {
  forward(data: number, bytes: number, twiddles: number): void
  inverse(data: number, bytes: number, twiddles: number): void
  prefixSum(vector: number, bytes: number, carry: number): void
  geometric(vector: number, bytes: number, ratio: number): void
  gather(target: number, source: number, table: number, count: number): void
  deinterleave(source: number, even: number, odd: number, bytes: number): void
  dot(a: number, b: number, bytes: number, target: number): void
  invertAll(vector: number, bytes: number, scratch: number): void
  fold(
    source0: number,
    source1: number,
    target0: number,
    target1: number,
    bytes: number,
    twiddles: number,
    challenge: number,
  ): void
  run(program: number, instructions: number, bytes: number): void
  absorb(
    columns: number,
    columnStride: number,
    count: number,
    rows: number,
    values: number,
    stride: number,
    flags: number,
    length: number,
    counter: number,
  ): void
  parents(
    children: number,
    stride: number,
    parents: number,
    parentStride: number,
    count: number,
    flags: number,
    key: number,
  ): void
  merge(
    left: number,
    right: number,
    target: number,
    stride: number,
    count: number,
    flags: number,
    key: number,
  ): void
}

const PAGE = 65536
/** Message block of the hash kernels, with room behind it. */
const HASH_SCRATCH = 64
const HEAP = 1024

let compiled: WebAssembly.Module | undefined

function compileKernels(): WebAssembly.Module {
  if (compiled === undefined) {
    const module = new ModuleBuilder()
    defineFieldKernels(module)
    defineHashKernels(module, HASH_SCRATCH)
    compiled = new WebAssembly.Module(module.bytes())
  }
  return compiled
}

export class Engine {
  readonly kernels: Kernels
  private readonly memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 })
  private top = HEAP
  private cached = new Uint32Array(0)
  private twiddleLog = -1
  private forwardTwiddles = 0
  private inverseTwiddles = 0

  constructor() {
    const instance = new WebAssembly.Instance(compileKernels(), { env: { memory: this.memory } })
    this.kernels = instance.exports as unknown as Kernels
  }

  /** All memory as words; valid until the next allocation. */
  get words(): Uint32Array {
    if (this.cached.buffer !== this.memory.buffer) this.cached = new Uint32Array(this.memory.buffer)
    return this.cached
  }

  /** Address of so many bytes, aligned to 64. @throws RangeError beyond 4 GiB */
  allocate(bytes: number): number {
    const address = this.top
    this.top = Math.ceil((address + bytes) / 64) * 64
    const missing = this.top + 64 - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE))
    return address
  }

  /** Runs the body and frees what it allocated. */
  scope<T>(body: () => T): T {
    const { top } = this
    try {
      return body()
    } finally {
      this.top = top
    }
  }

  /** Copies words into memory. */
  write(address: number, source: Uint32Array): void {
    this.words.set(source, address / 4)
  }

  /** A view of memory; valid until the next allocation. */
  view(address: number, words: number): Uint32Array {
    return this.words.subarray(address / 4, address / 4 + words)
  }

  /** Writes field elements. */
  scalars(address: number, values: readonly bigint[]): void {
    const { words } = this
    values.forEach((value, i) => {
      words[address / 4 + 2 * i] = lowWord(value)
      words[address / 4 + 2 * i + 1] = highWord(value)
    })
  }

  /** Makes twiddles for transforms of up to 2^log elements; call it outside of scopes. */
  prepare(log: number): void {
    if (log <= this.twiddleLog) return
    this.twiddleLog = log
    const half = 2 ** Math.max(log - 1, 0)
    const table = (root: bigint) => {
      const at = this.allocate(8 * half)
      // entry j is root^(bits of j reversed): the entries of a larger table begin with those of a smaller one
      this.scalars(at, [1n])
      this.scope(() => {
        const program = this.allocate(64)
        const scalar = this.allocate(8)
        for (let size = 1, order = 2; size < half; size *= 2, order++) {
          this.scalars(scalar, [power(root, 2n ** BigInt(log - order))])
          this.write(program, Uint32Array.of(5, at + 8 * size, at, scalar))
          this.kernels.run(program, 1, 8 * size)
        }
      })
      return at
    }
    const root = rootOfUnity(log)
    this.forwardTwiddles = table(root)
    this.inverseTwiddles = table(inverseOf(root))
  }

  /** Natural order in, bit-reversed out; 2^log elements in place. */
  forward(data: number, log: number): void {
    if (log > 0) this.kernels.forward(data, 8 * 2 ** log, this.forwardTwiddles)
  }

  /** Bit-reversed in, natural order out, not divided by the size. */
  inverse(data: number, log: number): void {
    if (log > 0) this.kernels.inverse(data, 8 * 2 ** log, this.inverseTwiddles)
  }

  /** Folds 2^(log + 1) elements of K into 2^log (stark.md 3.7); `half` is half of the challenge. */
  fold(
    source: [number, number],
    target: [number, number],
    log: number,
    half: readonly [bigint, bigint],
  ): void {
    this.scope(() => {
      const challenge = this.allocate(16)
      this.scalars(challenge, half)
      this.kernels.fold(...source, ...target, 8 * 2 ** log, this.inverseTwiddles, challenge)
    })
  }

  /** target_i = first ratio^i */
  geometric(target: number, count: number, first: bigint, ratio: bigint): void {
    this.scope(() => {
      const at = this.allocate(8)
      this.scalars(at, [ratio % P])
      this.scalars(target, [first % P])
      this.kernels.geometric(target, 8 * count, at)
    })
  }

  /** The points shift w^rev(i) of a coset of 2^log points in bit-reversed order. */
  points(target: number, log: number, shift: bigint): void {
    this.scope(() => {
      const program = this.allocate(16)
      const scalar = this.allocate(8)
      this.scalars(target, [shift])
      for (let size = 1, order = 1; order <= log; size *= 2, order++) {
        this.scalars(scalar, [rootOfUnity(order)])
        this.write(program, Uint32Array.of(5, target + 8 * size, target, scalar))
        this.kernels.run(program, 1, 8 * size)
      }
    })
  }
}

/** Row order of a natural order of 2^log. */
export function bitReversal(log: number): Uint32Array {
  return Uint32Array.from({ length: 2 ** log }, (_, i) => reverseBits(i, log))
}
