import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openPartition } from '../../cli/check/shard-target.js'
import type { Context } from '../../cli/context.js'
import { Environment } from '../../ixon/environment.js'
import * as coverage from '../../shards/coverage.js'
import { environmentGraph } from '../../shards/graph.js'
import { encodeManifest, type Manifest } from '../../shards/manifest.js'
import { manifestOf, partition } from '../../shards/partition.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-partition-'))
  vi.stubEnv('IX_CACHE_DIR', join(folder, 'cache'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const FILE = 'test/lean/Twin.ixe'
const context = { progress: { update: () => {}, stop: () => {} } } as unknown as Context

test('that shards partition an environment is kept for these bytes and no others', () => {
  const environment = Environment.open(FILE)
  const graph = environmentGraph(environment)
  const manifest = manifestOf(graph, partition(graph, { shards: 3 }))
  const open = (of: Manifest, change: (bytes: Uint8Array) => void = () => {}) => {
    const file = join(folder, 'shards.ixes')
    const bytes = encodeManifest(of)
    change(bytes)
    writeFileSync(file, bytes)
    return openPartition(Environment.open(FILE), file, context)
  }
  const asked = vi.spyOn(coverage, 'partitionFault')
  expect(open(manifest)).toEqual({ manifest, graph })
  expect(open(manifest)).toEqual({ manifest, graph })
  expect(asked).toHaveBeenCalledTimes(1)
  expect(readdirSync(join(folder, 'cache', 'partition'))).toHaveLength(1)
  // the first bytes of a root, after magic, version, sums and the numbers of the shard
  expect(() => open(manifest, bytes => (bytes[57]! ^= 1))).toThrow('is not the Merkle root')
  const [first, ...rest] = manifest.shards
  const fewer = { ...manifest, shards: [{ ...first!, blocks: first!.blocks.slice(1) }, ...rest] }
  for (let run = 0; run < 2; run++) expect(() => open(fewer)).toThrow('owned by none')
  expect(asked).toHaveBeenCalledTimes(3)
  asked.mockRestore()
})
