import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { bundledEnvironment, bundledManifest } from '../../cli/bundled.js'
import { coverage } from '../../shards/coverage.js'
import { environmentGraph } from '../../shards/graph.js'
import { encodeManifest, readManifest } from '../../shards/manifest.js'
import { manifestOf, partition } from '../../shards/partition.js'

it('the bundled manifest is what the partition makes of the bundled library, byte for byte', () => {
  const bytes = readFileSync(bundledManifest())
  const manifest = readManifest(bytes, 'init.ixes')
  const graph = environmentGraph(bundledEnvironment())
  expect(coverage(graph, manifest)).toMatchObject({ ok: true, shared: [], uncovered: [], unknown: [] })
  expect(manifest.shards.map(shard => shard.id)).toEqual(Array.from({ length: 64 }, (_, id) => id))
  const result = partition(graph, { shards: 64 })
  expect(Buffer.compare(encodeManifest(manifestOf(graph, result)), bytes)).toBe(0)
  const [least, most] = [Math.min(...result.costs), Math.max(...result.costs)]
  expect(most / least).toBeLessThan(1.02)
})
