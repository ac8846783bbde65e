/** What the areas are measured on. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bundledEnvironment, bundledManifest } from '../../cli/bundled.js'
import { packageRoot } from '../../cli/package-root.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { openManifest } from '../../shards/manifest.js'
import { shardClaim } from '../../shards/shard-claim.js'
import type { Input } from './measure.js'

const CONSTANTS: readonly (readonly [file: string, name: string])[] = [
  ['Twin', 'Twin.add_comm'],
  ['Library', 'Nat.decLe'],
]

const REPRODUCERS: readonly (readonly [file: string, name: string])[] = [
  ['R01NatRecAdd', 'R01.step64'],
  ['R01NatRecAdd', 'R01.step128'],
  ['R01NatRecAdd256', 'R01.step256'],
  ['R01NatRecAdd512', 'R01.step512'],
  ['R02ShiftSplit', 'R02.shr6'],
  ['R02ShiftSplit', 'R02.shr18'],
]

/** A single constant with all it reaches. */
function constant(environment: Environment, name: string): Input {
  const address = environment.addressOf(name)
  if (address === undefined) throw new Error(`no constant ${name}`)
  return { name, environment, target: { kind: 'constants', addresses: [address] } }
}

export function constants(): Input[] {
  return CONSTANTS.map(([file, name]) =>
    constant(Environment.open(join(packageRoot(), 'test', 'lean', `${file}.ixe`)), name),
  )
}

/** None, with a message, where the data is absent. */
export function reproducers(): Input[] {
  const folder = join(packageRoot(), '..', 'shared', 'data', 'reproducers')
  if (!existsSync(folder)) {
    console.log(`no ${folder}: its reproducers are left out`)
    return []
  }
  return REPRODUCERS.map(([file, name]) => {
    const source = openNdjson(join(folder, `${file}.ndjson`))
    return constant(Environment.fromData(compileEnvironment(source, { roots: [name] }), file), name)
  })
}

export function shard(id: number): Input {
  const environment = bundledEnvironment()
  const found = openManifest(bundledManifest()).shards.find(each => each.id === id)
  const claim = found && shardClaim(environment, found.blocks)
  if (claim === undefined) throw new Error(`the bundled library has no shard ${id}`)
  return { name: `shard ${id}`, environment, target: { kind: 'shard', claim } }
}
