/**
 * The removal matrix: every rule of the checklist is listed, the tests it names exist, those that are said to remove
 * their rule do so, and docs/soundness.md shows the same table. `npm run test:removal` runs these tests as well.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { kernelWith } from './kernel-run.js'
import { ROWS, renderedTable, SECTIONS } from './removal-matrix.js'

const sources = new Map<string, string>()

function source(file: string): string {
  let text = sources.get(file)
  if (text === undefined) {
    text = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8')
    sources.set(file, text)
  }
  return text
}

/** Where a literal with this text begins, in any of the three kinds of quotes; a template may go on. */
function positionOf(file: string, name: string): number {
  const text = source(file)
  const forms = [`'${name}'`, `"${name}"`, `\`${name}\``, `\`${name} $`, `\`${name} ($`]
  return Math.max(...forms.map(form => text.indexOf(form)))
}

test('every row of the checklist is there once', () => {
  const wanted = Object.entries(SECTIONS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
  )
  expect(ROWS.map(({ id }) => id)).toEqual(wanted)
})

test('a row without tests says why', () => {
  const bare = ROWS.filter(({ removed, attacked, note }) => !removed && !attacked && !note)
  expect(bare.map(({ id }) => id)).toEqual([])
})

test.each(ROWS)('$id: the named tests exist', ({ removed = [], attacked = [] }) => {
  for (const [file, name] of [...removed, ...attacked])
    expect(positionOf(file, name), `${file}: ${name}`).toBeGreaterThanOrEqual(0)
})

test.each(ROWS)('$id: the rule is taken out where it says so', ({ removed = [] }) => {
  for (const [file, name] of removed) {
    const rest = source(file).slice(positionOf(file, name) + name.length)
    // The next case of the table.
    const end = rest.search(/\n {2}(?:\{|\.\.\.)/)
    expect(end < 0 ? rest : rest.slice(0, end), `${file}: ${name}`).toMatch(/\b(?:without:|weakened\()/)
  }
})

test('the command runs every file that takes a rule out', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  for (const [file] of ROWS.flatMap(({ removed = [] }) => removed))
    expect(scripts['test:removal'].split(' ')).toContain(`test/${file}.test.ts`)
})

test('docs/soundness.md shows this table', () => {
  const page = readFileSync(new URL('../../docs/soundness.md', import.meta.url), 'utf8')
  expect(page).toContain(renderedTable())
})

test('docs/soundness.md names every piece of advice that the kernel takes', () => {
  const page = readFileSync(new URL('../../docs/soundness.md', import.meta.url), 'utf8')
  const code = kernelSources().map(({ text }) => text.replace(/--.*/g, ''))
  const names = code.flatMap(
    text => text.match(/#[a-z]\w*(?=\()|\bunconstrained_\w+|\bio_(?:read|get_info)\b/g) ?? [],
  )
  expect(names.length).toBeGreaterThan(50)
  for (const name of new Set(names)) expect(page).toContain(`\`${name}\``)
})

test('the kernel has one entry', () => {
  const entries = kernelWith().functions.filter(f => f.entry)
  expect(entries.map(f => f.name)).toEqual([ENTRY])
})
