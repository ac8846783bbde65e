import type { Binding } from './check-pattern.js'

/** Local variables by name, the innermost last. */
export class Scope {
  private readonly byName = new Map<string, Binding[]>()
  private readonly order: string[] = []

  find(name: string): Binding | null {
    return this.byName.get(name)?.at(-1) ?? null
  }

  enter(bindings: Iterable<Binding>): void {
    for (const binding of bindings) {
      const same = this.byName.get(binding.name)
      if (same === undefined) this.byName.set(binding.name, [binding])
      else same.push(binding)
      this.order.push(binding.name)
    }
  }

  mark(): number {
    return this.order.length
  }

  /** Forgets what was entered since the mark. */
  leave(mark: number): void {
    while (this.order.length > mark) this.byName.get(this.order.pop()!)!.pop()
  }
}
