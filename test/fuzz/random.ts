/** The numbers that a seed gives, for tests that choose. */

/** Numbers below a bound, by a seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound) | 0
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }
}

/** The list with two of its elements exchanged, or the same one with itself. */
export function exchanged<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list]
  const i = random.below(list.length)
  const j = random.below(list.length)
  ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
  return copy
}
