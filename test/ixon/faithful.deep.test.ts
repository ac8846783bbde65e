/** What is compiled of real libraries says what was declared. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { DATA, skipReason } from '../lean-reader/data.js'
import { infidelities } from './faithful.js'

const FOLDER = join(DATA, 'batteries')
const smallest = (count: number): string[] =>
  readdirSync(FOLDER)
    .filter(file => /\.ndjson(\.gz)?$/.test(file))
    .sort((x, y) => statSync(join(FOLDER, x)).size - statSync(join(FOLDER, y)).size)
    .slice(0, count)

it.skipIf(skipReason !== undefined).each(skipReason === undefined ? smallest(12) : [''])('%s', file => {
  const scratch = mkdtempSync(join(tmpdir(), 'faithful-'))
  try {
    const text = readFileSync(join(FOLDER, file))
    const export_ = join(scratch, 'export.ndjson')
    writeFileSync(export_, file.endsWith('.gz') ? gunzipSync(text) : text)
    const source = openNdjson(export_)
    const data = compileEnvironment(source, { apart: true })
    expect(infidelities(source, Environment.fromData(data, file))).toEqual([])
  } finally {
    rmSync(scratch, { recursive: true })
  }
})
