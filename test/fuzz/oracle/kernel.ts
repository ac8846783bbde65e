/** Reduction, conversion and inference of the oracle. */
import type { Address } from '../../../ixon/address.js'
import {
  abstract,
  app,
  apply,
  constant,
  fresh,
  instantiate,
  type Level,
  LZERO,
  levelEq,
  levelIsZero,
  lsucc,
  mentions,
  nat,
  pi,
  proj,
  sort,
  spine,
  substLevels,
  type Term,
  Undecided,
  Wrong,
} from './terms.js'
import type { Declaration, World } from './world.js'

type Binary = (a: bigint, b: bigint) => bigint | boolean | undefined

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))

const BINARY: Readonly<Record<string, Binary>> = {
  'Nat.add': (a, b) => a + b,
  'Nat.sub': (a, b) => (a < b ? 0n : a - b),
  'Nat.mul': (a, b) => a * b,
  'Nat.pow': (a, b) => (b > 1n << 16n ? undefined : a ** b),
  'Nat.div': (a, b) => (b === 0n ? 0n : a / b),
  'Nat.mod': (a, b) => (b === 0n ? a : a % b),
  'Nat.gcd': gcd,
  'Nat.beq': (a, b) => a === b,
  'Nat.ble': (a, b) => a <= b,
  'Nat.land': (a, b) => a & b,
  'Nat.lor': (a, b) => a | b,
  'Nat.xor': (a, b) => a ^ b,
  'Nat.shiftLeft': (a, b) => (b > 1n << 16n ? undefined : a << b),
  'Nat.shiftRight': (a, b) => a >> b,
}

export class Oracle {
  private fuel: number
  private readonly types = new Map<Term, Term>()
  private readonly checkedTypes = new Map<Term, Term>()
  private readonly whnfs = new Map<Term, Term>()
  private readonly equal = new Set<string>()
  private readonly unequal = new Set<string>()
  private readonly binary = new Map<Address, Binary>()
  private readonly zero: Address | undefined
  private readonly succ: Address | undefined

  constructor(
    readonly world: World,
    fuel = 300_000,
  ) {
    this.fuel = fuel
    for (const [name, f] of Object.entries(BINARY)) {
      const address = world.named(name)
      if (address !== undefined) this.binary.set(address, f)
    }
    this.zero = world.named('Nat.zero')
    this.succ = world.named('Nat.succ')
  }

  private spend(): void {
    if (this.fuel-- <= 0) throw new Undecided('the oracle takes too long')
  }

  // Reduction -----------------------------------------------------------------------------------------------------------

  whnf(t: Term): Term {
    const known = this.whnfs.get(t)
    if (known !== undefined) return known
    let e = t
    for (;;) {
      this.spend()
      const core = this.whnfCore(e)
      const number = this.arithmetic(core)
      if (number !== undefined) {
        e = number
        break
      }
      const unfolded = this.unfold(core)
      if (unfolded === undefined) {
        e = core
        break
      }
      e = unfolded
    }
    this.whnfs.set(t, e)
    return e
  }

  whnfCore(t: Term): Term {
    let e = t
    for (;;) {
      this.spend()
      const [head, args] = spine(e)
      if (head.kind === 'lam' && args.length > 0) {
        let body: Term = head
        let i = 0
        while (body.kind === 'lam' && i < args.length) {
          body = instantiate(body.body, args[i]!)
          i++
        }
        e = apply(body, ...args.slice(i))
        continue
      }
      if (head.kind === 'let') {
        e = apply(instantiate(head.body, head.value), ...args)
        continue
      }
      const step =
        head.kind === 'proj'
          ? this.project(head)
          : head.kind === 'const'
            ? this.eliminate(head, args)
            : undefined
      if (step === undefined) return e
      e = head.kind === 'proj' ? apply(step, ...args) : step
    }
  }

  private project(p: Term & { kind: 'proj' }): Term | undefined {
    const [c, args] = spine(this.toConstructor(this.whnf(p.of)))
    if (c.kind !== 'const') return undefined
    const d = this.world.get(c.address)
    return d.kind === 'constructor' ? args[d.params + p.field] : undefined
  }

