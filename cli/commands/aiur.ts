import { readFileSync } from 'node:fs'
import type { Argv } from 'yargs'
import type { Program } from '../../aiur/bytecode.js'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { type CostModel, report } from '../../aiur/circuit/cost.js'
import { gadgets } from '../../aiur/circuit/gadgets.js'
import { type CircuitShape, type FunctionLayout, type Layout, layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { normalise } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { InputError } from '../../lean/input-error.js'
import type { Context } from '../context.js'
import { costJson, printCost } from '../cost.js'
import { EXIT, UsageError } from '../exit.js'
import { count, duration, plural } from '../format.js'
import { limitOptions, limitsOf } from '../limits.js'
import { table } from '../table.js'

const MODELS: readonly CostModel[] = ['transforms', 'rows']

/** Commands for people who write Aiur. */
export function addAiur(parser: Argv, context: Context): void {
  parser.command('aiur', 'Compile, inspect and run programs in the Aiur language', args =>
    args
      .command(
        'check <file>',
        'Type-check and compile a program',
        sub =>
          sourceOptions(sub).example(
            '$0 aiur check kernel.aiur',
            'Report the first error, or what was compiled',
          ),
        options => checkProgram(options, context),
      )
      .command(
        'layout <file>',
        'Show the circuits of a program: columns, lookups, degrees, widths',
        sub =>
          sourceOptions(sub)
            .option('ranks', {
              type: 'boolean',
              default: true,
              describe: 'Columns that make recursive calls well-founded (--no-ranks leaves them out)',
            })
            .example(
              '$0 aiur layout add.aiur',
              'What each function costs per row, and what it pays for ranks',
            )
            .example('$0 aiur layout add.aiur --no-ranks', 'Widths as the reference computes them'),
        options => showLayout(options, context),
      )
      .command(
        'run <file> [args..]',
        'Run an entry function on field elements and price the execution',
        sub =>
          limitOptions(sourceOptions(sub))
            .positional('args', {
              type: 'string',
              array: true,
              default: [] as string[],
              describe: 'Field elements: decimal, 0x hexadecimal, or negative',
            })
            .option('entry', {
              type: 'string',
              describe: 'Function to run (default: the only entry, or main)',
            })
            .option('ranks', {
              type: 'boolean',
              default: true,
              describe: 'Lay out with ranks (--no-ranks: without)',
            })
            .option('cost', { choices: MODELS, default: 'transforms' as CostModel, describe: 'Cost model' })
            .option('constraints', {
              type: 'boolean',
              describe: 'Evaluate every constraint on every row and balance all lookups',
            })
            .example('$0 aiur run factorial.aiur 10', 'Outputs and the cost table')
            .example('$0 aiur run factorial.aiur 10 --constraints', 'The same, with the circuits checked'),
        options => runProgram(options, context),
      )
      .example('$0 aiur run factorial.aiur 10', 'Run a program and show what proving it would cost')
      .demandCommand(1, 'one of check, layout, run is needed'),
  )
}

interface SourceOptions {
  file: string
  syntax: 'ix' | 'reference'
  json: boolean | undefined
}

function sourceOptions<T>(args: Argv<T>) {
  return args
    .positional('file', { type: 'string', demandOption: true, describe: 'Aiur source' })
    .option('syntax', {
      choices: ['ix', 'reference'] as const,
      default: 'ix' as const,
      describe: 'How chains of + and - are read',
    })
    .option('json', { type: 'boolean', describe: 'Print one JSON object' })
}

function compileFile({ file, syntax }: SourceOptions): Program {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`cannot read the source: ${(error as Error).message}`, { file })
  }
  return compile([{ name: file, text }], { syntax })
}

function checkProgram(options: SourceOptions, context: Context): void {
  const program = compileFile(options)
  const functions = program.functions.length
  const circuits = program.functions.filter(f => f.constrained).length
  const entries = program.functions.filter(f => f.entry).map(f => f.name)
  if (options.json === true) {
    context.printJson({ file: options.file, functions, circuits, memories: program.memorySizes, entries })
    return
  }
  context.print(
    `${options.file}: ${plural(functions, 'function')}, ${plural(circuits, 'function circuit')}, ` +
      `${program.memorySizes.length} memory sizes, entries: ${entries.join(', ') || 'none'}`,
  )
}

function shapeJson({ name, main, lookups, stage2, quotientDegree, width }: CircuitShape) {
  return { name, main, lookups, stage2, quotientDegree, width }
}

function showLayout(options: SourceOptions & { ranks: boolean }, context: Context): void {
  const result = layout(compileFile(options), { ranks: options.ranks })
  if (options.json === true) {
    context.printJson({
      functions: result.functions.map(
        ({
          name,
          inputs,
          selectors,
          auxiliaries,
          lookups,
          main,
          stage2,
          quotientDegree,
          width,
          unranked,
        }) => ({
          name,
          inputs,
          selectors,
          auxiliaries,
          lookups,
          main,
          stage2,
          quotientDegree,
          width,
          ranks: width - unranked.width,
        }),
      ),
      memories: result.memories.map(memory => ({ size: memory.size, ...shapeJson(memory) })),
      gadgets: gadgets(result).map(shapeJson),
    })
    return
  }
  printLayout(result, context)
}

