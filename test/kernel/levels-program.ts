import { readFileSync } from 'node:fs'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'

/** A universe level of a test, in the constructors of kernel/types.aiur. */
export type TestLevel =
  | { readonly k: 'zero' }
  | { readonly k: 'succ'; readonly of: TestLevel }
  | { readonly k: 'max' | 'imax'; readonly left: TestLevel; readonly right: TestLevel }
  | { readonly k: 'param'; readonly index: number }

/** Reads two levels in prefix notation from channel 0 and answers one question about them. */
const ENTRY = `
fn read_level(at: G) -> (&Level, G) {
  let [tag] = io_read(0, at, 1);
  match tag {
    0 => (store(Level.Zero), at + 1),
    1 =>
      let (u, next) = read_level(at + 1);
      (store(Level.Succ(u)), next),
    2 =>
      let (u, middle) = read_level(at + 1);
      let (v, next) = read_level(middle);
      (store(Level.Max(u, v)), next),
    3 =>
      let (u, middle) = read_level(at + 1);
      let (v, next) = read_level(middle);
      (store(Level.IMax(u, v)), next),
    4 =>
      let [i] = io_read(0, at + 1, 1);
      (store(Level.Param(i)), at + 2),
  }
}

pub fn run(question: G) -> G {
  let (a, next) = read_level(0);
  let (b, _) = read_level(next);
  match question {
    0 => level_leq(a, b),
    1 => level_eq(a, b),
    2 => level_is_zero(a),
    3 => level_never_zero(a),
    4 => level_eq(a, inst_level(a, level_params(0, 3))),
    5 => level_eq(level_imax(a, b), store(Level.IMax(a, b))),
    6 => level_eq(level_max(a, b), store(Level.Max(a, b))),
  }
}
`

export const QUESTION = { leq: 0, eq: 1, isZero: 2, neverZero: 3, instantiated: 4, imax: 5, max: 6 } as const

const program = compile(
  [
    ...['types', 'lists', 'levels', 'level_normal_form'].map(name => ({
      name: `${name}.aiur`,
      text: readFileSync(new URL(`../../kernel/${name}.aiur`, import.meta.url), 'utf8'),
    })),
    { name: 'test.aiur', text: ENTRY },
  ],
  { roots: ['run'] },
)

function words(level: TestLevel): number[] {
  switch (level.k) {
    case 'zero':
      return [0]
    case 'succ':
      return [1, ...words(level.of)]
    case 'max':
      return [2, ...words(level.left), ...words(level.right)]
    case 'imax':
      return [3, ...words(level.left), ...words(level.right)]
    case 'param':
      return [4, level.index]
  }
}

export function ask(question: keyof typeof QUESTION, a: TestLevel, b: TestLevel = a): boolean {
  const io = new IoBuffer()
  io.put(0, [0], [...words(a), ...words(b)])
  const outcome = execute(program, 'run', [BigInt(QUESTION[question])], io)
  if (!outcome.ok) throw outcome.error
  return outcome.outputs[0] === 1n
}
