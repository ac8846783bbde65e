import type { Argv } from 'yargs'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { type CostModel, type CostReport, report } from '../../aiur/circuit/cost.js'
import type { Address } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { Assumption, CheckTarget, Failure, Verdict } from '../../kernel/verdict.js'
import { InputError } from '../../lean/input-error.js'
import { coverage } from '../../shards/coverage.js'
import { type EnvironmentGraph, environmentGraph } from '../../shards/graph.js'
import { type Manifest, openManifest } from '../../shards/manifest.js'
import { claimOf } from '../../shards/shard-claim.js'
import { bundledManifest } from '../bundled.js'
import type { Context } from '../context.js'
import { costJson, printCost } from '../cost.js'
import { addressOfName, openEnvironment, openExport } from '../environment.js'
import { EXIT, UsageError } from '../exit.js'
import { count, duration, plural } from '../format.js'
import { limitOptions, limitsOf } from '../limits.js'

const MODELS: readonly CostModel[] = ['transforms', 'rows']
const ENGINES = ['interp'] as const

export function addCheck(parser: Argv, context: Context): void {
  parser.command(
    'check [names..]',
    'Check constants, or a shard of a library, with the Lean kernel',
    args =>
      limitOptions(args)
        .positional('names', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Constants to check, each with all it needs (default: everything)',
        })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('ixes', {
          type: 'string',
          describe: 'Its shard manifest (default: that of the bundled Init)',
        })
        .option('shard', { type: 'number', describe: 'Check what this shard owns' })
        .option('ndjson', { type: 'string', describe: 'Check an export of lean4export' })
        .option('engine', { choices: ENGINES, default: ENGINES[0], describe: 'What runs the kernel' })
        .option('cost', { choices: MODELS, default: MODELS[0]!, describe: 'Cost model' })
        .option('constraints', {
          type: 'boolean',
          describe: 'Also evaluate every constraint on every row and balance all lookups',
        })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 check --shard 10', 'What shard 10 of the bundled Init owns')
        .example('$0 check Nat.add_comm', 'One constant of the bundled Init with all it needs')
        .example('$0 check --ixe init.ixe --ixes init.ixes --shard 10', 'A shard of a library of your own')
        .example('$0 check --ixe x.ixe Nat.add_comm', 'A constant of an environment of your own')
        .example('$0 check --ndjson export.ndjson', 'Checker mode: the exit code is the verdict'),
    options => runCheck(options, context),
  )
}

interface CheckOptions {
  names: string[]
  ixe: string | undefined
  ixes: string | undefined
  shard: number | undefined
  ndjson: string | undefined
  engine: (typeof ENGINES)[number]
  cost: CostModel
  constraints: boolean | undefined
  json: boolean | undefined
  limitRows: string | undefined
  limitMemory: string | undefined
  timeout: string | undefined
}

function validate(options: CheckOptions): void {
  const { names, ixe, ixes, shard, ndjson } = options
  if (shard !== undefined) {
    if (!Number.isInteger(shard) || shard < 0) throw new UsageError('--shard must be a shard id: 0, 1, ...')
    if (names.length > 0) throw new UsageError('either --shard or names, not both')
    if (ndjson !== undefined)
      throw new UsageError('--shard needs an environment with a manifest, not --ndjson')
    if (ixe !== undefined && ixes === undefined) throw new UsageError('--ixe with --shard needs --ixes')
  } else if (ixes !== undefined) {
    throw new UsageError('--ixes needs --shard')
  }
  if (ndjson !== undefined && ixe !== undefined) throw new UsageError('either --ixe or --ndjson, not both')
  if (names.length === 0 && shard === undefined && ixe === undefined && ndjson === undefined) {
    throw new UsageError('nothing to check: give --shard, names, --ixe or --ndjson')
  }
}

interface Target {
  readonly label: string
  /** Undefined: there is nothing to check. */
  readonly target: CheckTarget | undefined
}

