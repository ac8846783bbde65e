/** From declarations to an environment of content-addressed constants (ixon.md 4). */
import type { Declaration, DeclarationSource, Hints } from '../../lean/declaration.js'
import { InputError, RejectedInput } from '../../lean/input-error.js'
import { displayName } from '../../lean/name.js'
import type { EnvironmentData, NamedConstant, Ungrounded } from '../environment-data.js'
import { withoutUselessProofs } from './bare-statements.js'
import { BlockCompiler, type Identity } from './blocks.js'
import { components } from './components.js'
import { Unrepresentable } from './members.js'
import { literalNames, referencedNames } from './references.js'

export interface CompileOptions {
  /** Displayed names; with them only what they reach is compiled. */
  readonly roots?: Iterable<string>
  /** Leave constants out that cannot be compiled, and what depends on them, instead of failing. */
  readonly allowPartial?: boolean
  /** Displayed names of constants to leave out, with what depends on them. */
  readonly without?: Iterable<string>
  /**
   * Tell inductive types and opaque constants of equal content apart, as Lean does: all but the first of them carry their
   * names. Their addresses are then not those of the format, where equal content is one constant.
   */
  readonly apart?: boolean
  readonly onProgress?: (progress: CompileProgress) => void
}

export interface CompileProgress {
  readonly phase: 'references' | 'constants'
  readonly done: number
  readonly total: number
}

/**
 * Compiles all declarations of a source, or those that `roots` reach.
 *
 * @throws InputError when a root or a constant to leave out does not exist, or when a constant cannot be compiled and
 *   `allowPartial` is not set
 * @throws RejectedInput instead when a constant has no form because it is wrong: it depends on itself, say, or has a universe
 *   parameter that it does not declare
 */
export function compileEnvironment(given: DeclarationSource, options: CompileOptions = {}): EnvironmentData {
  const source = withoutUselessProofs(given)
  for (const name of options.without ?? [])
    if (!source.has(name)) throw new InputError(`there is no constant ${name} to leave out`)
  const references = collectReferences(source, options)
  const run = new Run(source, references, new Set(options.without), options.apart === true)
  const order = components(references.edges)
  const total = references.names.length
  let done = 0
  for (const component of order) {
    run.compile(component)
    done += component.length
    options.onProgress?.({ phase: 'constants', done, total })
  }
  if (run.ungrounded.length > 0 && options.allowPartial !== true) {
    const reason = refusal(run.ungrounded)
    throw run.wrong ? new RejectedInput(reason) : new InputError(reason)
  }
  return {
    constants: run.blocks.constants,
    blobs: run.blocks.blobs,
    names: run.names,
    ungrounded: run.ungrounded,
  }
}

function refusal(ungrounded: readonly Ungrounded[]): string {
  const shown = ungrounded.slice(0, 5).map(({ name, reason }) => `${name} (${reason})`)
  const more = ungrounded.length > shown.length ? `, and ${ungrounded.length - shown.length} more` : ''
  return `${ungrounded.length} constants cannot be compiled: ${shown.join(', ')}${more}`
}

interface References {
  /** Displayed names of all constants to compile; their positions are the node numbers. */
  readonly names: string[]
  readonly edges: Int32Array[]
  /** For constants that mention names which exist nowhere: these names. */
  readonly missing: Map<number, string>
}

function collectReferences(source: DeclarationSource, options: CompileOptions): References {
  const names: string[] = []
  const numbers = new Map<string, number>()
  const enter = (name: string): number => {
    let number = numbers.get(name)
    if (number === undefined) {
      number = names.length
      names.push(name)
      numbers.set(name, number)
    }
    return number
  }
  for (const name of options.roots ?? source.names()) {
    if (!source.has(name)) throw new InputError(`there is no constant ${name}`)
    enter(name)
  }
  const edges: Int32Array[] = []
  const missing = new Map<number, string>()
  for (let number = 0; number < names.length; number++) {
    const declaration = source.get(names[number]!)!
    const targets: number[] = []
    for (const name of referencedNames(declaration)) {
      if (numbers.has(name) || source.has(name)) targets.push(enter(name))
      else if (!missing.has(number)) missing.set(number, name)
    }
    for (const name of companions(declaration, source)) targets.push(enter(name))
    edges.push(Int32Array.from(targets))
    if (options.roots !== undefined)
      for (const name of literalNames(declaration)) if (source.has(name)) enter(name)
    options.onProgress?.({ phase: 'references', done: number + 1, total: names.length })
  }
  return { names, edges, missing }
}

