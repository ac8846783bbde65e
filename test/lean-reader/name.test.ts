import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Name } from '../../lean/declaration.js'
import { InputError } from '../../lean/input-error.js'
import { ANONYMOUS, displayName, NameTable, parseName } from '../../lean/name.js'

const build = (table: NameTable, parts: readonly (string | bigint)[]): Name =>
  parts.reduce<Name>(
    (prefix, part) => (typeof part === 'string' ? table.str(prefix, part) : table.num(prefix, part)),
    ANONYMOUS,
  )
const part = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a',
    '',
    '.',
    '«',
    '»',
    '»»',
    '0',
    '01',
    'a.b',
    '_hyg',
    'α',
    'λ',
    'x₁',
    'h!',
    '[anonymous]',
  ),
  fc.bigInt({ min: 0n, max: 1n << 70n }),
)

describe('names', () => {
  it.each([
    ['Nat.add_comm', ['Nat', 'add_comm']],
    ['Foo.«term_→_»', ['Foo', 'term_→_']],
    ['_private.A.0.privDef', ['_private', 'A', 0n, 'privDef']],
    ['a.«0»', ['a', '0']],
    ['«»', ['']],
    ['«x y»._hyg.12', ['x y', '_hyg', 12n]],
    ["Nat.pow_succ'", ['Nat', "pow_succ'"]],
    ['getElem!.α₁', ['getElem!', 'α₁']],
    ['«λ».Π', ['λ', 'Π']],
    ['«a»»b»', ['a»b']],
  ])('display %s', (text, parts) => {
    const table = new NameTable()
    const name = build(table, parts)
    if (text !== '«λ».Π') expect(displayName(name)).toBe(text)
    expect(parseName(text, table)).toBe(name)
  })

  it('quotes what Lean has no letters for', () => {
    expect(displayName(build(new NameTable(), ['λ', 'Π', 'Σ']))).toBe('«λ».«Π».«Σ»')
  })

  it('display one to one, and parse back', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.array(part, { maxLength: 5 }), (left, right) => {
        const table = new NameTable()
        const [a, b] = [build(table, left), build(table, right)]
        expect(parseName(displayName(a), table)).toBe(a)
        expect(displayName(a) === displayName(b)).toBe(a === b)
      }),
    )
  })

  it('may have a hundred thousand components', () => {
    const table = new NameTable()
    const name = build(table, new Array<string>(100_000).fill('n'))
    expect(parseName(displayName(name), table)).toBe(name)
  })

  it.each(['', 'a.', '.a', 'a..b', '«a', '«a»b', 'a«b»', 'a»'])('refuse %j', text => {
    expect(() => parseName(text)).toThrow(InputError)
  })
})
