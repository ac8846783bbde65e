/** What operations of the bundled library on literals come to, against JavaScript. */
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
const bytesIn = (a: string) => apply('String.utf8ByteSize', literal(a))
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

test('operations on strings are what they are in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (a, b) => {
      const bytes = BigInt(new TextEncoder().encode(a).length)
      expect(await same(append(a, b), literal(a + b))).toBe(true)
      expect(await same(bytesIn(a), literal(bytes))).toBe(true)
      expect(await same(bytesIn(a), literal(bytes + 1n))).toBe(false)
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
  ['a size in characters', bytesIn('ééééé'), literal(5n)],
])('not equal: %s', async (_name, a, b) => {
  expect(await same(a, b)).toBe(false)
})

test('long literals', async () => {
  const long = 'the quick brown fox jumps over the lazy dog, '.repeat(5)
  expect(await same(bytesIn(long), literal(BigInt(long.length)))).toBe(true)
  expect(await same(append(long, long), literal(long + long))).toBe(true)
  expect(await same(decide(long, long), constant('Bool.true'))).toBe(true)
  expect(await same(decide(`${long}a`, `${long}b`), constant('Bool.false'))).toBe(true)
}, 120_000)

const nat = (value: bigint) => literal(value)
const int = (value: bigint) =>
  value < 0n ? apply('Int.negSucc', nat(-value - 1n)) : apply('Int.ofNat', nat(value))
const bool = (value: boolean) => constant(value ? 'Bool.true' : 'Bool.false')
const size = (value: bigint) => (value < 0n ? -value : value)
const remainder = (a: bigint, b: bigint) => (b === 0n ? a : ((a % b) + size(b)) % size(b))
const quotient = (a: bigint, b: bigint) => (b === 0n ? 0n : (a - remainder(a, b)) / b)

const INTEGERS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  'Int.add': (a, b) => a + b,
  'Int.sub': (a, b) => a - b,
  'Int.mul': (a, b) => a * b,
  'Int.ediv': quotient,
  'Int.emod': remainder,
}

const integer = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.constantFrom(2n ** 32n, -(2n ** 32n), 2n ** 64n - 1n, -(2n ** 64n)),
)

test('operations on integers are what they are in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(integer, integer, fc.constantFrom(...Object.keys(INTEGERS)), async (a, b, name) => {
      const is = INTEGERS[name]!(a, b)
      expect(await same(apply(name, int(a), int(b)), int(is))).toBe(true)
      expect(await same(apply(name, int(a), int(b)), int(is + 1n))).toBe(false)
      expect(await same(apply('Int.neg', int(a)), int(-a))).toBe(true)
      const decision = apply('Int.decLt', int(a), int(b))
      const proposition = apply(
        constant('LT.lt', 0),
        constant('Int'),
        constant('Int.instLTInt'),
        int(a),
        int(b),
      )
      expect(await same(apply('Decidable.decide', proposition, decision), bool(a < b))).toBe(true)
      expect(await same(apply('Decidable.decide', proposition, decision), bool(a >= b))).toBe(false)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)

const vector = (width: bigint, value: bigint) => apply('BitVec.ofNat', nat(width), nat(value))

test('operations on bit vectors are what they are in JavaScript', async () => {
  const width = fc.constantFrom(0n, 1n, 8n, 33n, 64n)
  const value = fc.bigInt({ min: 0n, max: 2n ** 70n })
  await fc.assert(
    fc.asyncProperty(width, value, value, async (w, a, b) => {
      const [x, y] = [a % 2n ** w, b % 2n ** w]
      const sum = (x + y) % 2n ** w
      const added = apply('BitVec.add', nat(w), vector(w, a), vector(w, b))
      expect(await same(apply('BitVec.toNat', nat(w), added), nat(sum))).toBe(true)
      expect(await same(apply('BitVec.toNat', nat(w), added), nat(sum + 1n))).toBe(false)
      const less = apply('BitVec.ult', nat(w), vector(w, a), vector(w, b))
      expect(await same(less, bool(x < y))).toBe(true)
      expect(await same(less, bool(x >= y))).toBe(false)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)
