import type { Expr, Level, Name } from '../declaration.js'
import { ANONYMOUS, NameTable } from '../name.js'
import type { JsonRecord } from './record.js'

const BINDER_INFOS = ['default', 'implicit', 'strictImplicit', 'instImplicit'] as const
/** De Bruijn indices and projection fields beyond this fit no term that a file can hold. */
const MAX_INDEX = 0xffffffff

/** The three index spaces of an export file: names, levels, expressions (lean-env.md 4.2, 4.3). */
export class Terms {
  readonly nameTable = new NameTable()
  readonly #names = new IndexSpace<Name>('in', 'name', [ANONYMOUS])
  readonly #levels = new IndexSpace<Level>('il', 'level', [{ kind: 'zero' }])
  readonly #exprs = new IndexSpace<Expr>('ie', 'expression', [])

  /** Adds the name, level or expression that the record defines under `payload`; false if it defines none. */
  define(record: JsonRecord, payload: string): boolean {
    switch (payload) {
      case 'str': {
        const { prefix, body } = this.#prefixed(record, 'str')
        return this.#names.define(record, this.nameTable.str(prefix, body.string('str')))
      }
      case 'num': {
        const { prefix, body } = this.#prefixed(record, 'num')
        return this.#names.define(record, this.nameTable.num(prefix, bigNatural(body, 'i')))
      }
      case 'succ':
        return this.#levels.define(record, {
          kind: 'succ',
          pred: this.#level(record, record.natural('succ')),
        })
      case 'max':
      case 'imax': {
        const [left, right, ...more] = record.naturals(payload)
        if (left === undefined || right === undefined || more.length > 0) {
          return record.fail(`"${payload}" must hold two levels`)
        }
        return this.#levels.define(record, {
          kind: payload,
          left: this.#level(record, left),
          right: this.#level(record, right),
        })
      }
      case 'param':
        return this.#levels.define(record, { kind: 'param', name: this.name(record, 'param') })
      default: {
        const expr = this.#expr(record, payload)
        return expr !== undefined && this.#exprs.define(record, expr)
      }
    }
  }

  #expr(record: JsonRecord, payload: string): Expr | undefined {
    switch (payload) {
      case 'bvar':
        return { kind: 'bvar', index: smallIndex(record, 'bvar') }
      case 'sort':
        return { kind: 'sort', level: this.#level(record, record.natural('sort')) }
      case 'const': {
        const body = record.record('const')
        const levels = body.naturals('us').map(index => this.#level(body, index))
        return { kind: 'const', name: this.name(body, 'name'), levels }
      }
      case 'app': {
        const body = record.record('app')
        return { kind: 'app', fn: this.expr(body, 'fn'), arg: this.expr(body, 'arg') }
      }
      case 'lam':
      case 'forallE': {
        const body = record.record(payload)
        return {
          kind: payload === 'lam' ? 'lam' : 'forall',
          binder: this.name(body, 'name'),
          info: body.oneOf('binderInfo', BINDER_INFOS),
          type: this.expr(body, 'type'),
          body: this.expr(body, 'body'),
        }
      }
      case 'letE': {
        const body = record.record('letE')
        return {
          kind: 'let',
          binder: this.name(body, 'name'),
          nondep: body.bool('nondep', false),
          type: this.expr(body, 'type'),
          value: this.expr(body, 'value'),
          body: this.expr(body, 'body'),
        }
      }
      case 'proj': {
        const body = record.record('proj')
        return {
          kind: 'proj',
          structure: this.name(body, 'typeName'),
          field: smallIndex(body, 'idx'),
          expr: this.expr(body, 'struct'),
        }
      }
      case 'natVal': {
        // A string in the format; numbers are as clear.
        if (typeof record.raw('natVal') === 'number')
          return { kind: 'nat', value: bigNatural(record, 'natVal') }
        const digits = record.string('natVal')
        if (!/^[0-9]+$/.test(digits)) return record.fail('"natVal" must be decimal digits')
        try {
          return { kind: 'nat', value: BigInt(digits) }
        } catch {
          return record.fail('"natVal" is too large')
        }
      }
      case 'strVal':
        return { kind: 'str', value: record.string('strVal') }
      case 'mdata':
        return { kind: 'mdata', expr: this.expr(record.record('mdata'), 'expr') }
      default:
        return undefined
    }
  }

  name(record: JsonRecord, key: string): Name {
    return this.#name(record, record.natural(key))
  }

  names(record: JsonRecord, key: string): Name[] {
    return record.naturals(key).map(index => this.#name(record, index))
  }

  expr(record: JsonRecord, key: string): Expr {
    return this.#exprs.get(record, record.natural(key))
  }

  #name(record: JsonRecord, index: number): Name {
    return this.#names.get(record, index)
  }

  #level(record: JsonRecord, index: number): Level {
    return this.#levels.get(record, index)
  }

  #prefixed(record: JsonRecord, key: string): { prefix: Name; body: JsonRecord } {
    const body = record.record(key)
    return { prefix: this.name(body, 'pre'), body }
  }
}

/** Values by index, each defined once and before its use. Exporters count upwards; other indices are taken too. */
class IndexSpace<T> {
  readonly #others = new Map<number, T>()

  constructor(
    readonly key: 'in' | 'il' | 'ie',
    readonly what: string,
    readonly dense: T[],
  ) {}

  define(record: JsonRecord, value: T): true {
    const index = record.natural(this.key)
    if (index < this.dense.length || this.#others.has(index)) {
      record.fail(`index ${index} of "${this.key}" is defined twice`)
    }
    if (index === this.dense.length) this.dense.push(value)
    else this.#others.set(index, value)
    return true
  }

  get(record: JsonRecord, index: number): T {
    const value = index < this.dense.length ? this.dense[index] : this.#others.get(index)
    return value ?? record.fail(`${this.what} ${index} is not defined before this line`)
  }
}

function smallIndex(record: JsonRecord, key: string): number {
  const index = record.natural(key)
  return index <= MAX_INDEX ? index : record.fail(`field "${key}" must be below 2^32`)
}

/** A number of any size, of a name component or a literal: JSON.parse would round it. */
function bigNatural(body: JsonRecord, key: 'i' | 'natVal'): bigint {
  const value = body.raw(key)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  // A line that defines one holds no strings besides its keys; of a repeated key JSON takes the last.
  const digits = [...body.text.matchAll(DIGITS[key])].at(-1)?.[1]
  if (digits === undefined || Number(digits) !== value) body.fail(`field "${key}" must be a natural number`)
  return BigInt(digits)
}

const DIGITS = { i: /"i"\s*:\s*([0-9]+)\s*[,}]/g, natVal: /"natVal"\s*:\s*([0-9]+)\s*[,}]/g }
