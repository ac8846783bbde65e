import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { run } from '../../cli/run.js'
import { Judge } from '../../docs/verifier/judge.js'
import { bytesInMemory } from '../../ixon/byte-source.js'
import { Environment } from '../../ixon/environment.js'
import { shardStatements } from '../../kernel/claim-arguments.js'
import { deriveKey } from '../../prover/derive-key.js'
import { encodeKey } from '../../prover/key-file.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { environmentGraph } from '../../shards/graph.js'
import { readManifest } from '../../shards/manifest.js'
import { block, fn, program, ret } from '../aiur/bytecode-builder.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-judge-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const TWIN = join(import.meta.dirname, '..', 'lean', 'Twin.ixe')

/** Accepts whatever it is given, under the name of the kernel's entry. */
const yes: Program = program(fn('verify_claim', 16, 0, block([], ret(0))))
/** Stands for the kernel: a program that does not accept everything. */
const kernel = program(fn('verify_claim', 16, 0, block([{ op: 'assertEq', xs: [0], ys: [1] }], ret(0))))
const other = program(fn('another', 8, 0, block([], ret(0))))
const keyOf = (p: Program) => encodeKey(deriveKey(layout(p)).key)

test('a key that somebody sent along with proofs does not speak for the kernel', async () => {
  const manifest = join(folder, 'twin.ixes')
  expect(await run(['shard', TWIN, '--shards', '2', '-o', manifest], bufferTerminal())).toBe(0)
  const environment = Environment.fromSource(bytesInMemory(readFileSync(TWIN), 'Twin.ixe'))
  const { shards } = shardStatements(
    environment,
    environmentGraph(environment),
    readManifest(readFileSync(manifest), 'twin.ixes'),
  )()
  const shapes = layout(yes)
  const key = deriveKey(shapes)
  const proofs = shards.map(({ inputs }) => {
    const io = new IoBuffer()
    const outcome = execute(yes, 0, [...inputs], io)
    if (!outcome.ok) throw outcome.error
    const call = { entry: 0, args: inputs, outputs: [], io }
    return prove(key, shapes, outcome.record, call, { parameters: parameters('fast') }).bytes
  })

  const judge = new Judge(keyOf(kernel), { reveal: keyOf(other), contains: keyOf(other) })
  judge.usePreset('fast')
  const add = (bytes: Uint8Array, label: string) => judge.add(bytesInMemory(bytes, label))
  add(readFileSync(TWIN), 'Twin.ixe')
  add(readFileSync(manifest), 'twin.ixes')
  proofs.forEach((proof, i) => {
    add(proof, `${i}.ixp`)
  })
  const rejected = judge.report()
  expect(rejected.proofs.map(p => [p.accepted, p.foreignKey])).toEqual([
    [false, null],
    [false, null],
  ])

  add(encodeKey(key.key), 'sent.ixvk')
  const report = judge.report()
  expect(report.proofs.map(p => [p.accepted, p.foreignKey])).toEqual([
    [true, 'sent.ixvk'],
    [true, 'sent.ixvk'],
  ])
  expect(report.library!.accepted).toBe(false)
  expect(report.library!.faults).toEqual(
    shards.map(
      ({ id }, i) =>
        `${i}.ixp (shard ${id}): judged by the key in sent.ixvk, which is not that of this page's kernel`,
    ),
  )
  // the page's own key, dropped as a file, is no other key
  const same = new Judge(keyOf(yes), { reveal: keyOf(other), contains: keyOf(other) })
  same.usePreset('fast')
  for (const [bytes, label] of [
    [readFileSync(TWIN), 'Twin.ixe'],
    [readFileSync(manifest), 'twin.ixes'],
    [encodeKey(key.key), 'kernel.ixvk'],
    [proofs[0]!, '0.ixp'],
    [proofs[1]!, '1.ixp'],
  ] as const)
    same.add(bytesInMemory(bytes, label))
  expect(same.report().library).toMatchObject({ accepted: true, faults: [] })
})
