/** Operations on string literals of the bundled library, against JavaScript. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { executeWasm } from '../../aiur/wasm/engine.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { type Address, addressOf as hashOf, naturalBytes } from '../../ixon/address.js'
import { encodeConstant } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import type { Universe } from '../../ixon/universe.js'
import { tableAddresses } from '../../kernel/claim-arguments.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { primitiveTable } from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'

const library = bundledEnvironment()
const source = environmentSource(library)
const table = primitiveTable(library)

const program = compile(
  [
    ...kernelSources(),
    {
      name: 'entry',
      text: `
fn value_of(words: [G; 8], ctx: &Ctx) -> &Expr {
  let Const.Definition(_, _, value, _) = load(resolve(intern(words, ctx)));
  value
}

pub fn same(digest: [G; 8], a: [G; 8], b: [G; 8]) -> G {
  let ctx = load_primitives(digest);
  def_eq(value_of(a, ctx), value_of(b, ctx))
}
`,
    },
  ],
  { roots: ['same'] },
)

/** A term without universe parameters, by the names of the library. */
type Term =
  | { readonly name: string; readonly universes?: readonly (0 | 1)[] }
  | { readonly value: string | bigint }
  | { readonly fn: Term; readonly args: readonly Term[] }

const constant = (name: string, ...universes: (0 | 1)[]): Term => ({ name, universes })
const apply = (name: Term | string, ...args: Term[]): Term => ({
  fn: typeof name === 'string' ? { name } : name,
  args,
})
const literal = (value: string | bigint): Term => ({ value })

const UNIVERSES: readonly Universe[] = [{ kind: 'zero' }, { kind: 'succ', count: 1, base: { kind: 'zero' } }]

const constants = new Map<Address, Uint8Array>()
const blobs = new Map<Address, Uint8Array>()

/** The address of a definition with this body. */
function define(term: Term): Address {
  const refs: Address[] = []
  const refOf = (address: Address): number => {
    if (!refs.includes(address)) refs.push(address)
    return refs.indexOf(address)
  }
  const blob = (bytes: Uint8Array): Address => {
    const address = hashOf(bytes)
    blobs.set(address, bytes)
    return address
  }
  const lower = (of: Term): Expression => {
    if ('name' in of) {
      const address = library.addressOf(of.name)
      if (address === undefined) throw new Error(`the library has no ${of.name}`)
      return { kind: 'ref', ref: refOf(address), universes: of.universes ?? [] }
    }
    if ('value' in of)
      return typeof of.value === 'string'
        ? { kind: 'str', ref: refOf(blob(new TextEncoder().encode(of.value))) }
        : { kind: 'nat', ref: refOf(blob(naturalBytes(of.value))) }
    return of.args.map(lower).reduce<Expression>((fn, arg) => ({ kind: 'app', fn, arg }), lower(of.fn))
  }
  const value = lower(term)
  const type: Expression = { kind: 'sort', universe: 0 }
  const info = { kind: 'defn', form: 'definition', safety: 'safe', lvls: 0, type, value } as const
  const bytes = encodeConstant({ info, sharing: [], refs, univs: UNIVERSES })
  const address = hashOf(bytes)
  constants.set(address, bytes)
  return address
}

/** Whether the kernel finds two terms equal. */
async function same(a: Term, b: Term): Promise<boolean> {
  const pair = [define(a), define(b)]
  const witness = new Witness({
    ...source,
    constant: address => constants.get(address) ?? source.constant(address),
    blob: address => blobs.get(address) ?? source.blob(address),
  })
  witness.putClosure([...pair, ...tableAddresses(table)])
  witness.putPrimitives(table.digest, table.bytes)
  const args = [table.digest, ...pair].flatMap(digestWords).map(BigInt)
  const outcome = await executeWasm(program, 'same', args, witness.io)
  if (!outcome.ok) throw new Error(reasonOf(outcome.error).text)
  return outcome.outputs[0] === 1n
}

const append = (a: string, b: string) => apply('String.append', literal(a), literal(b))
const size = (a: string) => apply('String.utf8ByteSize', literal(a))
const decide = (a: string, b: string) =>
  apply(
    'Decidable.decide',
    apply(constant('Eq', 1), constant('String'), literal(a), literal(b)),
    apply('String.decEq', literal(a), literal(b)),
  )

// One to four bytes for a character, and the neighbours of the surrogates.
const text = fc.string({
  unit: fc.constantFrom(
    ...'abcxyz \0\u{7f}\u{80}é\u{7ff}\u{800}漢\u{d7ff}\u{e000}\u{ffff}\u{10000}😀\u{10ffff}',
  ),
  maxLength: 6,
})

test('operations on literals are what they are in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (a, b) => {
      const bytes = BigInt(new TextEncoder().encode(a).length)
      expect(await same(append(a, b), literal(a + b))).toBe(true)
      expect(await same(size(a), literal(bytes))).toBe(true)
      expect(await same(size(a), literal(bytes + 1n))).toBe(false)
      expect(await same(decide(a, b), constant(a === b ? 'Bool.true' : 'Bool.false'))).toBe(true)
      expect(await same(decide(a, b), constant(a === b ? 'Bool.false' : 'Bool.true'))).toBe(false)
      expect(await same(literal(a), literal(b))).toBe(a === b)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)

test.each([
  ['in another order', append('abcd', 'efgh'), literal('efghabcd')],
  ['one short', append('abcd', 'efgh'), literal('abcdefg')],
  ['with another character', append('abcd', 'éfgh'), literal('abcdefgh')],
  ['of one part only', apply('String.append', literal('abcd')), apply('String.append', literal('abce'))],
  ['a size in characters', size('ééééé'), literal(5n)],
])('not equal: %s', async (_name, a, b) => {
  expect(await same(a, b)).toBe(false)
})

test('long literals', async () => {
  const long = 'the quick brown fox jumps over the lazy dog, '.repeat(5)
  expect(await same(size(long), literal(BigInt(long.length)))).toBe(true)
  expect(await same(append(long, long), literal(long + long))).toBe(true)
  expect(await same(decide(long, long), constant('Bool.true'))).toBe(true)
  expect(await same(decide(`${long}a`, `${long}b`), constant('Bool.false'))).toBe(true)
}, 120_000)
