/** The overlays of bench and bench/areas: each still fits the kernel, changes its program, and decides as the kernel does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AREAS, overlayOf } from '../../bench/areas/measure.js'
import { packageRoot } from '../../cli/package-root.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import { compiledKernel } from '../../kernel/compiled.js'

const environment = Environment.open(join(packageRoot(), 'test', 'lean', 'Twin.ixe'))
const target = { kind: 'constants', addresses: [environment.addressOf('Twin.zero_add')!] } as const

test('every overlay of the folder is an area', () => {
  const files = readdirSync(join(packageRoot(), 'bench', 'areas')).filter(file => file.endsWith('.aiur'))
  expect(AREAS.map(({ file }) => file).sort()).toEqual(files.sort())
})

const bench = join(packageRoot(), 'bench')
const others = readdirSync(bench)
  .filter(file => file.endsWith('.aiur'))
  .map(file => ({ title: file, text: readFileSync(join(bench, file), 'utf8') }))

test.each([
  ...AREAS.map(area => ({ title: area.title, source: overlayOf(area) })),
  ...others.map(({ title, text }) => ({ title, source: { name: title, text } })),
])('$title', async ({ source }) => {
  const overlay = [source]
  expect((await compiledKernel(overlay)).digest).not.toBe((await compiledKernel()).digest)
  const { status, failed, undecided } = await check({ environment, target, overlay, engine: 'interp' })
  expect({ status, failed, undecided }).toEqual({ status: 'accepted', failed: [], undecided: [] })
})
