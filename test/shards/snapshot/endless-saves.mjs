// Saves one state and the other over the same file, without end: node endless-saves.mjs DIST FILE NAMES

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , dist, file, names] = process.argv
const { nameRegions, saveSnapshot } = await import(
  pathToFileURL(join(dist, 'shards', 'snapshot', 'snapshot.js'))
)
const address = number => number.toString(16).padStart(64, '0')
const state = version => ({
  settings: new Map([['version', version]]),
  dependencies: [{ name: 'environment', parts: [{ kind: 'ixe', path: file, size: 1, mtimeMs: 1, ino: 1 }] }],
  names: nameRegions(Array.from({ length: Number(names) }, (_, i) => [`${version}${i}`, address(i)])),
  units: new Map(),
  current: new Set(),
})
const states = [state('one'), state('two')]
for (let i = 0; ; i++) {
  saveSnapshot(file, states[i % 2])
  if (i === 0) process.stdout.write('saving\n')
}
