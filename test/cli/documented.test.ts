import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import yargs, { type Argv } from 'yargs'
import { checkOptions } from '../../cli/arguments.js'
import { Context } from '../../cli/context.js'
import { packageRoot } from '../../cli/package-root.js'
import { COMMANDS, run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

/** Command lines of `ix`, without that word, as a text shows them: in code blocks and between backticks. */
function commandLines(text: string): string[] {
  const lines = text.split('\n').flatMap(line => /^ {4}(?:.*[|&] *)?npx ix (.*)$/.exec(line)?.[1] ?? [])
  const spans = [...text.matchAll(/`(?:[^`]*\| *)?npx ix ([^`]*)`/g)].map(match => match[1]!)
  return [...lines, ...spans].filter(line => !line.startsWith('<'))
}

/** The words of a line of shell, as far as the documents use it. */
function words(line: string): string[] {
  const command = line.replace(/ {2,}#.*$/, '').replace(/ > \S+$/, '')
  return [...command.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replace(/^"(.*)"$/, '$1'))
}

/** The command line of `ix` with commands that do nothing. */
async function silentParser(): Promise<Argv> {
  const parser: Argv = yargs()
    .exitProcess(false)
    .strict()
    .option('debug', { type: 'boolean' })
    .parserConfiguration({ 'parse-positional-numbers': false })
    .check(checkOptions)
    .fail((message, error) => {
      throw error ?? new Error(message)
    })
  const command = parser.command.bind(parser) as (...parts: unknown[]) => Argv
  parser.command = ((form: string, describe: string, builder: unknown, handler?: unknown) =>
    command(form, describe, builder, handler && (() => {}))) as typeof parser.command
  for (const load of COMMANDS.values()) (await load())(parser, new Context(bufferTerminal()))
  return parser
}

/** @throws what is wrong with a command line */
async function parse(argv: readonly string[]): Promise<void> {
  await (await silentParser()).parseAsync([...argv])
}

const files = [
  'README.md',
  ...readdirSync(join(packageRoot(), 'docs'))
    .filter(file => file.endsWith('.md'))
    .map(file => join('docs', file)),
]
const documented = files.flatMap(file =>
  commandLines(readFileSync(join(packageRoot(), file), 'utf8')).map(line => [file, line] as const),
)

describe('command lines', () => {
  it('are found in README and docs', () => {
    expect(documented.filter(([file]) => file === 'README.md').length).toBeGreaterThan(20)
    expect(commandLines('    zcat a | npx ix check --ndjson -   # text\n')).toEqual([
      'check --ndjson -   # text',
    ])
    expect(words('compile --olean "$(lean --print-prefix)/x y" -o a  # b')).toHaveLength(5)
  })

  it.each(documented)('in %s: ix %s', async (_, line) => {
    const argv = words(line)
    if (COMMANDS.has(argv[0]!)) await parse(argv)
    else expect((await run(argv, bufferTerminal())) satisfies number).toBe(0)
  })

  it('with an option that does not exist, or without its value, would be noticed', async () => {
    await expect(parse(['check', '--shrad', '1'])).rejects.toThrow(/Unknown argument/)
    await expect(parse(['check', 'Nat', '--shard'])).rejects.toThrow(/needs a value/)
    await expect(parse(['aiur', 'layout', 'x.aiur', '--top', '3'])).rejects.toThrow(/Unknown argument/)
  })
})

describe('examples of the help', () => {
  it.each([
    ...[...COMMANDS.keys()].map(name => [name]),
    ...['check', 'layout', 'run', 'prove', 'verify'].map(name => ['aiur', name]),
  ])('of ix %s %s are command lines', async (...command) => {
    const examples: string[] = []
    const parser = await silentParser()
    parser.example = ((example: string) => {
      examples.push(example)
      return parser
    }) as unknown as typeof parser.example
    await parser.parseAsync([...command.filter(word => word !== undefined), '--help'], {}, () => {})
    for (const example of examples) await parse(words(example.replace(/^\$0 /, '')))
    if (command[0] !== 'aiur' || command.length === 1) expect(examples.length).toBeGreaterThan(0)
  })
})
