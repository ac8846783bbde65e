import type { LeanModule } from '../olean/module.js'

/** Decoded objects kept over all modules before the least recently used modules drop theirs. */
const MAX_KEPT = 2_000_000

/** Bounds what modules keep of what they decoded. */
export class DecodedBudget {
  /** Modules that hold decoded objects, least recently used first. */
  readonly #recent = new Set<LeanModule>()
  #kept = 0

  readonly use = <T>(module: LeanModule, decode: () => T): T => {
    const before = this.#recent.has(module) ? module.kept : 0
    this.#recent.delete(module)
    this.#recent.add(module)
    try {
      return decode()
    } finally {
      this.#kept += module.kept - before
      this.#trim(module)
    }
  }

  /** Lets the least recently used modules but this one drop what they decoded, down to the limit. */
  #trim(module: LeanModule): void {
    for (const old of this.#recent) {
      if (this.#kept <= MAX_KEPT || old === module) break
      this.#kept -= old.kept
      old.forget()
      this.#recent.delete(old)
    }
  }
}
