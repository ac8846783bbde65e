/** One run of `ix check` with a snapshot to load, to save, or both. */
import { resolve } from 'node:path'
import type { SourceFile } from '../../aiur/language/compile-error.js'
import type { Environment } from '../../ixon/environment.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { InputError } from '../../lean/input-error.js'
import {
  digestedPart,
  type ModuleRecord,
  PART_KINDS,
  type PartKind,
} from '../../lean/library/module-record.js'
import { digestOf } from '../../shards/snapshot/context-digest.js'
import {
  type CheckMode,
  changesOf,
  type Dependency,
  type DependencyKind,
  dependencyOn,
  sameModules,
} from '../../shards/snapshot/dependency.js'
import { type Settings, settingChanges, settingsDigest } from '../../shards/snapshot/settings.js'
import { readSidecar, relocated } from '../../shards/snapshot/sidecar.js'
import {
  nameRegions,
  type SavedEnvironment,
  type SavedPartition,
  Snapshot,
  saveSnapshot,
} from '../../shards/snapshot/snapshot.js'
import { type SealedUnit, sealHolds, sealUnit, type Unit } from '../../shards/snapshot/unit.js'
import type { Context } from '../context.js'
import { bytes, plural } from '../format.js'
import type { Limits } from '../limits.js'
import { oleanFolders } from '../olean-folders.js'
import { packageVersion } from '../package-root.js'
import { requireWritable } from '../writable.js'
import { buildDigest } from './build-digest.js'
import type { IncrementalFlags } from './flags.js'
import { keyName, sealKey } from './seal-key.js'

/** Entries that are not believed and are shown one by one. */
const SHOWN = 5

/** What of the options a verdict or its report depends on. */
export interface RunOptions {
  readonly engine: string
  readonly cost: string
  readonly constraints: boolean | undefined
  readonly olean?: readonly string[] | undefined
  readonly module?: readonly string[] | undefined
  readonly allow?: readonly string[] | undefined
}

/** A file that the run reads. */
export interface Input {
  readonly kind: DependencyKind
  /** What it is to the run: environment, manifest, export. */
  readonly name: string
  readonly file: string
}

/** A unit of the loaded snapshot that may be taken over. */
export interface Believed {
  readonly sealed: SealedUnit
  /** Whether its seal is this user's: what is derived from other units is not sealed again. */
  readonly own: boolean
  /** Whether it is about the input that the snapshot was saved for, not about an earlier state of it. */
  readonly current: boolean
}

/** How a run came to its verdicts; part of every report. */
export interface IncrementalReport {
  readonly check: CheckMode
  readonly loaded: string | null
  /** Why nothing was taken over. */
  readonly stale: string | null
  /** Inputs that changed. */
  readonly changed: readonly string[]
  /** Entries of the snapshot that were found false. */
  readonly false: readonly string[]
  readonly reused: number
  readonly checkedAgain: number
}

export class IncrementalSession {
  readonly mode: CheckMode
  /** Digest of the settings. */
  readonly digest: string
  readonly believed = new Map<string, Believed>()
  /** Nothing that the loaded snapshot was made from has changed, as far as the mode can tell. */
  unchanged = false
  partition: SavedPartition | undefined
  environment: SavedEnvironment | undefined
  #names: ReadonlyMap<string, Uint8Array> | undefined
  #loaded: Snapshot | undefined
  #stale: string | undefined
  /** Modules of Lean that were read, or that the loaded snapshot was made from. */
  #modules: readonly Dependency[] = []
  #changed: readonly string[] = []
  /** What the loaded snapshot was made from, where nobody looked whether it still is as it was. */
  #unseen: readonly Dependency[] | undefined
  readonly #false: string[] = []
  readonly #units = new Map<string, SealedUnit>()
  readonly #retained = new Set<string>()

  private constructor(
    private readonly flags: IncrementalFlags,
    private readonly context: Context,
    private readonly settings: Settings,
    private readonly dependencies: readonly Dependency[],
    private readonly library: string | undefined,
    private readonly key: Uint8Array | undefined,
  ) {
    this.mode = flags.incrCheck ?? 'fast'
    this.digest = settingsDigest(settings)
  }

