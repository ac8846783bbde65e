/**
 * String literals as bytes (kernel/string_bytes.aiur), over a small library of strings: what is right is found, and for each
 * equation there is a wrong definition that only it tells from the right one.
 */
import { expect, test } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import {
  app,
  axiom,
  c,
  definition,
  inductive,
  lam,
  nat,
  param,
  pi,
  sort,
  succ,
  v,
  zero,
} from '../ixon/declarations.js'
import { family, lams, PROP, pis, recursor, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

const proj = (structure: string, field: number, expr: Expr): Expr => ({
  kind: 'proj',
  structure: parseName(structure),
  field,
  expr,
})
const str = (value: string): Expr => ({ kind: 'str', value })

const u = param('u')
const listOf = (type: Expr) => app(c('List', zero), type)
const NAT = c('Nat')
const BYTES = listOf(NAT)
const ARRAY = c('Array')
const nil = app(c('List.nil', zero), NAT)
const cons = (head: Expr, tail: Expr) => app(c('List.cons', zero), NAT, head, tail)
/** An array has a mark and a list. */
const array = (list: Expr, mark: Expr = nat(0n)) => app(c('Array.mk'), mark, app(c('Data.mk'), list))
const listIn = (value: Expr) => proj('Data', 0, proj('Array', 1, value))

/** Cases of List.rec over a type at a universe, from the parameter to the case of cons. */
const listCases = [
  sort(succ(u)),
  pi(app(c('List', u), v(0)), sort(param('v'))),
  app(v(0), app(c('List.nil', u), v(1))),
  pis([v(2), app(c('List', u), v(3)), app(v(3), v(0))], app(v(4), app(c('List.cons', u), v(5), v(2), v(1)))),
]

const LIST: readonly Declaration[] = [
  ...family({
    name: 'List',
    levels: ['u'],
    params: 1,
    type: pi(sort(succ(u)), sort(succ(u))),
    ctors: {
      nil: { type: pi(sort(succ(u)), app(c('List', u), v(0))), fields: 0 },
      cons: {
        type: pis([sort(succ(u)), v(0), app(c('List', u), v(1))], app(c('List', u), v(2))),
        fields: 2,
      },
    },
  }),
  recursor({
    name: 'List.rec',
    all: ['List'],
    levels: ['v', 'u'],
    params: 1,
    type: pis([...listCases, app(c('List', u), v(3))], app(v(3), v(0))),
    minors: 2,
    rules: [
      { ctor: 'List.nil', fields: 0, rhs: lams(listCases, v(1)) },
      {
        ctor: 'List.cons',
        fields: 2,
        rhs: lams(
          [...listCases, v(3), app(c('List', u), v(4))],
          app(v(2), v(1), v(0), app(c('List.rec', param('v'), u), v(5), v(4), v(3), v(2), v(0))),
        ),
      },
    ],
  }),
]

const natCases = [
  pi(NAT, sort(param('v'))),
  app(v(0), c('Nat.zero')),
  pis([NAT, app(v(2), v(0))], app(v(3), app(c('Nat.succ'), v(1)))),
]

const NAT_REC = recursor({
  name: 'Nat.rec',
  all: ['Nat'],
  levels: ['v'],
  type: pis([...natCases, NAT], app(v(3), v(0))),
  minors: 2,
  rules: [
    { ctor: 'Nat.zero', fields: 0, rhs: lams(natCases, v(1)) },
    {
      ctor: 'Nat.succ',
      fields: 1,
      rhs: lams([...natCases, NAT], app(v(1), v(0), app(c('Nat.rec', param('v')), v(3), v(2), v(1), v(0)))),
    },
  ],
})

/** Recursion on a list of `type` into `result`; the case of cons is a function of head, tail and what the tail gives. */
const recursion = (type: Expr, result: Expr, empty: Expr, step: Expr, list: Expr) =>
  app(c('List.rec', succ(zero), zero), type, lam(listOf(type), result), empty, step, list)
const stepOf = (type: Expr, result: Expr, body: Expr) => lams([type, listOf(type), result], body)
const functionOf = (types: readonly Expr[], result: Expr, body: Expr) =>
  [pis(types, result), lams(types, body)] as const

const INTO = pi(ARRAY, ARRAY)

/** Definitions of the library by name: of each of them a test may have another. */
const RIGHT: Readonly<Record<string, readonly [type: Expr, value: Expr]>> = {
  'Char.ofNat': functionOf([NAT], c('Char'), app(c('Char.mk'), v(0))),
  snoc: functionOf(
    [BYTES, NAT],
    BYTES,
    recursion(NAT, BYTES, cons(v(0), nil), stepOf(NAT, BYTES, cons(v(2), v(0))), v(1)),
  ),
  push: functionOf([ARRAY, NAT], ARRAY, array(app(c('snoc'), listIn(v(1)), v(0)))),
  loop: functionOf(
    [BYTES],
    INTO,
    recursion(NAT, INTO, lam(ARRAY, v(0)), loopStep(app(c('push'), v(0), v(3))), v(0)),
  ),
  encode: functionOf([BYTES], ARRAY, app(c('loop'), v(0), array(nil))),
  bytes: functionOf(
    [listOf(c('Char'))],
    BYTES,
    recursion(c('Char'), BYTES, nil, stepOf(c('Char'), BYTES, cons(proj('Char', 0, v(2)), v(0))), v(0)),
  ),
  utf8: functionOf([listOf(c('Char'))], ARRAY, app(c('encode'), app(c('bytes'), v(0)))),
  'String.ofList': functionOf(
    [listOf(c('Char'))],
    c('String'),
    app(c('String.mk'), app(c('utf8'), v(0)), app(c('Valid.mk'), app(c('utf8'), v(0)))),
  ),
}

/** A step of the loop over byte v(3) and array v(0): what it goes on with. */
function loopStep(next: Expr): Expr {
  return stepOf(NAT, INTO, lam(ARRAY, app(v(1), next)))
}

function library(instead: Partial<typeof RIGHT> = {}): Declaration[] {
  return [
    ...inductive('Nat', { zero: [], succ: [NAT] }),
    NAT_REC,
    ...inductive('Char', { mk: [NAT] }),
    ...LIST,
    ...inductive('Data', { mk: [BYTES] }),
    ...inductive('Array', { mk: [NAT, c('Data')] }),
    ...family({
      name: 'Valid',
      type: pi(ARRAY, PROP),
      indices: 1,
      ctors: { mk: { type: pi(ARRAY, app(c('Valid'), v(0))), fields: 1 } },
    }),
    ...family({
      name: 'String',
      type: TYPE,
      ctors: { mk: { type: pis([ARRAY, app(c('Valid'), v(0))], c('String')), fields: 2 } },
    }),
    ...Object.entries({ ...RIGHT, ...instead }).map(([name, of]) => definition(name, ...of!)),
  ]
}

const bytesOf = (text: string) => [...new TextEncoder().encode(text)]
const listed = (numbers: readonly number[]) =>
  numbers.reduceRight((tail, number) => cons(nat(BigInt(number)), tail), nil)

interface Claimed {
  readonly text: string
  /** What the array of the literal is said to be. */
  readonly array: Expr
  readonly instead?: Partial<typeof RIGHT>
  readonly mutation?: Mutation | readonly Mutation[]
}

/** `accepted`, or why the kernel does not take the array of a literal for what it is said to be. */
function verdict(claimed: Claimed): string {
  const environment = environmentOf([
    ...library(claimed.instead),
    axiom('P', pi(ARRAY, PROP)),
    axiom('p', app(c('P'), claimed.array)),
    definition('claimed', app(c('P'), proj('String', 0, str(claimed.text))), c('p')),
  ])
  return checkOne(
    environment,
    'claimed',
    claimed.mutation === undefined ? {} : { mutation: claimed.mutation },
  )
}

const WRONG = /does not have the type/

test.each(['abcd', 'abcabcabc', 'some longer text, of forty characters...'])('%j is its bytes', text => {
  expect(verdict({ text, array: array(listed(bytesOf(text))) })).toBe('accepted')
})

test.each([
  ['another last byte', [97, 98, 99, 101]],
  ['a byte less', [97, 98, 99]],
  ['a byte more', [97, 98, 99, 100, 0]],
  ['another order', [98, 97, 99, 100]],
  ['nothing', []],
])('"abcd" is not %s', (_name, bytes) => {
  expect(verdict({ text: 'abcd', array: array(listed(bytes)) })).toMatch(WRONG)
})

const WITHOUT_BYTES: Mutation = {
  file: 'string_bytes.aiur',
  from: '      match [is_string, fvar_bound(encode)] {\n        [1, 0] =>',
  to: '      match [is_string, fvar_bound(encode)] {\n        [2, 0] =>',
}

test('a kernel that only unfolds agrees', () => {
  const text = 'a literal'
  const right = { text, array: array(listed(bytesOf(text))), mutation: WITHOUT_BYTES }
  expect(verdict(right)).toBe('accepted')
  expect(verdict({ ...right, array: array(listed([...bytesOf(text)].reverse())) })).toMatch(WRONG)
})

const dropped = (from: string, to = ''): Mutation => ({ file: 'string_bytes.aiur', from, to })

interface Case {
  readonly name: string
  readonly instead: Partial<typeof RIGHT>
  /** What the literal "abcd" is with these definitions. */
  readonly is: Expr
  readonly without: Mutation
  /** What it is said to be without the equation; by default its bytes. */
  readonly said?: Expr
}

const ABCD = [97, 98, 99, 100]
const CASES: readonly Case[] = [
  {
    name: 'encoding starts with an empty array',
    instead: {
      encode: functionOf([BYTES], ARRAY, app(c('loop'), v(0), array(cons(nat(7n), nil)))),
    },
    is: array(listed([7, ...ABCD])),
    without: dropped('def_eq(empty, app1(outer, app1(inner, nil)))\n        * ', 'fvar_bound(nil) + '),
  },
  {
    name: 'a loop ends with what it has',
    instead: {
      loop: functionOf(
        [BYTES],
        INTO,
        recursion(
          NAT,
          INTO,
          lam(ARRAY, app(c('Array.mk'), nat(1n), proj('Array', 1, v(0)))),
          loopStep(app(c('push'), v(0), v(3))),
          v(0),
        ),
      ),
    },
    is: array(listed(ABCD), nat(1n)),
    without: dropped('        * def_eq(app2(loop, app2(cons, b, nil), array), pushed)\n'),
  },
  {
    name: 'a loop goes on with the rest',
    // The first byte twice, unless it is the last.
    instead: {
      loop: functionOf(
        [BYTES],
        INTO,
        recursion(
          NAT,
          INTO,
          lam(ARRAY, v(0)),
          loopStep(
            recursion(
              NAT,
              ARRAY,
              app(c('push'), v(0), v(3)),
              stepOf(NAT, ARRAY, app(c('push'), app(c('push'), v(3), v(6)), v(6))),
              v(2),
            ),
          ),
          v(0),
        ),
      ),
    },
    is: array(listed([97, 97, 98, 98, 99, 99, 100])),
    without: dropped('        * def_eq(app2(loop, app2(cons, b, x), array), app2(loop, x, pushed))\n', ''),
  },
  {
    name: 'the first byte of an array is pushed once',
    instead: {
      snoc: functionOf(
        [BYTES, NAT],
        BYTES,
        recursion(NAT, BYTES, cons(v(0), cons(v(0), nil)), stepOf(NAT, BYTES, cons(v(2), v(0))), v(1)),
      ),
    },
    is: array(listed([97, 97, 98, 98, 99, 99, 100, 100])),
    without: dropped('        * def_eq(inst1(snoc_of, nil), app2(cons, b, nil))\n'),
  },
  {
    name: 'a byte is pushed behind the others',
    instead: {
      snoc: functionOf(
        [BYTES, NAT],
        BYTES,
        recursion(NAT, BYTES, cons(v(0), nil), stepOf(NAT, BYTES, cons(v(3), cons(v(2), v(1)))), v(1)),
      ),
    },
    is: array(listed([100, 99, 98, 97])),
    without: dropped(
      '\n        * def_eq(inst1(snoc_of, app2(cons, c, a)), app2(cons, c, snoc)),',
      ' + 0 * fvar_bound(c),',
    ),
  },
  {
    name: 'the loop runs over the bytes themselves',
    instead: { encode: functionOf([BYTES], ARRAY, app(c('loop'), cons(nat(7n), v(0)), array(nil))) },
    is: array(listed([7, ...ABCD])),
    without: dropped('[ptr_val(y) - ptr_val(x), fvar_bound(loop)', '[0 * ptr_val(y), fvar_bound(loop)'),
  },
  {
    name: 'the bytes of a character are followed by those of the rest',
    // Every other character is left out.
    instead: {
      bytes: functionOf(
        [listOf(c('Char'))],
        BYTES,
        app(
          recursion(
            c('Char'),
            pi(NAT, BYTES),
            lam(NAT, nil),
            stepOf(
              c('Char'),
              pi(NAT, BYTES),
              lam(
                NAT,
                app(
                  c('Nat.rec', succ(zero)),
                  lam(NAT, BYTES),
                  cons(proj('Char', 0, v(3)), app(v(1), nat(1n))),
                  lams([NAT, BYTES], app(v(3), nat(0n))),
                  v(0),
                ),
              ),
            ),
            v(0),
          ),
          nat(0n),
        ),
      ),
    },
    is: array(listed([97, 99])),
    without: dropped('match def_eq(list, rest) {', 'match 1 + 0 * fvar_bound(rest) {'),
  },
]

test.each(CASES)('$name', ({ instead, is, without, said = array(listed(ABCD)) }) => {
  const claim = { text: 'abcd', instead }
  // Definitions that the equations do not hold for are unfolded.
  expect(verdict({ ...claim, array: is })).toBe('accepted')
  expect(verdict({ ...claim, array: said })).toMatch(WRONG)
  expect(verdict({ ...claim, array: said, mutation: without })).toBe('accepted')
})

test('the bytes of a character do not depend on the rest', () => {
  // The last character becomes 0.
  const unlessLast = (value: Expr, rest: Expr) =>
    recursion(c('Char'), NAT, nat(0n), lams([c('Char'), listOf(c('Char')), NAT], value), rest)
  const instead = {
    bytes: functionOf(
      [listOf(c('Char'))],
      BYTES,
      recursion(
        c('Char'),
        BYTES,
        nil,
        stepOf(c('Char'), BYTES, cons(unlessLast(proj('Char', 0, v(5)), v(1)), v(0))),
        v(0),
      ),
    ),
  }
  expect(verdict({ text: 'abcd', instead, array: array(listed([97, 98, 99, 0])) })).toBe('accepted')
  // For all lists, each byte is what it would be in front of that list.
  const open = ABCD.reduceRight(
    (tail, byte) => cons(unlessLast(proj('Char', 0, app(c('Char.ofNat'), nat(BigInt(byte)))), v(0)), tail),
    nil,
  )
  const environment = environmentOf([
    ...library(instead),
    axiom('P', pi(ARRAY, PROP)),
    axiom('p', pi(listOf(c('Char')), app(c('P'), array(open)))),
    definition(
      'claimed',
      pi(listOf(c('Char')), app(c('P'), proj('String', 0, str('abcd')))),
      lam(listOf(c('Char')), app(c('p'), v(0))),
    ),
  ])
  expect(checkOne(environment, 'claimed')).toMatch(WRONG)
  const mutation = dropped('          match fvar_bound(x) {', '          match 0 * fvar_bound(x) {')
  expect(checkOne(environment, 'claimed', { mutation })).toBe('accepted')
})

/** Recursion on bytes into a number: the first byte, or `empty`. */
const firstByte = (empty: Expr, list: Expr) => recursion(NAT, NAT, empty, stepOf(NAT, NAT, v(2)), list)

/**
 * A loop that only at the end of nothing gives something else than it has: what is pushed has the form of a list that is not
 * empty before anything is known of it.
 */
const NOTHING_IS_SEVEN: Partial<typeof RIGHT> = {
  bytes: functionOf([listOf(c('Char'))], BYTES, nil),
  snoc: functionOf(
    [BYTES, NAT],
    BYTES,
    cons(
      firstByte(v(0), v(1)),
      recursion(NAT, BYTES, nil, stepOf(NAT, BYTES, cons(firstByte(v(3), v(1)), v(0))), v(1)),
    ),
  ),
  loop: functionOf(
    [BYTES],
    INTO,
    recursion(
      NAT,
      INTO,
      lam(ARRAY, recursion(NAT, ARRAY, array(listed([7])), stepOf(NAT, ARRAY, v(3)), listIn(v(0)))),
      loopStep(app(c('push'), v(0), v(3))),
      v(0),
    ),
  ),
}

/** What a dishonest prover may say: a character takes no byte. */
const LYING = dropped(
  '  4 - u32_less_than(code, 128) - u32_less_than(code, 2048) - u32_less_than(code, 65536)',
  '  0 * code',
)

test.each([
  {
    name: 'a literal without bytes is not taken for an empty array',
    without: dropped(
      '          let Expr.App(first, _) = load(list);\n          let Expr.App(_, _) = load(first);\n',
    ),
  },
])('$name', ({ without }) => {
  const empty = { text: 'abcd', instead: NOTHING_IS_SEVEN, array: array(nil) }
  expect(verdict({ ...empty, array: array(listed([7])) })).toBe('accepted')
  expect(verdict(empty)).toMatch(WRONG)
  expect(verdict({ ...empty, mutation: LYING })).not.toBe('accepted')
  expect(verdict({ ...empty, mutation: [LYING, without] })).toBe('accepted')
})
