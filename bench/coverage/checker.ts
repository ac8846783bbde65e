/** A process that checks tasks for this one, so that a task that exhausts it takes nothing else with it. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CheckLimitsOf, Outcome, Subject } from './task.js'
import type { Request } from './worker.js'

/** Beyond the limit that the engine keeps by itself: what loading takes. */
const GRACE_SECONDS = 120

export class Checker {
  #child: ChildProcess | undefined

  constructor(private readonly limits: CheckLimitsOf) {}

  async check(subject: Subject): Promise<Outcome> {
    const child = this.#start()
    const request: Request = { subject, limits: this.limits }
    const answer = await new Promise<Outcome | string>(resolve => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 1000 * (this.limits.seconds + GRACE_SECONDS))
      const end = (result: Outcome | string): void => {
        clearTimeout(timer)
        child.removeAllListeners()
        resolve(result)
      }
      child.on('message', message => end(message as Outcome))
      child.on('exit', (code, signal) => end(`the process ended with ${signal ?? `status ${code}`}`))
      child.send(request)
    })
    if (typeof answer !== 'string') return answer
    this.#child = undefined
    const constants = subject.kind === 'shard' ? subject.owned.length : 0
    const name = subject.kind === 'shard' ? 'shard' : subject.file
    return {
      status: 'died',
      constants,
      accepted: 0,
      rejected: [],
      undecided: [{ name, address: '', reason: answer }],
      assumptions: {},
      rows: 0,
      cost: 0,
      seconds: 0,
    }
  }

  close(): void {
    this.#child?.kill()
  }

  #start(): ChildProcess {
    this.#child ??= fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
      serialization: 'advanced',
    })
    return this.#child
  }
}
