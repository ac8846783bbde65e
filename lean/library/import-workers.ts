import { availableParallelism } from 'node:os'

/** More of them read no faster from one disk when it is warm (lean-env.md 6.2). */
const MOST_BY_DEFAULT = 4

/**
 * Number of modules that are read at a time: what was asked for, else what `LEAN_IMPORT_WORKERS` says, else the number of
 * cores, at most four. Values that are no whole number from 1 on count as not given, with a warning.
 *
 * @param option as the user wrote it
 */
export function importWorkerCount(
  option: number | string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
  cores = availableParallelism(),
): number {
  const fallback = Math.max(1, Math.min(cores, MOST_BY_DEFAULT))
  const sources = [
    ['--import-workers', option],
    ['LEAN_IMPORT_WORKERS', environment.LEAN_IMPORT_WORKERS],
  ] as const
  for (const [source, text] of sources) {
    if (text === undefined || text === '') continue
    if (/^[1-9][0-9]{0,3}$/.test(String(text))) return Number(text)
    warn(`${source}: ${JSON.stringify(text)} is no number of workers (1, 2, ...); using ${fallback}`)
    return fallback
  }
  return fallback
}