  /** One step of a recursor or a quotient; `undefined` when stuck. */
  private eliminate(head: Term & { kind: 'const' }, args: readonly Term[]): Term | undefined {
    const d = this.world.get(head.address)
    if (d.kind === 'quotient') return this.quotient(d, args)
    if (d.kind !== 'recursor') return undefined
    const at = d.params + d.motives + d.minors + d.indices
    const major = args[at]
    if (major === undefined) return undefined
    const fixed = args.slice(0, d.params + d.motives + d.minors)
    const inductive = this.majorOf(d)
    if (d.k) {
      const type = this.whnf(this.infer(major))
      const [c, typeArgs] = spine(type)
      if (c.kind === 'const' && c.address === inductive.address) {
        const made = apply(constant(inductive.ctors[0]!, c.us), ...typeArgs.slice(0, inductive.params))
        if (this.eq(type, this.infer(made)))
          return apply(substLevels(d.rules[0]!.rhs, head.us), ...fixed, ...args.slice(at + 1))
      }
    }
    const value = this.toConstructor(this.whnf(major))
    const [c, ctorArgs] = spine(value)
    const ctor = c.kind === 'const' ? this.world.get(c.address) : undefined
    if (ctor?.kind === 'constructor') {
      if (ctor.inductive !== inductive.address) throw new Wrong('a recursor at another type')
      const rule = d.rules[ctor.cidx]
      if (rule === undefined) throw new Wrong('no rule')
      return apply(
        substLevels(rule.rhs, head.us),
        ...fixed,
        ...ctorArgs.slice(ctor.params),
        ...args.slice(at + 1),
      )
    }
    const fields = this.isStructure(inductive)
    if (fields === undefined || d.rules.length !== 1) return undefined
    if (this.isProp(this.infer(major))) return undefined
    const projections = Array.from({ length: fields }, (_, i) => proj(inductive.address, i, major))
    return apply(substLevels(d.rules[0]!.rhs, head.us), ...fixed, ...projections, ...args.slice(at + 1))
  }

  majorOf(d: Declaration): Declaration {
    let type = d.type
    for (let i = d.params + d.motives + d.minors + d.indices; i > 0; i--) {
      if (type.kind !== 'pi') throw new Wrong('a recursor with few binders')
      type = type.body
    }
    if (type.kind !== 'pi') throw new Wrong('a recursor with few binders')
    const [head] = spine(type.type)
    if (head.kind !== 'const') throw new Wrong('a recursor of no type')
    return this.world.get(head.address)
  }

  private quotient(d: Declaration, args: readonly Term[]): Term | undefined {
    const at = d.form === 'lift' ? 5 : d.form === 'ind' ? 4 : undefined
    const major = at === undefined ? undefined : args[at]
    if (at === undefined || major === undefined) return undefined
    const [c, made] = spine(this.whnf(major))
    if (c.kind !== 'const' || made.length !== 3) return undefined
    const mk = this.world.get(c.address)
    if (mk.kind !== 'quotient' || mk.form !== 'ctor') return undefined
    return apply(args[3]!, made[2]!, ...args.slice(at + 1))
  }

  /** Literals as applications of constructors. */
  private toConstructor(t: Term): Term {
    if (t.kind === 'str') return this.whnf(this.characters(t.text))
    if (t.kind !== 'nat' || this.zero === undefined || this.succ === undefined) return t
    return t.value === 0n ? constant(this.zero) : app(constant(this.succ), nat(t.value - 1n))
  }

  private characters(text: string): Term {
    const known = (name: string): Address => {
      const address = this.world.named(name)
      if (address === undefined) throw new Undecided(`no ${name}`)
      return address
    }
    const char = constant(known('Char'))
    let list = app(constant(known('List.nil'), [LZERO]), char)
    for (const c of [...text].reverse())
      list = apply(
        constant(known('List.cons'), [LZERO]),
        char,
        app(constant(known('Char.ofNat')), nat(BigInt(c.codePointAt(0)!))),
        list,
      )
    return app(constant(known('String.ofList')), list)
  }

