/**
 * Quotients, remainders and logarithms that are wrong at one place: the one equation of kernel/fuel.aiur that they miss rejects them,
 * and the kernel without it takes them.
 */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { type Address, addressOf as hashOf } from '../../ixon/address.js'
import { encodeConstant } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { METHOD, PRIMITIVES, primitiveTable, tableOf } from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import { type Mutation, mutated } from './mutation.js'

const library = bundledEnvironment()
const honest = primitiveTable(library)
const source = environmentSource(library)
/** Constants that the library does not hold. */
const extra = new Map<Address, Uint8Array>()

function addressOf(name: string): Address {
  const address = library.addressOf(name)
  if (address === undefined) throw new Error(`the library has no ${name}`)
  return address
}

type Step = 'fn' | 'arg' | 'body'
/** The constant of the library with this name, or the literal, at universes by their number in the table. */
type Named = (what: string | number, ...universes: number[]) => Expression
type Edit = readonly [path: string, to: (node: Expression, named: Named) => Expression]

const variable = (index: number): Expression => ({ kind: 'var', index })
const ref = (index: number, ...universes: number[]): Expression => ({ kind: 'ref', ref: index, universes })
const apply = (fn: Expression, ...args: Expression[]): Expression =>
  args.reduce((f, arg): Expression => ({ kind: 'app', fn: f, arg }), fn)
const lambda = (type: Expression, body: Expression): Expression => ({ kind: 'lam', type, body })

/** The address of a constant of the library with edits of its body, and with references in place of others. */
function edited(name: string, edits: readonly Edit[], instead: Readonly<Record<Address, Address>> = {}) {
  const constant = library.constant(addressOf(name))
  const { info, sharing } = constant
  if (info.kind !== 'defn') throw new Error(`${name} is no definition`)
  const refs = [...constant.refs]
  const named: Named = (what, ...universes) => {
    const address = typeof what === 'string' ? addressOf(what) : hashOf(Uint8Array.of(what))
    if (!refs.includes(address)) refs.push(address)
    const index = refs.indexOf(address)
    return typeof what === 'string' ? ref(index, ...universes) : { kind: 'nat', ref: index }
  }
  const plain = (e: Expression): Expression => (e.kind === 'share' ? plain(sharing[e.index]!) : e)
  const at = (e: Expression, path: readonly Step[], to: Edit[1]): Expression => {
    const node = plain(e)
    const [step, ...rest] = path
    if (step === undefined) return to(node, named)
    const part = (node as Partial<Record<Step, Expression>>)[step]
    if (part === undefined) throw new Error(`another body of ${name}`)
    return { ...node, [step]: at(part, rest, to) } as Expression
  }
  const steps = (path: string) => path.split(' ').filter(step => step !== '') as Step[]
  const value = edits.reduce((e, [path, to]) => at(e, steps(path), to), info.value)
  const bytes = encodeConstant({
    ...constant,
    refs: refs.map(address => instead[address] ?? address),
    info: { ...info, value },
  })
  const address = hashOf(bytes)
  extra.set(address, bytes)
  return address
}

const ENTRY = {
  name: 'entry',
  text: 'pub fn check_primitive(digest: [G; 8], id: G) { prim_ok(load_primitives(digest), id) }',
}

/** `accepted`, or why a function in place of the library's is not. */
function accepts(name: string, address: Address, without: readonly Mutation[] = []): string {
  const entry = { address, method: METHOD.equations, witnesses: [] }
  const table = tableOf(honest.entries.map(each => (each.name === name ? { ...each, ...entry } : each)))
  const program = compile([...without.reduce(mutated, kernelSources()), ENTRY], {
    roots: ['check_primitive'],
  })
  const witness = new Witness({
    ...source,
    constant: each => extra.get(each) ?? source.constant(each),
    hint: each => (extra.has(each) ? undefined : source.hint?.(each)),
  })
  witness.putClosure(table.entries.flatMap(each => [each.address, ...each.witnesses]))
  witness.putPrimitives(table.digest, table.bytes)
  const id = 1 + PRIMITIVES.findIndex(primitive => primitive.name === name)
  const args = [...digestWords(table.digest), id].map(BigInt)
  const outcome = execute(program, 'check_primitive', args, witness.io)
  return outcome.ok ? 'accepted' : reasonOf(outcome.error).text
}

