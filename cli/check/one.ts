/** `ix check` of constants or of one shard. */
import type { CostReport } from '../../aiur/circuit/cost.js'
import { assumptionLines } from '../../kernel/assumption-lines.js'
import { prepareEngine } from '../../kernel/engine.js'
import type { Failure } from '../../kernel/verdict.js'
import { compareCosts, costsOf, printComparison, readBaseline } from '../baseline.js'
import { bundledFile, bundledManifest } from '../bundled.js'
import type { Context } from '../context.js'
import { costJson, printCost } from '../cost.js'
import { openEnvironment } from '../environment.js'
import { EXIT } from '../exit.js'
import { count, duration, plural } from '../format.js'
import { examineWith, type Reported, reportedBy, reportedOf } from '../incremental/one.js'
import { IncrementalSession, type Input, reportLine } from '../incremental/session.js'
import { shardLabel } from '../incremental/shards.js'
import { untilInterrupted } from '../interrupt.js'
import { limitsOf } from '../limits.js'
import { readOverlays } from '../overlay.js'
import { printBy, printWritten, profileJson, saveProfile, wantsProfile } from '../profile.js'
import { requireWritable } from '../writable.js'
import { type ExamineRequest, examine } from './examine.js'
import type { CheckOptions } from './options.js'
import { constantsTarget, inputName } from './target.js'

