/** Exports in NDJSON (format 3.1.0) of declarations as they stand, right or wrong. */
import type { Declaration, Expr, Level, Name } from '../../lean/declaration.js'

export const META = JSON.stringify({
  meta: { exporter: { name: 'test', version: '1' }, format: { version: '3.1.0' } },
})

/** The lines of an export; each group is one declaration or one inductive block. */
export function exportText(groups: readonly (readonly Declaration[])[]): string {
  const writer = new Writer()
  for (const group of groups) writer.group(group)
  return [META, ...writer.lines].join('\n')
}

class Writer {
  readonly lines: string[] = []
  readonly #indices = {
    in: new Map<unknown, number>(),
    il: new Map<unknown, number>(),
    ie: new Map<unknown, number>(),
  }
  readonly #next = { in: 1, il: 1, ie: 0 }

  group(group: readonly Declaration[]): void {
    const [first] = group
    if (first === undefined) return
    if (first.kind !== 'inductive' && first.kind !== 'constructor' && first.kind !== 'recursor') {
      for (const declaration of group) this.#write(this.#record(declaration))
      return
    }
    const of = (kind: Declaration['kind']) =>
      group.filter(member => member.kind === kind).map(member => Object.values(this.#record(member))[0])
    this.#write({ inductive: { types: of('inductive'), ctors: of('constructor'), recs: of('recursor') } })
  }

  #write(record: object): void {
    this.lines.push(JSON.stringify(record))
  }

  #define(space: 'in' | 'il' | 'ie', key: unknown, record: () => object): number {
    const known = this.#indices[space].get(key)
    if (known !== undefined) return known
    const made = record()
    const index = this.#next[space]++
    this.#write({ ...made, [space]: index })
    this.#indices[space].set(key, index)
    return index
  }

  #name(name: Name): number {
    if (name.kind === 'anonymous') return 0
    const pre = this.#name(name.prefix)
    // By content: names of different tables may be equal.
    return this.#define('in', `${name.kind} ${pre} ${name.part}`, () =>
      name.kind === 'str' ? { str: { pre, str: name.part } } : { num: { pre, i: Number(name.part) } },
    )
  }

  #level(level: Level): number {
    if (level.kind === 'zero') return 0
    return this.#define('il', level, () => {
      if (level.kind === 'succ') return { succ: this.#level(level.pred) }
      if (level.kind === 'param') return { param: this.#name(level.name) }
      return { [level.kind]: [this.#level(level.left), this.#level(level.right)] }
    })
  }

  #expr(expr: Expr): number {
    return this.#define('ie', expr, () => this.#exprRecord(expr))
  }

  #exprRecord(expr: Expr): object {
    switch (expr.kind) {
      case 'bvar':
        return { bvar: expr.index }
      case 'sort':
        return { sort: this.#level(expr.level) }
      case 'const':
        return { const: { name: this.#name(expr.name), us: expr.levels.map(level => this.#level(level)) } }
      case 'app':
        return { app: { fn: this.#expr(expr.fn), arg: this.#expr(expr.arg) } }
      case 'lam':
      case 'forall': {
        const type = this.#expr(expr.type)
        const binder = { name: this.#name(expr.binder), binderInfo: expr.info, type }
        return { [expr.kind === 'lam' ? 'lam' : 'forallE']: { ...binder, body: this.#expr(expr.body) } }
      }
      case 'let': {
        const type = this.#expr(expr.type)
        const value = this.#expr(expr.value)
        const name = this.#name(expr.binder)
        return { letE: { name, type, value, body: this.#expr(expr.body), nondep: expr.nondep } }
      }
      case 'nat':
        return { natVal: String(expr.value) }
      case 'str':
        return { strVal: expr.value }
      case 'mdata':
        return { mdata: { expr: this.#expr(expr.expr), data: {} } }
      case 'proj':
        return {
          proj: { typeName: this.#name(expr.structure), idx: expr.field, struct: this.#expr(expr.expr) },
        }
    }
  }

  #names(names: readonly Name[]): number[] {
    return names.map(name => this.#name(name))
  }

  #record(of: Declaration): object {
    const name = this.#name(of.name)
    const common = { name, levelParams: this.#names(of.levelParams), type: this.#expr(of.type) }
    switch (of.kind) {
      case 'axiom':
        return { axiom: { ...common, isUnsafe: of.isUnsafe } }
      case 'quotient':
        return { quot: { ...common, kind: of.quotKind } }
      case 'definition': {
        const hints = of.hints.kind === 'regular' ? { regular: of.hints.height } : of.hints.kind
        const value = this.#expr(of.value)
        return { def: { ...common, value, hints, safety: of.safety, all: this.#names(of.all) } }
      }
      case 'theorem':
        return { thm: { ...common, value: this.#expr(of.value), all: this.#names(of.all) } }
      case 'opaque': {
        const value = this.#expr(of.value)
        return { opaque: { ...common, value, isUnsafe: of.isUnsafe, all: this.#names(of.all) } }
      }
      case 'inductive': {
        const { numParams, numIndices, numNested, isRec, isUnsafe, isReflexive } = of
        const counts = { numParams, numIndices, numNested, isRec, isUnsafe, isReflexive }
        return { type: { ...common, ...counts, all: this.#names(of.all), ctors: this.#names(of.ctors) } }
      }
      case 'constructor': {
        const { cidx, numParams, numFields, isUnsafe } = of
        return { ctor: { ...common, induct: this.#name(of.inductive), cidx, numParams, numFields, isUnsafe } }
      }
      case 'recursor': {
        const { numParams, numIndices, numMotives, numMinors, k, isUnsafe } = of
        const rules = of.rules.map(rule => ({
          ctor: this.#name(rule.ctor),
          nfields: rule.numFields,
          rhs: this.#expr(rule.rhs),
        }))
        const counts = { numParams, numIndices, numMotives, numMinors, k, isUnsafe }
        return { rec: { ...common, all: this.#names(of.all), ...counts, rules } }
      }
    }
  }
}