function runCheck(options: CheckOptions, context: Context): void {
  validate(options)
  const limits = limitsOf(options)
  const started = performance.now()
  const say = (line: string): void => {
    if (options.json !== true) context.print(line)
  }
  const environment =
    options.ndjson === undefined
      ? openEnvironment(options.ixe)
      : openExport(options.ndjson, options.names, context)
  const { label, target } =
    options.shard === undefined
      ? constantsTarget(environment, options)
      : shardTarget(environment, options.ixes ?? bundledManifest(), options.shard, say, context)
  const loaded = performance.now()
  if (target === undefined) {
    const seconds = (loaded - started) / 1000
    if (options.json === true) {
      const nothing = { target: label, engine: options.engine, status: 'accepted', checked: 0, failed: [] }
      context.printJson({ ...nothing, seconds: { load: seconds, execute: 0, total: seconds } })
    } else {
      context.print(`${label} owns no constant: nothing to check`)
    }
    return
  }
  const verdict = check({
    environment,
    target,
    limits,
    onProgress: ({ phase, done, total, rows }) => {
      if (phase === 'execute' && total === 0) context.progress.update(`Checking ${label}`, rows, 0, 'rows')
      else context.progress.update(PHASES[phase] + label, done, total, 'constants')
    },
  })
  context.progress.stop()
  const violations = options.constraints === true ? violationsOf(verdict, context) : []
  const cost =
    verdict.run === undefined ? undefined : report(verdict.run.layout, verdict.run.record, options.cost)
  // An execution that breaks a constraint could not be proved, whatever the kernel said.
  const status = violations.length > 0 ? 'rejected' : verdict.status
  context.exitCode = EXIT[EXIT_OF[status]]
  const total = (performance.now() - started) / 1000
  const load = (loaded - started) / 1000 + verdict.seconds.load
  if (options.json === true) {
    const { checked, failed, undecided, assumptions, claimDigest } = verdict
    context.printJson({
      target: label,
      engine: options.engine,
      status,
      checked,
      failed,
      undecided,
      assumptions,
      claim: claimDigest ?? null,
      ...(options.constraints === true ? { constraints: { violations } } : {}),
      ...(cost === undefined ? {} : costJson(cost)),
      seconds: { load, execute: verdict.seconds.execute, total },
    })
    return
  }
  if (cost !== undefined) {
    context.print()
    printCost(cost, context)
    context.print()
  }
  if (options.constraints === true && verdict.run !== undefined) {
    for (const violation of violations) context.print(`${context.colors.red('violated')} ${violation}`)
    if (violations.length === 0) context.print('all constraints hold on every row and all lookups balance')
  }
  printVerdict(label, { ...verdict, status }, cost, context)
  context.print(
    `load ${duration(load)}, execute ${duration(verdict.seconds.execute)}, total ${duration(total)}`,
  )
}

const PHASES = { load: 'Loading ', execute: 'Checking ', constraints: 'Constraints of ' } as const
const EXIT_OF = { accepted: 'ok', rejected: 'rejected', undecided: 'undecided' } as const

function constantsTarget(environment: Environment, { names, ixe, ndjson }: CheckOptions): Target {
  if (names.length > 0) {
    const addresses = [...new Set(names.map(name => addressOfName(environment, name)))]
    return { label: names.join(' '), target: { kind: 'constants', addresses } }
  }
  const addresses = [...environment.addresses()].sort()
  const label = ndjson ?? ixe ?? 'environment'
  return { label, target: addresses.length === 0 ? undefined : { kind: 'constants', addresses } }
}

