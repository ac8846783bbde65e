import { InputError } from '../input-error.js'

/** One JSON object of a line, read field by field; every miss is an {@link InputError} that names the line. */
export class JsonRecord {
  readonly #object: Readonly<Record<string, unknown>>

  constructor(
    value: unknown,
    readonly place: { readonly file: string; readonly line: number },
    /** The line's text: integers beyond 2^53 are read from it. */
    readonly text: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InputError('expected a JSON object', place)
    }
    this.#object = value as Record<string, unknown>
  }

  fail(reason: string): never {
    throw new InputError(reason, this.place)
  }

  keys(): string[] {
    return Object.keys(this.#object)
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key)
  }

  raw(key: string): unknown {
    if (!this.has(key)) this.fail(`field "${key}" is missing`)
    return this.#object[key]
  }

  record(key: string): JsonRecord {
    return new JsonRecord(this.raw(key), this.place, this.text)
  }

  /** The records of a field that holds one or, in format 3.0.0, an array of them. */
  records(key: string): JsonRecord[] {
    const value = this.raw(key)
    const items = Array.isArray(value) ? value : [value]
    return items.map(item => new JsonRecord(item, this.place, this.text))
  }

  /** A natural number below 2^53. */
  natural(key: string): number {
    return this.#natural(this.raw(key), key)
  }

  naturals(key: string): number[] {
    const value = this.raw(key)
    if (!Array.isArray(value)) return this.fail(`field "${key}" must be an array`)
    return value.map(item => this.#natural(item, key))
  }

  #natural(value: unknown, key: string): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      return this.fail(`field "${key}" must be a natural number below 2^53`)
    }
    return value
  }

  bool(key: string, missing?: boolean): boolean {
    if (missing !== undefined && !this.has(key)) return missing
    const value = this.raw(key)
    return typeof value === 'boolean' ? value : this.fail(`field "${key}" must be true or false`)
  }

  string(key: string): string {
    const value = this.raw(key)
    if (typeof value !== 'string') return this.fail(`field "${key}" must be a string`)
    // Lean strings are sequences of Unicode scalar values; JSON can spell half a surrogate pair.
    if (/\p{Surrogate}/u.test(value)) return this.fail(`field "${key}" holds an unpaired surrogate`)
    return value
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    const value = this.raw(key) as T
    return values.includes(value) ? value : this.fail(`field "${key}" must be one of ${values.join(', ')}`)
  }
}