export async function checkOne(options: CheckOptions, context: Context): Promise<void> {
  requireWritable(options.profile, options.readReport)
  const limits = limitsOf(options)
  const overlay = readOverlays(options.overlay)
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline)
  const started = performance.now()
  const say = (line: string): void => {
    if (options.json !== true) context.print(line)
  }
  const { engine } = options
  const session = await IncrementalSession.begin(
    options,
    options,
    limits,
    overlay,
    inputsOf(options),
    context,
  )
  const title = unitLabel(options)
  const kept = session?.unchangedUnit(title)
  const saved = kept && reportedBy(kept)
  let label = options.shard === undefined ? inputName(options) : title
  if (options.names.length > 0) label = options.names.join(' ')
  let loaded = performance.now()
  let reported = saved
  if (reported === undefined) {
    if (engine === 'wasm')
      await prepareEngine(limits.stack === undefined ? undefined : limits.stack / 2 ** 20)
    const environment =
      options.olean !== undefined
        ? await (await import('../library.js')).compileOleans(options, options.names, context, session)
        : options.ndjson !== undefined
          ? (await import('../export.js')).openExport(options.ndjson, options.names, context, session)
          : openEnvironment(options.ixe)
    const found =
      options.shard === undefined
        ? constantsTarget(environment, options)
        : (await import('./shard-target.js')).shardTarget(
            environment,
            options.ixes ?? bundledManifest(),
            options.shard,
            say,
            context,
          )
    label = found.label
    const { target } = found
    loaded = performance.now()
    if (target === undefined) {
      const seconds = (loaded - started) / 1000
      if (options.json === true) {
        const nothing = { target: label, engine, status: 'accepted', checked: 0, failed: [] }
        context.printJson({ ...nothing, seconds: { load: seconds, execute: 0, total: seconds } })
      } else {
        context.print(`${label} owns no constant: nothing to check`)
      }
      session?.indexNames(environment)
      session?.save()
      return
    }
    const examined: Reported = await untilInterrupted(engine === 'wasm', signal => {
      const request: ExamineRequest = {
        environment,
        target,
        engine,
        model: options.cost,
        limits,
        overlay,
        allow: options.allow ?? [],
        signal,
        profile: wantsProfile(options)
          ? {
              of: options.of,
              onProgress: (done, all) => context.progress.update(`Profiling ${label}`, done, all, 'rows'),
            }
          : undefined,
        constraints:
          options.constraints === true
            ? {
                onProgress: (done, all) =>
                  context.progress.update('Evaluating constraints', done, all, 'rows'),
              }
            : undefined,
        onNotice: line => context.note(line),
        onProgress: ({ done, total, rows }) => {
          if (total === 0) context.progress.update(`Checking ${label}`, rows, 0, 'rows')
          else context.progress.update(`Checking ${label}`, done, total, 'constants')
        },
      }
      return session === undefined ? examine(request).then(reportedOf) : examineWith(session, title, request)
    })
    reported = examined
    session?.indexNames(environment)
  }
  context.progress.stop()
  session?.save()
  const { status, cost, memory, violations } = reported
  context.exitCode = EXIT[EXIT_OF[status]]
  const { profiled } = reported
  if (profiled === undefined && wantsProfile(options))
    context.note('no profile: there is none of an execution that did not run to its end')
  const comparison =
    baseline === undefined || cost === undefined
      ? undefined
      : compareCosts(
          baseline,
          costsOf(cost, options.by === 'constant' ? profiled?.constants : undefined),
          options.baseline!,
        )
  const written =
    profiled === undefined || options.profile === undefined
      ? undefined
      : saveProfile(options.profile, label, profiled)
  const total = (performance.now() - started) / 1000
  const load = (loaded - started) / 1000 + reported.seconds.load
  const incremental = session?.report(reported.reused, reported.checkedAgain)
  session?.close()
  if (options.json === true) {
    const { checked, failed, undecided, assumptions, claim } = reported
    context.printJson({
      target: label,
      engine,
      status,
      checked,
      failed,
      undecided,
      assumptions,
      claim: claim ?? null,
      ...(violations === undefined ? {} : { constraints: { violations } }),
      ...(overlay.length === 0 ? {} : { overlay: options.overlay }),
      ...(options.allow === undefined ? {} : { allowed: options.allow }),
      ...(cost === undefined ? {} : costJson(cost)),
      ...(profiled === undefined ? {} : profileJson(profiled, options)),
      ...(written === undefined ? {} : { profile: written }),
      ...(reported.partial === true ? { partial: true } : {}),
      ...(comparison === undefined ? {} : { baseline: comparison }),
      ...(memory === undefined ? {} : { memory }),
      ...(incremental === undefined ? {} : { incremental }),
      seconds: { load, execute: reported.seconds.execute, total },
    })
    return
  }
  if (cost !== undefined) {
    context.print()
    if (reported.partial === true) context.print('costs of what was checked, without what was taken over:')
    if (profiled === undefined || options.by === 'circuit') printCost(cost, context, options)
    else printBy(profiled, cost, options, context)
    context.print()
    if (comparison !== undefined) printComparison(comparison, context, options.top)
  }
  if (violations !== undefined && cost !== undefined) {
    for (const violation of violations) context.print(`${context.colors.red('violated')} ${violation}`)
    if (violations.length === 0) context.print('all constraints hold on every row and all lookups balance')
  }
  if (options.allow !== undefined) context.print(`allowed: ${options.allow.join(', ')}`)
  for (const { name } of overlay)
    context.print(`by a kernel with functions of ${name}, not by the kernel itself`)
  printVerdict(label, reported, cost, context)
  if (written !== undefined) printWritten(written, context)
  const line = incremental && reportLine(incremental)
  if (line !== undefined) context.print(line)
  context.print(
    `load ${duration(load)}, execute ${duration(reported.seconds.execute)}, total ${duration(total)}`,
  )
}

function inputsOf({ olean, ndjson, ixe, ixes, shard }: CheckOptions): Input[] {
  // Modules are known when they have been read.
  if (olean !== undefined) return []
  if (ndjson !== undefined) return [{ kind: 'ndjson', name: 'export', file: ndjson }]
  const environment: Input = { kind: 'ixe', name: 'environment', file: ixe ?? bundledFile() }
  if (shard === undefined) return [environment]
  return [environment, { kind: 'ixes', name: 'manifest', file: ixes ?? bundledManifest() }]
}

/** What snapshots call the target. */
function unitLabel({ names, shard }: CheckOptions): string {
  if (shard !== undefined) return shardLabel(shard)
  return names.length === 0 ? 'everything' : `constants ${names.join(' ')}`
}

const EXIT_OF = { accepted: 'ok', rejected: 'rejected', undecided: 'undecided' } as const

function printVerdict(
  label: string,
  verdict: Reported,
  cost: CostReport | undefined,
  context: Context,
): void {
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