  private numeral(t: Term): bigint | undefined {
    const e = this.whnf(t)
    if (e.kind === 'nat') return e.value
    return e.kind === 'const' && e.address === this.zero ? 0n : undefined
  }

  private arithmetic(t: Term): Term | undefined {
    const [head, args] = spine(t)
    if (head.kind !== 'const') return undefined
    if (head.address === this.succ && args.length === 1) {
      const n = this.numeral(args[0]!)
      return n === undefined ? undefined : nat(n + 1n)
    }
    const f = this.binary.get(head.address)
    if (f === undefined || args.length !== 2) return undefined
    const a = this.numeral(args[0]!)
    const b = a === undefined ? undefined : this.numeral(args[1]!)
    const result = a === undefined || b === undefined ? undefined : f(a, b)
    if (typeof result === 'boolean') {
      const name = this.world.named(result ? 'Bool.true' : 'Bool.false')
      return name === undefined ? undefined : constant(name)
    }
    return result === undefined ? undefined : nat(result)
  }

  /** The body of the definition or theorem at the head, applied. */
  unfold(t: Term): Term | undefined {
    const [head, args] = spine(t)
    if (head.kind !== 'const') return undefined
    const d = this.world.get(head.address)
    if ((d.kind !== 'definition' && d.kind !== 'theorem') || head.us.length !== d.lvls) return undefined
    return apply(substLevels(d.value!, head.us), ...args)
  }

  private height(t: Term): number {
    const [head] = spine(t)
    if (head.kind !== 'const') return -1
    const d = this.world.get(head.address)
    if (d.kind !== 'definition' && d.kind !== 'theorem') return -1
    if (d.kind === 'theorem') return 0
    const hint = this.world.environment.has(head.address)
      ? this.world.environment.hint(head.address)
      : undefined
    if (hint === undefined) return 1
    return hint.kind === 'abbrev' ? 1e9 : hint.kind === 'opaque' ? 0 : 1 + hint.height
  }

  // Inference -------------------------------------------------------------------------------------------------------------

  /** The type of a term that is known to have one. */
  infer(t: Term): Term {
    return this.typeOf(t, false, this.types)
  }

  /** The type of a term. @throws Wrong when it has none */
  check(t: Term): Term {
    return this.typeOf(t, true, this.checkedTypes)
  }

  private typeOf(t: Term, full: boolean, memo: Map<Term, Term>): Term {
    const known = memo.get(t)
    if (known !== undefined) return known
    this.spend()
    const type = this.typeOfNew(t, full, memo)
    memo.set(t, type)
    return type
  }

  private typeOfNew(t: Term, full: boolean, memo: Map<Term, Term>): Term {
    switch (t.kind) {
      case 'bvar':
        throw new Wrong('a loose variable')
      case 'fvar':
        return t.type
      case 'sort':
        return sort(lsucc(t.level))
      case 'const': {
        const d = this.world.get(t.address)
        if (d.lvls !== t.us.length) throw new Wrong('universe arguments')
        return substLevels(d.type, t.us)
      }
      case 'app': {
        const f = this.asPi(this.typeOf(t.fn, full, memo))
        if (full && !this.eq(this.typeOf(t.arg, full, memo), f.type))
          throw new Wrong('argument of another type')
        return instantiate(f.body, t.arg)
      }
      case 'lam':
      case 'pi': {
        const level = full || t.kind === 'pi' ? this.sortOf(this.typeOf(t.type, full, memo)) : LZERO
        const x = fresh(t.type)
        const body = this.typeOf(instantiate(t.body, x), full, memo)
        if (t.kind === 'lam') return pi(t.type, abstract(body, x))
        return sort({ kind: 'imax', a: level, b: this.sortOf(body) })
      }
      case 'let': {
        if (full) {
          this.sortOf(this.typeOf(t.type, full, memo))
          if (!this.eq(this.typeOf(t.value, full, memo), t.type)) throw new Wrong('let value of another type')
        }
        return this.typeOf(instantiate(t.body, t.value), full, memo)
      }
      case 'nat':
        return this.literal('Nat')
      case 'str':
        return this.literal('String')
      case 'proj':
        return this.projectionType(t, this.typeOf(t.of, full, memo))
    }
  }