function shardTarget(
  environment: Environment,
  manifestFile: string,
  id: number,
  say: (line: string) => void,
  context: Context,
): Target {
  const manifest = openManifest(manifestFile)
  const shard = manifest.shards.find(candidate => candidate.id === id)
  if (shard === undefined) {
    throw new UsageError(
      `${manifestFile} has no shard ${id}: it has ${plural(manifest.shards.length, 'shard')}`,
    )
  }
  const graph = environmentGraph(environment, (done, total) =>
    context.progress.update('Loading', done, total, 'constants'),
  )
  context.progress.stop()
  requireCoverage(graph, manifest, manifestFile)
  say(
    `${plural(manifest.shards.length, 'shard')} cover all ${plural(graph.constants.length, 'constant')} and are disjoint`,
  )
  const blocks = new Set(shard.blocks)
  const owned = graph.constants.filter((_, i) => blocks.has(graph.addresses[graph.blockOf[i]!]!))
  const claim = claimOf(environment, owned)
  const label = `shard ${id}`
  if (claim === undefined) return { label, target: undefined }
  say(
    `${label}: ${plural(owned.length, 'constant')} in ${plural(blocks.size, 'block')}, ` +
      `${plural(claim.frontier.length, 'constant')} of other shards assumed`,
  )
  say(`claim ${claim.digest}`)
  return { label, target: { kind: 'shard', claim } }
}

function requireCoverage(graph: EnvironmentGraph, manifest: Manifest, file: string): void {
  const { ok, shared, uncovered, unknown } = coverage(graph, manifest)
  if (ok) return
  const first = (addresses: readonly Address[]): string => `(the first is ${addresses[0]})`
  const faults: string[] = []
  if (shared.length > 0) {
    faults.push(
      `${plural(shared.length, 'block')} owned by more than one shard ${first(shared.map(s => s.block))}`,
    )
  }
  if (uncovered.length > 0)
    faults.push(`${plural(uncovered.length, 'constant')} owned by none ${first(uncovered)}`)
  if (unknown.length > 0) {
    faults.push(`${plural(unknown.length, 'block')} that the environment does not have ${first(unknown)}`)
  }
  throw new InputError(`the shards do not partition the environment: ${faults.join(', ')}`, { file })
}

function violationsOf({ run }: Verdict, context: Context): string[] {
  if (run === undefined) return []
  const violations = checkConstraints(run.layout, run.record, run.call, {
    onProgress: (done, total) => context.progress.update('Evaluating constraints', done, total, 'rows'),
  })
  context.progress.stop()
  return violations.map(String)
}

function printVerdict(label: string, verdict: Verdict, cost: CostReport | undefined, context: Context): void {
  const { colors } = context
  const failure = (word: string, { name, address, reason }: Failure): void => {
    context.print(`${word} ${name}${name === address ? '' : ` (${address.slice(0, 12)})`}: ${reason}`)
  }
  for (const failed of verdict.failed) failure(colors.red('rejected'), failed)
  for (const undecided of verdict.undecided) failure(colors.yellow('undecided'), undecided)
  for (const line of assumptionLines(verdict.assumptions)) context.print(line)
  const price = cost === undefined ? '' : `, FFT cost ${count(cost.cost.total)} (${cost.cost.model})`
  const color = { accepted: colors.green, rejected: colors.red, undecided: colors.yellow }[verdict.status]
  const tally = [`${plural(verdict.checked, 'constant')} checked`]
  if (verdict.failed.length > 0) tally.push(`${count(verdict.failed.length)} rejected`)
  if (verdict.undecided.length > 0) tally.push(`${count(verdict.undecided.length)} undecided`)
  context.print(`${colors.bold(color(verdict.status))} ${label}: ${tally.join(', ')}${price}`)
}

const ASSUMPTION_NOUNS = {
  theorem: 'bare theorem statement',
  definition: 'definition without its body',
  opaque: 'opaque constant without its body',
} as const

/** Axioms and primitives by name, placeholders by number. */
function assumptionLines(assumptions: readonly Assumption[]): string[] {
  const of = (kind: Assumption['kind']): Assumption[] => assumptions.filter(a => a.kind === kind)
  const lines: string[] = []
  const axioms = of('axiom')
  if (axioms.length > 0) lines.push(`assumes the axioms ${axioms.map(a => a.name).join(', ')}`)
  for (const primitive of of('primitive')) lines.push(`assumes that ${primitive.name} is the standard one`)
  for (const kind of ['theorem', 'definition', 'opaque'] as const) {
    const some = of(kind)
    if (some.length > 0) lines.push(`assumes ${count(some.length)} x ${ASSUMPTION_NOUNS[kind]}`)
  }
  return lines
}
