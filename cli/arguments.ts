/** What is wrong with a command line, in words for whoever typed it. */
import type { Argv } from 'yargs'
import { UsageError } from './exit.js'
import { nearest } from './suggest.js'

/** What yargs knows at the point where a check or a failure is reported. */
interface Known {
  readonly string: readonly string[]
  readonly number: readonly string[]
  readonly array: readonly string[]
  readonly key: Readonly<Record<string, unknown>>
  /** How many words an option takes; a list without a number takes all that follow. */
  readonly narg: Readonly<Record<string, number>>
}

/** Options are given once, unless they are lists, and with a value, unless they are switches. For `check` of yargs. */
export function checkOptions(values: Readonly<Record<string, unknown>>, known: unknown): true {
  const { string, number, array } = known as Known
  for (const name of [...string, ...number]) {
    if (array.includes(name) || !(name in values)) continue
    const value = values[name]
    if (Array.isArray(value)) throw new UsageError(`${flag(name)} is given more than once`)
    if (value === '' || value === undefined) throw new UsageError(`${flag(name)} needs a value`)
  }
  return true
}

/** Turns what yargs says into an error that names what was typed and what may have been meant. */
export function usageError(message: string, argv: readonly string[], parser: Argv): UsageError {
  const context = internalsOf(parser)?.getContext()
  const command = ['ix', ...(context?.commands ?? [])].join(' ')
  return new UsageError(wordsFor(message, argv, parser), command)
}

function wordsFor(message: string, argv: readonly string[], parser: Argv): string {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]
  if (unknown !== undefined) return unknownArgument(unknown.split(', ')[0]!, argv, parser)
  const choice = /^Invalid values:\s+Argument: (.*), Given: (.*), Choices: (.*)$/s.exec(message)
  if (choice !== null) return `${flag(choice[1]!)}: ${choice[2]} is none of ${choice[3]}`
  const missing = /^Missing required arguments?: (.*)$/s.exec(message)?.[1]
  if (missing !== undefined) return `${missing.split(', ').map(flag).join(' and ')} must be given`
  const valueless = /^Not enough arguments following: (.*)$/s.exec(message)?.[1]
  if (valueless !== undefined) return `${flag(valueless)} needs a value`
  if (message.startsWith('Not enough non-option arguments')) {
    const form = internalsOf(parser)?.getContext().fullCommands.join(' ')
    const hint = greedyHint(argv, optionsOf(parser))
    return `an argument is missing${form === undefined ? '' : `: ix ${form}`}${hint}`
  }
  return message
}

function optionsOf(parser: Argv): Known {
  return (parser as unknown as { getOptions(): Known }).getOptions()
}

/** Which list may have taken the words that are missing. */
function greedyHint(argv: readonly string[], { array, narg }: Known): string {
  const greedy = array.find(name => !(name in narg) && argv.includes(flag(name)))
  return greedy === undefined ? '' : `; ${flag(greedy)} takes all words that follow it, so write it last`
}

function unknownArgument(name: string, argv: readonly string[], parser: Argv): string {
  const option = argv.find(word => word.startsWith('-') && word.replace(/^--?(no-)?|=.*$/gs, '') === name)
  if (option === undefined) {
    const commands = internalsOf(parser)?.getCommandInstance().getCommands() ?? []
    return commands.length === 0 ? `unexpected argument "${name}"` : noCommand(name, commands)
  }
  const written = option.replace(/=.*$/s, '')
  const options = Object.keys(optionsOf(parser).key).filter(candidate => candidate.length > 1)
  const [meant] = nearest(name, options, { limit: Math.max(2, Math.floor(name.length / 3)) })
  return `unknown option ${written}${meant === undefined ? '' : `; did you mean ${flag(meant)}?`}`
}

/** @throws UsageError if a word that should be a command is none */
export function requireCommand(word: string | undefined, commands: readonly string[]): void {
  if (word === undefined || word.startsWith('-') || commands.includes(word)) return
  throw new UsageError(noCommand(word, commands), 'ix')
}

function noCommand(word: string, commands: readonly string[]): string {
  const [meant] = nearest(word, commands, { limit: 2 })
  const hint = meant === undefined ? `one of ${commands.join(', ')} is needed` : `did you mean ${meant}?`
  return `there is no command "${word}"; ${hint}`
}

function flag(name: string): string {
  if (name.length === 1) return `-${name}`
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/** What yargs keeps to itself; absent in a version without it, when messages say less. */
function internalsOf(parser: Argv) {
  interface Internals {
    getContext(): { commands: string[]; fullCommands: string[] }
    getCommandInstance(): { getCommands(): string[] }
  }
  return (parser as unknown as { getInternalMethods?(): Internals }).getInternalMethods?.()
}
