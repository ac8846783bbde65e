/** Small Aiur programs that put weight on one thing. */

export interface BenchProgram {
  name: string
  /** What one unit of `units` is. */
  unit: string
  units: number
  source: string
  args: bigint[]
}

const STEPS = 200

/** `calls` rows whose bodies are nothing but STEPS times `step` on a running value `s`. */
function unrolled(name: string, unit: string, calls: number, step: string, extra = ''): BenchProgram {
  return {
    name,
    unit,
    units: calls * STEPS,
    args: [BigInt(calls)],
    source: `${extra}
fn work(x: G) -> G { fold(0 .. ${STEPS}, x * x + 18446744060000000000, |s, @i| ${step}) }
fn all(n: G, sum: G) -> G { match n { 0 => sum, _ => all(n - 1, sum + work(n)), } }
pub fn main(n: G) -> G { all(n, 0) }`,
  }
}

export const BENCH_PROGRAMS: readonly BenchProgram[] = [
  unrolled('Goldilocks multiplication', 'product of full-size elements', 100_000, 's * s'),
  unrolled('additions', 'sum of full-size elements', 100_000, 's + s'),
  unrolled('probes that hit', 'call of a known row', 10_000, 's + known(3)', 'fn known(x: G) -> G { x * 7 }'),
  {
    name: 'new rows',
    unit: 'row with one input and one output',
    units: 2_000_001,
    args: [2_000_000n],
    source: 'pub fn main(n: G) -> G { match n { 0 => 0, _ => main(n - 1) + n, } }',
  },
  {
    name: 'new cells of memory',
    unit: 'cell of three values, stored once and loaded once',
    units: 1_000_000,
    args: [1_000_000n],
    source: `enum List { Nil, Cons(G, &List) }
fn build(n: G, l: &List) -> &List { match n { 0 => l, _ => build(n - 1, store(List.Cons(n, l))), } }
fn sum(l: &List, s: G) -> G { match load(l) { List.Nil => s, List.Cons(x, t) => sum(t, s + x), } }
pub fn main(n: G) -> G { sum(build(n, store(List.Nil)), 0) }`,
  },
]