  /** Undefined when neither loading nor saving is asked for. */
  static async begin(
    flags: IncrementalFlags,
    options: RunOptions,
    limits: Limits,
    overlay: readonly SourceFile[],
    inputs: readonly Input[],
    context: Context,
  ): Promise<IncrementalSession | undefined> {
    const { incrSave, incrLoad, incrHeaderSave } = flags
    if (incrSave === undefined && incrLoad === undefined && incrHeaderSave === undefined) return undefined
    // Not after hours of checking.
    requireWritable(incrSave, incrHeaderSave)
    const key = sealKey()
    const kernel = await compiledKernel(overlay)
    const settings: Settings = new Map([
      ['product version', packageVersion()],
      ['build', buildDigest()],
      ['kernel', kernel.digest],
      ['engine', options.engine],
      ['cost model', options.cost],
      ['constraints', options.constraints === true ? 'evaluated' : 'not evaluated'],
      ['overlay', overlay.length === 0 ? 'none' : digestOf(overlay.map(({ text }) => text))],
      ['trusted code', options.allow?.toSorted().join(', ') ?? 'none'],
      ['row limit', String(limits.rows ?? 'none')],
      ['memory limit', String(limits.memory ?? 'none')],
      ['time limit', String(limits.seconds ?? 'none')],
      ['stack size', String(limits.stack ?? 'default')],
    ])
    // Before anything is read: a file that changes while it is read is found changed by the next run.
    const dependencies = inputs.map(({ kind, name, file }) => dependencyOn(kind, file, name))
    const session = new IncrementalSession(flags, context, settings, dependencies, libraryOf(options), key)
    if (incrLoad !== undefined) session.#load(incrLoad)
    return session
  }

