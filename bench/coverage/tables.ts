/** The tables of docs/coverage.md. */
import type { Failure } from '../../kernel/verdict.js'
import { table } from '../measure.js'
import type { LibraryCounts } from './library.js'
import type { Entry } from './task.js'

const count = (value: number): string => value.toLocaleString('en-US')

/**
 * A row for each group, in order of appearance, and one for all.
 *
 * @param kind what a group is when it is no library
 */
export function outcomeTable(
  entries: readonly Entry[],
  kind: string,
  libraries?: readonly LibraryCounts[],
): string {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.group)
    if (group === undefined) groups.set(entry.group, [entry])
    else group.push(entry)
  }
  const declared =
    libraries === undefined ? [] : ['modules', 'declared', 'left out', 'bare statements', 'shards']
  const head = [
    libraries === undefined ? kind : 'library',
    ...declared,
    'constants',
    'accepted',
    'declined',
    'undecided',
    'rejected',
    'M rows',
    'FFT cost, G',
    'processor s',
  ]
  const row = (name: string, group: readonly Entry[], counts: readonly LibraryCounts[]): string[] => {
    const sum = (of: (entry: Entry) => number): number => group.reduce((total, entry) => total + of(entry), 0)
    const inAll = (of: (library: LibraryCounts) => number): string =>
      count(counts.reduce((total, library) => total + of(library), 0))
    return [
      name,
      ...(libraries === undefined
        ? []
        : [
            inAll(library => library.modules),
            inAll(library => library.declared),
            inAll(library => library.leftOut),
            inAll(library => library.bare),
            String(group.length),
          ]),
      count(sum(entry => entry.constants)),
      count(sum(entry => entry.accepted)),
      count(sum(entry => entry.undecided.filter(isDeclined).length)),
      count(sum(entry => entry.undecided.filter(failure => !isDeclined(failure)).length)),
      count(sum(entry => entry.rejected.length)),
      (sum(entry => entry.rows) / 1e6).toFixed(1),
      (sum(entry => entry.cost) / 1e9).toFixed(2),
      sum(entry => entry.seconds).toFixed(0),
    ]
  }
  const named = (name: string): LibraryCounts[] => libraries?.filter(({ library }) => library === name) ?? []
  const rows = [...groups].map(([name, group]) => row(name, group, named(name)))
  const shown = [...groups.keys()].flatMap(named)
  return table(head, [...rows, row('all', entries, shown)])
}

/** Only a body that the input does not hold could decide it. */
const isDeclined = ({ hiddenBody }: Failure): boolean => hiddenBody !== undefined

/** What was not accepted, and why. */
export function failureLines(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ group, rejected, undecided }) => [
    ...rejected.map(({ name, reason }) => `${group}: rejected \`${name}\`: ${reason}`),
    ...undecided.map(failure => {
      const word = isDeclined(failure) ? 'declined' : 'undecided'
      return `${group}: ${word} \`${failure.name}\`: ${failure.reason}`
    }),
  ])
}

/** Missing constants, those that most others need first. */
export function leftOutLines(leftOut: ReadonlyMap<string, number>): string[] {
  return [...leftOut]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, number]) => `${count(number)} for want of \`${name}\``)
}
