/** `ix info`: what a file is, by its first bytes, and what its head says. Nothing is verified. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import type { Environment } from '../ixon/environment.js'
import { FLAG_ENVIRONMENT } from '../ixon/ixe-write.js'
import { InputError } from '../lean/input-error.js'
import { lines } from '../lean/ndjson/lines.js'
import { readHeader } from '../lean/olean/header.js'
import { PageCache } from '../lean/olean/paged-file.js'
import { openManifest } from '../shards/manifest.js'
import { Snapshot } from '../shards/snapshot/snapshot.js'
import { openEnvironment } from './environment.js'
import { count, plural } from './format.js'

/** One file: what it is, and facts in the order in which they are shown. */
export interface FileInfo {
  readonly file: string
  readonly kind: 'module' | 'export' | 'environment' | 'manifest' | 'proof' | 'verifying key' | 'snapshot'
  readonly bytes: number
  readonly facts: Readonly<Record<string, unknown>>
  /** The facts in words. */
  readonly lines: readonly string[]
}

type Content = Pick<FileInfo, 'kind' | 'facts' | 'lines'>

/** Longest beginning that tells kinds apart. */
const HEAD_BYTES = 64

/** @throws InputError for a file that cannot be read, is damaged, or is of no kind that is known here */
export async function fileInfo(file: string): Promise<FileInfo> {
  const { size, head } = beginning(file)
  return { file, bytes: size, ...(await contentOf(file, head)) }
}

async function contentOf(file: string, head: Buffer): Promise<Content> {
  const text = head.toString('latin1')
  if (text.startsWith('olean')) return moduleInfo(file)
  if (text.startsWith('ixproof') || text.startsWith('ixclaim')) return proofInfo(file)
  if (text.startsWith('IXES')) return manifestInfo(file)
  if (text.startsWith('IXSNAP')) return snapshotInfo(file)
  if (text.includes('ix verifying key file')) return keyInfo(file)
  if (/^\s*\{/.test(text)) return exportInfo(file)
  if (file.endsWith('.br')) return environmentInfo(openEnvironment(file))
  if (head.length > 0 && head[0]! >> 4 === FLAG_ENVIRONMENT) return environmentInfo(openEnvironment(file))
  throw new InputError(
    'not a module, an export, an environment, a manifest, a proof, a verifying key or a snapshot',
    { file },
  )
}

function beginning(file: string): { size: number; head: Buffer } {
  try {
    const facts = statSync(file)
    if (!facts.isFile()) throw new Error('it is not a file')
    const descriptor = openSync(file, 'r')
    try {
      const head = Buffer.alloc(HEAD_BYTES)
      return { size: facts.size, head: head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0)) }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw new InputError(`cannot read: ${(error as Error).message}`, { file })
  }
}

function moduleInfo(file: string): Content {
  const cache = new PageCache()
  try {
    const { version, wordBytes, gmp, leanVersion, gitHash } = readHeader(
      cache.file(file, file),
      undefined,
      'savedState',
    )
    const parts = ['.server', '.private'].filter(
      part => statSync(`${file}${part}`, { throwIfNoEntry: false })?.isFile() === true,
    )
    return {
      kind: 'module',
      facts: { leanVersion, gitHash, wordBits: 8 * wordBytes, containerVersion: version, gmp, parts },
      lines: [
        `written by Lean ${leanVersion || 'of unknown version'} (${gitHash.slice(0, 12) || 'no commit'}), ${8 * wordBytes} bits`,
        parts.length === 0
          ? 'no .server or .private part beside it'
          : `with the parts ${parts.join(', ')} beside it`,
      ],
    }
  } finally {
    cache.close()
  }
}

function exportInfo(file: string): Content {
  for (const line of lines(file)) {
    let meta: unknown
    try {
      meta = (JSON.parse(line) as { meta?: unknown }).meta
    } catch {
      break
    }
    if (typeof meta !== 'object' || meta === null) break
    const { format, exporter, lean } = meta as Record<string, Record<string, unknown> | undefined>
    const facts = {
      format: format?.version ?? null,
      exporter: [exporter?.name, exporter?.version].filter(part => part !== undefined).join(' '),
      leanVersion: lean?.version ?? null,
    }
    return {
      kind: 'export',
      facts,
      lines: [
        `format ${facts.format ?? 'unknown'}, by ${facts.exporter || 'an unknown program'}, ` +
          `of Lean ${facts.leanVersion ?? 'of unknown version'}`,
      ],
    }
  }
  throw new InputError('the first line does not hold the "meta" record of an export', { file })
}

