/** The instruction stream that programs are flattened to. */

/** A program as the machine runs it. */
export interface Code {
  stream: Int32Array
  /** Position of each function's first instruction. */
  entry: Int32Array
  /** Words of each function's frame. */
  frameWords: Int32Array
  /** Labels of asserts and debug statements. */
  messages: string[]
}

/** Instructions and their fixed operands; operands are word offsets into the frame unless said otherwise. */
export enum Instruction {
  /** dst, low word, high word */
  Const = 0,
  /** dst, a, b */
  Add = 1,
  Sub = 2,
  Mul = 3,
  /** dst, a */
  EqZero = 4,
  /** function, 1 if unconstrained, dst, dst of the callee's rank + 1 or -1, n; n arguments */
  Call = 5,
  /** memory table, dst, n; n values */
  Store = 6,
  /** memory table, dst, pointer */
  Load = 7,
  /** n, message or -1; n left sides, n right sides */
  AssertEq = 8,
  /** n, slot of the row's rank or -1; n values */
  Return = 9,
  /** n, dst; n values: ascending copy */
  Move = 10,
  /** same, when the destination overlaps later sources */
  MoveOverlapping = 11,
  /** target */
  Jump = 12,
  /** scrutinee, n, default target or -1; n targets or -1 by value */
  MatchDense = 13,
  /** scrutinee, n, default target or -1; n times low word, high word, target */
  MatchSearch = 14,
  /** dst, n; n slots with lower bounds of the rank: their maximum, and the differences are counted in pairs */
  GreatestBound = 15,
  /** operation, dst, a, b, number of results */
  BytePair = 16,
  NibblePair = 17,
  /** 0 bit decomposition, 1 shift left, 2 shift right; dst, a */
  ByteUnary = 18,
  /** 8 or 4 (bits), a, b */
  RangePair = 19,
  /** a */
  Range32 = 20,
  /** dst, a, b */
  LessThan32 = 21,
  /** see {@link Rare}; length of the instruction; operands */
  Rare = 22,
  Trap = 23,
  /** dst, a, constant below 2^32 */
  AddImmediate = 24,
  SubImmediate = 25,
  MulImmediate = 26,
  /** From here on nothing is counted; then as the activation does. */
  BeginHint = 27,
  EndHint = 28,
}