const dropped = (from: string, to = ''): Mutation => ({ file: 'fuel.aiur', from, to })
const REFUTED = dropped(
  '  equation(app1(q, app2(decision_constructor(d, 0), p, not_p)), no);\n',
  '  let _ = [not_p, no];\n',
)
const EQUATIONS = /does not satisfy its equations/

// Parts of fun n => Nat.rec (fun _ => 0) (fun k g n => Bool.rec 0 (succ (g (n / 2))) (2 <= n)) n n.
const STEP = 'body fn fn arg body body body'
const [ZERO, BOOL_REC, NAT, SUCC, LE, BOOL] = [0, 1, 2, 7, 6, 8] as const
const zero: Expression = { kind: 'nat', ref: ZERO }
const log2 = (...edit: Edit) => edited('Nat.log2', [edit])

// Parts of Nat.mod: fun x y => match x, y with | 0, _ => 0 | succ _, _ => ite (y <= x) (modCore x y) x.
const CASES_OF_MOD = 'body body'
const DECISION_OF_MOD = `${CASES_OF_MOD} arg body body body body`
const mod = (...edits: Edit[]) => edited('Nat.mod', edits)
/** The remainder with another modCore; its last argument is what is left where the divisor is 0. */
const overCore = (...edit: Edit) =>
  edited('Nat.mod', [], { [addressOf('Nat.modCore')]: edited('Nat.modCore', [edit]) })

const swapped = (node: Expression): Expression => {
  if (node.kind !== 'app' || node.fn.kind !== 'app') throw new Error('not a binary application')
  return { ...node, fn: { ...node.fn, arg: node.arg }, arg: node.fn.arg }
}

// Parts of fun x d => dite (0 < d) (fun hy => go d hy (x + 1) x _) (fun _ => ...), of Nat.div and Nat.modCore.
const CALL_OF_GO = 'body body fn arg body'
// What go d hy (fuel + 1) x h is for d <= x; there variable 3 is the fuel.
const STEP_OF_GO = 'body body body body body fn fn arg body body body body fn arg body body body fn arg body'

const decided = (named: Named, d: Expression, x: Expression, yes: Expression, no: Expression): Expression => {
  const question = apply(named('LE.le', 0), named('Nat'), named('instLENat'), d, x)
  const refuted = apply(named('Not'), question)
  return apply(
    named('dite', 1),
    named('Nat'),
    question,
    apply(named('Nat.decLe'), d, x),
    lambda(question, yes),
    lambda(refuted, no),
  )
}
/** A proof of x - d < fuel from x, d, the fuel, and proofs of 0 < d, d <= x and x < fuel + 1. */
const smaller = (named: Named, ...all: readonly Expression[]) =>
  apply(named('Nat.div_rec_fuel_lemma'), ...all)
const minus = (named: Named, x: Expression, d: Expression) => apply(named('Nat.sub'), x, d)

/** Division with its first step written out; `step` makes the quotient of that of x - d. */
const firstOfDiv = (step: (rest: Expression, named: Named) => Expression, go = addressOf('Nat.div.go')) =>
  edited(
    'Nat.div',
    [
      [
        CALL_OF_GO,
        (_, named) => {
          // Below x, d, 0 < d and d <= x.
          const [x, d, hy, h] = [variable(3), variable(2), variable(1), variable(0)]
          const enough = smaller(named, x, d, x, hy, h, apply(named('Nat.lt_succ_self'), x))
          const rest = apply(named('Nat.div.go'), d, hy, x, minus(named, x, d), enough)
          return decided(named, variable(1), variable(2), step(rest, named), named(0))
        },
      ],
    ],
    { [addressOf('Nat.div.go')]: go },
  )

/** Zero and a proof that it is below the fuel, from something that is. */
const zeroInstead = (named: Named, number: Expression, fuel: Expression, proof: Expression) =>
  [
    named(0),
    apply(named('Nat.lt_of_le_of_lt'), named(0), number, fuel, apply(named('Nat.zero_le'), number), proof),
  ] as const

