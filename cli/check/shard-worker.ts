/** A worker of `ix check --all`: checks the shards that it is handed, one after the other. */
import type { Environment } from '../../ixon/environment.js'
import { claimOf } from '../../shards/shard-claim.js'
import { openEnvironment } from '../environment.js'
import { examine } from './examine.js'
import { byKind, type ShardResult, SharedProgress, type WorkerInput } from './shard-task.js'

const POLL_MS = 100

let environment: Environment | undefined

export default async function checkShard(input: WorkerInput): Promise<ShardResult> {
  const { settings, task, position } = input
  const { id, owned } = task
  const { ixe, engine, model, constraints, limits, overlay = [], allow = [] } = settings
  const progress = new SharedProgress(input.progress)
  const started = performance.now()
  environment ??= openEnvironment(ixe)
  const claim = claimOf(environment, owned)
  const result = { id, constants: owned.length, failed: [], undecided: [], assumptions: {} }
  if (claim === undefined)
    return {
      ...result,
      status: 'accepted',
      checked: 0,
      claim: null,
      rows: 0,
      cost: 0,
      memory: null,
      seconds: 0,
      evidence: { finished: true, accepted: [], primitives: [], assumptions: [] },
    }
  const controller = new AbortController()
  const poll = setInterval(() => {
    if (position > progress.last) controller.abort()
  }, POLL_MS)
  const notices: string[] = []
  try {
    const { verdict, status, cost, memory, violations } = await examine({
      environment,
      target: { kind: 'shard', claim },
      engine,
      optimise: true,
      model,
      limits,
      overlay,
      allow,
      constraints: constraints ? {} : undefined,
      signal: controller.signal,
      onNotice: line => notices.push(line),
      onProgress: ({ done, total }) => {
        if (total > 0) progress.set(position, Math.min(done, total), total)
      },
    })
    const { checked, failed, undecided, assumptions, claimDigest } = verdict
    return {
      id,
      constants: owned.length,
      status,
      checked,
      failed,
      undecided,
      assumptions: byKind(assumptions),
      ...(violations === undefined ? {} : { violations }),
      ...(notices.length === 0 ? {} : { notices }),
      claim: claimDigest ?? null,
      rows: cost?.rows ?? 0,
      cost: cost?.cost.total ?? 0,
      memory: memory ?? null,
      seconds: (performance.now() - started) / 1000,
      evidence: {
        finished: verdict.stopped === undefined,
        accepted: verdict.accepted,
        primitives: verdict.primitives,
        assumptions,
      },
    }
  } finally {
    clearInterval(poll)
  }
}
