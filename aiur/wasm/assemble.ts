/** Assembles generated modules with binaryen, which takes a second to load and is loaded only for that. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { AddressType } from './address.js'
import type { ModuleText } from './module.js'
import { SITES_SECTION } from './sites.js'

/** What the generated code needs of WebAssembly; more would let binaryen write what older runtimes do not read. */
const FEATURES = ['MutableGlobals', 'Atomics', 'BulkMemory', 'BulkMemoryOpt', 'SignExt'] as const

type Feature = (typeof FEATURES)[number] | 'Memory64'

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
export function assemble(
  module: ModuleText,
  bits: AddressType['bits'],
  optimise: boolean,
): Promise<Uint8Array> {
  const contents = new TextEncoder().encode(JSON.stringify(module.sites))
  const features = bits === 64 ? [...FEATURES, 'Memory64' as const] : FEATURES
  return (optimise ? assembleInThread : assembleHere)(module.text, contents, features)
}

type Assembling = (text: string, contents: Uint8Array, features: readonly Feature[]) => Promise<Uint8Array>

const assembleHere: Assembling = async (text, contents, features) => {
  const { default: binaryen } = await import('binaryen')
  const module = binaryen.parseText(text)
  try {
    module.setFeatures(features.reduce<number>((all, name) => all | binaryen.Features[name], 0))
    module.addCustomSection(SITES_SECTION, contents)
    return module.emitBinary()
  } finally {
    module.dispose()
  }
}

const assembleInThread: Assembling = (text, contents, features) => {
  const url = pathToFileURL(createRequire(import.meta.url).resolve('binaryen')).href
  return new Promise((resolve, reject) => {
    const worker = new Worker(OPTIMISE, {
      eval: true,
      name: 'binaryen',
      workerData: { url, text, section: SITES_SECTION, contents, features },
      resourceLimits: { stackSizeMb: STACK_MEGABYTES },
    })
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`the optimiser ended with code ${code}`)))
  })
}
