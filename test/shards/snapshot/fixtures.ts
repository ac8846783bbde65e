import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { compileEnvironment } from '../../../ixon/compile/compile.js'
import { Environment } from '../../../ixon/environment.js'
import { openNdjson } from '../../../lean/ndjson/source.js'
import { digestOf } from '../../../shards/snapshot/context-digest.js'
import { dependencyOn } from '../../../shards/snapshot/dependency.js'
import { type Settings, settingsDigest } from '../../../shards/snapshot/settings.js'
import { nameRegions, type SnapshotContents } from '../../../shards/snapshot/snapshot.js'
import { type SealedUnit, sealUnit, type Unit } from '../../../shards/snapshot/unit.js'

export const KEY = Buffer.alloc(32, 7)
export const SETTINGS: Settings = new Map([
  ['product version', '1.2.3'],
  ['kernel', digestOf(['kernel'])],
])

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ix-snapshot-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** A digest or address that stands for a number. */
export const address = (number: number): string => digestOf([String(number)])

export function unit(label: string, changes: Partial<Unit> = {}): Unit {
  return {
    label,
    binding: digestOf([label]),
    table: digestOf(['table']),
    status: 'rejected',
    claim: address(9),
    checked: 2,
    rows: 1234,
    cost: 5678.25,
    failed: [{ name: 'b', address: address(2), reason: 'types differ' }],
    undecided: [{ name: 'e', address: address(5), reason: 'time', hiddenBody: 'f' }],
    assumptions: [{ name: 'ax', address: address(4), kind: 'axiom' }],
    primitives: [1, 5],
    constants: [
      { address: address(1), context: digestOf(['1']), verdict: 'accepted' },
      { address: address(2), context: digestOf(['2']), verdict: 'rejected' },
      { address: address(3), context: digestOf(['3']), verdict: 'unfinished' },
    ],
    report: '{"memory":null}',
    ...changes,
  }
}

export const sealed = (value: Unit): SealedUnit => sealUnit(value, KEY, settingsDigest(SETTINGS))

/** What a snapshot of a file in the folder holds. */
export function contents(path: string, units: readonly Unit[], names: number = 3): SnapshotContents {
  const file = join(path, 'x.ndjson')
  if (!existsSync(file)) writeFileSync(file, 'input')
  return {
    settings: SETTINGS,
    dependencies: [dependencyOn('ndjson', file, 'export')],
    partition: { shards: [3, 1], constants: 4 },
    environment: { roots: ['c'], bytes: Buffer.from('environment') },
    names: nameRegions(Array.from({ length: names }, (_, i) => [`n${i}`, address(i)] as const)),
    units: new Map(units.map(value => [value.label, sealed(value)])),
    current: new Set(units.map(({ label }) => label)),
  }
}

/** Definitions of an export by name: `T : Type` and `c : T` are axioms, each further one is an alias of an earlier one. */
export type Aliases = readonly (readonly [name: string, value: string, height?: number])[]

/**
 * An export in lean4export's format 3.
 *
 * @param change of its lines
 */
export function exportOf(aliases: Aliases, change: (lines: object[]) => void = () => {}): string {
  const lines: object[] = [
    {
      meta: {
        format: { version: '3.1.0' },
        exporter: { name: 'test', version: '1' },
        lean: { version: '4.28.0' },
      },
    },
    { str: { pre: 0, str: 'T' }, in: 1 },
    { succ: 0, il: 1 },
    { sort: 1, ie: 0 },
    { const: { name: 1, us: [] }, ie: 1 },
    { axiom: { name: 1, levelParams: [], type: 0, isUnsafe: false } },
  ]
  let terms = 2
  const known = new Map<string, { name: number; term: number }>([['T', { name: 1, term: 1 }]])
  const declare = (text: string): { name: number; term: number } => {
    const name = known.size + 1
    lines.push({ str: { pre: 0, str: text }, in: name })
    return { name, term: 0 }
  }
  const c = declare('c')
  lines.push({ axiom: { name: c.name, levelParams: [], type: 1, isUnsafe: false } })
  lines.push({ const: { name: c.name, us: [] }, ie: terms })
  known.set('c', { name: c.name, term: terms++ })
  for (const [text, value, height = 1] of aliases) {
    const { name } = declare(text)
    lines.push({
      def: {
        name,
        levelParams: [],
        type: 1,
        value: known.get(value)!.term,
        all: [name],
        safety: 'safe',
        hints: { regular: height },
      },
    })
    lines.push({ const: { name, us: [] }, ie: terms })
    known.set(text, { name, term: terms++ })
  }
  change(lines)
  return `${lines.map(line => JSON.stringify(line)).join('\n')}\n`
}

export function environmentOf(path: string, aliases: Aliases, name = 'e.ndjson'): Environment {
  const file = join(path, name)
  writeFileSync(file, exportOf(aliases))
  return Environment.fromData(compileEnvironment(openNdjson(file)), file)
}