function environmentInfo(environment: Environment): Content {
  const placeholders = { theorem: 0, definition: 0, opaque: 0 }
  for (const [, kind] of environment.placeholders) placeholders[kind]++
  let names = 0
  for (const _ of environment.names()) names++
  const facts = {
    root: environment.root,
    names,
    constants: environment.count,
    placeholders,
    ungrounded: environment.ungrounded.length,
  }
  environment.close()
  const { theorem, definition, opaque } = placeholders
  const bare = theorem + definition + opaque
  return {
    kind: 'environment',
    facts,
    lines: [
      `${plural(names, 'name')}, ${plural(facts.constants, 'constant')} and blocks, root ${facts.root}`,
      ...(bare === 0
        ? []
        : [
            `bare statements, assumed when they are used: ${count(theorem)} theorems, ` +
              `${count(definition)} definitions, ${count(opaque)} opaque constants`,
          ]),
      ...(facts.ungrounded === 0 ? [] : [`left out: ${plural(facts.ungrounded, 'constant')}`]),
    ],
  }
}

function manifestInfo(file: string): Content {
  const { shards } = openManifest(file)
  const blocks = shards.map(shard => shard.blocks.length)
  const facts = { shards: shards.length, blocks: blocks.reduce((sum, n) => sum + n, 0) }
  const range = `${count(Math.min(...blocks))} to ${count(Math.max(...blocks))} each`
  return {
    kind: 'manifest',
    facts,
    lines: [`${plural(facts.shards, 'shard')} of ${plural(facts.blocks, 'block')}, ${range}`],
  }
}

async function proofInfo(file: string): Promise<Content> {
  const [{ readProof }, { keyOf }, { claimLines }] = await Promise.all([
    import('./proof/read-proof.js'),
    import('./proof/keys.js'),
    import('../shards/claim-words.js'),
  ])
  const { header, statement } = readProof(file)
  const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex')
  const key = hex(header.keyDigest)
  const own = hex((await keyOf(statement?.kind ?? 'check')).digest)
  const { hiding, queries, target } = header.parameters
  return {
    kind: 'proof',
    facts: { key, ofThisKernel: key === own, hiding, queries, target, claim: statement ?? null },
    lines: [
      ...(statement === undefined
        ? [
            'says that the kernel accepted something: ix verify --constant or --shard tells whether it is that',
          ]
        : claimLines(statement)),
      `${key === own ? 'of this kernel' : 'not of this kernel'}, key ${key}`,
      `${queries} queries for ${target} bits; ${hiding ? 'hides the witness' : 'does not hide the witness'}`,
      'not verified: ix verify does that',
    ],
  }
}

async function keyInfo(file: string): Promise<Content> {
  const { decodeKey, KeyError } = await import('../prover/key-file.js')
  try {
    const { digest, circuits, entries } = decodeKey(readFileSync(file))
    const facts = {
      digest: Buffer.from(digest).toString('hex'),
      circuits: circuits.length,
      entries: entries.map(entry => entry.name),
    }
    return {
      kind: 'verifying key',
      facts,
      lines: [
        facts.digest,
        `${plural(facts.circuits, 'circuit')}, ${plural(facts.entries.length, 'entry point')}: ${facts.entries.join(', ')}`,
      ],
    }
  } catch (error) {
    if (error instanceof KeyError) throw new InputError(error.message, { file })
    throw error
  }
}

function snapshotInfo(file: string): Content {
  const snapshot = Snapshot.open(file)
  try {
    const { settings, dependencies } = snapshot
    const units = [...snapshot.units().keys()]
    return {
      kind: 'snapshot',
      facts: {
        units,
        dependencies: dependencies.map(({ name }) => name),
        settings: Object.fromEntries(settings),
      },
      lines: [
        `verdicts on ${plural(units.length, 'unit')}: ${units.slice(0, 3).join(', ')}${units.length > 3 ? ', ...' : ''}`,
        `made from ${plural(dependencies.length, 'file')}`,
      ],
    }
  } finally {
    snapshot.close()
  }
}
