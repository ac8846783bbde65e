/** Two declarations of equal content are two constants to who checks an export, as they are to Lean. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-apart-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const type = (name: number, ctor: number, own: number): string =>
  `{"inductive":{"types":[{"name":${name},"levelParams":[],"type":0,"numParams":0,"numIndices":0,"all":[${name}],"ctors":[${ctor}],"numNested":0,"isRec":false,"isUnsafe":false,"isReflexive":false}],"ctors":[{"name":${ctor},"levelParams":[],"type":${own},"induct":${name},"cidx":0,"numParams":0,"numFields":0,"isUnsafe":false}],"recs":[]}}`
const opaque = (name: number): string =>
  `{"opaque":{"name":${name},"levelParams":[],"type":0,"value":1,"isUnsafe":false,"all":[${name}]}}`

/** Types A and B with a constructor mk each, opaque types p and q that are A. */
const TWINS = [
  '{"meta":{"exporter":{"name":"t","version":"1"},"format":{"version":"3.1.0"}}}',
  ...['A', 'B', 'p', 'q', 'f'].map((name, i) => `{"str":{"pre":0,"str":"${name}"},"in":${i + 1}}`),
  '{"str":{"pre":1,"str":"mk"},"in":6}',
  '{"str":{"pre":2,"str":"mk"},"in":7}',
  '{"succ":0,"il":1}',
  '{"sort":1,"ie":0}',
  '{"const":{"name":1,"us":[]},"ie":1}',
  '{"const":{"name":2,"us":[]},"ie":2}',
  '{"const":{"name":6,"us":[]},"ie":3}',
  type(1, 6, 1),
  type(2, 7, 2),
  opaque(3),
  opaque(4),
]

/** Checks the twins and f : from -> to, the identity. */
async function identity(
  from: number,
  to: number,
  ...more: string[]
): Promise<{ code: number; json: unknown }> {
  const file = join(folder, `${from}-${to}.ndjson`)
  const lines = [
    ...TWINS,
    ...more,
    `{"forallE":{"name":5,"binderInfo":"default","type":${from},"body":${to}},"ie":20}`,
    '{"bvar":0,"ie":21}',
    `{"lam":{"name":5,"binderInfo":"default","type":${from},"body":21},"ie":22}`,
    '{"def":{"name":5,"levelParams":[],"type":20,"value":22,"hints":"abbrev","safety":"safe","all":[5]}}',
  ]
  writeFileSync(file, lines.join('\n'))
  const terminal = bufferTerminal()
  const code = await run(['check', '--ndjson', file, '--json', '--engine', 'interp'], terminal)
  return { code, json: JSON.parse(terminal.stdout.text) }
}

it('a type is itself', async () => {
  expect(await identity(1, 1)).toMatchObject({ code: EXIT.ok, json: { status: 'accepted', checked: 7 } })
})

it('and not another one of equal content', async () => {
  expect(await identity(1, 2)).toMatchObject({
    code: EXIT.rejected,
    json: { failed: [{ name: 'f', reason: 'a term does not have the type that is expected of it' }] },
  })
})

/** F p and F q for an axiom F : Type -> Type. */
const OVER_OPAQUE = [
  '{"str":{"pre":0,"str":"F"},"in":8}',
  '{"forallE":{"name":5,"binderInfo":"default","type":0,"body":0},"ie":4}',
  '{"axiom":{"name":8,"levelParams":[],"type":4,"isUnsafe":false}}',
  '{"const":{"name":8,"us":[]},"ie":5}',
  '{"const":{"name":3,"us":[]},"ie":6}',
  '{"const":{"name":4,"us":[]},"ie":7}',
  '{"app":{"fn":5,"arg":6},"ie":8}',
  '{"app":{"fn":5,"arg":7},"ie":9}',
]

it('nor is an opaque constant', async () => {
  expect(await identity(8, 8, ...OVER_OPAQUE)).toMatchObject({ code: EXIT.ok })
  expect(await identity(8, 9, ...OVER_OPAQUE)).toMatchObject({
    code: EXIT.rejected,
    json: { failed: [{ name: 'f' }] },
  })
})

/** s : (P : Prop) -> P is p, which is s. */
const circle = (p: string, s: string, safety: string): string =>
  [
    TWINS[0],
    ...[p, s, 'P'].map((name, i) => `{"str":{"pre":0,"str":"${name}"},"in":${i + 1}}`),
    '{"sort":0,"ie":0}',
    '{"bvar":0,"ie":1}',
    '{"forallE":{"name":3,"binderInfo":"default","type":0,"body":1},"ie":2}',
    '{"const":{"name":1,"us":[]},"ie":3}',
    '{"const":{"name":2,"us":[]},"ie":4}',
    ...[
      [1, 4, 'partial'],
      [2, 3, safety],
    ].map(
      ([name, value, own]) =>
        `{"def":{"name":${name},"levelParams":[],"type":2,"value":${value},"hints":"opaque","safety":"${own}","all":[${name}]}}`,
    ),
  ].join('\n')

// Which of two equal members stands for both depends on the hashes of their names.
it.each([
  ['s', 'p'],
  ['p', 's'],
])('a safe definition is not the partial one that it is made of: %s and %s', async (p, s) => {
  for (const [safety, code] of [
    ['partial', EXIT.ok],
    ['safe', EXIT.rejected],
  ] as const) {
    const file = join(folder, `${p}-${s}-${safety}.ndjson`)
    writeFileSync(file, circle(p, s, safety))
    expect(await run(['check', '--ndjson', file, '--json', '--engine', 'interp'], bufferTerminal())).toBe(
      code,
    )
  }
})
