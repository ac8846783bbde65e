/**
 * The block graph of an environment, kept from run to run: finding it parses and hashes every constant. It follows from
 * the bytes of the file alone and is kept under their digest, so that what was found of equal bytes holds for these too,
 * that no constant is damaged included.
 */
import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { keep, readKept } from '../aiur/disk-cache.js'
import type { Environment } from '../ixon/environment.js'
import { type EnvironmentGraph, environmentGraph, type Rows } from '../shards/graph.js'

/** To be changed with what a graph contains or how it is found. */
const VERSION = 1

/** A graph without its addresses, which the environment has in the same order. */
interface Kept {
  /** Position of each block among the constants. */
  readonly blocks: Uint32Array
  readonly sizes: Uint32Array
  readonly blockOf: Uint32Array
  readonly producers: Rows
}

/** What a graph is kept under: the digest of the bytes of the environment, and how graphs are found and kept. */
export function graphState({ source }: Environment): string {
  const hash = createHash('sha256').update(`graph ${VERSION} ${process.versions.v8}\n`)
  for (let at = 0; at < source.size; at += CHUNK)
    hash.update(source.read(at, Math.min(CHUNK, source.size - at)))
  return hash.digest('hex')
}

/** @throws InputError for a damaged constant, as {@link environmentGraph} */
export function keptGraph(
  environment: Environment,
  onProgress: (done: number, total: number) => void,
  state = graphState(environment),
): EnvironmentGraph {
  const name = `graph/${state}`
  const bytes = readKept(name)
  if (bytes !== undefined) {
    const { blocks, sizes, blockOf, producers } = deserialize(bytes) as Kept
    const constants = [...environment.addresses()]
    return { constants, blockOf, sizes, producers, addresses: Array.from(blocks, i => constants[i]!) }
  }
  const graph = environmentGraph(environment, onProgress)
  const { constants, addresses, sizes, blockOf, producers } = graph
  const position = new Map(constants.map((address, i) => [address, i]))
  const blocks = Uint32Array.from(addresses, address => position.get(address)!)
  const kept: Kept = { blocks, sizes, blockOf, producers }
  keep(name, serialize(kept))
  return graph
}

const CHUNK = 1 << 24