function printLayout(result: Layout, context: Context): void {
  const numbers = (...values: number[]): string[] => values.map(count)
  const functionRow = (f: FunctionLayout): string[] => [
    f.name,
    ...numbers(f.inputs, f.selectors, f.auxiliaries, f.lookups, f.main, f.stage2, f.quotientDegree, f.width),
    count(f.width - f.unranked.width),
  ]
  const shapeRow = (shape: CircuitShape): string[] => [
    shape.name,
    '',
    '',
    '',
    ...numbers(shape.lookups, shape.main, shape.stage2, shape.quotientDegree, shape.width),
    '',
  ]
  const titles = ['circuit', 'in', 'sel', 'aux', 'lookups', 'main', 'stage2', 'q', 'width', 'ranks']
  context.terminal.stdout.write(
    table(
      titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      [
        ...result.functions.map(functionRow),
        ...result.memories.map(shapeRow),
        ...gadgets(result).map(shapeRow),
      ],
      context.colors,
    ),
  )
  const sum = (shapes: readonly CircuitShape[]): number => shapes.reduce((total, s) => total + s.width, 0)
  const ranks = result.functions.reduce((total, f) => total + f.width - f.unranked.width, 0)
  context.print(
    `width ${count(sum(result.functions) + sum(result.memories) + sum(gadgets(result)))}: functions ` +
      `${count(sum(result.functions))} (ranks ${count(ranks)}), memories ${count(sum(result.memories))}, ` +
      `gadgets ${count(sum(gadgets(result)))}`,
  )
}

function fieldElement(text: string): bigint {
  if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) throw new UsageError(`"${text}" is not a field element`)
  const negative = text.startsWith('-')
  const value = BigInt(negative ? text.slice(1) : text)
  return normalise(negative ? -value : value)
}

function entryOf(program: Program, asked: string | undefined): string {
  const entries = program.functions.filter(f => f.entry)
  if (asked !== undefined) return asked
  if (entries.length === 1) return entries[0]!.name
  if (entries.some(f => f.aliases.includes('main'))) return 'main'
  const names = entries.flatMap(f => f.aliases)
  throw new UsageError(
    names.length === 0
      ? 'the program has no entry function (pub fn)'
      : `--entry is needed: one of ${names.join(', ')}`,
  )
}

type RunOptions = SourceOptions &
  Parameters<typeof limitsOf>[0] & {
    _: (string | number)[]
    args: string[]
    entry: string | undefined
    ranks: boolean
    cost: CostModel
    constraints: boolean | undefined
  }

function runProgram(options: RunOptions, context: Context): void {
  const limits = limitsOf(options)
  // What follows `--` is not among the positional arguments.
  const args = [...options.args, ...options._.slice(2).map(String)].map(fieldElement)
  const program = compileFile(options)
  const entry = entryOf(program, options.entry)
  const io = new IoBuffer()
  const started = performance.now()
  const outcome = execute(program, entry, args, io, {
    ...(limits.rows === undefined ? {} : { rows: limits.rows }),
    ...(limits.memory === undefined ? {} : { memoryBytes: limits.memory }),
    ...(limits.seconds === undefined ? {} : { timeoutMs: 1000 * limits.seconds }),
    onProgress: ({ rows }) => context.progress.update(`Running ${entry}`, rows, 0, 'rows'),
    onDebug: (label, values) => context.note(`${label}${values.length > 0 ? `: ${values.join(', ')}` : ''}`),
  })
  context.progress.stop()
  const seconds = (performance.now() - started) / 1000
  const shapes = layout(program, { ranks: options.ranks })
  const failed = (reason: string, exitCode: typeof context.exitCode, details: string): void => {
    context.exitCode = exitCode
    if (options.json === true)
      context.printJson({ entry, args, error: reason, exitCode, seconds: { execute: seconds } })
    context.note(`${context.colors.red('error:')} ${details}`)
  }
  if (!outcome.ok) {
    const { error } = outcome
    const undecided = error.limit || error.kind === 'notEntry' || error.kind === 'arity'
    failed(error.reason, undecided ? EXIT.undecided : EXIT.rejected, error.message)
    return
  }
  if (options.constraints === true) {
    const call = { entry, args, outputs: outcome.outputs, io }
    const failures = checkConstraints(shapes, outcome.record, call, {
      onProgress: (done, total) => context.progress.update('Evaluating constraints', done, total, 'rows'),
    })
    context.progress.stop()
    if (failures.length > 0) {
      failed('a constraint does not hold', EXIT.rejected, failures.join('\n'))
      return
    }
  }
  const cost = report(shapes, outcome.record, options.cost)
  if (options.json === true) {
    context.printJson({
      entry,
      args,
      outputs: outcome.outputs,
      ...costJson(cost),
      seconds: { execute: seconds },
    })
    return
  }
  context.print(`${entry}(${args.join(', ')}) = ${outcome.outputs.join(', ') || '()'}`)
  printCost(cost, context)
  if (options.constraints === true) context.print('all constraints hold and all lookups balance')
  context.print(`${duration(seconds)}, ${count(cost.rows / Math.max(seconds, 1e-3))} rows/s`)
}
