/** The worker: reads files piece by piece and verifies, so that the page stays alive. */
import type { ByteSource } from '../../ixon/byte-source.js'
import { InputError } from '../../lean/input-error.js'
import { Judge } from './judge.js'
import type { Answer, Request } from './messages.js'

/** Of the scope of a worker what is used here; the types of pages and of workers exclude each other. */
interface Scope {
  onmessage: ((event: { data: Request }) => void) | null
  postMessage(answer: Answer): void
}

const scope = self as unknown as Scope

declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

/** Larger files are read piece by piece, which is slower. */
const WHOLE = 2 ** 30

/** A dropped file: nothing is read before it is asked for. */
function sourceOf(file: File): ByteSource {
  const load = (from: number, to: number) =>
    new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(from, to)))
  let all: Uint8Array | undefined
  return {
    label: file.name,
    size: file.size,
    read(offset, length) {
      if (offset + length > file.size)
        throw new InputError(`${length} bytes expected, ${Math.max(0, file.size - offset)} left`, {
          file: file.name,
          offset,
        })
      // what a file is shows in its first bytes
      if (length <= 32 && offset === 0) return load(0, length)
      if (file.size > WHOLE) return load(offset, offset + length)
      all ??= load(0, file.size)
      return all.subarray(offset, offset + length)
    },
    close: () => {},
  }
}

let judge: Judge | undefined

async function unpacked(key: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(key)]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function answer(request: Request): Promise<void> {
  if (request.kind === 'keys') {
    const [kernel, reveal, contains] = await Promise.all(request.keys.map(unpacked))
    if (kernel !== undefined && reveal !== undefined && contains !== undefined)
      judge = new Judge(kernel, { reveal, contains })
  }
  if (judge === undefined) throw new Error('the verifying key of the kernel is missing')
  if (request.kind === 'files') for (const file of request.files) judge.add(sourceOf(file))
  else if (request.kind === 'preset') judge.usePreset(request.preset)
  else if (request.kind === 'own key') judge.useOwnKey()
  else if (request.kind === 'clear') judge.clear()
  const report = judge.report((what, done, total) =>
    scope.postMessage({ kind: 'progress', what, done, total }),
  )
  scope.postMessage({ kind: 'report', report })
}

/** Requests one after the other. */
let last = Promise.resolve()
scope.onmessage = ({ data }) => {
  last = last
    .then(() => answer(data))
    .catch((error: unknown) => scope.postMessage({ kind: 'broken', reason: String(error) }))
}
