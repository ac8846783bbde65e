/**
 * Remainders and logarithms that are wrong at one place: the one equation of kernel/fuel.aiur that they miss rejects them,
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
import { type Mutation, mutated } from './kernel-run.js'

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
type Edit = readonly [path: string, to: (node: Expression) => Expression]

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
  const plain = (e: Expression): Expression => (e.kind === 'share' ? plain(sharing[e.index]!) : e)
  const at = (e: Expression, path: readonly Step[], to: Edit[1]): Expression => {
    const node = plain(e)
    const [step, ...rest] = path
    if (step === undefined) return to(node)
    const part = (node as Partial<Record<Step, Expression>>)[step]
    if (part === undefined) throw new Error(`another body of ${name}`)
    return { ...node, [step]: at(part, rest, to) } as Expression
  }
  const steps = (path: string) => path.split(' ').filter(step => step !== '') as Step[]
  const value = edits.reduce((e, [path, to]) => at(e, steps(path), to), info.value)
  const refs = constant.refs.map(address => instead[address] ?? address)
  const bytes = encodeConstant({ ...constant, refs, info: { ...info, value } })
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
  for (const name of ['Nat.mod', 'Nat.log2']) expect(accepts(name, edited(name, []))).toBe('accepted')
})

test.each(CASES)('$name', ({ entry, wrong, reason = EQUATIONS, without }) => {
  const address = wrong()
  expect(accepts(entry, address)).toMatch(reason)
  expect(accepts(entry, address, without)).toBe('accepted')
})
