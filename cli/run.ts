import yargs, { type Argv } from 'yargs'
import { checkOptions, requireCommand, usageError } from './arguments.js'
import { Context } from './context.js'
import { EXIT, type ExitCode } from './exit.js'
import { OutputError } from './output.js'
import { packageVersion } from './package-root.js'
import { exitCodeOf, messageOf, renderError } from './render-error.js'
import { TABLE_WIDTH, type Terminal } from './terminal.js'

type Add = (parser: Argv, context: Context) => void

/** Commands by name, loaded when needed. */
export const COMMANDS = new Map<string, () => Promise<Add>>([
  ['check', async () => (await import('./commands/check.js')).addCheck],
  ['diff', async () => (await import('./commands/diff.js')).addDiff],
  ['prove', async () => (await import('./commands/prove.js')).addProve],
  ['verify', async () => (await import('./commands/verify.js')).addVerify],
  ['vk', async () => (await import('./commands/vk.js')).addVk],
  ['info', async () => (await import('./commands/info.js')).addInfo],
  ['compile', async () => (await import('./commands/compile.js')).addCompile],
  ['shard', async () => (await import('./commands/shard.js')).addShard],
  ['addr-of', async () => (await import('./commands/addr-of.js')).addAddrOf],
  ['name-of', async () => (await import('./commands/name-of.js')).addNameOf],
  ['reveal', async () => (await import('./commands/reveal.js')).addReveal],
  ['contains', async () => (await import('./commands/contains.js')).addContains],
  ['aiur', async () => (await import('./commands/aiur.js')).addAiur],
])

/** Runs one command line (without the program's name) and returns its exit code; never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const context = new Context(terminal)
  const wants = (flag: string): boolean => {
    const end = argv.indexOf('--')
    return (end < 0 ? argv : argv.slice(0, end)).includes(flag)
  }
  context.debug = wants('--debug')
  try {
    requireCommand(argv[0] === 'help' ? undefined : argv[0], [...COMMANDS.keys(), 'completion'])
    let help = ''
    const parser = await commandLine(argv, context)
    if (argv.length === 0) {
      terminal.stderr.write(`${await parser.getHelp()}\n`)
      return EXIT.usage
    }
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      help = output
    })
    if (help !== '') terminal.stdout.write(`${help}\n`)
    return context.exitCode
  } catch (error) {
    context.progress.stop()
    const exitCode = exitCodeOf(error, argv[0] ?? '')
    if (wants('--json') && !(error instanceof OutputError))
      context.printJson({ error: messageOf(error), exitCode })
    renderError(error, terminal, context.debug, commandOf(argv))
    return exitCode
  } finally {
    if (context.debug) {
      const fault = (await import('../aiur/disk-cache.js')).takeCacheFault()
      if (fault !== undefined) context.note(fault)
    }
  }
}

/** The command that ran, for the hint at its help; a command line that is wrong before that says itself how far it got. */
function commandOf([first = '', second = '']: readonly string[]): string {
  if (!COMMANDS.has(first)) return 'ix'
  return first === 'aiur' && /^[a-z]+$/.test(second) ? `ix aiur ${second}` : `ix ${first}`
}

async function commandLine(argv: readonly string[], context: Context): Promise<Argv> {
  // A command line that begins with a command needs no other; help and mistakes need all.
  const asked = COMMANDS.get(argv[0] ?? '')
  const { columns } = context.terminal.stdout
  const wantsHelp = argv.includes('--help') || argv.includes('-h')
  const parser: Argv = yargs()
    .scriptName('ix')
    .usage('$0 <command>\n\nChecks Lean 4 libraries with a kernel that is a program for a zero-knowledge VM.')
    .locale('en')
    // The help text is made for every command that runs; breaking its lines is most of the work.
    .wrap(asked === undefined || wantsHelp ? Math.min(TABLE_WIDTH, columns || TABLE_WIDTH) : null)
    .exitProcess(false)
    .strict()
    // Arguments of Aiur programs exceed what a JavaScript number can hold.
    .parserConfiguration({ 'parse-positional-numbers': false })
    .version(packageVersion())
    .alias({ help: 'h', version: 'V' })
    .option('debug', {
      type: 'boolean',
      global: true,
      describe: 'Show stack traces of errors, and what went wrong without harm',
    })
    .completion('completion', 'Print a script with which bash or zsh completes command lines')
    .demandCommand(1, 'a command is needed')
    .check(checkOptions)
    .fail((message: string | null, error: Error | undefined) => {
      // What yargs throws itself is about the command line, too.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error
      throw usageError(message ?? error?.message ?? 'bad command line', argv, parser)
    })
    .example('$0 check --shard 10', 'Check what shard 10 of the bundled Init library owns')
    .example('$0 check Nat.add_comm', 'Check a constant of the bundled library with all it needs')
    .example('$0 check --ndjson export.ndjson', 'Check an export of lean4export')
    .epilogue(
      `Exit codes: ${EXIT.ok} accepted or done, ${EXIT.rejected} rejected, ${EXIT.undecided} could not decide (bad or unsupported input, limit reached), ${EXIT.usage} wrong usage.`,
    )
  for (const load of asked === undefined ? COMMANDS.values() : [asked]) (await load())(parser, context)
  return parser
}
