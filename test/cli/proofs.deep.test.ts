import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openEnvironment } from '../../cli/environment.js'
import type { Assumption } from '../../kernel/assumption.js'
import { HEADER_AXIOM } from '../../kernel/assumptions.js'
import { ix } from './run-ix.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-proofs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'heq.ixp')

test('a constant is proven, and verified as what it is', async () => {
  const proven = await ix('prove', 'HEq', '-o', file, '--preset', 'fast', '--json')
  expect(proven.err).toBe('')
  expect(proven.code).toBe(0)
  const { bytes, key, security } = JSON.parse(proven.out)
  expect(bytes).toBe(readFileSync(file).length)
  expect(security.proven).toBeGreaterThanOrEqual(50)

  const accepted = await ix('verify', file, '--constant', 'HEq', '--preset', 'fast')
  expect(accepted.out).toContain(`kernel ${key}`)
  expect(accepted.out).toContain('accepted HEq')
  expect(accepted.code).toBe(0)
  expect((await ix('vk')).out).toContain(key)

  // another constant, and a verifier that asks for more security
  const other = await ix('verify', file, '--constant', 'Nat', '--preset', 'fast', '--json')
  expect(JSON.parse(other.out)).toMatchObject({ accepted: false, reason: 'the proof is about another claim' })
  expect(other.code).toBe(1)
  const weak = await ix('verify', file, '--constant', 'HEq')
  expect(weak.out).toContain('under other parameters')
  expect(weak.code).toBe(1)

  const changed = readFileSync(file)
  changed[changed.length >> 1]! ^= 1
  writeFileSync(file, changed)
  expect((await ix('verify', file, '--constant', 'HEq', '--preset', 'fast')).code).toBe(1)
})

test('all shards of an environment make one verdict', async () => {
  const ixe = join(import.meta.dirname, '..', 'lean', 'Twin.ixe')
  const ixes = join(folder, 'twin.ixes')
  expect((await ix('shard', ixe, '--shards', '4', '-o', ixes)).code).toBe(0)
  const library = ['--ixe', ixe, '--ixes', ixes, '--preset', 'fast']
  const proofs: string[] = []
  for (const shard of ['0', '1', '2', '3']) {
    const proof = join(folder, `shard${shard}.ixp`)
    const proven = await ix('prove', '--shard', shard, '-o', proof, ...library)
    expect(proven.code, proven.out + proven.err).toBe(0)
    proofs.push(proof)
  }
  const whole = await ix('verify', ...proofs, ...library)
  expect(whole.out).toContain('accepted all of the library: 4 shards proven')
  expect(whole.code).toBe(0)
  const answer = JSON.parse((await ix('verify', ...proofs, ...library, '--json')).out)
  // every axiom of the environment is assumed, and named
  const environment = openEnvironment(ixe)
  const axioms = [...environment.addresses()].filter(
    address => environment.bytes(address)[0] === HEADER_AXIOM,
  )
  expect(answer.assumptions.map((a: Assumption) => a.address)).toEqual(expect.arrayContaining(axioms))
  const shard = ['--shard', '0', '--json', ...library]
  const one = JSON.parse((await ix('verify', proofs[0]!, ...shard)).out)
  const checked = JSON.parse((await ix('check', '--shard', '0', '--ixe', ixe, '--ixes', ixes, '--json')).out)
  // the check knows which primitives computed, the verifier does not
  expect(one.assumptions).toEqual(expect.arrayContaining(checked.assumptions))
  expect(one.frontier).toBeGreaterThan(0)

  const faults = async (...files: string[]): Promise<string[]> => {
    const { code, out } = await ix('verify', ...files, ...library, '--json')
    expect(code).toBe(1)
    return JSON.parse(out).faults
  }
  expect(await faults(...proofs.slice(1))).toEqual(['shard 0 is not proven'])
  expect(await faults(...proofs, proofs[2]!)).toEqual([
    `shard 2 is proven more than once: ${proofs[2]}, ${proofs[2]}`,
  ])
  const foreign = join(folder, 'foreign.ixp')
  expect((await ix('prove', 'HEq', '-o', foreign, '--preset', 'fast')).code).toBe(0)
  const about = 'but about no shard of this library: say with --constant NAME'
  expect(await faults(...proofs, foreign)).toEqual([
    expect.stringContaining(`${foreign} is a valid proof of the kernel, ${about}`),
  ])
  const damaged = readFileSync(proofs[3]!)
  damaged[damaged.length - 1]! ^= 1
  writeFileSync(foreign, damaged)
  expect((await faults(...proofs.slice(0, 3), foreign))[0]).toContain('(shard 3)')
})
