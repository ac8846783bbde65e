import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { packageRoot } from '../../cli/package-root.js'
import { DATA, skipReason } from '../lean-reader/data.js'
import { ix } from './run-ix.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-info-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const inTree = (...path: string[]): string => join(packageRoot(), ...path)

async function info(file: string) {
  const { code, out, err } = await ix('info', file, '--json')
  expect({ code, err }).toEqual({ code: EXIT.ok, err: '' })
  const { files } = JSON.parse(out)
  expect(files).toHaveLength(1)
  expect(files[0].file).toBe(file)
  return files[0]
}

describe('ix info', () => {
  it('tells environments and manifests', async () => {
    const environment = await info(inTree('test', 'lean', 'Twin.ixe'))
    expect(environment).toMatchObject({ kind: 'environment', facts: { ungrounded: 0 } })
    expect(environment.facts.names).toBeGreaterThan(10)
    expect(environment.facts.placeholders).toEqual({ theorem: 0, definition: 0, opaque: 0 })
    const bundled = await info(inTree('data', 'init.ixe.br'))
    const manifest = await info(inTree('data', 'init.ixes'))
    expect(manifest).toMatchObject({ kind: 'manifest', facts: { shards: 64 } })
    expect(manifest.facts.blocks).toBeLessThan(bundled.facts.constants)
    const { out } = await ix('info', inTree('data', 'init.ixes'), inTree('test', 'lean', 'Twin.ixe'))
    expect(out).toMatch(
      /init\.ixes: manifest, .*\n {2}64 shards of [\d,]+ blocks, .*\n.*Twin\.ixe: environment, /,
    )
  })

  it('tells proofs of this kernel, with the claim where the file has it, and keys and snapshots', async () => {
    const proof = at('kind.ixp')
    const prove = [
      'reveal',
      'Nat.add',
      '--field',
      'kind',
      '--preset',
      'fast',
      '--transparent',
      '--prove',
      proof,
    ]
    expect((await ix(...prove)).code).toBe(EXIT.ok)
    const revealed = await info(proof)
    expect(revealed).toMatchObject({ kind: 'proof', facts: { ofThisKernel: true, hiding: false } })
    expect(revealed.facts.claim).toMatchObject({ kind: 'reveal' })
    expect((await ix('info', proof)).out).toMatch(
      /is a definition\n(.*\n)* {2}not verified: ix verify does that\n$/,
    )
    // The digest of the key, with another letter.
    const bytes = readFileSync(proof)
    const digest = Buffer.from(revealed.facts.key, 'hex')
    const place = bytes.indexOf(digest)
    expect(place).toBeGreaterThan(0)
    bytes[place] = bytes[place]! ^ 1
    writeFileSync(at('other.ixp'), bytes)
    expect(await info(at('other.ixp'))).toMatchObject({ facts: { ofThisKernel: false } })

    const key = at('kernel.ixvk')
    expect((await ix('vk', '-o', key)).code).toBe(EXIT.ok)
    const { digest: own } = JSON.parse((await ix('vk', '--json')).out)
    expect(await info(key)).toMatchObject({ kind: 'verifying key', facts: { digest: own } })

    const snapshot = at('s.ixsnap')
    expect((await ix('check', 'Nat', '--incr-save', snapshot)).code).toBe(EXIT.ok)
    const saved = await info(snapshot)
    expect(saved).toMatchObject({ kind: 'snapshot', facts: { units: ['constants Nat'] } })
    expect(saved.facts.dependencies).toEqual(['environment'])
  })

  it.skipIf(skipReason !== undefined)('tells modules and exports, and which Lean made them', async () => {
    expect(await info(join(DATA, 'olean64', 'Main.olean'))).toMatchObject({
      kind: 'module',
      facts: { leanVersion: '4.29.1', wordBits: 64, gmp: true, parts: [] },
    })
    expect(await info(join(DATA, 'reproducers', 'R12Own.olean'))).toMatchObject({
      kind: 'module',
      facts: { leanVersion: '4.28.0-pre', wordBits: 32, parts: ['.server', '.private'] },
    })
    expect(await info(join(DATA, 'reproducers', 'R12Own.ndjson'))).toMatchObject({
      kind: 'export',
      facts: { format: '3.1.0', leanVersion: '4.28.0-pre' },
    })
  })

  it('refuses what it does not know and what is damaged', async () => {
    const cut = at('cut.ixe')
    writeFileSync(cut, readFileSync(inTree('test', 'lean', 'Twin.ixe')).subarray(0, 20))
    writeFileSync(at('empty'), '')
    writeFileSync(at('text'), 'some text')
    writeFileSync(at('object'), '{"a":1}\n')
    writeFileSync(at('olean'), 'olean\x02')
    writeFileSync(at('ixclaim'), 'ixclaim\x01')
    for (const [file, message] of [
      [cut, 'an address expected'],
      [at('empty'), 'not a module, an export, an environment'],
      [at('text'), 'not a module, an export, an environment'],
      [at('object'), 'the first line does not hold the "meta" record'],
      [at('olean'), 'olean'],
      [at('ixclaim'), 'ixclaim'],
      [folder, 'cannot read: it is not a file'],
      [at('absent'), 'cannot read: no such file or directory'],
    ] as const) {
      const { code, out, err } = await ix('info', file)
      expect({ code, out }).toEqual({ code: EXIT.undecided, out: '' })
      expect(err).toContain(`error: ${file}`)
      expect(err).toContain(message)
      expect(err).not.toContain('internal error')
    }
  })
})
