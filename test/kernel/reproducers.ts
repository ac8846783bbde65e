import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { run } from '../../cli/run.js'
import type { Assumption } from '../../kernel/assumption.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

export const DATA = '../shared/data'

/** What `ix check --json` says of a file or of constants. */
export interface Report {
  readonly code: number
  readonly status: string
  readonly checked: number
  readonly failed: readonly { readonly name: string; readonly reason: string }[]
  readonly undecided: readonly { readonly name: string; readonly reason: string }[]
  readonly assumptions: readonly Assumption[]
}

/** Runs the command line; the report is that of its one JSON object. */
export async function report(...args: string[]): Promise<Report> {
  const terminal = bufferTerminal()
  const code = await run([...args, '--json'], terminal)
  return { code, ...JSON.parse(terminal.stdout.text) }
}

/** Checker mode on an export, which may be compressed. */
export async function checkExport(file: string): Promise<Report> {
  if (!file.endsWith('.gz')) return report('check', '--ndjson', file)
  const folder = mkdtempSync(join(tmpdir(), 'ix-export-'))
  try {
    const plain = join(folder, 'export.ndjson')
    writeFileSync(plain, gunzipSync(readFileSync(file)))
    return await report('check', '--ndjson', plain)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Exports below a folder of the data, by path; none (with a message) where the data is absent. */
export function exportsOf(folder: string): string[] {
  const path = join(DATA, folder)
  if (!existsSync(path)) {
    console.log(`no ${path}: its exports are skipped`)
    return []
  }
  return readdirSync(path)
    .filter(name => /\.ndjson(\.gz)?$/.test(name))
    .map(name => join(path, name))
}