/** Nat.mod with its first steps written out, at the point where it would go on with fuel for x of n = x + 1. */
const firstOfMod = (
  third: (named: Named, number: Expression, fuel: Expression, proof: Expression) => readonly Expression[],
  go = addressOf('Nat.modCore.go'),
) =>
  edited(
    'Nat.mod',
    [
      [
        `${DECISION_OF_MOD} fn arg`,
        (_, named) => {
          // Below n, x, n = x + 1 and d, and then `depth` more: 0 < d, d <= n, and d <= n - d.
          const n = (depth: number) => variable(depth + 3)
          const d = (depth: number) => variable(depth)
          const rest = (depth: number) => minus(named, n(depth), d(depth))
          const [x, isSucc, hy, h1, h2] = [variable(5), variable(4), variable(2), variable(1), variable(0)]
          const first = smaller(named, n(3), d(3), n(3), hy, h1, apply(named('Nat.lt_succ_self'), n(3)))
          const enough = apply(
            named('Nat.lt_of_lt_of_eq'),
            ...[rest(3), n(3), apply(named('Nat.succ'), x), first, isSucc],
          )
          const second = smaller(named, rest(3), d(3), x, hy, h2, enough)
          const last = third(named, minus(named, rest(3), d(3)), x, second)
          const inner = apply(named('Nat.modCore.go'), d(3), hy, x, ...last)
          const positive = apply(named('LT.lt', 0), named('Nat'), named('instLTNat'), named(0), d(0))
          const steps = decided(named, d(1), n(1), decided(named, d(2), rest(2), inner, rest(3)), n(2))
          return apply(
            named('dite', 1),
            named('Nat'),
            positive,
            apply(named('Nat.decLt'), named(0), d(0)),
            lambda(positive, steps),
            lambda(apply(named('Not'), positive), n(1)),
          )
        },
      ],
    ],
    { [addressOf('Nat.modCore.go')]: go },
  )

const onceMore = (rest: Expression, named: Named) => apply(named('Nat.succ'), rest)
const sameNumber = (_named: Named, number: Expression, _fuel: Expression, proof: Expression) => [
  number,
  proof,
]
/** go d hy (fuel + 1) n _ = go d hy fuel 0 _ for d <= n. */
const jumpToZero = (node: Expression, named: Named): Expression => {
  if (node.kind !== 'app' || node.fn.kind !== 'app') throw new Error('another body of Nat.modCore.go')
  const { fn, arg: number } = node.fn
  return apply(fn, ...zeroInstead(named, number, variable(3), node.arg))
}

interface Case {
  readonly name: string
  readonly entry: string
  readonly wrong: () => Address
  readonly reason?: RegExp
  readonly without: readonly Mutation[]
}

