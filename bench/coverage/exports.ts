/** Exports of lean4export as tasks: every `.ndjson` and `.ndjson.gz` of a folder. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { addressOf } from '../../ixon/address.js'
import type { Task } from './task.js'

const EXPORT = /\.ndjson(\.gz)?$/

/** @param unpacked where compressed exports are unpacked to */
export function exportTasks(folder: string, unpacked: string): Task[] {
  return readdirSync(folder)
    .filter(name => EXPORT.test(name))
    .sort()
    .map(name => {
      const path = join(folder, name)
      const bytes = readFileSync(path)
      const group = name.replace(EXPORT, '')
      const id = `${basename(folder)}/${name} ${addressOf(bytes)}`
      if (!name.endsWith('.gz')) return { group, id, subject: { kind: 'export', file: path } }
      const file = join(unpacked, name.slice(0, -'.gz'.length))
      writeFileSync(file, gunzipSync(bytes))
      return { group, id, subject: { kind: 'export', file } }
    })
}
