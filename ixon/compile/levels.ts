import type { Level, Name } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'
import { ByteWriter } from '../bytes.js'
import { canonicalUniverse } from '../canonical-universe.js'
import { imax, max, successor, type Universe, variable, writeUniverse, ZERO } from '../universe.js'
import { Unrepresentable } from './members.js'

/** A canonical universe with its serialised bytes in hex, which identify and order it. */
export interface TableUniverse {
  readonly universe: Universe
  readonly bytes: string
}

/** A source universe, interned so that equal ones are identical. */
interface Entry {
  readonly number: number
  readonly universe: Universe
  canonical: TableUniverse | undefined
}

/** Interns universes and canonicalises each distinct one once. */
export class UniverseTable {
  readonly #entries = new Map<string, Entry>()
  readonly #writer = new ByteWriter()

  /**
   * Canonical universe of a level whose parameters are positions in `params`.
   *
   * @param known results for levels of the same declaration
   */
  canonical(level: Level, params: readonly Name[], known: Map<Level, Entry>): TableUniverse {
    const entry = this.#convert(level, params, known)
    if (entry.canonical === undefined) {
      const universe = canonicalUniverse(entry.universe)
      this.#writer.clear()
      writeUniverse(this.#writer, universe)
      entry.canonical = { universe, bytes: Buffer.from(this.#writer.finish()).toString('hex') }
    }
    return entry.canonical
  }

  #convert(level: Level, params: readonly Name[], known: Map<Level, Entry>): Entry {
    const stack = [level]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (known.has(top)) {
        stack.pop()
        continue
      }
      switch (top.kind) {
        case 'zero':
          known.set(
            top,
            this.#intern('z', () => ZERO),
          )
          break
        case 'param': {
          const wanted = displayName(top.name)
          const position = params.findIndex(param => displayName(param) === wanted)
          if (position < 0) throw new Unrepresentable(`the universe parameter ${wanted} is not declared`)
          known.set(
            top,
            this.#intern(`p${position}`, () => variable(position)),
          )
          break
        }
        case 'succ': {
          const pred = known.get(top.pred)
          if (pred === undefined) {
            stack.push(top.pred)
            continue
          }
          known.set(
            top,
            this.#intern(`s${pred.number}`, () => successor(pred.universe)),
          )
          break
        }
        default: {
          const left = known.get(top.left)
          const right = known.get(top.right)
          if (left === undefined || right === undefined) {
            if (right === undefined) stack.push(top.right)
            if (left === undefined) stack.push(top.left)
            continue
          }
          const make = top.kind === 'max' ? max : imax
          const key = `${top.kind} ${left.number} ${right.number}`
          known.set(
            top,
            this.#intern(key, () => make(left.universe, right.universe)),
          )
        }
      }
      stack.pop()
    }
    return known.get(level)!
  }

  #intern(key: string, make: () => Universe): Entry {
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = { number: this.#entries.size, universe: make(), canonical: undefined }
      this.#entries.set(key, entry)
    }
    return entry
  }
}

export type KnownLevels = Parameters<UniverseTable['canonical']>[2]
