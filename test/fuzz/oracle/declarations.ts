/** What the oracle demands of a constant that is not in the environment. */
import type { Address } from '../../../ixon/address.js'
import type { Constant } from '../../../ixon/constant.js'
import { Oracle } from './kernel.js'
import {
  apply,
  constant,
  constantsIn,
  fresh,
  instantiate,
  type Level,
  levelEq,
  levelIsZero,
  levelLeq,
  levelParams,
  mentions,
  rebuildChildren,
  spine,
  substLevels,
  type Term,
  Undecided,
  visit,
  Wrong,
} from './terms.js'
import { type Declaration, declare, type World } from './world.js'

function wrong(reason: string): never {
  throw new Wrong(reason)
}

/** @param original what a mutated recursor or quotient was made from: nothing else is a recursor of its types */
export function judge(world: World, original: Constant, originalAddress: Address): void {
  const own = world.own()
  for (const d of own) checkTerms(new Oracle(world), d)
  if (own.some(d => d.kind === 'inductive')) {
    if (own.some(d => d.kind !== 'inductive' && d.kind !== 'constructor')) wrong('a mixed block')
    checkInductives(new Oracle(world), own)
  }
  if (own.some(d => d.kind === 'recursor' || d.kind === 'quotient'))
    compareWithOriginal(new Oracle(world), own, declare(originalAddress, original, world.environment))
}

function checkTerms(oracle: Oracle, d: Declaration): void {
  const { world } = oracle
  if ((d.kind === 'theorem' && d.form !== 'safe') || (d.kind === 'opaque' && d.form === 'partial'))
    wrong('no such kind and safety')
  const terms = d.value === undefined ? [d.type] : [d.type, d.value]
  for (const term of terms) {
    if (term.loose > 0) wrong('a loose variable')
    if (!paramsBelow(term, d.lvls)) wrong('universe parameter out of range')
    for (const used of constantsIn(term))
      if (world.get(used).danger > d.danger) wrong('a reference to something less safe')
  }
  // Lean rejects it. The kernel may, but goes without the types that a rule's author gives to binders.
  if (d.rules.some(rule => !paramsBelow(rule.rhs, d.lvls)))
    throw new Undecided('universe parameter out of range in a rule')
  const level = oracle.sortOf(oracle.check(d.type))
  if (d.kind === 'theorem' && !levelIsZero(level)) wrong('a theorem of no proposition')
  if (d.value === undefined) return
  const selfReference = [d.type, d.value].some(t => mentions(t, new Set(d.block)))
  if (selfReference && (d.danger === 0 || d.kind === 'theorem')) wrong('a safe constant in itself')
  if (!oracle.eq(oracle.check(d.value), d.type)) wrong('a value of another type')
}

function paramsBelow(term: Term, n: number): boolean {
  const seen = new Set<Term>()
  const levels = (us: readonly Level[]): boolean => us.every(u => [...levelParams(u)].every(p => p < n))
  const go = (t: Term): boolean => {
    if (!t.params || seen.has(t)) return true
    seen.add(t)
    if (t.kind === 'sort') return levels([t.level])
    if (t.kind === 'const') return levels(t.us)
    if (t.kind === 'app') return go(t.fn) && go(t.arg)
    if (t.kind === 'lam' || t.kind === 'pi') return go(t.type) && go(t.body)
    if (t.kind === 'let') return go(t.type) && go(t.value) && go(t.body)
    return t.kind !== 'proj' || go(t.of)
  }
  return go(term)
}

// Inductive types -----------------------------------------------------------------------------------------------------------

