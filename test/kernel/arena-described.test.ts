/** Cases of the arena that our data lacks, written after their descriptions, in checker mode: the exit code is the verdict. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { EXIT, type ExitCode } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'
import { ATTACKS, BAD, EITHER, EQ, GOOD, NAT, NEAR, TUTORIAL } from './arena-cases.js'
import { exportText, META } from './export-text.js'
import { parse } from './surface.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-arena-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Report {
  readonly code: ExitCode
  readonly reasons: readonly string[]
}

async function checker(text: string): Promise<Report> {
  const file = join(folder, 'case.ndjson')
  writeFileSync(file, text)
  const terminal = bufferTerminal()
  const code = await run(['check', '--ndjson', file, '--json'], terminal)
  const { failed = [], error } = JSON.parse(terminal.stdout.text)
  const reasons = failed.map((f: { name: string; reason: string }) => `${f.name}: ${f.reason}`)
  return { code, reasons: error === undefined ? reasons : [...reasons, error] }
}

const NAMES = ['in', 'pre', 'name', 'param', 'typeName', 'induct', 'ctor', 'all', 'ctors', 'levelParams']
const LEVELS = ['il', 'succ', 'max', 'imax', 'sort', 'us']
const EXPRESSIONS = ['ie', 'fn', 'arg', 'type', 'body', 'value', 'struct', 'rhs']

/** The same export with indices that fall in steps of three; only the implicit 0 stays. */
function renumbered(text: string): string {
  const change = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(item => change(key, item))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([inner, of]) => [inner, change(inner, of)]))
    if (typeof value !== 'number') return value
    const implicit = value === 0 && (NAMES.includes(key) || LEVELS.includes(key))
    return implicit || ![...NAMES, ...LEVELS, ...EXPRESSIONS].includes(key) ? value : 30_000 - 3 * value
  }
  return text
    .split('\n')
    .map(line => JSON.stringify(change('', JSON.parse(line))))
    .join('\n')
}

const accepted: Report = { code: EXIT.ok, reasons: [] }

const INDEX = '../shared/data/arena/index.json'
if (!existsSync(INDEX)) console.log(`arena-described.test.ts: no ${INDEX}, not all cases are there`)

test.skipIf(!existsSync(INDEX)).each(['good', 'bad'] as const)(
  'all %s cases of the tutorial are there',
  outcome => {
    const { tests } = JSON.parse(readFileSync(INDEX, 'utf8')) as {
      tests: { test: string; expected: string }[]
    }
    const exported = tests.filter(({ expected }) => expected === outcome).map(({ test }) => test)
    const described = Object.keys(outcome === 'good' ? GOOD : BAD)
    const names = TUTORIAL[outcome].trim().split(/\s+/)
    expect(names).toHaveLength(outcome === 'good' ? 92 : 43)
    const found = (name: string): boolean =>
      [name, `${name}_renamed`, `T${name}`].some(own => exported.includes(own)) || described.includes(name)
    expect(names.filter(name => !found(name))).toEqual([])
  },
)

describe('good', () => {
  test.each(Object.entries({ ...GOOD, ...NEAR }))('%s', async (_, text) => {
    expect(await checker(exportText(parse(text)))).toEqual(accepted)
  })
})

describe('bad', () => {
  test.each(Object.entries({ ...BAD, ...ATTACKS }))('%s', async (_, { text, forgery, reason }) => {
    const groups = parse(text)
    forgery?.(groups)
    const { code, reasons } = await checker(exportText(groups))
    expect(code, reasons.join('\n')).toBe(EXIT.rejected)
    expect(reasons[0]).toMatch(reason)
  })
})

describe('either', () => {
  test.each(Object.entries(EITHER))('%s', async (_, text) => {
    const { code, reasons } = await checker(exportText(parse(text)))
    expect([EXIT.ok, EXIT.rejected], reasons.join('\n')).toContain(code)
  })
})

