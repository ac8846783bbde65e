import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refineBlock } from '../../ixon/compile/block-order.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import type { BlockMember } from '../../ixon/compile/members.js'
import { Environment } from '../../ixon/environment.js'
import type { EnvironmentData } from '../../ixon/environment-data.js'
import { nameAddress } from '../../ixon/name-address.js'
import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { InputError, RejectedInput } from '../../lean/input-error.js'
import { openLibrary } from '../../lean/library/library.js'
import { displayName, parseName } from '../../lean/name.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import {
  app,
  axiom,
  c,
  definition,
  inductive,
  lam,
  mdata,
  NAT_DECLARATIONS,
  nat,
  param,
  pi,
  sort,
  sourceOf,
  succ,
  v,
  zero,
} from './declarations.js'
import { withDeclarations } from './fixtures/hidden-bodies.js'
import * as worked from './worked-constants.js'

const NAT = c('Nat')
const NAT_TO_NAT = pi(NAT, NAT)

function compile(...declarations: Declaration[]): EnvironmentData {
  return compileEnvironment(sourceOf(...NAT_DECLARATIONS, ...declarations))
}

function addressOf(environment: EnvironmentData, name: string): string | undefined {
  return environment.names.get(name)?.address
}

describe('names hash', () => {
  it.each([
    ['Bool', 'bfcd99bd9e344bd67407fe0b4c6d54c66f03d4c0ae27c8aaeeef2c9674c1dbcc'],
    ['Bool.true', '06a2a0e87d8ad8349983c9b66c98dce100e87e61738de5264e18308ed8fa306a'],
    ['foo.0', 'ba831f57403e703e4d8c405bc1f8e350122176010b6adb684350ca06b6df3e89'],
    ['[anonymous]', '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  ])('%s', (name, address) => {
    expect(nameAddress(parseName(name))).toBe(address)
  })
})

const workedAddress = (name: string) => worked.WORKED_CONSTANTS.find(row => row[0] === name)![2]
const letIn = (nondep: boolean): Expr => ({
  kind: 'let',
  binder: parseName('m'),
  nondep,
  type: NAT,
  value: v(0),
  body: v(0),
})
const u = param('u')

describe('worked declarations', () => {
  it.each<[string, Declaration]>([
    ['def foo : Nat := 300', definition('d', NAT, nat(300n))],
    ['def foo : Nat := 0', definition('d', NAT, mdata(nat(0n)))],
    ['fun n => let m := n; m', definition('d', NAT_TO_NAT, lam(NAT, letIn(false)))],
    ['fun n => have m := n; m', definition('d', NAT_TO_NAT, lam(mdata(NAT), letIn(true)))],
    ['partial def h', definition('d', NAT_TO_NAT, lam(NAT, app(c('d'), v(0))), 'partial')],
    ['id', definition('d', pi(sort(u), pi(v(0), v(1))), lam(sort(u), lam(v(0), v(0))), 'safe', ['u'])],
    [
      'axiom with type All [Sort (imax (u+1) u)] (Var 0)',
      axiom('d', pi(sort({ kind: 'imax', left: succ(u), right: u }), v(0)), ['u']),
    ],
  ])('%s', (name, declaration) => {
    expect(addressOf(compile(declaration), 'd')).toBe(workedAddress(name))
  })

  it('Nat', () => {
    const environment = compile()
    expect(addressOf(environment, 'Nat')).toBe(worked.NAT)
    expect(addressOf(environment, 'Nat.succ')).toBe(worked.NAT_SUCC)
    expect([...environment.constants.keys()]).toContain(worked.NAT_BLOCK)
  })
})

describe('blocks', () => {
  it('of inductives are ordered by refinement', () => {
    const environment = compile(
      ...inductive('Tr', { leaf: [], node: [c('Fo')] }, ['Tr', 'Fo']),
      ...inductive('Fo', { cons: [c('Tr'), c('Fo')] }, ['Tr', 'Fo']),
    )
    expect([...environment.constants.keys()]).toContain(worked.MUTUAL_TR_FO_BLOCK)
    for (const name of ['Fo', 'Tr', 'Tr.node']) expect(addressOf(environment, name)).toBe(workedAddress(name))
  })

  it('of unsafe definitions that nothing tells apart are one constant', () => {
    const environment = compile(
      definition('f', NAT_TO_NAT, c('g'), 'unsafe'),
      definition('g', NAT_TO_NAT, c('f'), 'unsafe'),
    )
    expect(addressOf(environment, 'f')).toBe(workedAddress('unsafe f := g, g := f'))
    expect(addressOf(environment, 'g')).toBe(addressOf(environment, 'f'))
  })

  it.each([
    ['partial', 'safe'],
    ['unsafe', 'safe'],
    ['unsafe', 'partial'],
  ] as const)('of a definition that is %s and one that is %s are two', (one, other) => {
    for (const [f, g] of [
      ['f', 'g'],
      ['g', 'f'],
    ] as const) {
      const environment = Environment.fromData(
        compile(definition(f, NAT_TO_NAT, c(g), one), definition(g, NAT_TO_NAT, c(f), other)),
        'pair',
      )
      for (const [name, safety] of [
        [f, one],
        [g, other],
      ] as const) {
        const { info } = environment.constant(environment.addressOf(name)!)
        if (info.kind !== 'dprj') throw new Error('no member of a block')
        const block = environment.constant(info.block).info
        expect(block.kind === 'muts' && block.members[info.idx]).toMatchObject({ safety })
      }
    }
  })

  it('of unsafe definitions are ordered by refinement', () => {
    const environment = compile(
      definition('g', NAT_TO_NAT, lam(NAT, app(c('Nat.succ'), app(c('f'), v(0)))), 'unsafe'),
      definition('f', NAT_TO_NAT, lam(NAT, app(c('g'), v(0))), 'unsafe'),
    )
    expect([...environment.constants.keys()]).toContain(worked.UNSAFE_PAIR_BLOCK)
    expect(addressOf(environment, 'f')).toBe(workedAddress('its f'))
  })

  it('keep inductives apart that nothing tells apart, because Lean has a motive for each', () => {
    const all = ['A', 'B']
    const declarations = [
      ...inductive('A', { a0: [], a1: [c('B')] }, all),
      ...inductive('B', { b0: [], b1: [c('A')] }, all),
    ]
    const members = ['A', 'B'].map((name): BlockMember => {
      const own = declarations.filter(({ name: other }) => displayName(other).startsWith(name))
      const [declaration, ...ctors] = own
      if (declaration?.kind !== 'inductive') throw new Error('no inductive')
      return {
        declaration,
        name,
        ctors: ctors.filter(ctor => ctor.kind === 'constructor'),
        nameAddress: nameAddress(declaration.name),
      }
    })
    expect(refineBlock(members, () => undefined).map(aliases => aliases.length)).toEqual([2])
    const environment = Environment.fromData(compile(...declarations), 'pair')
    const [a, b] = [environment.addressOf('A')!, environment.addressOf('B')!]
    expect(environment.blockOf(a)).toBe(environment.blockOf(b))
    expect(environment.constant(a).info).toMatchObject({ kind: 'iprj', idx: 0 })
    expect(environment.constant(b).info).toMatchObject({ kind: 'iprj', idx: 1 })
    const { info } = environment.constant(environment.blockOf(a))
    expect(info.kind === 'muts' && info.members.length).toBe(2)
  })

  it('hold inductives that were declared together although one does not need the other', () => {
    const all = ['A', 'B']
    const environment = compile(...inductive('A', { a: [] }, all), ...inductive('B', { b: [c('A')] }, all))
    const read = Environment.fromData(environment, 'pair')
    expect(read.blockOf(read.addressOf('A')!)).toBe(read.blockOf(read.addressOf('B')!))
  })
})

describe('constants that cannot be compiled', () => {
  const broken = [
    definition('a', NAT, c('no.where')),
    definition('b', NAT, c('a')),
    axiom('loop', c('loop')),
    axiom('level', sort(param('w'))),
    definition('fine', NAT, c('Nat.zero')),
  ]

  it('stop the compilation, named with what is missing', () => {
    expect(() => compile(...broken)).toThrow(InputError)
    expect(() => compile(...broken)).toThrow(
      /4 constants cannot be compiled: .*a \(it mentions no.where, which exists nowhere\)/,
    )
  })

  it.each(['loop', 'level'])('reject the input where they are wrong: %s', name => {
    expect(() => compile(broken.find(declaration => displayName(declaration.name) === name)!)).toThrow(
      RejectedInput,
    )
  })

  it('leave it open where something is missing', () => {
    expect(() => compile(broken[0]!)).toThrow(InputError)
    expect(() => compile(broken[0]!)).not.toThrow(RejectedInput)
  })

  it('are left out with what needs them when that is allowed', () => {
    const source = sourceOf(...NAT_DECLARATIONS, ...broken)
    const environment = compileEnvironment(source, { allowPartial: true })
    expect(environment.ungrounded).toEqual([
      { name: 'a', missing: 'no.where', reason: 'it mentions no.where, which exists nowhere' },
      { name: 'b', missing: 'no.where', reason: 'it needs a, which cannot be compiled' },
      { name: 'loop', missing: undefined, reason: 'it depends on loop in a circle' },
      { name: 'level', missing: undefined, reason: 'the universe parameter w is not declared' },
    ])
    expect([...environment.names.keys()].toSorted()).toEqual(['Nat', 'Nat.succ', 'Nat.zero', 'fine'])
  })

  it('include those that are to be left out', () => {
    const source = sourceOf(...NAT_DECLARATIONS, definition('b', NAT, c('fine')), broken.at(-1)!)
    const environment = compileEnvironment(source, { allowPartial: true, without: ['fine'] })
    expect(environment.ungrounded).toEqual([
      { name: 'fine', missing: undefined, reason: 'it is to be left out' },
      { name: 'b', missing: undefined, reason: 'it needs fine, which cannot be compiled' },
    ])
    expect(() => compileEnvironment(source, { without: ['nobody'] })).toThrow(
      /there is no constant nobody to leave out/,
    )
  })

  it('include universes that spread over too many combinations of parameters', () => {
    const names = Array.from({ length: 40 }, (_, i) => `u${i}`)
    const level = names.reduce<Level>(
      (right, name) => ({
        kind: 'imax',
        left: { kind: 'max', left: right, right: zero },
        right: param(name),
      }),
      zero,
    )
    const wide = names.reduce<Level>(
      (left, name) => ({ kind: 'max', left, right: { kind: 'imax', left, right: param(name) } }),
      level,
    )
    expect(() => compile(axiom('wide', sort(wide), names))).toThrow(
      /wide \(a universe level with over \d+ combinations of parameters\)/,
    )
  })

  it('do not matter when no root reaches them', () => {
    const source = sourceOf(...NAT_DECLARATIONS, ...broken)
    expect([...compileEnvironment(source, { roots: ['fine'] }).names.keys()]).toHaveLength(4)
    expect(() => compileEnvironment(source, { roots: ['b'] })).toThrow(/no.where/)
    expect(() => compileEnvironment(source, { roots: ['absent'] })).toThrow('there is no constant absent')
  })
})

describe('deep terms', () => {
  it('compile without recursion', () => {
    const depth = 100_000
    let left: Expr = c('Nat.succ')
    let right: Expr = c('Nat.zero')
    let body: Expr = NAT
    for (let i = 0; i < depth; i++) {
      left = app(left, c('Nat.zero'))
      right = app(c('Nat.succ'), right)
      body = i % 2 === 0 ? lam(body, v(0)) : mdata(lam(NAT, body))
    }
    const environment = compile(definition('deep', NAT, app(left, right, body)))
    const read = Environment.fromData(environment, 'deep')
    const { info } = read.constant(read.addressOf('deep')!)
    expect(info.kind).toBe('defn')
  })
})

const MODULE_PARTS = '../shared/data/module-parts'
if (!existsSync(MODULE_PARTS))
  console.log(`mutual and nested types of a real module: skipped, no ${MODULE_PARTS}`)

describe.skipIf(!existsSync(MODULE_PARTS))('a real module', async () => {
  const modules = existsSync(MODULE_PARTS)
    ? await openLibrary({ paths: [MODULE_PARTS], modules: ['A'], allowMissing: true })
    : sourceOf()
  const library = openNdjson('test/ixon/fixtures/primitives.ndjson')
  const source = withDeclarations(
    modules,
    [...library.names()].map(name => library.get(name)!),
  )

  it.each([
    ['mutual', ['Ev', 'Od'], ['Ev.rec', 'Od.rec']],
    ['nested', ['T'], ['T.rec', 'T.rec_1']],
  ])('compiles its %s types, and their recursors in the order of their motives', (_, types, recursors) => {
    for (const roots of [[...types, ...recursors], [recursors[1]!]]) {
      const environment = Environment.fromData(compileEnvironment(source, { roots }), 'module')
      environment.verify()
      const block = environment.blockOf(environment.addressOf(types[0]!)!)
      for (const type of types) expect(environment.blockOf(environment.addressOf(type)!)).toBe(block)
      const projections = recursors.map(name => environment.constant(environment.addressOf(name)!).info)
      expect(projections).toMatchObject(recursors.map((_, idx) => ({ kind: 'rprj', idx })))
      const recursorBlock = environment.blockOf(environment.addressOf(recursors[0]!)!)
      const { info } = environment.constant(recursorBlock)
      if (info.kind !== 'muts') throw new Error(`a ${info.kind} instead of a block`)
      expect(info.members).toHaveLength(2)
      for (const member of info.members) expect(member).toMatchObject({ kind: 'recr', motives: 2 })
    }
  })

  it('compiles a private theorem with its proof', () => {
    const name = [...source.names()].find(candidate => candidate.endsWith('.priv'))!
    const environment = Environment.fromData(compileEnvironment(source, { roots: [name] }), 'module')
    expect(environment.constant(environment.addressOf(name)!).info).toMatchObject({
      kind: 'defn',
      form: 'theorem',
    })
  })
})

it('compiles with a root what its literals stand for', () => {
  const string = inductive('String', { mk: [] })
  const ofList = definition('String.ofList', pi(NAT, c('String')), lam(NAT, c('String.mk')))
  const hello = definition('hello', c('String'), { kind: 'str', value: 'hello' })
  const source = sourceOf(...NAT_DECLARATIONS, ...string, ofList, hello)
  const made = compileEnvironment(source, { roots: ['hello'] })
  for (const name of ['hello', 'String.ofList', 'Nat.succ']) expect(made.names.has(name)).toBe(true)
})

describe('constants without a body', () => {
  const bare = (
    kinds: Record<string, 'theorem' | 'definition' | 'opaque'>,
    ...declarations: Declaration[]
  ) => {
    const source = sourceOf(...NAT_DECLARATIONS, ...declarations)
    return compileEnvironment({ ...source, placeholderKind: name => kinds[name] })
  }

  it('tells two axioms of one type apart, the first by its content alone', () => {
    const alone = compile(axiom('A', NAT))
    const both = compile(axiom('A', NAT), axiom('B', NAT))
    expect(addressOf(both, 'A')).toBe(addressOf(alone, 'A'))
    expect(addressOf(both, 'B')).not.toBe(addressOf(both, 'A'))
    const environment = Environment.fromData(both, 'two axioms')
    const [first, second] = ['A', 'B'].map(name => environment.constant(addressOf(both, name)!))
    expect(second!.info).toEqual({
      ...first!.info,
      type: { ...expectRef(first!.info), ref: expect.any(Number) },
    })
    expect(second!.refs).toContain(nameAddress(parseName('B')))
    expect(environment.namesOf(addressOf(both, 'A')!)).toEqual(['A'])
  })

  it('names placeholders of values, and only those', () => {
    const made = bare(
      { f: 'definition', g: 'opaque', s: 'theorem', t: 'theorem' },
      axiom('f', NAT_TO_NAT),
      axiom('g', NAT_TO_NAT),
      axiom('s', NAT_TO_NAT),
      axiom('t', NAT_TO_NAT),
    )
    const [f, g, s, t] = ['f', 'g', 's', 't'].map(name => addressOf(made, name))
    expect(new Set([f, g, s]).size).toBe(3)
    expect(t).toBe(s)
  })

  it('keeps no proof of an equation lemma of a function without a body', () => {
    const lemma = (name: string): Declaration => ({
      kind: 'theorem',
      name: parseName(name),
      levelParams: [],
      type: NAT,
      value: c('Nat.zero'),
      all: [parseName(name)],
    })
    const names = ['_private.M.Sub.0.f.eq_1', 'f.eq_def', '_private.M.Sub.0.h.eq_1', 'f.eq_like']
    const made = bare(
      { f: 'definition' },
      axiom('f', NAT),
      definition('h', NAT, c('Nat.zero')),
      ...names.map(lemma),
    )
    expect(names.map(name => made.names.get(name)?.placeholder)).toEqual([
      'theorem',
      'theorem',
      undefined,
      undefined,
    ])
    const environment = Environment.fromData(made, 'lemmas')
    expect(names.map(name => environment.constant(addressOf(made, name)!).info.kind)).toEqual([
      'axio',
      'axio',
      'defn',
      'defn',
    ])
  })
})

function expectRef(info: { readonly kind: string }): object {
  return (info as unknown as { type: object }).type
}
