// node docs/verifier/build.mjs [folder [key key key]]: bundles the page into its own folder or another one. verifier.js has
// the worker inside, kernel.js the verifying keys: of the kernel and of the programs of Reveal and Contains claims, in this
// order. kernel.ixvk is the first as a file. Without keys they are made, which needs `npm run build` before.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = path => fileURLToPath(new URL(path, import.meta.url))

const shared = {
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  legalComments: 'none',
  logLevel: 'warning',
}

// Modules that can read files by name are imported, and never asked to.
const withoutNode = {
  name: 'without-node',
  setup(b) {
    b.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'none' }))
    b.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const asCode = {
  name: 'as-code',
  setup(b) {
    b.onResolve({ filter: /\?code$/ }, ({ path }) => ({ path: here(path.slice(0, -5)), namespace: 'code' }))
    b.onLoad({ filter: /.*/, namespace: 'code' }, async ({ path }) => {
      const { outputFiles } = await build({
        ...shared,
        entryPoints: [path],
        inject: [here('./buffer.ts')],
        plugins: [withoutNode],
        write: false,
      })
      return { contents: outputFiles[0].text, loader: 'text' }
    })
  },
}

async function ownKeys() {
  const [{ keyOf }, { encodeKey }] = await Promise.all([
    import('../../dist/cli/proof/keys.js'),
    import('../../dist/prover/key-file.js'),
  ])
  const programs = ['check', 'reveal', 'contains']
  return Promise.all(programs.map(async program => encodeKey(await keyOf(program))))
}

const [folder, ...keyFiles] = process.argv.slice(2)
const target = resolve(folder ?? here('.'))
const keys = keyFiles.length === 0 ? await ownKeys() : keyFiles.map(file => readFileSync(file))
if (keys.length !== 3) throw new Error(`three keys are needed, ${keys.length} were given`)
// classic scripts: modules are refused when the page is opened as a file
await build({
  ...shared,
  entryPoints: [here('./page.ts')],
  outfile: join(target, 'verifier.js'),
  plugins: [asCode],
})
writeFileSync(join(target, 'kernel.ixvk'), keys[0])
const texts = keys.map(key => gzipSync(key, { level: 9 }).toString('base64'))
writeFileSync(join(target, 'kernel.js'), `globalThis.ixKeys = ${JSON.stringify(texts)}\n`)
if (folder !== undefined)
  for (const file of ['index.html', 'style.css']) copyFileSync(here(`./${file}`), join(target, file))
