/** Assembles generated modules with binaryen, which takes a second to load and is loaded only for that. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ModuleText } from './module.js'
import { SITES_SECTION } from './sites.js'

/** What the generated code needs of WebAssembly; more would let binaryen write what older runtimes do not read. */
const FEATURES = ['MutableGlobals', 'Atomics', 'BulkMemory', 'BulkMemoryOpt', 'SignExt'] as const

/** MiB: the optimiser recurses over expressions that are as deep as straight-line code is long. */
const STACK_MEGABYTES = 1000

/** The optimiser's thread, as text because it has to run from source and from a build alike. */
const OPTIMISE = `
const { parentPort, workerData: { url, text, section, contents, features } } = require('node:worker_threads')
import(url).then(({ default: binaryen }) => {
  const module = binaryen.parseText(text)
  module.setFeatures(features.reduce((all, name) => all | binaryen.Features[name], 0))
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(0)
  module.optimize()
  module.addCustomSection(section, contents)
  parentPort.postMessage(module.emitBinary())
})
`

/** Optimising takes seconds on large programs, in a thread of its own, and pays off in long runs only. */
export function assemble(module: ModuleText, optimise: boolean): Promise<Uint8Array> {
  const contents = new TextEncoder().encode(JSON.stringify(module.sites))
  return optimise ? assembleInThread(module.text, contents) : assembleHere(module.text, contents)
}

async function assembleHere(text: string, contents: Uint8Array): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen')
  const module = binaryen.parseText(text)
  try {
    module.setFeatures(FEATURES.reduce<number>((all, name) => all | binaryen.Features[name], 0))
    module.addCustomSection(SITES_SECTION, contents)
    return module.emitBinary()
  } finally {
    module.dispose()
  }
}

function assembleInThread(text: string, contents: Uint8Array): Promise<Uint8Array> {
  const url = pathToFileURL(createRequire(import.meta.url).resolve('binaryen')).href
  return new Promise((resolve, reject) => {
    const worker = new Worker(OPTIMISE, {
      eval: true,
      name: 'binaryen',
      workerData: { url, text, section: SITES_SECTION, contents, features: FEATURES },
      resourceLimits: { stackSizeMb: STACK_MEGABYTES },
    })
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`the optimiser ended with code ${code}`)))
  })
}