const CASES: readonly Case[] = [
  {
    name: 'a logarithm starts at its argument',
    entry: 'Nat.log2',
    wrong: () => log2('body arg', node => apply(ref(SUCC), node)),
    without: [dropped('  equation(app1(f, x), app1(inst1(g, x), x));\n')],
  },
  {
    name: 'a logarithm without fuel is 0',
    entry: 'Nat.log2',
    wrong: () => log2('body fn fn fn arg body', () => variable(0)),
    without: [dropped('  equation(app1(inst1(g, zero), n), zero);\n', '  let _ = zero;\n')],
  },
  {
    name: 'the logarithm of 0 is 0',
    entry: 'Nat.log2',
    // 1 for n <= 0
    wrong: () =>
      log2(`${STEP} fn fn arg`, () =>
        apply(
          ref(BOOL_REC, 0),
          lambda(ref(BOOL), ref(NAT)),
          zero,
          apply(ref(SUCC), zero),
          apply(ref(LE), variable(0), zero),
        ),
      ),
    without: [dropped('  equation(app1(more, zero), zero);\n')],
  },
  {
    name: 'the logarithm of 1 is 0',
    entry: 'Nat.log2',
    wrong: () => log2(`${STEP} fn fn arg`, () => variable(0)),
    without: [dropped('  equation(app1(more, succ_of(ctx, zero)), zero);\n')],
  },
  {
    name: 'a logarithm is one more than that of the half',
    entry: 'Nat.log2',
    wrong: () => log2(`${STEP} fn arg arg arg`, () => variable(0)),
    without: [
      dropped(
        '  equation(app1(more, large), succ_of(ctx, app1(inst1(g, k), half)))\n',
        '  let _ = [large, half];\n  ()\n',
      ),
    ],
  },
  {
    name: 'a quotient is one more than that of the rest, in the first step',
    entry: 'Nat.div',
    wrong: () => firstOfDiv((rest, named) => apply(named('Nat.add'), rest, named(2))),
    without: [dropped('  equation(step, succ_of(ctx, at_fuel(ctx, g, x, binary_at(ctx, 6, x, d))));\n')],
  },
  {
    name: 'a quotient is one more than that of the rest, in every step after it',
    entry: 'Nat.div',
    wrong: () =>
      firstOfDiv(
        onceMore,
        edited('Nat.div.go', [[STEP_OF_GO, (node, named) => apply(named('Nat.succ'), node)]]),
      ),
    without: [
      dropped(
        '  equation(next, succ_of(ctx, at_fuel(ctx, g, k, binary_at(ctx, 6, n, d))))\n',
        '  let _ = next;\n  ()\n',
      ),
    ],
  },
  {
    name: 'a remainder is that of the rest, in the first steps',
    entry: 'Nat.mod',
    wrong: () => firstOfMod(zeroInstead),
    without: [dropped('  equation(third, at_fuel(ctx, g, x, binary_at(ctx, 6, rest, d)));\n')],
  },
  {
    name: 'a remainder is that of the rest, in every step after them',
    entry: 'Nat.mod',
    wrong: () => firstOfMod(sameNumber, edited('Nat.modCore.go', [[STEP_OF_GO, jumpToZero]])),
    without: [
      dropped('  equation(next, at_fuel(ctx, g, k, binary_at(ctx, 6, m, d)))\n', '  let _ = next;\n  ()\n'),
    ],
  },
  {
    name: 'the remainder of 0 is 0',
    entry: 'Nat.mod',
    wrong: () => mod([`${CASES_OF_MOD} fn arg body`, () => variable(0)]),
    without: [dropped('      equation(app2(f, zero, y), zero);\n')],
  },
  {
    name: 'the remainder by 0 is the dividend',
    entry: 'Nat.mod',
    wrong: () => overCore('body body arg body', () => variable(1)),
    without: [dropped('      equation(app2(f, succ_of(ctx, x), zero), succ_of(ctx, x));\n')],
  },
  {
    name: 'what is smaller than the divisor is its own remainder',
    entry: 'Nat.mod',
    wrong: () => mod([`${DECISION_OF_MOD} arg`, () => variable(0)]),
    without: [REFUTED],
  },
  {
    name: 'the remainder decides whether the divisor is the smaller one',
    entry: 'Nat.mod',
    wrong: () => mod([`${DECISION_OF_MOD} fn fn arg`, swapped], [`${DECISION_OF_MOD} fn fn fn arg`, swapped]),
    reason: /expected/,
    without: [
      dropped('  check_has_type(q, pi(question, prim_const(ctx, 1)));\n'),
      dropped('  check_has_type(decision, question);\n', '  let _ = question;\n'),
    ],
  },
]

test('the functions of the library are taken', () => {
  for (const name of ['Nat.div', 'Nat.mod', 'Nat.log2'])
    expect(accepts(name, edited(name, []))).toBe('accepted')
})

test('and so are they with their first steps written out', () => {
  expect(accepts('Nat.div', firstOfDiv(onceMore))).toBe('accepted')
  expect(accepts('Nat.mod', firstOfMod(sameNumber))).toBe('accepted')
})

test.each(CASES)('$name', ({ entry, wrong, reason = EQUATIONS, without }) => {
  const address = wrong()
  expect(accepts(entry, address)).toMatch(reason)
  expect(accepts(entry, address, without)).toBe('accepted')
})
