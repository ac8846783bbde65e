import { createRequire } from 'node:module'
import { type Colors, TABLE_WIDTH, visible } from './terminal.js'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Plain aligned columns under a header, ending in a newline; the first column gives way when they exceed `width`. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
  width = TABLE_WIDTH,
): string {
  const gap = 2
  // A right column is set off by its width already.
  const inset = columns.map(({ align }, i) => (i > 0 && align === 'left' ? ' '.repeat(gap) : ''))
  const cells = rows.map(row => row.map((cell, i) => `${inset[i]}${visible(cell)}`))
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...cells.map(row => (row[i] ?? '').length - inset[i]!.length)),
  )
  const others = widths.slice(1).reduce((sum, width) => sum + width + gap, 0)
  const first = Math.max(8, Math.min(widths[0] ?? 0, width - others))
  const none = ''
  // Most runs print none.
  const Table = createRequire(import.meta.url)('cli-table3') as typeof import('cli-table3')
  const grid = new Table({
    head: columns.map(({ title }, i) => `${inset[i]}${colors.bold(title)}`),
    colWidths: widths.map((width, i) => (i === 0 ? first : width + gap)),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: none,
    },
  })
  for (const row of cells) grid.push([...row])
  const lines = grid.toString().split('\n')
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}
