import { check } from '../../kernel/check.js'
import { callSubject } from '../../kernel/claim-arguments.js'
import type { EngineName } from '../../kernel/engine.js'
import type { Preset } from '../../prover/parameters.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { EXIT } from '../exit.js'
import { requireWritable } from '../writable.js'
import { keyOf } from './keys.js'
import { proverParameters, proverThreads } from './parameters.js'
import { type Asked, targetOf } from './target.js'
import { writeProof } from './write-proof.js'

interface ProveOptions extends Asked {
  ixe: string | undefined
  allow: readonly string[] | undefined
  engine: EngineName
  preset: Preset
  transparent: boolean | undefined
  out: string
  jobs: number | undefined
}

export async function proveTarget(options: ProveOptions, context: Context): Promise<void> {
  requireWritable(options.out)
  const jobs = proverThreads(options)
  const environment = openEnvironment(options.ixe)
  const { label, target } = targetOf(environment, options, context)
  if (target === undefined) {
    context.print(`${label} owns no constant: nothing to prove`)
    return
  }
  const verdict = await check({
    environment,
    target,
    engine: options.engine,
    onNotice: line => context.note(line),
    allow: options.allow ?? [],
    onProgress: ({ done, total, rows }) => {
      if (total === 0) context.progress.update(`Checking ${label}`, rows, 0, 'rows')
      else context.progress.update(`Checking ${label}`, done, total, 'constants')
    },
  })
  context.progress.stop()
  if (verdict.status !== 'accepted' || verdict.run === undefined) {
    context.exitCode = EXIT[verdict.status === 'rejected' ? 'rejected' : 'undecided']
    const failures = [...verdict.failed, ...verdict.undecided]
    if (options.json === true) context.printJson({ target: label, status: verdict.status, failures })
    else
      for (const { name, reason } of failures)
        context.print(`${context.colors.red('not accepted')} ${name}: ${reason}`)
    return
  }
  const { out, json } = options
  const { allowed } = callSubject(environment, target, options.allow)
  const key = await keyOf('check')
  const write = { key, label, out, json, parameters: proverParameters(options), jobs, allowed }
  await writeProof(verdict.run, write, context)
}
