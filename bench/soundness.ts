/**
 * npm run bench:soundness -- FILE.ixp...: the soundness budget of proofs of the kernel, term by term, as a table in Markdown. It
 * is computed from what a proof's header fixes; the proof itself is not verified.
 */
import { keyOf } from '../cli/proof/keys.js'
import { readProof } from '../cli/proof/read-proof.js'
import { shapeOf } from '../prover/shape.js'
import { table } from './measure.js'
import { soundnessBudget } from './soundness-budget.js'

const key = await keyOf('check')
const files = process.argv.slice(2)
if (files.length === 0) throw new Error('npm run bench:soundness -- FILE.ixp...')
for (const file of files) {
  const { header } = readProof(file)
  const shape = shapeOf(key, header.heights, header.parameters)
  const budget = soundnessBudget(shape, key.entries, header.parameters)
  const { terms, proven } = shape.security
  const rows = budget.map(t => [
    t.name,
    t.challenge,
    t.counted,
    t.bad === null ? '' : t.bad.toLocaleString('en'),
    t.bits.toFixed(2),
    String(t.work),
    (t.bits + t.work).toFixed(2),
    terms[t.name].toFixed(2),
  ])
  const rest = shape.active.reduce((sum, a) => sum + 2 ** a.logHeight, 0)
  console.log(
    `${file}: ${shape.active.length} circuits, ${rest.toLocaleString('en')} rows with padding, ` +
      `stated: ${proven.toFixed(1)} bits proven\n`,
  )
  console.log(table(['term', 'challenge', 'counted', 'bad', 'bits', 'work', 'sum', 'stated'], rows))
}
