import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError, RejectedInput } from '../../lean/input-error.js'
import { displayName } from '../../lean/name.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { DATA, skipReason } from './data.js'

const scratch = mkdtempSync(join(tmpdir(), 'ndjson-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0
const write = (content: string | Uint8Array): string => {
  const file = join(scratch, `${counter++}.ndjson`)
  writeFileSync(file, content)
  return file
}
const unpacked = (file: string): string =>
  file.endsWith('.gz') ? write(gunzipSync(readFileSync(file))) : file

const META = '{"meta":{"exporter":{"name":"t","version":"1"},"format":{"version":"3.1.0"}}}'
const open = (...records: string[]) => openNdjson(write([META, ...records].join('\n')))
const PROP = ['{"str":{"pre":0,"str":"P"},"in":1}', '{"sort":0,"ie":0}']
const AXIOM = '{"axiom":{"name":1,"levelParams":[],"type":0,"isUnsafe":false}}'

/** An inductive block of one type, name 1, whose type is expression 0. */
const block = (ctorNames: string, ctors: string, recs: string): string =>
  `{"inductive":{"types":[{"name":1,"levelParams":[],"type":0,"numParams":0,"numIndices":0,"all":[1],"ctors":[${ctorNames}],"numNested":0,"isRec":false,"isUnsafe":false,"isReflexive":false}],"ctors":[${ctors}],"recs":[${recs}]}}`
const ctor = (name: number, induct: number, cidx: number): string =>
  `{"name":${name},"levelParams":[],"type":0,"induct":${induct},"cidx":${cidx},"numParams":0,"numFields":0,"isUnsafe":false}`
const recursor = (name: number, all: number[], labels: number[] = []): string => {
  const rules = labels.map(label => `{"ctor":${label},"nfields":0,"rhs":0}`)
  return `{"name":${name},"levelParams":[],"type":0,"all":[${all}],"numParams":0,"numIndices":0,"numMotives":1,"numMinors":0,"rules":[${rules}],"k":false,"isUnsafe":false}`
}
/** P.a, P.b and P.rec are names 2, 3 and 4. */
const twoConstructors = (...labels: number[]): string[] => [
  ...PROP,
  '{"str":{"pre":1,"str":"a"},"in":2}',
  '{"str":{"pre":1,"str":"b"},"in":3}',
  '{"str":{"pre":1,"str":"rec"},"in":4}',
  block('2,3', `${ctor(2, 1, 0)},${ctor(3, 1, 1)}`, recursor(4, [1], labels)),
]

describe('records', () => {
  it('reads a file whose indices have gaps, with and without a final newline', () => {
    const source = open(
      '{"in":70,"str":{"str":"a","pre":0}}',
      '{"num":{"i":18446744073709551617,"pre":70},"in":7}',
      '{"sort":0,"ie":9}',
      '{"axiom":{"name":7,"levelParams":[],"type":9,"isUnsafe":false}}\n',
    )
    expect([...source.names()]).toEqual(['a.18446744073709551617'])
    expect(source.get('a.18446744073709551617')).toMatchObject({ kind: 'axiom', type: { kind: 'sort' } })
    expect(source.line('a.18446744073709551617')).toBe(5)
  })

  it('accepts the shapes of format 3.0.0', () => {
    const source = open(
      ...PROP,
      '{"str":{"pre":1,"str":"mk"},"in":2}',
      '{"const":{"name":1,"us":[]},"ie":1}',
      '{"inductive":{"inductiveVals":[{"name":1,"levelParams":[],"type":0,"numParams":0,"numIndices":0,"all":[1],"ctors":[2],"numNested":0,"isRec":false,"isUnsafe":false,"isReflexive":false}],"constructorVals":[{"name":2,"levelParams":[],"type":1,"induct":1,"cidx":0,"numParams":0,"numFields":0,"isUnsafe":false}],"recursorVals":[]}}',
      '{"str":{"pre":0,"str":"t"},"in":3}',
      '{"const":{"name":2,"us":[]},"ie":2}',
      '{"thm":[{"name":3,"levelParams":[],"type":1,"value":2,"all":[3]}]}',
    )
    expect([...source.names()]).toEqual(['P', 'P.mk', 't'])
    expect(source.get('t')?.kind).toBe('theorem')
  })

  it('takes rules in the order of the constructors', () => {
    expect(open(...twoConstructors(2, 3)).get('P.rec')).toMatchObject({ rules: [{}, {}] })
  })

  it('shares terms by identity', () => {
    const source = open(
      ...PROP,
      AXIOM,
      '{"str":{"pre":0,"str":"Q"},"in":2}',
      '{"axiom":{"name":2,"levelParams":[],"type":0,"isUnsafe":false}}',
    )
    expect(source.get('P')!.type).toBe(source.get('Q')!.type)
  })

  it('lets an unsafe definition mention itself but not a safe one', () => {
    const self = (safety: string) => [
      ...PROP,
      '{"const":{"name":1,"us":[]},"ie":1}',
      `{"def":{"name":1,"levelParams":[],"type":0,"value":1,"hints":"opaque","safety":"${safety}","all":[1]}}`,
    ]
    expect(open(...self('unsafe')).get('P')?.kind).toBe('definition')
    expect(() => open(...self('safe'))).toThrow(
      /line 5, constant P: refers to P, which is not declared before it/,
    )
  })

  it('takes terms of a depth that no recursion survives', () => {
    const depth = 200_000
    const records = [META, ...PROP, AXIOM, '{"const":{"name":1,"us":[]},"ie":1}']
    for (let i = 1; i <= depth; i++) records.push(`{"app":{"fn":${i},"arg":1},"ie":${i + 1}}`)
    records.push('{"str":{"pre":0,"str":"Q"},"in":2}')
    records.push(`{"axiom":{"name":2,"levelParams":[],"type":${depth + 1},"isUnsafe":false}}`)
    expect(openNdjson(write(records.join('\n'))).has('Q')).toBe(true)
  })
})

describe('damaged text', () => {
  it.each([
    ['an undefined index', ['{"sort":5,"ie":0}'], /line 2: level 5 is not defined before this line/],
    ['an index defined twice', [PROP[1]!, PROP[1]!], /line 3: index 0 of "ie" is defined twice/],
    ['the implicit name', ['{"str":{"pre":0,"str":"P"},"in":0}'], /index 0 of "in" is defined twice/],
    ['no JSON', ['{"sort":'], /line 2: not a line of JSON/],
    ['two payloads', ['{"sort":0,"bvar":0,"ie":0}'], /exactly one thing, found sort, bvar/],
    ['an unknown record', ['{"fvar":0,"ie":0}'], /unknown record "fvar"/],
    [
      'a missing field',
      [...PROP, '{"axiom":{"name":1,"type":0,"isUnsafe":false}}'],
      /field "levelParams" is missing/,
    ],
    ['a wrong type', ['{"bvar":-1,"ie":0}'], /field "bvar" must be a natural number/],
    ['a huge index', ['{"bvar":4294967296,"ie":0}'], /field "bvar" must be below 2\^32/],
    ['half a surrogate pair', ['{"strVal":"\\ud800","ie":0}'], /unpaired surrogate/],
    ['a fraction', ['{"natVal":1.5,"ie":0}'], /field "natVal" must be a natural number/],
    ['a number below zero', ['{"natVal":-9007199254740993,"ie":0}'], /field "natVal" must be a natural/],
    ['a number with an exponent', ['{"natVal":1e30,"ie":0}'], /field "natVal" must be a natural number/],
    ['letters in a number', ['{"natVal":"0x1","ie":0}'], /decimal digits/],
    ['an inherited key', ['{"toString":0,"ie":0}'], /unknown record "toString"/],
  ])('%s', (_, records, message) => {
    expect(() => open(...records)).toThrow(message)
    expect(() => open(...records)).not.toThrow(RejectedInput)
  })

  it('names unsupported formats', () => {
    expect(() => openNdjson(write(''))).toThrow(/the file is empty/)
    expect(() => openNdjson(write('{"meta":{"format":{"version":"4.0.0"}}}'))).toThrow(
      /format 4.0.0 is not supported/,
    )
    expect(() => openNdjson(write('2.0.0\n1 #NS 0 Nat'))).toThrow(
      /text format of lean4export before version 3/,
    )
    expect(() => openNdjson(write('{"sort":0,"ie":0}'))).toThrow(
      /line 1: the first line must hold the "meta" record/,
    )
    expect(() => openNdjson(write(Buffer.from([0x7b, 0xff, 0x7d])))).toThrow(
      /line 1: the line is not valid UTF-8/,
    )
    expect(() => openNdjson(join(scratch, 'none'))).toThrow(/cannot open/)
  })
})

/** Two types P (name 1, constructor P.c) and Q (2) in one block, with one recursor. */
const twoTypes = (name: string, motives: number, type: number, nested = 0): string[] => [
  ...PROP,
  '{"str":{"pre":0,"str":"Q"},"in":2}',
  '{"str":{"pre":1,"str":"rec"},"in":3}',
  '{"str":{"pre":2,"str":"rec"},"in":4}',
  '{"str":{"pre":1,"str":"rec_1"},"in":5}',
  '{"const":{"name":1,"us":[]},"ie":1}',
  '{"const":{"name":2,"us":[]},"ie":2}',
  ...[1, 2].map(i => `{"forallE":{"name":1,"binderInfo":"default","type":${i},"body":0},"ie":${2 + i}}`),
  '{"bvar":0,"ie":5}',
  '{"bvar":1,"ie":6}',
  '{"bvar":2,"ie":7}',
  ...[5, 6, 7].map(i => `{"app":{"fn":${i},"arg":5},"ie":${i + 5}}`),
  // 20 + 4 * major + 2 * conclusion: (P -> Prop) -> (Q -> Prop) -> (x : major) -> motive x
  ...[1, 2].flatMap(major =>
    [11, 12].flatMap(conclusion => {
      const at = 20 + 8 * major + 4 * (conclusion - 11)
      return [
        `{"forallE":{"name":1,"binderInfo":"default","type":${major},"body":${conclusion}},"ie":${at}}`,
        `{"forallE":{"name":1,"binderInfo":"default","type":4,"body":${at}},"ie":${at + 1}}`,
        `{"forallE":{"name":1,"binderInfo":"default","type":3,"body":${at + 1}},"ie":${at + 2}}`,
      ]
    }),
  ),
  `{"inductive":{"types":[${[1, 2].map(
    own =>
      `{"name":${own},"levelParams":[],"type":0,"numParams":0,"numIndices":0,"all":[1,2],"ctors":[],"numNested":${nested},"isRec":false,"isUnsafe":false,"isReflexive":false}`,
  )}],"ctors":[],"recs":[{"name":${{ 'P.rec': 3, 'Q.rec': 4, 'P.rec_1': 5 }[name]},"levelParams":[],"type":${type},"all":[1,2],"numParams":0,"numIndices":0,"numMotives":${motives},"numMinors":0,"rules":[],"k":false,"isUnsafe":false}]}}`,
]
/** Types of {@link twoTypes}. */
const OF_P = 34
const OF_Q = 38
const MIXED = 30

describe('recursors and what they eliminate', () => {
  it('are named after it', () => {
    expect(open(...twoTypes('P.rec', 2, OF_P)).has('P.rec')).toBe(true)
    expect(open(...twoTypes('Q.rec', 2, OF_Q)).has('Q.rec')).toBe(true)
  })

  it.each([
    ['the other type', 'P.rec', 2, OF_Q, 0, /P.rec: eliminates another type than its name says/],
    ['the other type as well', 'Q.rec', 2, OF_P, 0, /Q.rec: eliminates another type than its name says/],
    ['one type with the motive of the other', 'P.rec', 2, MIXED, 0, /eliminates another type/],
    ['no nested occurrence', 'P.rec_1', 2, OF_P, 1, /P.rec_1: has 2 motives where its block has 3 types/],
    ['more nested occurrences than there are', 'P.rec', 2, OF_P, 1, /has 2 motives where its block has 3/],
  ])('or rejected: %s', (_, name, motives, type, nested, message) => {
    expect(() => open(...twoTypes(name, motives, type, nested))).toThrow(message)
    expect(() => open(...twoTypes(name, motives, type, nested))).toThrow(RejectedInput)
  })
})

describe('invalid lists of declarations', () => {
  it.each([
    [
      'a name declared twice',
      [...PROP, AXIOM, AXIOM],
      /line 5, constant P: is declared twice, first in line 4/,
    ],
    [
      'a repeated universe parameter',
      [...PROP, '{"axiom":{"name":1,"levelParams":[1,1],"type":0,"isUnsafe":false}}'],
      /constant P: repeats the universe parameter P/,
    ],
    [
      'a use before the declaration',
      [
        ...PROP,
        '{"const":{"name":1,"us":[]},"ie":1}',
        '{"str":{"pre":0,"str":"Q"},"in":2}',
        '{"axiom":{"name":2,"levelParams":[],"type":1,"isUnsafe":false}}',
        AXIOM,
      ],
      /constant Q: refers to P, which is not declared before it/,
    ],
    [
      'a listed constructor without record',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('2', '', '')],
      /constant P: lists the constructor P.mk, which its block does not declare/,
    ],
    [
      'a recursor of no type',
      [...PROP, '{"str":{"pre":1,"str":"rec"},"in":2}', block('', '', recursor(2, []))],
      /constant P.rec: is a recursor of other types than its block declares/,
    ],
    [
      'a recursor with another name',
      [...PROP, '{"str":{"pre":1,"str":"recc"},"in":2}', block('', '', recursor(2, [1]))],
      /constant P.recc: is not the name of a recursor of its block/,
    ],
    [
      'a recursor for a nested type that is not there',
      [...PROP, '{"str":{"pre":1,"str":"rec_1"},"in":2}', block('', '', recursor(2, [1]))],
      /constant P.rec_1: is not the name of a recursor of its block/,
    ],
    [
      "rules under each other's names",
      twoConstructors(3, 2),
      /constant P.rec: labels its rule 0 P.b, which is not constructor 0 of its type/,
    ],
    [
      'two rules for one constructor',
      twoConstructors(2, 2),
      /constant P.rec: labels its rule 1 P.a, which is not constructor 1 of its type/,
    ],
    [
      'a rule for what is no constructor',
      twoConstructors(1),
      /constant P.rec: labels its rule 0 P, which is not constructor 0 of its type/,
    ],
    [
      'a constructor that no type lists',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('', ctor(2, 1, 0), '')],
      /constant P.mk: is a constructor that no type of its block lists/,
    ],
    [
      'a constructor with another number',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('2', ctor(2, 1, 1), '')],
      /constant P.mk: is constructor 0 of P but claims another place/,
    ],
    [
      'a constructor of another type',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('2', ctor(2, 2, 0), '')],
      /constant P.mk: is constructor 0 of P but claims another place/,
    ],
    [
      'two constructors with one name',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('2,2', `${ctor(2, 1, 0)},${ctor(2, 1, 1)}`, '')],
      /constant P.mk: is declared twice/,
    ],
    [
      'a constructor with other universe parameters',
      [
        ...PROP,
        '{"str":{"pre":1,"str":"mk"},"in":2}',
        block('2', ctor(2, 1, 0).replace('"levelParams":[]', '"levelParams":[1]'), ''),
      ],
      /constant P.mk: has other universe parameters than P/,
    ],
    [
      'a constructor without types',
      [...PROP, `{"inductive":{"types":[],"ctors":[${ctor(1, 1, 0)}],"recs":[]}}`],
      /line 4: an inductive block without types/,
    ],
    [
      'a type with a reserved name',
      [
        '{"str":{"pre":0,"str":"_nested"},"in":9}',
        '{"str":{"pre":9,"str":"P"},"in":1}',
        PROP[1]!,
        block('', '', ''),
      ],
      /constant _nested.P: has a name that Lean keeps for nested occurrences/,
    ],
    [
      'a quotient constant with another name',
      [...PROP, '{"quot":{"name":1,"levelParams":[],"type":0,"kind":"type"}}'],
      /constant P: is the quotient constant Quot under another name/,
    ],
    [
      'a type of another block',
      [...PROP, '{"str":{"pre":1,"str":"mk"},"in":2}', block('', '', '').replace('"all":[1]', '"all":[1,2]')],
      /constant P: names other types as its block than the block declares/,
    ],
  ])('%s', (_, records, message) => {
    expect(() => open(...records)).toThrow(message)
    expect(() => open(...records)).toThrow(RejectedInput)
  })
})

