/** Assembles a WebAssembly module as bytes: enough of the format for the kernels of this folder. */

export type ValueType = 'i32' | 'i64' | 'v128'

const TYPE_CODE = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte | 128 : byte)
  } while (rest > 0)
  return bytes
}

function signed(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; ) {
    const byte = Number(rest & 127n)
    rest >>= 7n
    const done = (rest === 0n && (byte & 64) === 0) || (rest === -1n && (byte & 64) !== 0)
    bytes.push(done ? byte : byte | 128)
    if (done) return bytes
  }
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)]
  return [...unsigned(bytes.length), ...bytes]
}

/** Plain instructions by their names in the text format, without immediates. */
const PLAIN = {
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_u': 0x49,
  'i32.gt_u': 0x4b,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.lt_u': 0x54,
  'i64.gt_u': 0x56,
  'i64.ge_u': 0x5a,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.shl': 0x86,
  'i64.shr_u': 0x88,
  'i64.extend_i32_u': 0xad,
} as const

/** Vector instructions without immediates. */
const VECTOR = {
  'i32x4.splat': 0x11,
  'i64x2.splat': 0x12,
  'v128.and': 0x4e,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'i32x4.shl': 171,
  'i32x4.shr_u': 173,
  'i32x4.add': 174,
  'i64x2.shl': 0xcb,
  'i64x2.shr_u': 0xcd,
  'i64x2.add': 0xce,
  'i64x2.sub': 0xd1,
  'i64x2.gt_s': 0xd9,
  'i64x2.extmul_low_i32x4_u': 0xde,
  'i64x2.extmul_high_i32x4_u': 0xdf,
} as const

/** A local variable, parameters included. */
export type Local = number & { readonly local: unique symbol }

export class FunctionBuilder {
  private readonly code: number[] = []
  private readonly locals: ValueType[] = []

  constructor(
    readonly index: number,
    readonly name: string,
    readonly exported: boolean,
    readonly parameters: ValueType[],
  ) {}

  /** Parameter i. */
  parameter(i: number): Local {
    return i as Local
  }

  local(type: ValueType): Local {
    this.locals.push(type)
    return (this.parameters.length + this.locals.length - 1) as Local
  }

  op(...names: (keyof typeof PLAIN)[]): this {
    for (const name of names) this.code.push(PLAIN[name])
    return this
  }

  vector(name: keyof typeof VECTOR): this {
    this.code.push(0xfd, ...unsigned(VECTOR[name]))
    return this
  }

  get(local: Local): this {
    this.code.push(0x20, ...unsigned(local))
    return this
  }

  set(local: Local): this {
    this.code.push(0x21, ...unsigned(local))
    return this
  }

  tee(local: Local): this {
    this.code.push(0x22, ...unsigned(local))
    return this
  }

  i32(value: number): this {
    this.code.push(0x41, ...signed(BigInt(value | 0)))
    return this
  }

  i64(value: bigint): this {
    this.code.push(0x42, ...signed(BigInt.asIntN(64, value)))
    return this
  }

  load64(offset = 0): this {
    this.code.push(0x29, 3, ...unsigned(offset))
    return this
  }

  store64(offset = 0): this {
    this.code.push(0x37, 3, ...unsigned(offset))
    return this
  }

  load32(offset = 0): this {
    this.code.push(0x28, 2, ...unsigned(offset))
    return this
  }

  loadVector(offset = 0): this {
    this.code.push(0xfd, 0x00, 3, ...unsigned(offset))
    return this
  }

  /** Loads 64 bits into both lanes. */
  loadSplat64(offset = 0): this {
    this.code.push(0xfd, 0x0a, 3, ...unsigned(offset))
    return this
  }

  /** The constant in both lanes. */
  vector64(value: bigint): this {
    const bytes = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
    this.code.push(0xfd, 0x0c, ...bytes, ...bytes)
    return this
  }

  storeVector(offset = 0): this {
    this.code.push(0xfd, 0x0b, 3, ...unsigned(offset))
    return this
  }

  /** Bytes 0..15 of the first operand, 16..31 of the second. */
  shuffle(lanes: readonly number[]): this {
    this.code.push(0xfd, 0x0d, ...lanes)
    return this
  }

  call(target: FunctionBuilder): this {
    this.code.push(0x10, ...unsigned(target.index))
    return this
  }

  block(body: () => void): this {
    this.code.push(0x02, 0x40)
    body()
    return this.op('end')
  }

  /** The body repeats where it branches to depth 0. */
  loop(body: () => void): this {
    this.code.push(0x03, 0x40)
    body()
    return this.op('end')
  }

  /** Takes an i32 condition. */
  if(then: () => void): this {
    this.code.push(0x04, 0x40)
    then()
    return this.op('end')
  }

  branch(depth: number): this {
    this.code.push(0x0c, ...unsigned(depth))
    return this
  }

  branchIf(depth: number): this {
    this.code.push(0x0d, ...unsigned(depth))
    return this
  }

  branchTable(depths: readonly number[], otherwise: number): this {
    this.code.push(0x0e, ...unsigned(depths.length), ...depths.flatMap(unsigned), ...unsigned(otherwise))
    return this
  }

  /** Runs the body while `counter` counts `from` up to `limit` by `step`; at least once if unchecked. */
  count(counter: Local, limit: Local, step: number, body: () => void): this {
    return this.block(() => {
      this.get(counter).get(limit).op('i32.ge_u').branchIf(0)
      this.loop(() => {
        body()
        this.get(counter).i32(step).op('i32.add').tee(counter).get(limit).op('i32.lt_u').branchIf(0)
      })
    })
  }

  bytes(): number[] {
    const groups = this.locals.flatMap(type => [1, TYPE_CODE[type]])
    const body = [...unsigned(this.locals.length), ...groups, ...this.code, 0x0b]
    return [...unsigned(body.length), ...body]
  }
}

export class ModuleBuilder {
  private readonly functions: FunctionBuilder[] = []

  /** A function without results. */
  function(
    name: string,
    parameters: ValueType[],
    body: (f: FunctionBuilder) => void,
    exported = true,
  ): FunctionBuilder {
    const f = new FunctionBuilder(this.functions.length, name, exported, parameters)
    this.functions.push(f)
    body(f)
    return f
  }

  /** The module; it imports its memory as `env.memory`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const section = (id: number, entries: number[][]) => {
      const body = [...unsigned(entries.length), ...entries.flat()]
      return [id, ...unsigned(body.length), ...body]
    }
    const types = this.functions.map(f => [
      0x60,
      ...unsigned(f.parameters.length),
      ...f.parameters.map(t => TYPE_CODE[t]),
      0,
    ])
    const exported = this.functions.filter(f => f.exported)
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, types),
      ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, 1]]),
      ...section(
        3,
        this.functions.map(f => unsigned(f.index)),
      ),
      ...section(
        7,
        exported.map(f => [...text(f.name), 0x00, ...unsigned(f.index)]),
      ),
      ...section(
        10,
        this.functions.map(f => f.bytes()),
      ),
    ])
  }
}
