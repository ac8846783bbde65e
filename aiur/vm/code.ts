/** Flattens bytecode into one Int32Array instruction stream for the machine. */

import type { Block, BytecodeFunction, Control, FunctionIndex, Op, Program, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from './bytes.js'
import { highWord, lowWord, normalise } from './goldilocks.js'
import { type Code, Instruction } from './instruction-stream.js'
import { longestHint, type PlainHint, plainHints, withOperands } from './plain-hints.js'
import { armsBoundRank, boundsRank, type RankPlan } from './ranks.js'
import { Rare } from './rare.js'
import { longestList, operandsOf, resultCount } from './values.js'

/**
 * Operands are word offsets from the frame (two words per value). The lists of values that `Instruction`
 * documents follow the fixed operands.
 */
/** Where yields of the arms being compiled go. */
interface Join {
  /** First merged value. */
  length: number
  outputSize: number
  /** Slot of the merged rank bound, if an arm bounds the rank. */
  rankSlot: number | null
  /** Positions in the stream to patch with the continuation. */
  jumps: number[]
}

export function flatten(program: Program, ranks: RankPlan): Code {
  const messages: string[] = []
  const stream: number[] = []
  const entry = new Int32Array(program.functions.length)
  const frameWords = new Int32Array(program.functions.length)
  program.functions.forEach((f, index) => {
    entry[index] = stream.length
    frameWords[index] = 2 * new Flattener(program, ranks, f, index, stream, messages).run()
  })
  return { stream: Int32Array.from(stream), entry, frameWords, messages }
}

class Flattener {
  private readonly values: number
  private readonly hints: readonly (PlainHint | null)[]
  /** Slots before those of {@link extra}: the values, then those of a hint. */
  private readonly fixed: number
  private extra = 0
  /** Rank bounds from before the enclosing matchContinues. */
  private outer: number[] = []
  /** Constants of the path by value; instructions with an immediate operand take them from here. */
  private constants = new Map<Value, bigint>()
  /** Constants of the path that no instruction has written to the frame yet. */
  private unwritten = new Set<Value>()

  constructor(
    private readonly program: Program,
    private readonly ranks: RankPlan,
    private readonly f: BytecodeFunction,
    private readonly index: FunctionIndex,
    private readonly stream: number[],
    private readonly messages: string[],
  ) {
    this.values = longestList(f.body, f.inputSize)
    this.hints = plainHints(program)
    this.fixed = this.values + longestHint(f.body, this.hints)
  }

  /** Emits the body and returns the number of value slots of a frame. */
  run(): number {
    this.block(this.f.body, this.f.inputSize, [], null)
    return this.fixed + this.extra
  }

  private slot(): number {
    return this.fixed + this.extra++
  }

  private list(values: Value[]): void {
    for (const v of values) this.stream.push(2 * v)
  }

  private message(text: string | undefined): number {
    if (text === undefined) return -1
    this.messages.push(text)
    return this.messages.length - 1
  }

  /** `bounds`: slots of the values below which the rank of a row that leaves here must not fall. */
  private block(block: Block, start: number, bounds: number[], join: Join | null): void {
    let length = start
    const pending = bounds.slice()
    for (const op of block.ops) {
      const bound = this.operation(op, length)
      if (bound !== null) pending.push(bound)
      length += resultCount(op)
    }
    const { control } = block
    if (control.control === 'return' || control.control === 'yield')
      for (const v of control.values) this.write(v)
    else this.write(control.scrutinee)
    this.control(control, length, pending, join)
  }

  /** Emits an op whose results are the values from `at` on, as far as it is not folded; the slot of its rank bound. */
  private operation(op: Op, at: number): number | null {
    if (this.fold(op, at)) return null
    for (const v of operandsOf(op)) this.write(v)
    this.forget(at, resultCount(op))
    return op.op === 'call' ? this.call(op, at) : this.op(op, at)
  }

  private call(op: Op & { op: 'call' }, at: number): number | null {
    const { stream } = this
    const callee = this.program.functions[op.callee]
    if (callee === undefined) throw new RangeError(`${this.f.name} calls function ${op.callee}`)
    if (callee.inputSize !== op.args.length || callee.outputSize !== op.outputSize)
      throw new RangeError(`${this.f.name} calls ${callee.name} with the wrong number of values`)
    const hint = this.hints[op.callee]!
    if (hint !== null) {
      this.hint(hint, op.args, at)
      return null
    }
    const bound = !op.unconstrained && boundsRank(this.ranks, this.index, op.callee) ? this.slot() : null
    stream.push(Instruction.Call, op.callee, op.unconstrained ? 1 : 0, 2 * at)
    stream.push(bound === null ? -1 : 2 * bound, op.args.length)
    this.list(op.args)
    return bound
  }

  /** The operations of a hint in slots of their own, then its results to their places. */
  private hint({ ops, results }: PlainHint, args: readonly Value[], at: number): void {
    const values = args.slice()
    let slot = this.values
    this.stream.push(Instruction.BeginHint)
    for (const op of ops) {
      const count = resultCount(op)
      this.operation(withOperands(op, values), slot)
      for (let i = 0; i < count; i++) values.push(slot++)
    }
    const from = results.map(v => values[v]!)
    for (const v of from) this.write(v)
    this.stream.push(Instruction.EndHint, Instruction.Move, from.length, 2 * at)
    this.list(from)
  }

  /** The values are no constants from here on. */
  private forget(at: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.constants.delete(at + i)
      this.unwritten.delete(at + i)
    }
  }

  /** Writes a constant to the frame if that is still to be done. */
  private write(v: Value): void {
    if (!this.unwritten.delete(v)) return
    const c = this.constants.get(v)!
    this.stream.push(Instruction.Const, 2 * v, lowWord(c) | 0, highWord(c) | 0)
  }

  /**
   * Handles constants, which are written only when somebody needs them in the frame, and arithmetic with a
   * constant operand below 2^32. False for other ops.
   */
  private fold(op: Op, at: number): boolean {
    const { constants, stream } = this
    const set = (c: bigint) => {
      constants.set(at, normalise(c))
      this.unwritten.add(at)
      return true
    }
    if (op.op === 'const') return set(op.value)
    if (op.op !== 'add' && op.op !== 'sub' && op.op !== 'mul') return false
    const a = constants.get(op.a)
    const b = constants.get(op.b)
    if (a !== undefined && b !== undefined)
      return set(op.op === 'add' ? a + b : op.op === 'sub' ? a - b : a * b)
    const immediate = (opcode: Instruction, v: Value, c: bigint | undefined) => {
      if (c === undefined || c >= 1n << 32n) return false
      constants.delete(at)
      this.unwritten.delete(at)
      stream.push(opcode, 2 * at, 2 * v, Number(c) | 0)
      return true
    }
    if (op.op === 'sub') return immediate(Instruction.SubImmediate, op.a, b)
    const opcode = op.op === 'add' ? Instruction.AddImmediate : Instruction.MulImmediate
    return a === undefined ? immediate(opcode, op.a, b) : immediate(opcode, op.b, a)
  }

  private control(control: Control, length: number, bounds: number[], join: Join | null): void {
    const { stream } = this
    switch (control.control) {
      case 'return': {
        const rank = this.ranks.ranked[this.index] === 1 ? 2 * this.greatest([...this.outer, ...bounds]) : -1
        stream.push(Instruction.Return, control.values.length, rank)
        this.list(control.values)
        return
      }
      case 'yield': {
        if (join === null || control.values.length !== join.outputSize) {
          stream.push(Instruction.Trap)
          return
        }
        if (join.rankSlot !== null) {
          const source = this.greatest(bounds)
          stream.push(Instruction.Move, 1, 2 * join.rankSlot, 2 * source)
        }
        // An ascending copy is wrong once a source has already been overwritten.
        const clash = control.values.some((v, i) => v >= join.length && v < join.length + i)
        stream.push(clash ? Instruction.MoveOverlapping : Instruction.Move)
        stream.push(control.values.length, 2 * join.length)
        this.list(control.values)
        stream.push(Instruction.Jump, -1)
        join.jumps.push(stream.length - 1)
        return
      }
      case 'match':
        this.arms(control, length, bounds, join)
        return
      case 'matchContinue': {
        const inner: Join = {
          length,
          outputSize: control.outputSize,
          rankSlot: armsBoundRank(control, this.ranks, this.index) ? this.slot() : null,
          jumps: [],
        }
        this.arms(control, length, [], inner, bounds)
        for (const at of inner.jumps) stream[at] = stream.length
        const after = inner.rankSlot === null ? bounds : [...bounds, inner.rankSlot]
        this.forget(length, control.outputSize)
        this.block(control.continuation, length + control.outputSize, after, join)
      }
    }
  }

  /**
   * Inside the arms of a matchContinue only the bounds since the match are merged by yields; `outer` are the
   * earlier ones, which returns from an arm still have to respect.
   */
  private arms(
    control: Control & { control: 'match' | 'matchContinue' },
    length: number,
    bounds: number[],
    join: Join | null,
    outer: number[] = [],
  ): void {
    const { stream } = this
    const saved = this.outer
    this.outer = [...saved, ...outer]
    const { cases } = control
    const dense = cases.every(c => c.value < BigInt(2 * cases.length + 4))
    let defaultAt: number
    const targets: number[] = []
    if (dense) {
      const span = cases.reduce((m, c) => Math.max(m, Number(c.value) + 1), 0)
      stream.push(Instruction.MatchDense, 2 * control.scrutinee, span, -1)
      defaultAt = stream.length - 1
      const first = stream.length
      for (let i = 0; i < span; i++) stream.push(-1)
      for (const c of cases) targets.push(first + Number(c.value))
    } else {
      stream.push(Instruction.MatchSearch, 2 * control.scrutinee, cases.length, -1)
      defaultAt = stream.length - 1
      for (const c of cases) {
        stream.push(lowWord(c.value) | 0, highWord(c.value) | 0, -1)
        targets.push(stream.length - 1)
      }
    }
    // Of two cases with one value the first counts.
    const seen = new Set<bigint>()
    cases.forEach((c, i) => {
      if (seen.has(c.value)) return
      seen.add(c.value)
      stream[targets[i]!] = stream.length
      this.arm(c.block, length, bounds, join)
    })
    if (control.default !== null) {
      stream[defaultAt] = stream.length
      if (dense)
        for (let at = defaultAt + 1; at < defaultAt + 1 + stream[defaultAt - 1]!; at++)
          if (stream[at] === -1) stream[at] = stream.length
      this.arm(control.default, length, bounds, join)
    }
    this.outer = saved
  }

  /** A block whose constants are nobody else's. */
  private arm(block: Block, length: number, bounds: number[], join: Join | null): void {
    const { constants, unwritten } = this
    this.constants = new Map(constants)
    this.unwritten = new Set(unwritten)
    this.block(block, length, bounds, join)
    this.constants = constants
    this.unwritten = unwritten
  }

  /** Slot with the greatest of the bounds of a path; returns respect those before an enclosing match too. */
  private greatest(bounds: number[]): number {
    if (bounds.length === 1) return bounds[0]!
    const slot = this.slot()
    if (bounds.length === 0) this.stream.push(Instruction.Const, 2 * slot, 0, 0)
    else {
      this.stream.push(Instruction.GreatestBound, 2 * slot, bounds.length)
      this.list(bounds)
    }
    return slot
  }

  /** Emits an op that is no call. */
  private op(op: Exclude<Op, { op: 'call' }>, at: number): null {
    const { stream } = this
    const dst = 2 * at
    switch (op.op) {
      case 'const':
        return null
      case 'add':
        stream.push(Instruction.Add, dst, 2 * op.a, 2 * op.b)
        return null
      case 'sub':
        stream.push(Instruction.Sub, dst, 2 * op.a, 2 * op.b)
        return null
      case 'mul':
        stream.push(Instruction.Mul, dst, 2 * op.a, 2 * op.b)
        return null
      case 'eqZero':
        stream.push(Instruction.EqZero, dst, 2 * op.a)
        return null
      case 'store':
        stream.push(Instruction.Store, this.memory(op.values.length), dst, op.values.length)
        this.list(op.values)
        return null
      case 'load':
        stream.push(Instruction.Load, this.memory(op.size), dst, 2 * op.ptr)
        return null
      case 'assertEq':
        if (op.xs.length !== op.ys.length) {
          stream.push(Instruction.Rare, Rare.AssertLength, 3)
          return null
        }
        stream.push(Instruction.AssertEq, op.xs.length, this.message(op.message))
        this.list(op.xs)
        this.list(op.ys)
        return null
      case 'u8BitDecomposition':
        stream.push(Instruction.ByteUnary, 0, dst, 2 * op.a)
        return null
      case 'u8ShiftLeft':
        stream.push(Instruction.ByteUnary, 1, dst, 2 * op.a)
        return null
      case 'u8ShiftRight':
        stream.push(Instruction.ByteUnary, 2, dst, 2 * op.a)
        return null
      case 'u8RangeCheck':
        stream.push(Instruction.RangePair, 8, 2 * op.a, 2 * op.b)
        return null
      case 'u4RangeCheck':
        stream.push(Instruction.RangePair, 4, 2 * op.a, 2 * op.b)
        return null
      case 'u32RangeCheck':
        stream.push(Instruction.Range32, 2 * op.a)
        return null
      case 'u32LessThan':
        stream.push(Instruction.LessThan32, dst, 2 * op.a, 2 * op.b)
        return null
      case 'u4Xor':
      case 'u4XorSplit3':
        stream.push(Instruction.NibblePair, NIBBLE_PAIR_OPS.indexOf(op.op), dst, 2 * op.a, 2 * op.b)
        stream.push(resultCount(op))
        return null
      case 'ioGetInfo':
        this.rare(Rare.IoGetInfo, dst, [op.channel, ...op.key])
        return null
      case 'ioSetInfo':
        this.rare(Rare.IoSetInfo, dst, [op.channel, op.idx, op.len, ...op.key])
        return null
      case 'ioRead':
        stream.push(Instruction.Rare, Rare.IoRead, 7, dst, 2 * op.channel, 2 * op.idx, op.len)
        return null
      case 'ioWrite':
        this.rare(Rare.IoWrite, dst, [op.channel, ...op.data])
        return null
      case 'unconstrainedU32Add':
        this.rare(Rare.U32Sum, dst, [...op.a, ...op.b])
        return null
      case 'unconstrainedU32Add3':
        this.rare(Rare.U32Sum, dst, [...op.a, ...op.b, ...op.c])
        return null
      case 'u32ToField':
        this.rare(Rare.U32ToField, dst, op.bytes)
        return null
      case 'unconstrainedGToBytes':
        this.rare(Rare.GToBytes, dst, [op.a])
        return null
      case 'unconstrainedGInverse':
        this.rare(Rare.GInverse, dst, [op.a])
        return null
      case 'unconstrainedBigUintDivMod':
        this.rare(Rare.BigUintDivMod, dst, [op.a, op.b])
        return null
      case 'unconstrainedLimbsDivMod':
        this.rare(Rare.LimbsDivMod, dst, [op.a, op.b])
        return null
      case 'debug':
        stream.push(Instruction.Rare, Rare.Debug, 4 + (op.values?.length ?? 0), this.message(op.label))
        this.list(op.values ?? [])
        return null
      default:
        stream.push(Instruction.BytePair, BYTE_PAIR_OPS.indexOf(op.op), dst, 2 * op.a, 2 * op.b)
        stream.push(resultCount(op))
        return null
    }
  }

  private rare(kind: Rare, dst: number, values: Value[]): void {
    this.stream.push(Instruction.Rare, kind, 4 + values.length, dst)
    this.list(values)
  }

  private memory(size: number): number {
    const table = this.program.memorySizes.indexOf(size)
    if (table < 0)
      throw new RangeError(`${this.f.name} uses memory[${size}], which the program does not list`)
    return table
  }
}