  #load(file: string): void {
    try {
      this.#loaded = Snapshot.open(file)
      this.#take(this.#loaded)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.#fallBack(error.message)
    }
  }

  #fallBack(reason: string): void {
    this.#stale = reason
    this.unchanged = false
    this.partition = undefined
    this.environment = undefined
    this.#names = undefined
    this.#modules = []
    this.#unseen = undefined
    this.believed.clear()
    this.context.note(`nothing is taken over from ${this.flags.incrLoad}: ${reason}`)
  }

  #take(snapshot: Snapshot): void {
    const settings = settingChanges(snapshot.settings, this.settings)
    if (settings.length > 0) {
      this.#fallBack(`it is stale, ${settings.join('; ')}`)
      return
    }
    const saved = snapshot.dependencies
    const sidecar = relocated(saved, readSidecar(snapshot.chain.file))
    if (sidecar.ignored)
      this.context.note(`${snapshot.chain.file}.deps lists other modules and is passed over`)
    this.#changed =
      snapshot.library === this.library
        ? this.#changes(sidecar.dependencies)
        : ['the folders or modules to read are others']
    // Else the next load would compare with files that these verdicts are not about.
    if (this.mode === 'none' && this.#changed.length === 0) this.#unseen = sidecar.dependencies
    this.unchanged = this.#changed.length === 0
    for (const change of this.#changed) this.context.note(`changed since the snapshot: ${change}`)
    const current = snapshot.labels()
    for (const [label, sealed] of snapshot.units()) {
      const own = sealHolds(sealed, this.key, this.digest)
      if (sealed.unit.label !== label) this.#refuse(label, `it is an entry about ${sealed.unit.label}`)
      else if (this.mode === 'strict' && !own) this.#refuse(label, this.#whyNotSealed())
      else this.believed.set(label, { sealed, own, current: current.get(label) === true })
    }
    if (!this.unchanged || this.mode === 'strict') return
    const inputs = new Set(this.dependencies.map(({ name }) => name))
    this.#modules = sidecar.dependencies.filter(({ name }) => !inputs.has(name))
    this.partition = snapshot.partition
    this.environment = snapshot.environment
    this.#names = snapshot.names
  }

  #whyNotSealed(): string {
    return this.key === undefined
      ? 'there is no key to hold its seal against'
      : `its seal is not that of key ${keyName(this.key).slice(0, 12)}: it was altered, or saved by another user or machine`
  }

  /** @param why what is false about an entry; it is checked again */
  #refuse(label: string, why: string): void {
    this.#false.push(`${label}: ${why}`)
    if (this.#false.length <= SHOWN)
      this.context.note(`an entry of the snapshot is not believed, ${label}: ${why}`)
    if (this.#false.length === SHOWN + 1)
      this.context.note('and more entries are not believed; --json lists them')
  }

  /** Gives up an entry that does not say what was recomputed. */
  disbelieve(label: string, why: string): void {
    this.believed.delete(label)
    this.#refuse(label, why)
  }

  #changes(saved: readonly Dependency[]): string[] {
    const now = new Map(this.dependencies.map(dependency => [dependency.name, dependency]))
    if (
      !sameModules(
        saved.filter(({ name }) => now.has(name)),
        this.dependencies,
      )
    )
      return ['the list of modules is another']
    // Inputs are where the command line says; whatever else was read is where it was.
    const inputs = saved.map(dependency => {
      const current = now.get(dependency.name)
      return current === undefined
        ? dependency
        : {
            ...dependency,
            parts: dependency.parts.map((part, i) => ({ ...part, path: current.parts[i]!.path })),
          }
    })
    return changesOf(inputs, this.mode)
  }

  /** A unit that can be taken over without a look at the input, because none of it has changed. */
  unchangedUnit(label: string): Unit | undefined {
    if (!this.unchanged || this.mode === 'strict') return undefined
    const believed = this.believed.get(label)
    if (believed?.current !== true || believed.sealed.unit.status === 'unfinished') return undefined
    return believed.sealed.unit
  }

  /** @param sources units that the unit takes verdicts over from */
  record(unit: Unit, sources: Iterable<Believed> = []): void {
    const trusted = [...sources].every(source => source.own)
    this.#units.set(unit.label, sealUnit(unit, trusted ? this.key : undefined, this.digest))
  }

  /** Notes that a unit was taken over whole: it is about the input as it is now. */
  retain(label: string): void {
    this.#retained.add(label)
  }

  readModules(records: readonly ModuleRecord[]): void {
    this.#modules = records
  }

  get saves(): boolean {
    return this.flags.incrSave !== undefined || this.flags.incrHeaderSave !== undefined
  }

  /** Makes the index of names that a snapshot has, unless the loaded one is still right. */
  indexNames(environment: Environment): void {
    if (!this.saves || this.#names !== undefined) return
    const entries: [string, string][] = []
    for (const address of environment.addresses())
      for (const name of environment.namesOf(address)) entries.push([name, address])
    this.#names = nameRegions(entries)
  }

  /** Saves what is asked for. Units that the run did not replace are kept. */
  save(): void {
    const { incrSave, incrHeaderSave, incrDelta } = this.flags
    const { settings, library, partition, environment } = this
    const dependencies = this.#unseen ?? [...this.dependencies, ...this.#modules.map(digested)]
    const contents = {
      settings,
      dependencies,
      library,
      partition,
      environment,
      names: this.#names ?? new Map(),
    }
    const said = (file: string, size: number, what: string): void =>
      this.context.note(`saved ${file}: ${what}, ${bytes(size)}`)
    if (incrHeaderSave !== undefined)
      said(
        incrHeaderSave,
        saveSnapshot(incrHeaderSave, { ...contents, units: new Map(), current: new Set() }),
        'the input',
      )
    if (incrSave !== undefined) {
      const kept = [...this.believed].map(([label, { sealed }]) => [label, sealed] as const)
      const units = new Map([...kept, ...this.#units])
      const current = new Set(this.#units.keys())
      for (const [label, believed] of this.believed)
        if (this.#retained.has(label) || (this.unchanged && believed.current)) current.add(label)
      const base = incrDelta === true && this.#stale === undefined ? this.#loaded : undefined
      said(
        incrSave,
        saveSnapshot(incrSave, { ...contents, units, current }, base),
        plural(units.size, 'unit'),
      )
    }
  }

  report(reused: number, checkedAgain: number): IncrementalReport {
    const { incrLoad } = this.flags
    return {
      check: this.mode,
      loaded: incrLoad === undefined ? null : resolve(incrLoad),
      stale: this.#stale ?? null,
      changed: this.#changed,
      false: this.#false,
      reused,
      checkedAgain,
    }
  }

  close(): void {
    this.#loaded?.close()
  }
}

/** Folders and modules that a run reads; what is found there is among the dependencies. */
function libraryOf({ olean, module }: RunOptions): string | undefined {
  if (olean === undefined) return undefined
  return JSON.stringify([oleanFolders(olean).paths.map(folder => resolve(folder)), module ?? []])
}

/** A module with the digests of its files, as far as those are still what was read. */
function digested(dependency: Dependency): Dependency {
  const parts = dependency.parts.map(part => {
    const { kind, path } = part
    if (part.digest !== undefined || !isModulePart(kind)) return part
    const now = digestedPart(kind, path)
    const same = now?.size === part.size && now.mtimeMs === part.mtimeMs && now.ino === part.ino
    return same ? { ...part, digest: now.digest! } : part
  })
  return { ...dependency, parts }
}

function isModulePart(kind: DependencyKind): kind is PartKind {
  return (PART_KINDS as readonly string[]).includes(kind)
}

/** One line for people. */
export function reportLine({
  loaded,
  stale,
  reused,
  checkedAgain,
  check,
}: IncrementalReport): string | undefined {
  if (loaded === null) return undefined
  if (stale !== null)
    return `nothing taken over from the snapshot: ${plural(checkedAgain, 'constant')} checked`
  return `${plural(reused, 'constant')} taken over from the snapshot (${check}), ${plural(checkedAgain, 'constant')} checked again`
}
