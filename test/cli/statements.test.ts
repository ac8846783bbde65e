/** `ix reveal` and `ix contains`, and their proofs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundledEnvironment, bundledManifest } from '../../cli/bundled.js'
import { EXIT } from '../../cli/exit.js'
import { claimDigest, readClaim } from '../../shards/claim.js'
import { claimInWords, type Statement } from '../../shards/claim-words.js'
import { claimHeader, readClaimedProof } from '../../shards/claimed-proof.js'
import { openManifest } from '../../shards/manifest.js'
import { ix } from './run-ix.js'

const environment = bundledEnvironment()
const TWIN = join(import.meta.dirname, '..', 'lean', 'Twin.ixe')
const owner = (name: string): number => {
  const block = environment.blockOf(environment.addressOf(name)!)
  return openManifest(bundledManifest()).shards.find(({ blocks }) => blocks.includes(block))!.id
}

test('kind and safety of a definition', async () => {
  const { code, out } = await ix('reveal', 'Nat.add', '--field', 'kind', '--field', 'safety', '--constraints')
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('is a definition\n  kind: definition\n  safety: safe\n')
  expect(out).toContain('not revealed: levels, type, value\n')
  expect(out).toContain('all constraints hold')
})

test('the claim that --json prints is that of its bytes, in words', async () => {
  const { code, out } = await ix('reveal', environment.blockOf(environment.addressOf('Nat')!), '--json')
  expect(code).toBe(EXIT.ok)
  const { claim, bytes, digest, accepted } = JSON.parse(out)
  expect(accepted).toBe(true)
  const read = readClaim(Buffer.from(bytes, 'hex'))
  expect(claimInWords(read as Statement)).toEqual(claim)
  expect(claimDigest(read)).toBe(digest)
  expect(claim.constant.members[0]).toMatchObject({
    kind: 'inductive',
    fields: {
      unsafe: false,
      constructors: [{ fields: { unsafe: false, fields: 0 } }, { fields: { cidx: 1 } }],
    },
  })
})

test.each([
  ['Twin.add_comm', { kind: 'definition', fields: { kind: 'theorem', safety: 'safe' } }],
  ['Quot.lift', { kind: 'quotient', fields: { kind: 'lift' } }],
  ['propext', { kind: 'axiom', fields: { unsafe: false } }],
  ['HEq.rec', { kind: 'recursor', fields: { k: true, unsafe: false } }],
])('words for the fields of %s', async (name, constant) => {
  const { out } = await ix('reveal', name, '--json', ...(name.startsWith('Twin') ? ['--ixe', TWIN] : []))
  expect(JSON.parse(out).claim.constant).toMatchObject(constant)
})

test('a block by its address', async () => {
  const block = environment.blockOf(environment.addressOf('Nat')!)
  const { code, out } = await ix('reveal', block, '--field', 'params')
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('0: inductive\n    params: 0\n')
})

test('fields that there are not, and constants', async () => {
  const field = await ix('reveal', 'Nat.add', '--field', 'rules')
  expect(field.code).toBe(EXIT.usage)
  expect(field.err).toContain('no field rules: a definition has kind, safety, levels, type, value')
  expect((await ix('reveal', 'Nat.ad')).code).toBe(EXIT.undecided)
  expect((await ix('reveal', '00'.repeat(32))).err).toContain('no constant has the address')
})

test('what a shard owns, and what it does not', async () => {
  const id = owner('Nat.add')
  const { code, out } = await ix('contains', 'Nat.add', '--shard', String(id))
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('accepted')
  const other = await ix('contains', 'Nat.add', '--shard', String(id === 10 ? 11 : 10))
  expect(other.code).toBe(EXIT.undecided)
  expect(other.err).toContain('does not own Nat.add')
})

describe('proofs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ix-statements-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string): string => join(folder, name)
  const manifest = file('twin.ixes')
  const twin = ['--ixe', TWIN, '--ixes', manifest]
  let shard: string
  /** Without an environment unless one is named: a file that is not there is never opened. */
  const verify = (name: string, ...more: string[]) =>
    ix('verify', file(name), '--preset', 'fast', ...(more.length > 0 ? more : ['--ixe', file('absent.ixe')]))
  const write = (name: string, ...parts: Uint8Array[]) => writeFileSync(file(name), Buffer.concat(parts))
  const parts = (name: string) => readClaimedProof(readFileSync(file(name)))

  beforeAll(async () => {
    expect((await ix('shard', TWIN, '--shards', '2', '-o', manifest)).code).toBe(EXIT.ok)
    const contains = async (id: string) =>
      ix('contains', 'Nat.add', '--shard', id, ...twin, '--prove', file('contains.ixp'), '--preset', 'fast')
    shard = (await contains('0')).code === EXIT.ok ? '0' : '1'
    if (shard === '1') expect((await contains('1')).code).toBe(EXIT.ok)
    const fields = ['--field', 'kind', '--field', 'safety', '--field', 'type']
    const proven = await ix(
      'reveal',
      'Twin.add_comm',
      ...fields,
      ...['--ixe', TWIN, '--prove', file('reveal.ixp'), '--preset', 'fast', '--json'],
    )
    const { accepted, proof, bytes } = JSON.parse(proven.out)
    expect(accepted).toBe(true)
    expect(proof).toMatchObject({ file: file('reveal.ixp'), bytes: readFileSync(file('reveal.ixp')).length })
    expect(proof.parts.claim).toBe(claimHeader(parts('reveal.ixp').claim).length)
    expect(readClaim(Buffer.from(bytes, 'hex'))).toEqual(parts('reveal.ixp').claim)
  }, 120_000)

  test('of fields say which, without the constant', async () => {
    const { code, out } = await verify('reveal.ixp')
    expect(code).toBe(EXIT.ok)
    expect(out).toContain('is a definition\n  kind: theorem\n  safety: safe\n  type: ')
    expect(out).toContain('not revealed: levels, value\n')
    expect(out).toContain('hides the witness')
    expect(out).toContain('accepted')
    const json = JSON.parse((await verify('reveal.ixp', '--json')).out)
    expect(json).toMatchObject({ accepted: true, claim: { constant: { fields: { kind: 'theorem' } } } })
    expect(json.key).toBe((await ix('vk', '--claim', 'reveal')).out.split('\n')[0])
    const named = await verify('reveal.ixp', '--ixe', TWIN, '--constant', 'Twin.add_comm')
    expect(named.code).toBe(EXIT.ok)
    const other = await verify('reveal.ixp', '--ixe', TWIN, '--constant', 'Twin.symm')
    expect(other.code).toBe(EXIT.rejected)
    expect(other.out).toContain('about another constant than Twin.symm')
    expect((await verify('reveal.ixp', '--shard', '0')).code).toBe(EXIT.usage)
    expect((await ix('verify', file('reveal.ixp'))).out).toContain('under other parameters')
  })

  test('of a leaf say of which tree, without the tree', async () => {
    const { code, out } = await verify('contains.ixp')
    expect(code).toBe(EXIT.ok)
    expect(out).toContain('is a leaf of the tree')
    const asked = await verify('contains.ixp', ...twin, '--constant', 'Nat.add', '--shard', shard)
    expect(asked.code).toBe(EXIT.ok)
    const elsewhere = await verify('contains.ixp', ...twin, '--shard', shard === '0' ? '1' : '0')
    expect(elsewhere.code).toBe(EXIT.rejected)
    expect(elsewhere.out).toContain('another tree than that of shard')
    expect((await verify('contains.ixp', ...twin, '--constant', 'Nat')).code).toBe(EXIT.rejected)
  })

  test('of another claim are rejected', async () => {
    const { claim, proof } = parts('reveal.ixp')
    if (claim.kind !== 'reveal' || claim.constant.kind === 'block') throw new Error('another claim')
    const { fields } = claim.constant
    const changed = (more: object): Uint8Array =>
      claimHeader({ ...claim, constant: { kind: 'definition', fields: { ...fields, ...more } } })
    const lies = [
      changed({ kind: 0 }),
      changed({ safety: 0 }),
      changed({ type: '00'.repeat(32) }),
      changed({ levels: 0 }),
      claimHeader({ ...claim, commitment: environment.addressOf('Nat.add')! }),
    ]
    for (const lie of lies) {
      write('lie.ixp', lie, proof)
      const { code, out } = await verify('lie.ixp')
      expect(code).toBe(EXIT.rejected)
      expect(out).toContain('the proof is about another claim')
    }
    const contained = parts('contains.ixp')
    if (contained.claim.kind !== 'contains') throw new Error('another claim')
    for (const lie of [
      { ...contained.claim, constant: environment.addressOf('Nat.succ')! },
      { ...contained.claim, tree: '11'.repeat(32) },
    ]) {
      write('lie.ixp', claimHeader(lie), contained.proof)
      expect((await verify('lie.ixp')).code).toBe(EXIT.rejected)
    }
  })

  test('of the other program, and of the kernel, are rejected', async () => {
    const [reveal, contains] = [parts('reveal.ixp'), parts('contains.ixp')]
    write('swapped.ixp', claimHeader(contains.claim), reveal.proof)
    expect((await verify('swapped.ixp')).out).toContain('made for another verifying key')
    write('swapped.ixp', claimHeader(reveal.claim), contains.proof)
    const swapped = await verify('swapped.ixp')
    expect(swapped.code).toBe(EXIT.rejected)
    expect(swapped.out).toContain('made for another verifying key')
    write('bare.ixp', reveal.proof)
    const bare = await verify('bare.ixp', '--ixe', TWIN, '--constant', 'Twin.add_comm')
    expect(bare.code).toBe(EXIT.rejected)
    expect(bare.out).toContain('made for another verifying key')
    const several = await ix('verify', file('reveal.ixp'), file('contains.ixp'))
    expect(several.code).toBe(EXIT.undecided)
    expect(several.err).toContain('verified by itself')
  })

  test('with a changed, a missing or one more byte are rejected', async () => {
    for (const name of ['reveal.ixp', 'contains.ixp']) {
      const bytes = readFileSync(file(name))
      // Of the claim's header, the claim, and a piece of every part of the proof.
      for (let at = 0; at < bytes.length; at += at < 96 ? 5 : Math.ceil(bytes.length / 12)) {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= 1
        write('damaged.ixp', damaged)
        expect((await verify('damaged.ixp')).code, `${name}, byte ${at}`).not.toBe(EXIT.ok)
      }
      for (const damaged of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])]) {
        write('damaged.ixp', damaged)
        expect((await verify('damaged.ixp')).code).toBe(EXIT.rejected)
      }
    }
  })
})

test('options of a proof need --prove', async () => {
  const { code, err } = await ix('reveal', 'Nat.add', '--transparent')
  expect(code).toBe(EXIT.usage)
  expect(err).toContain('prove')
})