  private literal(name: string): Term {
    const address = this.world.named(name)
    if (address === undefined) throw new Wrong(`no ${name}`)
    return constant(address)
  }

  private projectionType(t: Term & { kind: 'proj' }, of: Term): Term {
    const whole = this.whnf(of)
    const [head, args] = spine(whole)
    if (head.kind !== 'const' || head.address !== t.address) throw new Wrong('projection from another type')
    const d = this.world.get(head.address)
    if (d.kind !== 'inductive' || d.ctors.length !== 1 || args.length !== d.params + d.indices)
      throw new Wrong('projection from no structure')
    const ctor = this.world.get(d.ctors[0]!)
    let type = substLevels(ctor.type, head.us)
    for (let i = 0; i < d.params; i++) type = instantiate(this.asPi(type).body, args[i]!)
    const prop = this.isProp(whole)
    for (let i = 0; i < t.field; i++) {
      const p = this.asPi(type)
      if (prop && p.body.loose > 0 && !this.isProp(p.type)) throw new Wrong('projection past data of a proof')
      type = instantiate(p.body, proj(t.address, i, t.of))
    }
    const field = this.asPi(type).type
    if (prop && !this.isProp(field)) throw new Wrong('data of a proof')
    return field
  }

  asPi(t: Term): { readonly type: Term; readonly body: Term } {
    const e = t.kind === 'pi' ? t : this.whnf(t)
    if (e.kind !== 'pi') throw new Wrong('no function')
    return e
  }

  /** The level of the sort that a type of a type is. */
  sortOf(t: Term): Level {
    const e = t.kind === 'sort' ? t : this.whnf(t)
    if (e.kind !== 'sort') throw new Wrong('no type')
    return e.level
  }

  isProp(type: Term): boolean {
    return levelIsZero(this.sortOf(this.infer(type)))
  }

  // Conversion ------------------------------------------------------------------------------------------------------------

