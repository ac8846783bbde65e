import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keptGraph } from '../../cli/kept-graph.js'
import { Environment } from '../../ixon/environment.js'
import { environmentGraph } from '../../shards/graph.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-graph-'))
process.env.IX_CACHE_DIR = folder
afterAll(() => {
  rmSync(folder, { recursive: true })
  delete process.env.IX_CACHE_DIR
})

const FILE = 'test/lean/Twin.ixe'

/** The graph, and how many constants were parsed for it. */
function found(environment: Environment) {
  let parsed = 0
  return { graph: keptGraph(environment, () => parsed++), parsed: () => parsed }
}

test('a graph is found once for every content', () => {
  const expected = environmentGraph(Environment.open(FILE))
  const [first, second] = [found(Environment.open(FILE)), found(Environment.open(FILE))]
  expect(first.graph).toEqual(expected)
  expect(first.parsed()).toBe(expected.constants.length)
  expect(second.graph).toEqual(expected)
  expect(second.parsed()).toBe(0)
  const [kept] = readdirSync(join(folder, 'graph'))
  truncateSync(join(folder, 'graph', kept!), 50)
  const third = found(Environment.open(FILE))
  expect(third.graph).toEqual(expected)
  expect(third.parsed()).toBe(expected.constants.length)
})

test('what was kept of a library is not taken for that of a damaged copy', () => {
  keptGraph(Environment.open(FILE), () => {})
  const environment = Environment.open(FILE)
  const [address] = environment.addresses()
  const bytes = readFileSync(FILE)
  const at = bytes.indexOf(environment.bytes(address!))
  bytes[at] = bytes[at]! ^ 1
  const copy = join(folder, 'damaged.ixe')
  writeFileSync(copy, bytes)
  expect(() => keptGraph(Environment.open(copy), () => {})).toThrow(/does not hash to its address/)
})
