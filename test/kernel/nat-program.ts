import { readFileSync } from 'node:fs'
import type { Program } from '../../aiur/bytecode.js'
import { compile, type SourceFile } from '../../aiur/language/compile.js'
import { execute, type Outcome } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'

/** An entry point over the arithmetic of `kernel/nat.aiur`: numbers a and b in, a list of words out. */
const ENTRY = `
fn read_number(at: G, n: G) -> Limbs {
  match n {
    0 => store(List.Nil),
    _ =>
      let [x] = io_read(0, at, 1);
      store(List.Cons(x, read_number(at + 1, n - 1))),
  }
}

fn argument(i: G) -> Limbs {
  let (at, n) = io_get_info(0, [i]);
  let a = read_number(at, n);
  limbs_check(a);
  a
}

fn answer(a: Limbs) {
  match load(a) {
    List.Nil => (),
    List.Cons(x, rest) =>
      io_write(1, [x]);
      answer(rest),
  }
}

pub fn run(op: G) {
  let a = argument(0);
  let b = argument(1);
  match op {
    0 => answer(limbs_add(a, b)),
    1 => answer(limbs_sub(a, b)),
    2 => answer(limbs_mul(a, b)),
    3 => answer(limbs_div(a, b)),
    4 => answer(limbs_mod(a, b)),
    5 => answer(limbs_gcd(a, b)),
    6 => answer(limbs_pow(a, b)),
    7 => answer(limbs_land(a, b)),
    8 => answer(limbs_lor(a, b)),
    9 => answer(limbs_xor(a, b)),
    10 => answer(limbs_shl(a, b)),
    11 => answer(limbs_shr(a, b)),
    12 => answer(limbs_log2(a)),
    13 => answer(limbs_succ(a)),
    14 => answer(limbs_pred(a)),
    15 => io_write(1, [limbs_cmp(a, b)]);,
    16 => io_write(1, [limbs_eq(a, b)]);,
    17 => io_write(1, [limbs_le(a, b)]);,
    18 => io_write(1, [limbs_pow_ok(a, b)]);,
    19 => answer(limbs_bits(a)),
  }
}
`

export const OPERATIONS = [
  'add', 'sub', 'mul', 'div', 'mod', 'gcd', 'pow', 'land', 'lor', 'xor', 'shl', 'shr', 'log2', 'succ', 'pred', 'cmp', 'eq', 'le', 'powOk', 'bits',
] as const // biome-ignore format: one list

export type Operation = (typeof OPERATIONS)[number]

function source(name: string): SourceFile {
  return { name, text: readFileSync(new URL(`../../kernel/${name}`, import.meta.url), 'utf8') }
}

/** @param overlay functions that replace those of the same name */
export function natProgram(overlay?: string): Program {
  const files = [source('types.aiur'), source('nat.aiur'), { name: 'entry.aiur', text: ENTRY }]
  const options = overlay === undefined ? {} : { overlay: [{ name: 'overlay.aiur', text: overlay }] }
  return compile(files, { roots: ['run'], ...options })
}

export function limbsOf(n: bigint): number[] {
  const limbs: number[] = []
  for (let rest = n; rest > 0n; rest >>= 32n) limbs.push(Number(rest & 0xffffffffn))
  return limbs
}

export function numberOf(limbs: readonly bigint[]): bigint {
  return limbs.reduceRight((acc, limb) => (acc << 32n) + limb, 0n)
}

export function runLimbs(
  program: Program,
  op: Operation,
  a: number[],
  b: number[],
): { outcome: Outcome; words: bigint[] } {
  const io = new IoBuffer()
  io.put(0, [0], a)
  io.put(0, [1], b)
  const outcome = execute(program, 'run', [BigInt(OPERATIONS.indexOf(op))], io, { rows: 20_000_000 })
  return { outcome, words: io.read(1, 0, io.length(1)) }
}

/** The result's words. @throws when the run fails. */
export function runNumbers(program: Program, op: Operation, a: bigint, b: bigint): bigint[] {
  const { outcome, words } = runLimbs(program, op, limbsOf(a), limbsOf(b))
  if (!outcome.ok) throw outcome.error
  return words
}
