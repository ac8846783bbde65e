/** The corpus of Lean modules in test/lean/corpus as tasks: what each of them declares is a row. */
import { basename, join } from 'node:path'
import { openEnvironment } from '../../cli/environment.js'
import { packageRoot } from '../../cli/package-root.js'
import type { Address } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Task } from './task.js'

/** What the modules declare with all that it reaches, made by test/lean/regenerate.mjs. */
export const CORPUS = join(packageRoot(), 'test/lean/Corpus.ixe.br')

/** A module's names begin with its own, private ones behind a mark. */
const MODULE = /^(?:_private\.)?(T\d\d[A-Za-z]+)\./

/**
 * Constants that each module declares, by its name, in order. A constant belongs to the first module that has a name for it,
 * with its whole block.
 */
export function corpusModules(environment: Environment): Map<string, Set<Address>> {
  const moduleOf = new Map<Address, string>()
  for (const name of [...environment.names()].sort()) {
    const module = MODULE.exec(name)?.[1]
    if (module === undefined) continue
    const block = environment.blockOf(environment.addressOf(name)!)
    const known = moduleOf.get(block)
    if (known === undefined || module < known) moduleOf.set(block, module)
  }
  const constants = new Map(
    [...new Set(moduleOf.values())].sort().map(module => [module, new Set<Address>()]),
  )
  for (const address of environment.addresses()) {
    const module = moduleOf.get(environment.blockOf(address))
    if (module !== undefined) constants.get(module)!.add(address)
  }
  return constants
}

export function corpusTasks(): Task[] {
  const environment = openEnvironment(CORPUS)
  const tasks = [...corpusModules(environment)].map(([group, constants]): Task => {
    const { digest, owned } = claimOf(environment, constants)!
    return { group, id: `${basename(CORPUS)} ${digest}`, subject: { kind: 'shard', ixe: CORPUS, owned } }
  })
  environment.close()
  return tasks
}