describe.skipIf(skipReason !== undefined)('real exports', () => {
  interface ArenaTest {
    file: string
    expected: 'good' | 'bad'
  }
  const arena: ArenaTest[] =
    skipReason === undefined ? JSON.parse(readFileSync(join(DATA, 'arena/index.json'), 'utf8')).tests : []

  it('reads every good arena case and rejects exactly the malformed lists among the bad ones', () => {
    const rejected: string[] = []
    for (const { file, expected } of arena) {
      try {
        openNdjson(join(DATA, 'arena', file))
      } catch (error) {
        expect(error, file).toBeInstanceOf(RejectedInput)
        expect(expected, `${file}: ${error}`).toBe('bad')
        rejected.push(file.slice(0, 3))
      }
    }
    expect(arena.length).toBeGreaterThan(100)
    expect(rejected).toEqual(['014', '096', '120', '121', '122', '124'])
  })

  it('finds the constants that the indexes list, kind by kind', () => {
    const kinds: Record<string, string> = {
      inductive: 'induct',
      constructor: 'ctor',
      recursor: 'rec',
      definition: 'def',
      theorem: 'thm',
      quotient: 'quot',
    }
    let files = 0
    for (const folder of ['reproducers', 'batteries']) {
      const { modules } = JSON.parse(readFileSync(join(DATA, folder, 'index.json'), 'utf8'))
      for (const entry of modules) {
        const path = join(DATA, folder, entry.file ?? `${entry.module.replaceAll('.', '/')}.ndjson`)
        const file = existsSync(path) ? path : `${path}.gz`
        if (!existsSync(file) || entry.constants > 600) continue
        const source = openNdjson(unpacked(file))
        const byKind: Record<string, number> = {}
        let total = 0
        for (const name of source.names()) {
          const { kind } = source.get(name)!
          byKind[kinds[kind] ?? kind] = (byKind[kinds[kind] ?? kind] ?? 0) + 1
          total++
        }
        expect(total, file).toBe(entry.constants)
        expect(byKind, file).toEqual(entry.byKind)
        files++
      }
    }
    expect(files).toBeGreaterThan(20)
  })

  it('ends every mutation of a real file in success or InputError', () => {
    const files = readdirSync(join(DATA, 'arena')).filter(file => file.endsWith('.ndjson'))
    const small = files
      .map(file => readFileSync(join(DATA, 'arena', file)))
      .filter(bytes => bytes.length < 8000)
    fc.assert(
      fc.property(
        fc.nat(small.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.option(fc.nat()),
        (index, edits, cut) => {
          const bytes = Buffer.from(small[index]!)
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          const file = write(cut === null ? bytes : bytes.subarray(0, cut % bytes.length))
          try {
            const source = openNdjson(file)
            for (const name of source.names()) expect(displayName(source.get(name)!.name)).toBe(name)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          } finally {
            rmSync(file)
          }
        },
      ),
      { numRuns: 800 },
    )
  })
})
