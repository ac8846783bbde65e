/** `ix aiur prove` and `ix aiur verify`. */
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { InputError } from '../../lean/input-error.js'
import { deriveKey } from '../../prover/derive-key.js'
import type { Preset } from '../../prover/parameters.js'
import { compileFile, entryOf, fieldElement, type SourceOptions } from '../aiur-source.js'
import type { Context } from '../context.js'
import { EXIT } from '../exit.js'
import { requireWritable } from '../writable.js'
import { printSecurity, proverParameters, proverThreads, securityJson } from './parameters.js'
import { readProof, requiredParameters, verifyProof } from './read-proof.js'
import { writeProof } from './write-proof.js'

interface ProveOptions extends SourceOptions {
  _: (string | number)[]
  args: string[]
  entry: string | undefined
  preset: Preset
  transparent: boolean | undefined
  out: string
  jobs: number | undefined
}

export async function proveProgram(options: ProveOptions, context: Context): Promise<void> {
  requireWritable(options.out)
  const jobs = proverThreads(options)
  // What follows `--` is not among the positional arguments.
  const args = [...options.args, ...options._.slice(2).map(String)].map(fieldElement)
  const program = compileFile(options)
  const entry = entryOf(program, options.entry)
  const io = new IoBuffer()
  const outcome = execute(program, entry, args, io, {
    onProgress: ({ rows }) => context.progress.update(`Running ${entry}`, rows, 0, 'rows'),
  })
  context.progress.stop()
  if (!outcome.ok) {
    context.exitCode = EXIT.rejected
    if (options.json === true) context.printJson({ entry, args, error: outcome.error.reason })
    context.note(`${context.colors.red('error:')} ${outcome.error.message}`)
    return
  }
  const { outputs, record } = outcome
  const label = `${entry}(${args.join(', ')}) = ${outputs.join(', ') || '()'}`
  const { out, json } = options
  const run = { layout: layout(program), record, call: { entry, args, outputs, io } }
  await writeProof(run, { label, out, json, parameters: proverParameters(options), jobs }, context)
}

export function verifyProgram(
  options: SourceOptions & { proof: string; preset: Preset },
  context: Context,
): void {
  const proof = readProof(options.proof)
  if (proof.statement !== undefined)
    throw new InputError('a proof of a claim about a constant: ix verify takes it', { file: proof.file })
  const { key } = deriveKey(layout(compileFile(options)))
  const { claim } = proof.header
  const verdict = verifyProof(key, proof, claim, options.preset)
  context.exitCode = verdict.accepted ? EXIT.ok : EXIT.rejected
  const entry = key.entries.find(e => e.index === claim.entry)?.name ?? `function ${claim.entry}`
  const call = { entry, args: claim.inputs, outputs: claim.outputs }
  const { colors } = context
  if (options.json === true) {
    const details = verdict.accepted
      ? { security: securityJson(verdict.security) }
      : { reason: verdict.reason }
    context.printJson({ file: proof.file, accepted: verdict.accepted, ...call, ...details })
  } else if (verdict.accepted) {
    printSecurity(verdict.security, requiredParameters(proof, options.preset), context)
    const text = `${entry}(${claim.inputs.join(', ')}) = ${claim.outputs.join(', ') || '()'}`
    context.print(`${colors.bold(colors.green('accepted'))} ${text}`)
  } else context.print(`${colors.bold(colors.red('rejected'))} ${proof.file}: ${verdict.reason}`)
}
