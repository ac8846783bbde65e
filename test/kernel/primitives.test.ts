import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import {
  METHOD,
  type Method,
  PRIMITIVES,
  type PrimitiveTable,
  primitiveTable,
  tableOf,
} from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import { axiom, c, definition } from '../ixon/declarations.js'
import { N, PROP } from './inductive-types.js'
import { checkOne, environmentOf, type Mutation } from './kernel-run.js'

const library = bundledEnvironment()

const program = compile(
  [
    ...kernelSources(),
    {
      name: 'entry',
      text: 'pub fn check_primitive(digest: [G; 8], id: G) { prim_ok(load_primitives(digest), id) }',
    },
  ],
  { roots: ['check_primitive'] },
)

const numberOf = (name: string) => 1 + PRIMITIVES.findIndex(primitive => primitive.name === name)

function addressOf(name: string) {
  const address = library.addressOf(name)
  if (address === undefined) throw new Error(`the library has no ${name}`)
  return address
}

const honest = primitiveTable(library)

/** The honest table with other constants, or other methods, at some names. */
function forged(changes: Readonly<Record<string, string | Method>>): PrimitiveTable {
  return tableOf(
    honest.entries.map(entry => {
      const change = changes[entry.name]
      if (change === undefined) return entry
      if (typeof change === 'number') return { ...entry, address: addressOf(entry.name), method: change }
      return { ...entry, address: addressOf(change), method: METHOD.equations }
    }),
  )
}

/** `accepted`, or why an entry of a table is not what its number says. */
function accepts(table: PrimitiveTable, name: string): string {
  const witness = new Witness(environmentSource(library))
  witness.putClosure(
    table.entries.filter(entry => entry.method !== METHOD.absent).map(entry => entry.address),
  )
  witness.putPrimitives(table.digest, table.bytes)
  const args = [...digestWords(table.digest), numberOf(name)].map(BigInt)
  const outcome = execute(program, 'check_primitive', args, witness.io, { rows: 5_000_000 })
  return outcome.ok ? 'accepted' : reasonOf(outcome.error).text
}

const checked = honest.entries.filter(
  ({ name, method }) =>
    method !== METHOD.absent && /^(Nat|Bool|String)($|\.)/.test(name) && name !== 'String.ofList',
)

test.each(checked.map(entry => entry.name))("%s of Lean's library", name => {
  expect(accepts(honest, name)).toBe('accepted')
})

test('most of the arithmetic of the library is justified by its equations', () => {
  const names = checked.filter(entry => entry.method === METHOD.equations).map(entry => entry.name)
  for (const operation of ['pred', 'add', 'sub', 'mul', 'pow', 'beq', 'ble', 'shiftLeft', 'shiftRight'])
    expect(names).toContain(`Nat.${operation}`)
})

const EQUATIONS = /does not satisfy its equations/

test.each<[string, Record<string, string | Method>, RegExp]>([
  ['Nat.add', { 'Nat.add': 'Nat.sub' }, EQUATIONS],
  ['Nat.add', { 'Nat.add': 'Nat.mul' }, EQUATIONS],
  ['Nat.sub', { 'Nat.sub': 'Nat.add' }, EQUATIONS],
  ['Nat.mul', { 'Nat.mul': 'Nat.add' }, EQUATIONS],
  ['Nat.mul', { 'Nat.mul': 'Nat.pow' }, EQUATIONS],
  ['Nat.pow', { 'Nat.pow': 'Nat.mul' }, EQUATIONS],
  ['Nat.pow', { 'Nat.mul': 'Nat.add' }, EQUATIONS],
  ['Nat.pred', { 'Nat.pred': 'Nat.log2', 'Nat.log2': METHOD.absent }, EQUATIONS],
  ['Nat.sub', { 'Nat.pred': 'Nat.log2', 'Nat.log2': METHOD.absent }, EQUATIONS],
  ['Nat.beq', { 'Nat.beq': 'Nat.ble' }, EQUATIONS],
  ['Nat.ble', { 'Nat.ble': 'Nat.beq' }, EQUATIONS],
  ['Nat.shiftLeft', { 'Nat.shiftLeft': 'Nat.shiftRight' }, EQUATIONS],
  ['Nat.shiftRight', { 'Nat.shiftRight': 'Nat.shiftLeft' }, EQUATIONS],
  ['Nat.beq', { 'Bool.true': 'Bool.false', 'Bool.false': 'Bool.true' }, /forged primitive/],
  ['Bool', { 'Bool.true': 'Bool.false', 'Bool.false': 'Bool.true' }, /forged primitive/],
  ['Nat', { 'Nat.zero': 'Nat.succ', 'Nat.succ': 'Nat.zero' }, /forged primitive/],
  ['Nat', { Nat: 'Bool' }, /forged primitive/],
  ['Nat', { Nat: 'Bool', 'Nat.zero': 'Bool.false', 'Nat.succ': 'Bool.true' }, /forged primitive/],
  ['Nat', { Nat: 'List', 'Nat.zero': 'List.nil', 'Nat.succ': 'List.cons' }, /forged primitive/],
  ['Nat', { Nat: 'Nat.add' }, /forged primitive/],
  ['Nat.zero', { 'Nat.zero': 'Nat.succ' }, /forged primitive/],
  ['Bool', { Bool: 'Nat', 'Bool.false': 'Nat.zero', 'Bool.true': 'Nat.succ' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': 'Nat.succ' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': 'Nat.beq' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': METHOD.assumed }, /may not be assumed/],
  ['Nat.beq', { 'Nat.beq': METHOD.assumed }, /may not be assumed/],
  ['Nat.div', { 'Nat.div': METHOD.equations }, /no equations/],
  ['Nat.div', { 'Nat.div': 'Nat.sub' }, /no equations/],
  ['Nat.log2', { 'Nat.log2': 'Nat.add' }, /forged primitive/],
  ['String', { String: 'Nat' }, /expected|forged/],
  ['String', { 'String.ofList': 'String.length' }, /expected|forged|rejected/],
  ['String', { 'Char.ofNat': 'Nat.succ' }, /expected|forged/],
  ['String', { Char: 'Nat' }, /expected|forged/],
  ['String', { 'List.cons': 'List.nil' }, /expected|forged|rejected|number/],
])('%s is rejected with %o', (name, changes, reason) => {
  expect(accepts(forged(changes), name)).toMatch(reason)
})

test('the primitives of a table are checked even where the subject does not mention them', () => {
  const environment = environmentOf([
    ...N,
    axiom('Subject', PROP),
    definition('Bad', c('N'), c('N')),
    definition('Good', c('N'), c('N.zero')),
  ])
  const tableWith = (name: string) => {
    const address = environment.addressOf(name)!
    const entry = (method: Method) => ({ name, address, method, witnesses: [] })
    return tableOf(PRIMITIVES.slice(0, 30).map((_, i) => entry(i === 29 ? METHOD.equations : METHOD.absent)))
  }
  const run = (name: string, mutation?: Mutation) =>
    checkOne(environment, 'Subject', { primitives: tableWith(name), ...(mutation && { mutation }) })
  expect(run('Good')).toBe('accepted')
  expect(run('Bad')).toMatch(/does not have the type/)
  expect(run('Bad', { file: 'main.aiur', from: '      walk_primitives(ctx, scope),', to: '      (),' })).toBe(
    'accepted',
  )
})