/**
 * Constants that belong into the same block as this one although it need not mention them: the inductives that were
 * declared together, and the recursors that Lean made for them together. The motives and minors of these recursors
 * range over all of them, so a block that held only some would not fit Lean's recursors.
 */
function* companions(declaration: Declaration, source: DeclarationSource): Iterable<string> {
  if (declaration.kind === 'inductive') {
    for (const other of declaration.all) if (source.has(displayName(other))) yield displayName(other)
    return
  }
  if (declaration.kind !== 'recursor') return
  const recursor = (name: string) => source.has(name) && source.get(name)!.kind === 'recursor'
  for (const inductive of declaration.all) {
    const name = `${displayName(inductive)}.rec`
    if (recursor(name)) yield name
  }
  const first = declaration.all[0]
  if (first === undefined) return
  for (let i = 1; recursor(`${displayName(first)}.rec_${i}`); i++) yield `${displayName(first)}.rec_${i}`
}

class Run {
  readonly names = new Map<string, NamedConstant>()
  readonly ungrounded: Ungrounded[] = []
  /** Whether any of these is wrong, not only out of reach. */
  wrong = false
  readonly blocks: BlockCompiler
  readonly #failed = new Map<number, Ungrounded>()

  constructor(
    readonly source: DeclarationSource,
    readonly references: References,
    readonly without: ReadonlySet<string>,
    apart: boolean,
  ) {
    this.blocks = new BlockCompiler(apart)
  }

  compile(component: readonly number[]): void {
    const failure = this.#obstacle(component)
    if (failure !== undefined) {
      this.#fail(component, failure.missing, failure.reason)
      return
    }
    const declarations = component.map(number => this.source.get(this.references.names[number]!)!)
    try {
      this.blocks.compile(declarations, this.#identity(declarations[0]!))
    } catch (error) {
      if (error instanceof Unrepresentable) {
        this.wrong = true
        this.#fail(component, undefined, error.message)
      } else if (error instanceof InputError) {
        this.wrong ||= error instanceof RejectedInput
        this.#fail(component, undefined, error.reason)
      } else throw error
      return
    }
    component.forEach((number, i) => {
      this.#record(this.references.names[number]!, declarations[i]!)
    })
  }

  /**
   * Equal bytes are one constant. For two values that nobody can look into this would be a claim that they are equal,
   * so values without a body always carry their name, and axioms do from the second of one type on.
   */
  #identity(declaration: Declaration): Identity {
    if (declaration.kind !== 'axiom') return 'content'
    switch (this.source.placeholderKind(displayName(declaration.name))) {
      case 'definition':
      case 'opaque':
        return 'name'
      case 'theorem':
        return 'content'
      default:
        return 'nameIfTaken'
    }
  }

  #obstacle(component: readonly number[]): { missing: string | undefined; reason: string } | undefined {
    const { names, edges, missing } = this.references
    for (const number of component) {
      if (this.without.has(names[number]!)) return { missing: undefined, reason: 'it is to be left out' }
      const name = missing.get(number)
      if (name !== undefined) return { missing: name, reason: `it mentions ${name}, which exists nowhere` }
    }
    for (const number of component)
      for (const target of edges[number]!) {
        const cause = this.#failed.get(target)
        if (cause !== undefined)
          return { missing: cause.missing, reason: `it needs ${cause.name}, which cannot be compiled` }
      }
    return undefined
  }

  #fail(component: readonly number[], missing: string | undefined, reason: string): void {
    for (const number of component) {
      const failure = { name: this.references.names[number]!, missing, reason }
      this.#failed.set(number, failure)
      this.ungrounded.push(failure)
    }
  }

  #record(text: string, declaration: Declaration): void {
    this.names.set(text, {
      name: declaration.name,
      address: this.blocks.addressOf(text)!,
      hints: hintsOf(declaration),
      placeholder: declaration.kind === 'axiom' ? this.source.placeholderKind(text) : undefined,
    })
  }
}

function hintsOf(declaration: Declaration): Hints | undefined {
  if (declaration.kind === 'definition') return declaration.hints
  return declaration.kind === 'theorem' || declaration.kind === 'opaque' ? { kind: 'opaque' } : undefined
}
