import { bundledEnvironment } from '../../cli/bundled.js'
import { Environment } from '../../ixon/environment.js'

/** What is mutated, and its share of a campaign in percent. */
export const CORPORA = [
  ['Init', 50],
  ['Inds', 15],
  ['Prims', 15],
  ['Library', 15],
  ['Twin', 5],
] as const

export function openCorpus(name: (typeof CORPORA)[number][0] | 'Kinds'): Environment {
  if (name === 'Init') return bundledEnvironment()
  return Environment.open(new URL(`../lean/${name}.ixe`, import.meta.url).pathname)
}

/** IX_FUZZ_SEED, or a seed that is always the same. */
export const SEED = Number(process.env.IX_FUZZ_SEED ?? 20261121)