describe('the form of the file', () => {
  test.each(['levelMaxAssoc', 'rbTreeRef', 'quotIndReduction'])(
    'indices in any order, with gaps: %s',
    async name => {
      const text = renumbered(exportText(parse(GOOD[name]!)))
      expect(text).toContain('"ie":30000')
      expect(await checker(text)).toEqual(accepted)
    },
  )

  const boolean = exportText(parse('inductive Bool : Type | false : Bool | true : Bool'))
  test.each([
    ['CRLF', boolean.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${boolean}`],
    ['blank lines', `\n \n${boolean.replaceAll('\n', '\n\n')}\n\n`],
    ['format 3.0.0', boolean.replace('3.1.0', '3.0.0')],
    ['a later 3.x', boolean.replace('3.1.0', '3.20.1')],
    ['nothing declared', META],
  ])('%s', async (_, text) => {
    expect(await checker(text)).toEqual(accepted)
  })

  test.each([
    ['no byte', '', /the file is empty/],
    ['no record', '\n\r\n', /the file is empty/],
    ['format 4', boolean.replace('3.1.0', '4.0.0'), /export format 4\.0\.0 is not supported/],
    ['no first record', boolean.slice(META.length + 1), /the first line must hold the "meta" record/],
    ['two first records', `${META}\n${boolean}`, /line 2: unknown record "meta"/],
    ['a cut line', boolean.slice(0, -9), /not a line of JSON/],
  ])('is declined: %s', async (_, text, reason) => {
    const { code, reasons } = await checker(text)
    expect(code).toBe(EXIT.undecided)
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(reason)
  })

  test.each([
    ['equal', '"2"', '2', EXIT.ok],
    ['equal beyond 2^53', '"9007199254740993"', '9007199254740993', EXIT.ok],
    ['different by less than a double tells', '"9007199254740992"', '9007199254740993', EXIT.rejected],
  ])('literals as strings and as numbers: %s', async (_, string, number, expected) => {
    const text = `${EQ}${NAT}theorem t : Eq.{1} Nat 1 0 := Eq.refl.{1} Nat 1`
    const lines = exportText(parse(text)).replaceAll('"natVal":"1"', `"natVal":${string}`)
    const { code, reasons } = await checker(lines.replace('"natVal":"0"', `"natVal":${number}`))
    expect(code, reasons.join('\n')).toBe(expected)
  })
})

const DEEP = 30_000
const steps = (make: (i: number) => string): string[] => Array.from({ length: DEEP }, (_, i) => make(i))
/** d of a type and value by index; p : Prop is expression 1, f : Prop -> Prop expression 3. */
const definition = (type: number, value: number): string =>
  `{"def":{"name":3,"levelParams":[],"type":${type},"value":${value},"hints":"abbrev","safety":"safe","all":[3]}}`

describe('what no recursion survives', () => {
  const start = [
    META,
    ...['p', 'f', 'd'].map((name, i) => `{"str":{"pre":0,"str":"${name}"},"in":${i + 1}}`),
    '{"sort":0,"ie":0}',
    '{"axiom":{"name":1,"levelParams":[],"type":0,"isUnsafe":false}}',
    '{"const":{"name":1,"us":[]},"ie":1}',
    '{"forallE":{"name":0,"binderInfo":"default","type":0,"body":0},"ie":2}',
    '{"axiom":{"name":2,"levelParams":[],"type":2,"isUnsafe":false}}',
    '{"const":{"name":2,"us":[]},"ie":3}',
  ]
  const last = 3 + DEEP
  const binder = (i: number, of: number, kind: string, innermost: number): string =>
    `{"${kind}":{"name":0,"binderInfo":"default","type":0,"body":${i === 0 ? innermost : of - 2}},"ie":${of}}`
  const inner = (i: number): number => (i === 0 ? 1 : 3 + i)
  test.each([
    [
      'arguments',
      [...steps(i => `{"app":{"fn":3,"arg":${inner(i)}},"ie":${4 + i}}`), definition(0, last)],
      EXIT.ok,
    ],
    [
      'functions',
      [
        ...steps(i => binder(i, 4 + 2 * i, 'forallE', 0)),
        ...steps(i => binder(i, 5 + 2 * i, 'lam', 1)),
        definition(2 * DEEP + 2, 2 * DEEP + 3),
      ],
      EXIT.ok,
    ],
    [
      'bodies of let',
      [
        ...steps(
          i => `{"letE":{"name":0,"type":0,"value":1,"body":${inner(i)},"nondep":false},"ie":${4 + i}}`,
        ),
        definition(0, last),
      ],
      EXIT.ok,
    ],
    [
      'values of let',
      [
        ...steps(
          i => `{"letE":{"name":0,"type":0,"value":${inner(i)},"body":1,"nondep":false},"ie":${4 + i}}`,
        ),
        definition(0, last),
      ],
      EXIT.ok,
    ],
    [
      'metadata',
      [...steps(i => `{"mdata":{"expr":${inner(i)},"data":{}},"ie":${4 + i}}`), definition(0, last)],
      EXIT.ok,
    ],
    [
      'projections',
      [
        ...steps(i => `{"proj":{"typeName":1,"idx":0,"struct":${inner(i)}},"ie":${4 + i}}`),
        definition(0, last),
      ],
      EXIT.rejected,
    ],
    [
      'levels',
      [
        ...steps(i => `{"succ":${i},"il":${i + 1}}`),
        `{"sort":${DEEP},"ie":4}`,
        `{"sort":${DEEP - 1},"ie":5}`,
        definition(4, 5),
      ],
      EXIT.ok,
    ],
    [
      'names',
      [
        ...steps(i => `{"str":{"pre":${i === 0 ? 3 : i + 3},"str":"a"},"in":${i + 4}}`),
        definition(0, 1).replaceAll('3', String(last)),
      ],
      EXIT.ok,
    ],
  ])('%s', async (_, lines, expected) => {
    const { code, reasons } = await checker([...start, ...lines].join('\n'))
    expect(code, reasons.join('\n').slice(0, 200)).toBe(expected)
  })
})