function checkInductives(oracle: Oracle, own: readonly Declaration[]): void {
  const types = own.filter(d => d.kind === 'inductive')
  const first = types[0]!
  const [vars] = oracle.open(first.type, first.params)
  const members = new Set(types.map(d => d.address))
  const results = types.map(d => {
    if (mentions(d.type, members)) wrong('a member in the type of a member')
    if (d.lvls !== first.lvls || d.params !== first.params || d.danger !== first.danger)
      wrong('unlike members')
    const rest = atParameters(oracle, d.type, vars)
    const [, result] = oracle.open(rest, d.indices)
    return oracle.sortOf(oracle.whnf(result))
  })
  if (!results.every(result => levelEq(result, results[0]!))) wrong('members in several universes')
  const result = results[0]!
  for (const d of types)
    for (const [i, address] of d.ctors.entries()) {
      const c = oracle.world.get(address)
      if (c.lvls !== d.lvls || c.params !== d.params || c.cidx !== i || c.danger !== d.danger)
        wrong('a constructor unlike its type')
      let type = atParameters(oracle, c.type, vars)
      for (let k = 0; k < c.fields; k++) {
        if (type.kind !== 'pi') throw new Wrong('a constructor with few fields')
        const level = oracle.sortOf(oracle.check(type.type))
        if (!levelIsZero(result) && !levelLeq(level, result)) wrong('a field in a large universe')
        if (d.danger === 0) positive(oracle, type.type, members, first.lvls, vars, [])
        type = instantiate(type.body, fresh(type.type))
      }
      const [head, args] = spine(type)
      if (head.kind !== 'const' || head.address !== d.address) wrong('a constructor of another type')
      valid(oracle, head, args, members, first.lvls, vars)
    }
}

function atParameters(oracle: Oracle, type: Term, vars: readonly Term[]): Term {
  let t = type
  for (const x of vars) {
    const p = oracle.asPi(t)
    if (x.kind !== 'fvar' || !oracle.eq(p.type, x.type)) wrong('parameters of other types')
    t = instantiate(p.body, x)
  }
  return t
}

/** A member at the block's own universes and parameters, with indices that do not mention the block. */
function valid(
  oracle: Oracle,
  head: Term,
  args: readonly Term[],
  members: ReadonlySet<Address>,
  lvls: number,
  vars: readonly Term[],
): void {
  if (head.kind !== 'const') throw new Wrong('no member')
  const d = oracle.world.get(head.address)
  if (args.length !== d.params + d.indices) wrong('a member not fully applied')
  // Literally the parameters, as in Lean: max u u is not u here.
  const literal = (u: Level, i: number): boolean => u.kind === 'param' && u.index === i
  if (head.us.length !== lvls || !head.us.every(literal)) wrong('a member at other universes')
  if (!vars.every((x, i) => oracle.eq(args[i]!, x))) wrong('a member at other parameters')
  if (args.slice(d.params).some(arg => mentions(arg, members))) wrong('a member in an index')
}

/** Members occur strictly positively. `nested` are the applications of outside types that are being looked into. */
function positive(
  oracle: Oracle,
  type: Term,
  members: ReadonlySet<Address>,
  lvls: number,
  vars: readonly Term[],
  nested: readonly Term[],
): void {
  if (!mentions(type, members)) return
  const t = oracle.whnf(type)
  if (!mentions(t, members)) return
  if (t.kind === 'pi') {
    if (mentions(t.type, members)) wrong('a negative occurrence')
    positive(oracle, instantiate(t.body, fresh(t.type)), members, lvls, vars, nested)
    return
  }
  const [head, args] = spine(t)
  if (head.kind !== 'const') throw new Wrong('an occurrence below a variable')
  if (members.has(head.address)) {
    valid(oracle, head, args, members, lvls, vars)
    return
  }
  const d = oracle.world.get(head.address)
  if (d.kind !== 'inductive') throw new Wrong('an occurrence below no inductive type')
  if (args.slice(d.params).some(arg => mentions(arg, members)))
    wrong('a member in an index of an outside type')
  const spec = apply(head, ...args.slice(0, d.params))
  const allowed = new Set<Term>(vars)
  if (freeVariables(spec).some(x => !allowed.has(x))) wrong('a nested occurrence that depends on fields')
  if (nested.some(known => oracle.eq(known, spec))) return
  if (nested.length > 20) wrong('nested without end')
  for (const peer of d.block) {
    const p = oracle.world.get(peer)
    if (p.kind !== 'inductive') continue
    for (const address of p.ctors) {
      const ctor = oracle.world.get(address)
      let type = substLevels(ctor.type, head.us)
      for (let i = 0; i < d.params; i++) type = instantiate(oracle.asPi(type).body, args[i]!)
      for (let i = 0; i < ctor.fields; i++) {
        const field = oracle.asPi(type)
        positive(oracle, field.type, members, lvls, vars, [...nested, ...peers(oracle, d, head, args)])
        type = instantiate(field.body, fresh(field.type))
      }
    }
  }
}

