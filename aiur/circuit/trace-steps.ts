/**
 * The body of a function as its trace is filled: an object of one shape for every operation and every leaf, with words in
 * place of values and columns, since a shard's traces take a hundred million operations.
 */

import type { Block, Op, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { BYTE_CHAINS, type ChainShape, WORD_CHAINS } from '../vm/divmod.js'
import { highWord, lowWord } from '../vm/goldilocks.js'
import { type PlainHint, withOperands } from '../vm/plain-hints.js'
import { boundsRank, type RankPlan } from '../vm/ranks.js'
import type { RecordView } from '../vm/record.js'
import type { TableView } from '../vm/table.js'
import { operandsOf, resultCount } from '../vm/values.js'
import type { BlockPlan } from './function-circuit.js'

export enum Kind {
  Const = 0,
  Add = 1,
  Sub = 2,
  Mul = 3,
  EqZero = 4,
  Call = 5,
  Store = 6,
  Load = 7,
  IoGetInfo = 8,
  IoRead = 9,
  BitDecomposition = 10,
  ShiftLeft = 11,
  ShiftRight = 12,
  NibblePair = 13,
  BytePair = 14,
  LessThan = 15,
  Sum = 16,
  ToField = 17,
  ToBytes = 18,
  Inverse = 19,
  DivMod = 20,
}

/** Places of values are words among the values, columns are words within the row; -1: none. */
export interface Step {
  readonly kind: Kind
  /** Of the first result, and how many there are. */
  readonly dst: number
  readonly count: number
  /** Column of the first result that is one, and how many are. */
  readonly column: number
  readonly shown: number
  /** The operands, and the first two. */
  readonly operands: Int32Array
  readonly a: number
  readonly b: number
  /** Words of a constant; number of a byte or nibble operation. */
  readonly lo: number
  readonly hi: number
  /** Of a call, a store or a load. */
  readonly table: TableView | null
  /** Of a call: column of the callee's rank; does it bound that of the row? */
  readonly rank: number
  readonly bounds: boolean
  readonly hint: HintSteps | null
  /** Of a division. */
  readonly chains: ChainShape | null
  readonly op: Op
}

/** A plain hint on values of its own. */
export interface HintSteps {
  /** Of the first argument. */
  readonly at: number
  readonly steps: readonly Step[]
  readonly results: Int32Array
}

export interface StepBlock {
  readonly steps: readonly Step[]
  readonly control: Block['control']['control']
  /** What a leaf gives back; of a match the scrutinee. */
  readonly values: Int32Array
  readonly selector: number
  readonly rank: number
  /** Of a match: low and high words of the cases, whose arms follow in the same order. */
  readonly lo: Uint32Array
  readonly hi: Uint32Array
  readonly cases: readonly StepBlock[]
  readonly default: StepBlock | null
  readonly witnesses: number
  /** Of a match that goes on: place and columns of what its arms yield. */
  readonly mergedAt: number
  readonly merged: number
  readonly mergedRank: number
  readonly continuation: StepBlock | null
}

/** What the steps of a body depend on. */
export interface Subject {
  readonly index: number
  readonly record: RecordView
  readonly ranks: RankPlan
  readonly hints: readonly (PlainHint | null)[]
  /** Where the values of hints lie, which are behind those of the body. */
  readonly hintAt: number
}

const RESULTS_ARE_COLUMNS = -1

export class StepBuilder {
  private readonly known = new Map<number, HintSteps>()

  constructor(private readonly subject: Subject) {}

  /** @param length values before the block */
  block({ ops, control }: Block, plan: BlockPlan, length: number): StepBlock {
    const steps: Step[] = []
    let next = length
    ops.forEach((op, i) => {
      const step = this.step(op, plan.ops[i]!, next)
      if (step !== null) steps.push(step)
      next += resultCount(op)
    })
    const leaf = control.control === 'return' || control.control === 'yield'
    const cases = leaf ? [] : control.cases
    const after = control.control === 'matchContinue' ? control : null
    return {
      steps,
      control: control.control,
      values: words(leaf ? control.values : [control.scrutinee]),
      selector: 2 * plan.selector,
      rank: column(plan.rank),
      lo: Uint32Array.from(cases, c => lowWord(c.value)),
      hi: Uint32Array.from(cases, c => highWord(c.value)),
      cases: cases.map((c, i) => this.block(c.block, plan.cases[i]!, next)),
      default: leaf || control.default === null ? null : this.block(control.default, plan.default!, next),
      witnesses: 2 * plan.witnesses,
      mergedAt: 2 * next,
      merged: 2 * plan.merged,
      mergedRank: column(plan.mergedRank),
      continuation: after && this.block(after.continuation, plan.continuation!, next + after.outputSize),
    }
  }

  /** Null for an operation that only demands something. */
  private step(op: Op, first: number, at: number): Step | null {
    const { record, ranks, index } = this.subject
    const operands = words(operandsOf(op))
    const count = resultCount(op)
    const make = (kind: Kind, rest: Partial<Step> = {}, columns = RESULTS_ARE_COLUMNS): Step => ({
      kind,
      dst: 2 * at,
      count,
      column: column(first),
      shown: first < 0 ? 0 : columns === RESULTS_ARE_COLUMNS ? count : columns,
      operands,
      a: operands[0] ?? 0,
      b: operands[1] ?? 0,
      lo: 0,
      hi: 0,
      table: null,
      rank: -1,
      bounds: false,
      hint: null,
      chains: null,
      op,
      ...rest,
    })
    switch (op.op) {
      case 'const':
        return make(Kind.Const, { lo: lowWord(op.value), hi: highWord(op.value) })
      case 'add':
        return make(Kind.Add)
      case 'sub':
        return make(Kind.Sub)
      case 'mul':
        return make(Kind.Mul)
      case 'eqZero':
        // The inverse is the first of its two columns.
        return make(Kind.EqZero, first < 0 ? {} : { column: 2 * (first + 1) })
      case 'call': {
        const ranked = !op.unconstrained && ranks.ranked[op.callee] === 1
        return make(Kind.Call, {
          table: record.functions[op.callee]!,
          hint: this.hint(op.callee),
          ...(ranked && {
            rank: 2 * (first + op.outputSize),
            bounds: boundsRank(ranks, index, op.callee),
          }),
        })
      }
      case 'store':
        return make(Kind.Store, { table: record.memory(op.values.length) })
      case 'load':
        return make(Kind.Load, { table: record.memory(op.size) })
      case 'ioGetInfo':
        return make(Kind.IoGetInfo)
      case 'ioRead':
        return make(Kind.IoRead)
      case 'assertEq':
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
      case 'u8RangeCheck':
      case 'u4RangeCheck':
      case 'u32RangeCheck':
        return null
      case 'u8BitDecomposition':
        return make(Kind.BitDecomposition)
      case 'u8ShiftLeft':
        return make(Kind.ShiftLeft)
      case 'u8ShiftRight':
        return make(Kind.ShiftRight)
      case 'u4Xor':
      case 'u4XorSplit3':
        return make(Kind.NibblePair, { lo: NIBBLE_PAIR_OPS.indexOf(op.op) })
      case 'u32LessThan':
        // Its columns are bytes of the operands.
        return make(Kind.LessThan, {}, 0)
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3':
        return make(Kind.Sum, {}, 4)
      case 'u32ToField':
        return make(Kind.ToField)
      case 'unconstrainedGToBytes':
        return make(Kind.ToBytes)
      case 'unconstrainedGInverse':
        return make(Kind.Inverse)
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod': {
        const chains = op.op === 'unconstrainedBigUintDivMod' ? BYTE_CHAINS : WORD_CHAINS
        return make(Kind.DivMod, { chains, table: record.memory(chains.size) })
      }
      default: {
        // The carry of a sum and the borrow of a difference are expressions.
        const columns = op.op === 'u8Add' || op.op === 'u8Sub' ? 1 : RESULTS_ARE_COLUMNS
        return make(Kind.BytePair, { lo: BYTE_PAIR_OPS.indexOf(op.op) }, columns)
      }
    }
  }

  private hint(callee: number): HintSteps | null {
    const { hints, hintAt } = this.subject
    const plain = hints[callee] ?? null
    const known = this.known.get(callee)
    if (plain === null || known !== undefined) return known ?? null
    const places = Array.from({ length: plain.length }, (_, i) => hintAt + i)
    const inputs = plain.length - plain.ops.reduce((sum, op) => sum + resultCount(op), 0)
    let next = hintAt + inputs
    const steps = plain.ops.map(op => {
      const at = next
      next += resultCount(op)
      return this.step(withOperands(op, places), -1, at)!
    })
    const hint = { at: 2 * hintAt, steps, results: words(plain.results.map(v => places[v]!)) }
    this.known.set(callee, hint)
    return hint
  }
}

const column = (index: number): number => (index < 0 ? -1 : 2 * index)

const words = (values: readonly Value[]): Int32Array => Int32Array.from(values, v => 2 * v)