  eq(a: Term, b: Term): boolean {
    if (a === b) return true
    const key = a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`
    if (this.equal.has(key)) return true
    if (this.unequal.has(key)) return false
    this.spend()
    const result = this.eqNew(a, b)
    ;(result ? this.equal : this.unequal).add(key)
    return result
  }

  private eqNew(a: Term, b: Term): boolean {
    const quick = this.eqShapes(a, b)
    if (quick !== undefined) return quick
    const x = this.whnfCore(a)
    const y = this.whnfCore(b)
    if (x === y) return true
    const shapes = this.eqShapes(x, y)
    if (shapes !== undefined) return shapes
    if (this.eqProofs(x, y)) return true
    return this.eqLazy(x, y)
  }

  /** Binders and sorts are compared part by part; `undefined` for anything else. */
  private eqShapes(a: Term, b: Term): boolean | undefined {
    if (a.kind === 'sort' && b.kind === 'sort') return levelEq(a.level, b.level)
    if (a.kind === 'nat' && b.kind === 'nat') return a.value === b.value
    if ((a.kind !== 'lam' && a.kind !== 'pi') || b.kind !== a.kind) return undefined
    if (!this.eq(a.type, b.type)) return false
    const x = fresh(a.type)
    return this.eq(instantiate(a.body, x), instantiate(b.body, x))
  }

  private eqProofs(a: Term, b: Term): boolean {
    const type = this.infer(a)
    return this.isProp(type) && this.eq(type, this.infer(b))
  }

  private eqLazy(a: Term, b: Term): boolean {
    let x = a
    let y = b
    for (;;) {
      this.spend()
      if (x === y) return true
      const shapes = this.eqShapes(x, y)
      if (shapes !== undefined) return shapes
      const offset = this.eqOffsets(x, y)
      if (offset !== undefined) return offset
      const m = this.arithmetic(x)
      if (m !== undefined) return this.eq(m, y)
      const n = this.arithmetic(y)
      if (n !== undefined) return this.eq(x, n)
      const h = this.height(x)
      const k = this.height(y)
      if (h < 0 && k < 0) break
      if (h === k && this.eqApplications(x, y)) return true
      if (h >= k) x = this.whnfCore(this.unfold(x)!)
      if (k >= h) y = this.whnfCore(this.unfold(y)!)
    }
    if (this.eqApplications(x, y)) return true
    if (
      x.kind === 'proj' &&
      y.kind === 'proj' &&
      x.address === y.address &&
      x.field === y.field &&
      this.eq(x.of, y.of)
    )
      return true
    return (
      this.eqEta(x, y) ||
      this.eqEta(y, x) ||
      this.eqStructure(x, y) ||
      this.eqStructure(y, x) ||
      this.eqUnit(x, y) ||
      (x.kind === 'str' && this.eq(this.characters(x.text), y)) ||
      (y.kind === 'str' && this.eq(x, this.characters(y.text)))
    )
  }

  private eqApplications(a: Term, b: Term): boolean {
    const [f, xs] = spine(a)
    const [g, ys] = spine(b)
    if (xs.length !== ys.length) return false
    if (f.kind === 'const' && g.kind === 'const') {
      if (f.address !== g.address || f.us.length !== g.us.length) return false
      if (!f.us.every((u, i) => levelEq(u, g.us[i]!))) return false
    } else if (f !== g && (xs.length === 0 || !this.eq(f, g))) return false
    return xs.every((x, i) => this.eq(x, ys[i]!))
  }

  /** n + 1 on both sides. */
  private eqOffsets(a: Term, b: Term): boolean | undefined {
    if (this.isZero(a) && this.isZero(b)) return true
    const p = this.predecessor(a)
    const q = p === undefined ? undefined : this.predecessor(b)
    return p === undefined || q === undefined ? undefined : this.eq(p, q)
  }

  private isZero(t: Term): boolean {
    return t.kind === 'nat' ? t.value === 0n : t.kind === 'const' && t.address === this.zero
  }

  private predecessor(t: Term): Term | undefined {
    if (t.kind === 'nat') return t.value > 0n ? nat(t.value - 1n) : undefined
    return t.kind === 'app' && t.fn.kind === 'const' && t.fn.address === this.succ ? t.arg : undefined
  }

  private eqEta(f: Term, b: Term): boolean {
    if (f.kind !== 'lam' || b.kind === 'lam') return false
    const type = this.whnf(this.infer(b))
    if (type.kind !== 'pi' || !this.eq(f.type, type.type)) return false
    const x = fresh(f.type)
    return this.eq(instantiate(f.body, x), app(b, x))
  }

  /** Number of fields of a type that has eta. */
  private isStructure(d: Declaration): number | undefined {
    if (d.kind !== 'inductive' || d.ctors.length !== 1 || d.indices !== 0) return undefined
    const ctor = this.world.get(d.ctors[0]!)
    const members = new Set(d.block)
    let type = ctor.type
    for (let i = 0; i < ctor.params + ctor.fields; i++) {
      if (type.kind !== 'pi') return undefined
      if (mentions(type.type, members)) return undefined
      type = type.body
    }
    return ctor.fields
  }

  private eqStructure(a: Term, b: Term): boolean {
    const [c, args] = spine(b)
    const ctor = c.kind === 'const' ? this.world.get(c.address) : undefined
    if (ctor?.kind !== 'constructor') return false
    const d = this.world.get(ctor.inductive!)
    const fields = this.isStructure(d)
    if (fields === undefined || args.length !== ctor.params + fields) return false
    if (!this.eq(this.infer(a), this.infer(b))) return false
    return args.slice(ctor.params).every((arg, i) => this.eq(proj(d.address, i, a), arg))
  }

  private eqUnit(a: Term, b: Term): boolean {
    const type = this.infer(a)
    const [head] = spine(this.whnf(type))
    if (head.kind !== 'const') return false
    const d = this.world.get(head.address)
    return d.kind === 'inductive' && this.isStructure(d) === 0 && this.eq(type, this.infer(b))
  }

  /** Opens binders as far as `n`. */
  open(type: Term, n: number): [Term[], Term] {
    const xs: Term[] = []
    let t = type
    for (let i = 0; i < n; i++) {
      const p = this.asPi(t)
      const x = fresh(p.type)
      xs.push(x)
      t = instantiate(p.body, x)
    }
    return [xs, t]
  }
}
