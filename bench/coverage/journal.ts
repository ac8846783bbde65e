/** Results of earlier runs and of this one, a line of JSON for each, so that a run that was ended goes on where it was. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Entry } from './task.js'

export class Journal {
  readonly #entries = new Map<string, Entry>()

  /** @param kernel digest of the program whose results count; undefined: those of any count */
  constructor(
    private readonly file: string,
    kernel: string | undefined,
  ) {
    if (!existsSync(file)) return
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const entry = parse(line)
      if (entry !== undefined && (kernel === undefined || entry.kernel === kernel))
        this.#entries.set(entry.id, entry)
    }
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  add(entry: Entry): void {
    this.#entries.set(entry.id, entry)
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`)
  }
}

/** Undefined for a line that was cut off. */
function parse(line: string): Entry | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as Entry)
  } catch {
    return undefined
  }
}
