import type { Argv } from 'yargs'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { Environment } from '../../ixon/environment.js'
import { environmentGraph } from '../../shards/graph.js'
import { encodeManifest } from '../../shards/manifest.js'
import { DEFAULT_BALANCE, manifestOf, partition } from '../../shards/partition.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { bytes, count, duration, plural } from '../format.js'
import { requireWritable } from '../writable.js'

export function addShard(parser: Argv, context: Context): void {
  parser.command(
    'shard <env>',
    'Split an environment into shards of even predicted cost',
    args =>
      args
        .positional('env', { type: 'string', demandOption: true, describe: 'Environment file (.ixe)' })
        .option('shards', { alias: 'n', type: 'number', demandOption: true, describe: 'Number of shards' })
        .option('output', { alias: 'o', type: 'string', describe: 'Manifest to write (default: <env>.ixes)' })
        .option('balance', {
          type: 'number',
          default: DEFAULT_BALANCE,
          describe: 'Allowed deviation from an even bisection, in percent',
        })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 shard init.ixe --shards 64 -o init.ixes', 'Split Init into 64 shards'),
    ({ env, shards, output, balance, json }) => {
      if (!Number.isInteger(shards) || shards < 1) throw new UsageError('--shards must be a positive integer')
      if (!(balance >= 0 && balance < 50)) throw new UsageError('--balance must be at least 0 and below 50')
      const target = output ?? `${env.replace(/\.ixe$/, '')}.ixes`
      requireWritable(target)
      const started = performance.now()
      const environment = Environment.open(env)
      const graph = environmentGraph(environment, (done, total) =>
        context.progress.update('Reading', done, total, 'constants'),
      )
      context.progress.stop()
      if (shards > graph.addresses.length) {
        throw new UsageError(`${env} has only ${plural(graph.addresses.length, 'block')}`)
      }
      const result = partition(graph, { shards, balance })
      const manifest = manifestOf(graph, result)
      const file = encodeManifest(manifest)
      writeFileAtomically(target, [file])
      const seconds = (performance.now() - started) / 1000

      const constants = manifest.shards.map(() => 0)
      for (const block of graph.blockOf) constants[result.shardOf[block]!]!++
      const costs = [...result.costs]
      const mean = costs.reduce((sum, cost) => sum + cost, 0) / shards
      const [least, most] = [Math.min(...costs), Math.max(...costs)]
      const edges = graph.producers.entries.length
      if (json === true) {
        context.printJson({
          output: target,
          constants: graph.constants.length,
          blocks: graph.addresses.length,
          edges,
          nets: result.nets,
          moves: result.moves,
          crossIngress: Number(manifest.totalCrossIngress),
          predicted: { mean, min: least, max: most },
          shards: manifest.shards.map((shard, i) => ({
            id: shard.id,
            blocks: shard.blocks.length,
            constants: constants[i],
            bytes: Number(shard.ownSize),
            foreignBlocks: shard.foreign.length,
            foreignBytes: Number(shard.crossIngress),
            predicted: costs[i],
          })),
          seconds,
        })
        return
      }
      const empty = manifest.shards.filter(shard => shard.blocks.length === 0).length
      context.print(
        `${plural(graph.constants.length, 'constant')} in ${plural(graph.addresses.length, 'block')}, ` +
          `${plural(edges, 'reference')} between blocks`,
      )
      context.print(
        `${plural(shards, 'shard')} (${empty} empty), ${count(Math.min(...constants))} to ` +
          `${count(Math.max(...constants))} constants each; ` +
          `${bytes(Number(manifest.totalCrossIngress))} read across shards`,
      )
      context.print(
        `predicted FFT cost per shard: mean ${mean.toExponential(3)}, min ${least.toExponential(3)}, ` +
          `max ${most.toExponential(3)}, spread ${(most / least).toFixed(2)}x (${plural(result.moves, 'move')})`,
      )
      context.print(`wrote ${target} (${bytes(file.length)}) in ${duration(seconds)}`)
    },
  )
}
