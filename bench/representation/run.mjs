/**
 * Contexts with de Bruijn indices against typed free variables: one fragment of the kernel written both ways, run over
 * the same constants of an export. Prints rows and cost of both. Needs `npm run build`.
 *
 *     node bench/representation/run.mjs EXPORT.ndjson
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const built = process.env.IX_BUILD ?? join(root, 'dist')
const load = path => import(join(built, path))
const { compile } = await load('aiur/language/compile.js')
const { execute } = await load('aiur/vm/interpreter.js')
const { IoBuffer } = await load('aiur/vm/io.js')
const { layout } = await load('aiur/circuit/layout.js')
const { report } = await load('aiur/circuit/cost.js')
const { openNdjson } = await load('lean/ndjson/source.js')
const { displayName } = await load('lean/name.js')

const file = process.argv[2]
if (file === undefined) {
  console.error('usage: node bench/representation/run.mjs EXPORT.ndjson')
  process.exit(64)
}

/** Not in the fragment: literals, let, projections. */
class Outside extends Error {}

const source = openNdjson(file)
const names = [...source.names()]
const numbers = new Map(names.map((name, i) => [name, i]))

function levelWords(level, params) {
  switch (level.kind) {
    case 'zero':
      return [0]
    case 'succ':
      return [1, ...levelWords(level.pred, params)]
    case 'max':
      return [2, ...levelWords(level.left, params), ...levelWords(level.right, params)]
    case 'imax':
      return [3, ...levelWords(level.left, params), ...levelWords(level.right, params)]
    default:
      return [4, params.indexOf(displayName(level.name))]
  }
}

function termWords(term, params) {
  switch (term.kind) {
    case 'bvar':
      return [0, term.index]
    case 'sort':
      return [2, ...levelWords(term.level, params)]
    case 'const': {
      const levels = term.levels.flatMap(level => levelWords(level, params))
      return [3, numbers.get(displayName(term.name)), term.levels.length, ...levels]
    }
    case 'app':
      return [4, ...termWords(term.fn, params), ...termWords(term.arg, params)]
    case 'lam':
      return [5, ...termWords(term.type, params), ...termWords(term.body, params)]
    case 'forall':
      return [6, ...termWords(term.type, params), ...termWords(term.body, params)]
    case 'mdata':
      return termWords(term.expr, params)
    default:
      throw new Outside()
  }
}

const entries = names.map(name => {
  const declaration = source.get(name)
  const params = declaration.levelParams.map(displayName)
  try {
    const type = termWords(declaration.type, params)
    if (declaration.value === undefined) return [0, ...type]
    return [1, ...type, ...termWords(declaration.value, params)]
  } catch (error) {
    if (error instanceof Outside) return undefined
    throw error
  }
})

/** The given constants keep their values, the others count as axioms. */
function ioWith(keep) {
  const buffer = new IoBuffer()
  names.forEach((_, i) => {
    const words = entries[i] ?? [0, 2, 0]
    buffer.put(0, [i], keep(i) ? words : [0, ...words.slice(1)])
  })
  return buffer
}

const text = (folder, name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })
const programOf = (name, overlay) =>
  compile(
    [
      ...['types.aiur', 'lists.aiur', 'levels.aiur'].map(kernel => text(join(root, 'kernel'), kernel)),
      text(here, 'common.aiur'),
      text(here, name),
    ],
    { roots: ['run', 'run_one'], overlay: overlay === undefined ? [] : [text(here, overlay)] },
  )
const representations = [
  { name: 'contexts', program: programOf('contexts.aiur') },
  { name: 'free variables, binder by binder', program: programOf('free-variables.aiur') },
  { name: 'free variables, telescopes', program: programOf('free-variables.aiur', 'telescopes.aiur') },
]

const runOne = (program, i) =>
  execute(
    program,
    'run_one',
    [BigInt(i)],
    ioWith(() => true),
    { rows: 5_000_000 },
  )
const costOf = (program, record) => report(layout(program), record)

// The fragment has no iota, so what rests on reduction of recursors drops out, alike in both.
const chosen = []
for (let i = 0; i < names.length; i++) {
  if (entries[i] === undefined || entries[i][0] === 0) continue
  const outcomes = representations.map(({ program }) => runOne(program, i))
  if (outcomes.every(outcome => outcome.ok)) chosen.push({ i, outcomes })
  else if (outcomes.some(outcome => outcome.ok))
    console.log(
      `${names[i]}: only one representation accepts it`,
      outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error.message)),
    )
}

console.log(
  `${chosen.length} of ${entries.filter(entry => entry?.[0] === 1).length} constants with a value are in the fragment`,
)
const rows = representations.map(({ name, program }, r) => {
  let each = 0
  let eachRows = 0
  for (const { outcomes } of chosen) {
    const cost = costOf(program, outcomes[r].record)
    each += cost.cost.total - cost.cost.floor
    eachRows += cost.rows
  }
  // All in one execution: what they share is paid once.
  const together = execute(
    program,
    'run',
    [BigInt(names.length)],
    ioWith(i => chosen.some(one => one.i === i)),
    { rows: 20_000_000 },
  )
  if (!together.ok) throw together.error
  const cost = costOf(program, together.record)
  return {
    name,
    each,
    eachRows,
    total: cost.cost.total - cost.cost.floor,
    rows: cost.rows,
    circuits: cost.circuits,
  }
})

for (const { name, each, eachRows, total, rows: all, circuits } of rows) {
  console.log(
    `\n${name}: one by one ${eachRows} rows, ${(each / 1e6).toFixed(2)} M; together ${all} rows, ${(total / 1e6).toFixed(2)} M`,
  )
  for (const circuit of circuits.slice(0, 12))
    console.log(
      `  ${circuit.name.padEnd(28)} width ${String(circuit.width).padStart(4)} rows ${String(circuit.rows).padStart(6)} cost ${(circuit.cost / 1e6).toFixed(3)} M`,
    )
}
