/**
 * Aiur bytecode: what the language front end produces and every engine, layout and circuit consumes.
 *
 * An activation of a function owns a growing list of values: first its inputs (indices 0 .. inputSize-1),
 * then every op appends its results. Operands are indices into that list. Inside a match each arm starts
 * again from the length at the match.
 */

/** Index into the value list of the current activation. */
export type Value = number

/** Index of a function in {@link Program.functions}. */
export type FunctionIndex = number

/** A constant of the field, 0 <= c < p = 2^64 - 2^32 + 1. Only bytecode and tooling hold field elements as bigint. */
export type Constant = bigint

/** Byte operations on two operands, with the number of results each appends. */
export const BYTE_PAIR_RESULTS = {
  u8Xor: 1,
  u8And: 1,
  u8Or: 1,
  u8LessThan: 1,
  u8Add: 2,
  u8Sub: 2,
  u8Mul: 2,
  u8ChainRotr7: 3,
  u8ChainRotr4: 3,
  u8XorSplit7: 2,
  u8XorSplit4: 2,
} as const

/** Nibble operations (both operands and all results in 0 .. 15), with the number of results each appends. */
export const NIBBLE_PAIR_RESULTS = {
  /** a xor b */
  u4Xor: 1,
  /** x = a xor b: (x >> 3, (x << 1) mod 16) */
  u4XorSplit3: 2,
} as const

export type BytePairOp = keyof typeof BYTE_PAIR_RESULTS
export type NibblePairOp = keyof typeof NIBBLE_PAIR_RESULTS

export type Op =
  | { op: 'const'; value: Constant }
  | { op: 'add' | 'sub' | 'mul'; a: Value; b: Value }
  | { op: 'eqZero'; a: Value }
  | { op: 'call'; callee: FunctionIndex; args: Value[]; outputSize: number; unconstrained: boolean }
  | { op: 'store'; values: Value[] }
  | { op: 'load'; size: number; ptr: Value }
  | { op: 'assertEq'; xs: Value[]; ys: Value[]; message?: string }
  | { op: 'ioGetInfo'; channel: Value; key: Value[] }
  | { op: 'ioSetInfo'; channel: Value; key: Value[]; idx: Value; len: Value }
  | { op: 'ioRead'; channel: Value; idx: Value; len: number }
  | { op: 'ioWrite'; channel: Value; data: Value[] }
  | { op: 'u8BitDecomposition' | 'u8ShiftLeft' | 'u8ShiftRight'; a: Value }
  | { op: BytePairOp; a: Value; b: Value }
  | { op: NibblePairOp; a: Value; b: Value }
  /** Both operands are bytes / nibbles; no result. */
  | { op: 'u8RangeCheck' | 'u4RangeCheck'; a: Value; b: Value }
  /** The operand is below 2^32; no result. */
  | { op: 'u32RangeCheck'; a: Value }
  | { op: 'u32LessThan'; a: Value; b: Value }
  /** Little-endian bytes of the sum (4 results, advice), then the carry (an expression). */
  | { op: 'unconstrainedU32Add'; a: Value[]; b: Value[] }
  | { op: 'unconstrainedU32Add3'; a: Value[]; b: Value[]; c: Value[] }
  | { op: 'u32ToField'; bytes: Value[] }
  /** 8 results: canonical little-endian bytes (advice). */
  | { op: 'unconstrainedGToBytes'; a: Value }
  | { op: 'unconstrainedGInverse'; a: Value }
  /** Pointers to limb chains in memory[10] (8 bytes a limb); results (quotient, remainder). */
  | { op: 'unconstrainedBigUintDivMod'; a: Value; b: Value }
  /** Pointers to limb chains in memory[3] ([0, limb, next] / [1, 0, 0], 32-bit limbs); results (quotient, remainder). */
  | { op: 'unconstrainedLimbsDivMod'; a: Value; b: Value }
  | { op: 'debug'; label: string; values?: Value[] }

export interface Case {
  value: Constant
  block: Block
}

export type Control =
  /** Ends the activation, from inside pending continuations too. Selectors number the leaves of a function. */
  | { control: 'return'; selector: number; values: Value[] }
  /** Ends an arm of the innermost matchContinue. */
  | { control: 'yield'; selector: number; values: Value[] }
  | { control: 'match'; scrutinee: Value; cases: Case[]; default: Block | null }
  | {
      control: 'matchContinue'
      scrutinee: Value
      cases: Case[]
      default: Block | null
      outputSize: number
      continuation: Block
    }

export interface Block {
  ops: Op[]
  control: Control
}

export interface BytecodeFunction {
  /** Name of the first source function of the deduplication class. */
  name: string
  /** All source functions that compiled to this one, `name` first. */
  aliases: string[]
  inputSize: number
  outputSize: number
  /** Number of leaves (return and yield controls) in the body. */
  selectors: number
  body: Block
  entry: boolean
  /** Reachable from an entry through constrained calls: only these become circuits. */
  constrained: boolean
}

export interface Program {
  functions: BytecodeFunction[]
  /** Every store length and load size of any function, ascending, distinct. */
  memorySizes: number[]
  /** Index of every source function (specialised instances under their mangled names). */
  functionIndex: Map<string, FunctionIndex>
}
