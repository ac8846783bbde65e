/** `ix prove --allow` and `ix verify --allow`: what is trusted is part of the claim. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { keyOf } from '../../cli/proof/keys.js'
import { Judge } from '../../docs/verifier/judge.js'
import { bytesInMemory } from '../../ixon/byte-source.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { writeEnvironment } from '../../ixon/ixe-write.js'
import { callSubject } from '../../kernel/claim-arguments.js'
import type { Declaration } from '../../lean/declaration.js'
import { encodeKey } from '../../prover/key-file.js'
import { parameters } from '../../prover/parameters.js'
import { inspect, verify } from '../../prover/verify.js'
import { app, axiom, c, definition, pi, sourceOf, v } from '../ixon/declarations.js'
import { PROP } from '../kernel/inductive-types.js'
import { ix } from './run-ix.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-allow-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)
const IXE = file('trust.ixe')
const IXES = file('trust.ixes')
const NAME = 'Lean.ofReduceBool'
const ALLOW = ['--allow', NAME]
const FAST = ['--preset', 'fast', '--transparent']

const DECLARATIONS: Declaration[] = [
  axiom('A', PROP),
  axiom(NAME, pi(PROP, v(0))),
  axiom('Lean.ofReduceNat', pi(PROP, pi(PROP, v(0)))),
  definition('Proved', c('A'), app(c(NAME), c('A'))),
]

const target = () => {
  const environment = Environment.open(IXE)
  return {
    environment,
    target: { kind: 'constants', addresses: [environment.addressOf('Proved')!] } as const,
  }
}

beforeAll(async () => {
  writeEnvironment(IXE, compileEnvironment(sourceOf(...DECLARATIONS), {}))
  const proven = await ix('prove', 'Proved', '--ixe', IXE, '-o', file('proved.ixp'), ...FAST, ...ALLOW)
  expect(proven.code, proven.out + proven.err).toBe(EXIT.ok)
  expect(proven.out).toContain(`allowed: ${NAME}`)
  expect((await ix('shard', IXE, '--shards', '1', '-o', IXES)).code).toBe(EXIT.ok)
  const shard = ['--ixe', IXE, '--ixes', IXES, '--shard', '0', '-o', file('shard.ixp'), ...FAST]
  expect((await ix('prove', ...shard, ...ALLOW)).code).toBe(EXIT.ok)
}, 120_000)

test('is needed to prove', async () => {
  const refused = await ix('prove', 'Proved', '--ixe', IXE, '-o', file('none.ixp'), ...FAST)
  expect(refused.code).toBe(EXIT.undecided)
  expect(refused.out).toContain(`Proved: it rests on ${NAME}`)
  const other = ['--allow', 'Lean.ofReduceNat']
  expect((await ix('prove', 'Proved', '--ixe', IXE, '-o', file('none.ixp'), ...FAST, ...other)).code).toBe(
    EXIT.undecided,
  )
})

test('is needed to verify, and said', async () => {
  const verifying = ['verify', file('proved.ixp'), '--ixe', IXE, '--constant', 'Proved', '--preset', 'fast']
  const accepted = await ix(...verifying, ...ALLOW)
  expect(accepted.out).toContain(`allowed: ${NAME}\n`)
  expect(accepted.code).toBe(EXIT.ok)
  expect(JSON.parse((await ix(...verifying, ...ALLOW, '--json')).out)).toMatchObject({ allowed: [NAME] })
  const refused = await ix(...verifying)
  expect(refused.code).toBe(EXIT.undecided)
  expect(refused.err).toContain(`constant Proved: it rests on ${NAME}`)
  // More may be allowed than is rested on: the claim is about the latter.
  expect((await ix(...verifying, ...ALLOW, '--allow', 'Lean.ofReduceNat')).code).toBe(EXIT.ok)
})

test('is part of the claim: no proof with it passes for one without', async () => {
  const key = await keyOf('check')
  const bytes = readFileSync(file('proved.ixp'))
  const { claim } = inspect(bytes)
  const fast = parameters('fast', { hiding: false })
  const { environment, target: subject } = target()
  const allowed = callSubject(environment, subject, [NAME])
  expect(claim.inputs).toEqual(allowed.inputs)
  expect(verify(key, claim, bytes, fast).accepted).toBe(true)
  // Without the name in the table, its entry is empty: what a kernel that asks nobody would claim.
  const without = callSubject(environment, { kind: 'constants', addresses: [environment.addressOf('A')!] })
  expect(without.allowed).toEqual([])
  const inputs = [...claim.inputs.slice(0, 8), ...without.inputs.slice(8)]
  expect(inputs).not.toEqual(claim.inputs)
  expect(verify(key, { ...claim, inputs }, bytes, fast)).toMatchObject({
    accepted: false,
    reason: 'the proof is about another claim',
  })
})

test('is needed for a library, and said', async () => {
  const verifying = ['verify', file('shard.ixp'), '--ixe', IXE, '--ixes', IXES, '--preset', 'fast']
  const accepted = await ix(...verifying, ...ALLOW)
  expect(accepted.code, accepted.out).toBe(EXIT.ok)
  expect(accepted.out).toContain(`allowed: ${NAME}\n`)
  expect((await ix(...verifying)).code).toBe(EXIT.undecided)
  // A table of a library has all of the allowed that the library has.
  const more = await ix(...verifying, ...ALLOW, '--allow', 'Lean.ofReduceNat')
  expect(more.code).toBe(EXIT.rejected)
  expect((await ix(...verifying, '--shard', '0', ...ALLOW)).code).toBe(EXIT.ok)
  expect((await ix(...verifying, '--shard', '0')).code).toBe(EXIT.undecided)
})

test('is named by the page', async () => {
  const key = async (program: Parameters<typeof keyOf>[0]) => encodeKey(await keyOf(program))
  const judge = new Judge(await key('check'), {
    reveal: await key('reveal'),
    contains: await key('contains'),
  })
  judge.usePreset('fast')
  for (const name of ['proved.ixp', 'shard.ixp', 'trust.ixe', 'trust.ixes'])
    judge.add(bytesInMemory(new Uint8Array(readFileSync(file(name))), name))
  const { proofs, library } = judge.report()
  expect(proofs.map(({ accepted, about }) => [accepted, about])).toEqual([
    [true, `Proved, allowing ${NAME}`],
    [true, `shard 0: 4 constants, allowing ${NAME}`],
  ])
  expect(library).toMatchObject({ accepted: true, rests: { allowed: [NAME] } })
  expect(proofs.map(({ rests }) => rests?.allowed)).toEqual([[NAME], [NAME]])
  // the same assumptions as on the command line
  const ofLibrary = [file('shard.ixp'), '--ixe', IXE, '--ixes', IXES]
  for (const [rests, asked] of [
    [proofs[0]!.rests, [file('proved.ixp'), '--ixe', IXE, '--constant', 'Proved']],
    [proofs[1]!.rests, [...ofLibrary, '--shard', '0']],
    [library!.rests, ofLibrary],
  ] as const) {
    const { out } = await ix('verify', ...asked, '--preset', 'fast', '--json', ...ALLOW)
    expect(rests!.assumptions.length).toBeGreaterThan(1)
    expect(JSON.parse(out).assumptions).toEqual(rests!.assumptions)
  }
})
