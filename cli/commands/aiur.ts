import type { Argv } from 'yargs'
import type { CircuitShape } from '../../aiur/circuit/circuit-shape.js'
import { gadgets } from '../../aiur/circuit/gadgets.js'
import { type FunctionLayout, type Layout, layout } from '../../aiur/circuit/layout.js'
import { ENGINES } from '../../kernel/engine.js'
import { compileFiles, type SourcesOptions, sourceOptions, sourcesOptions } from '../aiur-source.js'
import { BASELINE_OPTION } from '../baseline.js'
import type { Context } from '../context.js'
import { tableOptions } from '../cost.js'
import { COST_MODELS } from '../cost-models.js'
import { count, plural } from '../format.js'
import { limitOptions } from '../limits.js'
import { BY_CALL, profileOptions } from '../profile.js'
import { presetOptions, proverOptions } from '../proof/parameters.js'

/** Commands for people who write Aiur. */
export function addAiur(parser: Argv, context: Context): void {
  parser.command('aiur', 'Compile, inspect and run programs in the Aiur language', args =>
    args
      .command(
        'check <files..>',
        'Type-check and compile a program',
        sub =>
          sourcesOptions(sub)
            .example('$0 aiur check add.aiur', 'Report the first error, or what was compiled')
            .example('$0 aiur check kernel/*.aiur', 'The kernel of ix itself'),
        options => checkProgram(options, context),
      )
      .command(
        'layout <files..>',
        'Show the circuits of a program: columns, lookups, degrees, widths',
        sub =>
          sourcesOptions(sub)
            .option('ranks', {
              type: 'boolean',
              default: true,
              describe: 'Columns that make recursive calls well-founded (--no-ranks leaves them out)',
            })
            .example(
              '$0 aiur layout add.aiur',
              'What each function costs per row, and what it pays for ranks',
            )
            .example('$0 aiur layout add.aiur --no-ranks', 'Widths as the reference computes them')
            .example('$0 aiur layout kernel/*.aiur', 'The circuits of the kernel of ix itself'),
        options => showLayout(options, context),
      )
      .command(
        'run <file> [args..]',
        'Run an entry function on field elements and price the execution',
        sub =>
          profileOptions(tableOptions(limitOptions(callOptions(sub))), BY_CALL)
            .option('ranks', {
              type: 'boolean',
              default: true,
              describe: 'Lay out with ranks (--no-ranks: without)',
            })
            .option('engine', {
              choices: ENGINES,
              default: ENGINES[0],
              describe: 'Compiled to WebAssembly, or interpreted',
            })
            .option('cost', { choices: COST_MODELS, default: COST_MODELS[0]!, describe: 'Cost model' })
            .option('constraints', {
              type: 'boolean',
              describe: 'Evaluate every constraint on every row and balance all lookups',
            })
            .option('baseline', BASELINE_OPTION)
            .example('$0 aiur run factorial.aiur 10', 'Outputs and the cost table')
            .example('$0 aiur run factorial.aiur 10 --by caller', 'Who calls what, and what that costs')
            .example('$0 aiur run factorial.aiur 10 --constraints', 'The same, with the circuits checked'),
        async options => (await import('../aiur-run.js')).runProgram(options, context),
      )
      .command(
        'prove <file> [args..]',
        'Run an entry function and prove its result',
        sub =>
          proverOptions(callOptions(sub)).example(
            '$0 aiur prove factorial.aiur 10 -o ten.ixp',
            'That factorial of 10 is what it is',
          ),
        async options => (await import('../proof/aiur-proof.js')).proveProgram(options, context),
      )
      .command(
        'verify <file> <proof>',
        'Verify a proof of a call of the program, and print the call',
        sub =>
          presetOptions(sourceOptions(sub)).positional('proof', {
            type: 'string',
            demandOption: true,
            describe: 'Proof file',
          }),
        async options => (await import('../proof/aiur-proof.js')).verifyProgram(options, context),
      )
      .example('$0 aiur run factorial.aiur 10', 'Run a program and show what proving it would cost')
      .demandCommand(1, 'one of check, layout, run, prove, verify is needed'),
  )
}

/** A program, and a call of one of its functions. */
function callOptions<T>(args: Argv<T>) {
  return sourceOptions(args)
    .positional('args', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'Field elements: decimal, 0x hexadecimal, or negative',
    })
    .option('entry', { type: 'string', describe: 'Function to run (default: the only entry, or main)' })
}

function checkProgram(options: SourcesOptions, context: Context): void {
  const program = compileFiles(options)
  const { files } = options
  const functions = program.functions.length
  const circuits = program.functions.filter(f => f.constrained).length
  const entries = program.functions.filter(f => f.entry).map(f => f.name)
  if (options.json === true) {
    context.printJson({ files: options.files, functions, circuits, memories: program.memorySizes, entries })
    return
  }
  context.print(
    `${files.length === 1 ? files[0] : plural(files.length, 'file')}: ${plural(functions, 'function')}, ${plural(circuits, 'function circuit')}, ` +
      `${program.memorySizes.length} memory sizes, entries: ${entries.join(', ') || 'none'}`,
  )
}

function shapeJson({ name, main, lookups, stage2, quotientDegree, width }: CircuitShape) {
  return { name, main, lookups, stage2, quotientDegree, width }
}

function showLayout(options: SourcesOptions & { ranks: boolean }, context: Context): void {
  const result = layout(compileFiles(options), { ranks: options.ranks })
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
  context.printTable(
    titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    [
      ...result.functions.map(functionRow),
      ...result.memories.map(shapeRow),
      ...gadgets(result).map(shapeRow),
    ],
  )
  const sum = (shapes: readonly CircuitShape[]): number => shapes.reduce((total, s) => total + s.width, 0)
  const ranks = result.functions.reduce((total, f) => total + f.width - f.unranked.width, 0)
  context.print(
    `width ${count(sum(result.functions) + sum(result.memories) + sum(gadgets(result)))}: functions ` +
      `${count(sum(result.functions))} (ranks ${count(ranks)}), memories ${count(sum(result.memories))}, ` +
      `gadgets ${count(sum(gadgets(result)))}`,
  )
  context.print('which circuits share columns in a proof depends on their heights: ix aiur run shows it')
}
