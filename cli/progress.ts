import { createRequire } from 'node:module'
import type { SingleBar } from 'cli-progress'
import { duration, short } from './format.js'
import { colorsFor, type Terminal, visible } from './terminal.js'

/** Work has to take this long before it shows a bar. */
const PATIENCE_MS = 1000
const MAX_LABEL = 30

/**
 * A progress line with rate and time left on standard error; nothing at all unless that is a terminal. Work is
 * synchronous, so the bar draws within {@link update}.
 */
export class Progress {
  private bar: SingleBar | undefined
  private label = ''
  private started = 0

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `total` 0: unknown. `noun` is what `done` counts. A new label starts a new line. */
  update(label: string, done: number, total: number, noun: string): void {
    if (this.terminal.stderr.isTTY !== true) return
    if (label !== this.label) {
      this.stop()
      this.label = label
      this.started = this.now()
    }
    const elapsed = this.now() - this.started
    if (elapsed < PATIENCE_MS) return
    const perSecond = (1000 * done) / elapsed
    const left =
      total > 0 && perSecond > 0 ? `ETA ${duration((total - done) / perSecond)}` : duration(elapsed / 1000)
    const amount = total > 0 ? `${short(done)}/${short(total)}` : short(done)
    const plain = visible(label)
    const shown = plain.length > MAX_LABEL ? `${plain.slice(0, MAX_LABEL - 1)}\u2026` : plain
    const payload = { label: shown, amount: `${amount} ${noun}`, rate: `${short(perSecond)}/s`, left }
    if (this.bar === undefined) {
      this.bar = this.createBar(total > 0)
      this.bar.start(Math.max(total, 1), done, payload)
    } else {
      this.bar.setTotal(Math.max(total, 1))
      this.bar.update(done, payload)
    }
  }

  /** Ends the line; later output starts below it. */
  stop(): void {
    this.bar?.stop()
    this.bar = undefined
    this.label = ''
  }

  private createBar(measured: boolean): SingleBar {
    const colors = colorsFor(this.terminal.stderr, this.terminal.env)
    // Most runs never show a bar.
    const { Presets, SingleBar } = createRequire(import.meta.url)(
      'cli-progress',
    ) as typeof import('cli-progress')
    const bar = measured ? `${colors.cyan('{bar}')} ` : ''
    return new SingleBar(
      {
        format: `{label} ${bar}{amount}, {rate}, {left}`,
        stream: this.terminal.stderr as NodeJS.WriteStream,
        barsize: 30,
        fps: 10,
        // A killed process cannot restore terminal modes, so none is changed.
        hideCursor: false,
        linewrap: true,
        clearOnComplete: true,
        gracefulExit: false,
      },
      Presets.shades_classic,
    )
  }
}
