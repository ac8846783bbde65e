/** The WebAssembly instance of one thread: kernels, a growing memory and its allocation. */

import { highWord, lowWord, P } from '../../aiur/vm/goldilocks.js'
import { inverseOf, power, rootOfUnity } from '../domain.js'
import { ModuleBuilder } from './assembler.js'
import { defineHashKernels } from './blake3-code.js'
import { defineFieldKernels, defineRun, VectorOp } from './field-code.js'
import { ScalarLanes, SimdLanes } from './lanes.js'
import { defineTransforms, type Pass } from './transform-code.js'

type Run = (program: number, instructions: number, first: number, end: number) => void

export interface Kernels {
  forwardPairs: Pass
  forwardQuads: Pass
  inversePairs: Pass
  inverseQuads: Pass
  run: Run
  forwardPairsSimd: Pass
  forwardQuadsSimd: Pass
  inversePairsSimd: Pass
  inverseQuadsSimd: Pass
  runSimd: Run
  prefixSum(vector: number, bytes: number, carry: number): void
  reverseOrder(target: number, source: number, bytes: number): void
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
    defineRun(module, f => new ScalarLanes(f), '')
    defineRun(module, f => new SimdLanes(f), 'Simd')
    defineTransforms(module, f => new ScalarLanes(f), '')
    defineTransforms(module, f => new SimdLanes(f), 'Simd')
    defineHashKernels(module, HASH_SCRATCH)
    compiled = new WebAssembly.Module(module.bytes())
  }
  return compiled
}

/** Longest block that a transform works on pass by pass, to stay in a core's cache; longer ones are parted first. */
const CACHED_BYTES = 2 ** 17

/** One element, and two of them in a SIMD register. */
const ELEMENT = 8
const PAIR = 16

/** Whether two elements at a time are faster here, by operation. */
export interface Simd {
  readonly transforms: boolean
  readonly vectors: boolean
}

export class Engine {
  readonly kernels: Kernels
  private readonly memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 })
  private top = HEAP
  private cached = new Uint32Array(0)
  private twiddleLog = -1
  private forwardTwiddles = 0
  private inverseTwiddles = 0

  /** @param simd the results do not depend on it */
  constructor(readonly simd: Simd = { transforms: true, vectors: true }) {
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
          this.write(program, Uint32Array.of(VectorOp.mulScalar, at + 8 * size, at, scalar))
          this.run(program, 1, 8 * size)
        }
      })
      return at
    }
    const root = rootOfUnity(log)
    this.forwardTwiddles = table(root)
    this.inverseTwiddles = table(inverseOf(root))
  }

  /** Runs a straight-line program over vectors of so many bytes. */
  run(program: number, instructions: number, bytes: number): void {
    const { kernels, simd } = this
    const end = simd.vectors ? bytes - (bytes % PAIR) : 0
    // elements do not depend on each other, so the last one may come later
    if (end > 0) kernels.runSimd(program, instructions, 0, end)
    if (end < bytes) kernels.run(program, instructions, end, bytes)
  }

  /** Runs one instruction over vectors of so many elements. */
  step(op: number, target: number, a: number, b: number, count: number): void {
    this.scope(() => {
      const code = this.allocate(16)
      this.write(code, Uint32Array.of(op, target, a, b))
      this.run(code, 1, ELEMENT * count)
    })
  }

  /** Natural order in, bit-reversed out; 2^log elements in place. */
  forward(data: number, log: number): void {
    if (log > 0) this.forwardBlock(data, ELEMENT * 2 ** log, log, 0)
  }

  /** Bit-reversed in, natural order out, not divided by the size. */
  inverse(data: number, log: number): void {
    if (log > 0) this.inverseBlock(data, ELEMENT * 2 ** log, log, 0)
  }

  /** @param block its number among the blocks of its size */
  private forwardBlock(data: number, bytes: number, log: number, block: number): void {
    const { forwardTwiddles: table } = this
    if (bytes > CACHED_BYTES) {
      this.pass('forwardQuads', bytes / 4)(data, data + bytes, bytes, table, block)
      for (let i = 0; i < 4; i++) this.forwardBlock(data + (i * bytes) / 4, bytes / 4, log - 2, 4 * block + i)
      return
    }
    const end = data + bytes
    let first = block
    let span = bytes
    if (log % 2 === 1) {
      this.pass('forwardPairs', span / 2)(data, end, span, table, first)
      span /= 2
      first *= 2
    }
    for (; span >= 4 * ELEMENT; span /= 4, first *= 4)
      this.pass('forwardQuads', span / 4)(data, end, span, table, first)
  }

  private inverseBlock(data: number, bytes: number, log: number, block: number): void {
    const { inverseTwiddles: table } = this
    if (bytes > CACHED_BYTES) {
      for (let i = 0; i < 4; i++) this.inverseBlock(data + (i * bytes) / 4, bytes / 4, log - 2, 4 * block + i)
      this.pass('inverseQuads', bytes / 4)(data, data + bytes, bytes, table, block)
      return
    }
    const end = data + bytes
    let span = 4 * ELEMENT
    for (; span <= bytes; span *= 4)
      this.pass('inverseQuads', span / 4)(data, end, span, table, (block * bytes) / span)
    if (log % 2 === 1) this.pass('inversePairs', bytes / 2)(data, end, bytes, table, block)
  }

  /** The kernel for a pass whose butterflies are over legs of so many bytes. */
  private pass(name: 'forwardPairs' | 'forwardQuads' | 'inversePairs' | 'inverseQuads', leg: number): Pass {
    return this.kernels[this.simd.transforms && leg >= PAIR ? (`${name}Simd` as const) : name]
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
      const program = this.allocate(16)
      const scalar = this.allocate(8)
      this.scalars(target, [first % P])
      let step = ratio % P
      for (let done = 1; done < count; done *= 2, step = (step * step) % P) {
        this.scalars(scalar, [step])
        this.write(program, Uint32Array.of(VectorOp.mulScalar, target + 8 * done, target, scalar))
        this.run(program, 1, 8 * Math.min(done, count - done))
      }
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
        this.write(program, Uint32Array.of(VectorOp.mulScalar, target + 8 * size, target, scalar))
        this.run(program, 1, 8 * size)
      }
    })
  }
}
