#!/usr/bin/env node
// What an old Node cannot even parse is loaded only after it is known not to be one.
import { oldNode } from './node-version.js'

const fault = oldNode(process.versions.node)
if (fault !== undefined) {
  process.stderr.write(`error: ${fault}\n`)
  process.exitCode = 2
} else {
  await (await import('./start.js')).start()
}