/** The same specialisation of all members of an outside block. */
function peers(
  oracle: Oracle,
  d: Declaration,
  head: Term & { kind: 'const' },
  args: readonly Term[],
): Term[] {
  return d.block
    .filter(address => oracle.world.get(address).kind === 'inductive')
    .map(address => apply(constant(address, head.us), ...args.slice(0, d.params)))
}

function freeVariables(term: Term): Term[] {
  const found: Term[] = []
  visit(term, t => {
    if (t.kind === 'fvar') found.push(t)
  })
  return found
}

// Recursors -----------------------------------------------------------------------------------------------------------------

/**
 * Recursors are determined by their types up to conversion, the binder types of rules (which nothing reads) and their order
 * in the block. So is a quotient constant by its kind.
 */
function compareWithOriginal(
  oracle: Oracle,
  own: readonly Declaration[],
  original: readonly Declaration[],
): void {
  if (own.length !== original.length) wrong('another number of recursors')
  const left = [...original]
  // Pair by type first: rules speak of all recursors of the block.
  const pairs = own.map(d => {
    const at = left.findIndex(o => sameCounts(d, o) && oracle.eq(d.type, o.type))
    if (at < 0) throw new Wrong('a recursor like none of the original')
    return [d, left.splice(at, 1)[0]!] as const
  })
  const names = new Map(pairs.map(([d, o]) => [d.address, o.address]))
  for (const [d, o] of pairs)
    d.rules.forEach((rule, i) => {
      const other = o.rules[i]!
      if (rule.fields !== other.fields) wrong('a rule with other fields')
      const n = d.params + d.motives + d.minors + rule.fields
      const [a, b] = openRules(rule.rhs, other.rhs, n)
      const side = renamed(a, names)
      // Proofs of one proposition are equal whatever they are, so sides have to be well typed first.
      if (!oracle.eq(oracle.check(side), oracle.infer(b))) wrong('a rule of another type')
      if (!oracle.eq(side, b)) wrong('a rule with another side')
    })
}

function sameCounts(a: Declaration, b: Declaration): boolean {
  const keys = ['kind', 'lvls', 'danger', 'form', 'params', 'indices', 'motives', 'minors', 'k'] as const
  return keys.every(key => a[key] === b[key]) && a.rules.length === b.rules.length
}

/** Both bodies under n abstractions, opened with the variables of the original. */
function openRules(a: Term, b: Term, n: number): [Term, Term] {
  let x = a
  let y = b
  for (let i = 0; i < n; i++) {
    if (x.kind !== 'lam' || y.kind !== 'lam') throw new Wrong('a rule with few binders')
    const variable = fresh(y.type)
    x = instantiate(x.body, variable)
    y = instantiate(y.body, variable)
  }
  return [x, y]
}

function renamed(term: Term, names: ReadonlyMap<Address, Address>): Term {
  const memo = new Map<Term, Term>()
  const go = (t: Term): Term => {
    let r = memo.get(t)
    if (r === undefined) {
      r = rename(t)
      memo.set(t, r)
    }
    return r
  }
  const rename = (t: Term): Term => {
    if (t.kind === 'const') return constant(names.get(t.address) ?? t.address, t.us)
    return rebuildChildren(t, go)
  }
  return go(term)
}
