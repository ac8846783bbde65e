import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXIT, UsageError } from '../../cli/exit.js'
import { Progress } from '../../cli/progress.js'
import { exitCodeOf, renderError } from '../../cli/render-error.js'
import { table } from '../../cli/table.js'
import { colorsFor, TABLE_WIDTH, visible } from '../../cli/terminal.js'
import { InputError, RejectedInput } from '../../lean/input-error.js'
import { bufferTerminal, Sink } from './buffer-terminal.js'

describe('colours', () => {
  const red = (tty: boolean, env: Record<string, string>): string => colorsFor(new Sink(tty), env).red('x')

  it('appear on a terminal only', () => {
    expect(red(true, {})).toBe('\u001b[31mx\u001b[39m')
    expect(red(false, {})).toBe('x')
  })

  it('respect NO_COLOR unless it is empty', () => {
    expect(red(true, { NO_COLOR: '1' })).toBe('x')
    expect(red(true, { NO_COLOR: '' })).not.toBe('x')
    expect(red(true, { TERM: 'dumb' })).toBe('x')
  })
})

describe('names from files of anybody', () => {
  it('cannot move the cursor, break lines or turn text around', () => {
    expect(visible('a\u001b[2Jb')).toBe('a\\u{1b}[2Jb')
    expect(visible('x\naccepted all')).toBe('x\\u{a}accepted all')
    expect(visible('\u202egnol\u0007\u009b1m\u007f')).toBe('\\u{202e}gnol\\u{7}\\u{9b}1m\\u{7f}')
    expect(visible('\u0007[31m')).toBe('\\u{7}[31m')
    expect(visible('«∀ x, y» \u{1d4d0}')).toBe('«∀ x, y» \u{1d4d0}')
  })

  it('keep the colours of the program', () => {
    const colors = colorsFor(new Sink(true), {})
    for (const paint of [colors.red, colors.green, colors.yellow, colors.cyan, colors.bold])
      expect(visible(paint('x'), true)).toBe(paint('x'))
    expect(visible('\u001b[32mx')).toBe('\\u{1b}[32mx')
    expect(visible('\u001b[8mhidden', true)).toBe('\\u{1b}[8mhidden')
  })

  it('show no control character, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(visible(text)).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})

describe('progress', () => {
  const run = (tty: boolean, milliseconds: number) => {
    const terminal = bufferTerminal({ tty })
    let now = 0
    const progress = new Progress(terminal, () => now)
    progress.update('Checking', 0, 1000, 'constants')
    now = milliseconds
    progress.update('Checking', 500, 1000, 'constants')
    progress.stop()
    return terminal
  }

  it('shows amount, rate and time left after a second', () => {
    const { stderr, stdout } = run(true, 5000)
    expect(stderr.text).toContain('Checking')
    expect(stderr.text).toContain('500/1.0 k constants, 100/s, ETA 5.00 s')
    expect(stdout.text).toBe('')
  })

  it('is silent for short work and when nobody watches', () => {
    expect(run(true, 900).stderr.text).toBe('')
    expect(run(false, 5000).stderr.text).toBe('')
  })
})

describe('tables', () => {
  it('align and stay within the width by cutting the first column', () => {
    const text = table(
      [{ title: 'name', align: 'left' }, { title: 'rows' }, { title: 'cost' }],
      [
        ['short', '1', '2'],
        ['a_very_long_name_'.repeat(10), '1,234,567', '9,999,999,999'],
      ],
      colorsFor(new Sink(), {}),
    )
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(TABLE_WIDTH)
    expect(lines[2]).toContain('\u2026')
    expect(lines[1]).toMatch(/^short +1 +2$/)
    expect(new Set(lines.map(line => line.length)).size).toBe(1)
  })
})

describe('errors', () => {
  const shown = (error: unknown, debug = false): string => {
    const terminal = bufferTerminal()
    renderError(error, terminal, debug)
    expect(terminal.stdout.text).toBe('')
    return terminal.stderr.text
  }

  it('are one line', () => {
    expect(shown(new InputError('truncated', { file: 'a.ixe', offset: 7 }))).toBe(
      'error: a.ixe, offset 7: truncated\n',
    )
    expect(shown(new UsageError('no such option'))).toBe('error: no such option (ix --help shows how)\n')
    expect(shown(new TypeError('x is\n not a function'))).toBe(
      'error: x is not a function (internal error; --debug shows where)\n',
    )
    expect(shown('thrown text')).toBe('error: thrown text (internal error; --debug shows where)\n')
  })

  it('say what a failed system call means, without its name', () => {
    const system = (text: string) => shown(new InputError(`cannot be opened: ${text}`, { file: 'a' }))
    expect(system("ENOENT: no such file or directory, open 'a'")).toBe(
      'error: a: cannot be opened: no such file or directory\n',
    )
    expect(system("EXDEV: cross-device link not permitted, rename 'a' -> 'b'")).toBe(
      'error: a: cannot be opened: cross-device link not permitted\n',
    )
    expect(system('ENOSPC: no space left on device, write')).toBe(
      'error: a: cannot be opened: no space left on device\n',
    )
  })

  it('name the command whose help says more', () => {
    const terminal = bufferTerminal()
    renderError(new UsageError('no such option'), terminal, false, 'ix check')
    expect(terminal.stderr.text).toBe('error: no such option (ix check --help shows how)\n')
  })

  it('show the stack with --debug', () => {
    expect(shown(new TypeError('broken'), true)).toMatch(/\n\s+at .*output\.test/)
  })

  it('decide the exit code', () => {
    expect(exitCodeOf(new UsageError(''))).toBe(EXIT.usage)
    expect(exitCodeOf(new InputError(''))).toBe(EXIT.undecided)
    expect(exitCodeOf(new RejectedInput(''))).toBe(EXIT.rejected)
    expect(exitCodeOf(new Error(''))).toBe(EXIT.undecided)
  })
})
