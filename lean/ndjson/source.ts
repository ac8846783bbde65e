import type { Declaration, DeclarationSource, Expr, Name } from '../declaration.js'
import { checkInductiveBlock, checkQuotientName, checkUniverseParams } from '../declaration-list.js'
import { InputError, RejectedInput } from '../input-error.js'
import { displayName } from '../name.js'
import { declarationGroups, type Group } from './declarations.js'
import { inputLabel, lines } from './lines.js'
import { JsonRecord } from './record.js'
import { Terms } from './terms.js'

/**
 * Reads an export file (lean4export NDJSON, format 3.x; lean-env.md section 4), or standard input for `-`, line by line. Terms and declarations may
 * come in any order in which everything is defined before its use. Blank lines, white space at the ends of lines (CRLF) and a byte
 * order mark are skipped.
 *
 * @throws InputError for damaged text, an unknown record, a format version other than 3
 * @throws RejectedInput for a name declared twice, a repeated universe parameter, a constant that is used before it is
 *   declared, an inductive block whose records do not belong together, a recursor's rule under the name of another constructor
 */
export function openNdjson(path: string): ExportSource {
  const file = inputLabel(path)
  const terms = new Terms()
  const source = new ExportSource(file, terms)
  let line = 0
  let begun = false
  try {
    for (const text of lines(path)) {
      line++
      // A byte order mark is white space to `trim`, but not to JSON.
      const content = text.trim()
      if (content === '') continue
      const record = parse(content, { file, line }, begun)
      if (begun) readLine(record, terms, source)
      else checkFormat(record)
      begun = true
    }
  } catch (error) {
    // The engine's limit on the size of one table, 2^24 entries.
    if (error instanceof RangeError && /maximum size|array length/i.test(error.message)) {
      throw new InputError('the file has more terms than one process can hold', { file, line })
    }
    throw error
  }
  if (!begun) throw new InputError('the file is empty', { file })
  source.close()
  return source
}

function readLine(record: JsonRecord, terms: Terms, source: ExportSource): void {
  const { line } = record.place
  const payload = payloadKey(record)
  if (terms.define(record, payload)) return
  const groups = declarationGroups(record, payload, terms) ?? record.fail(`unknown record "${payload}"`)
  for (const group of groups) source.add(group, line)
}

function parse(text: string, place: { file: string; line: number }, begun: boolean): JsonRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    if (!begun && /^(\d+ )?#|^\d+\.\d+/.test(text)) {
      throw new InputError(
        'this is the text format of lean4export before version 3; export again as NDJSON',
        place,
      )
    }
    throw new InputError('not a line of JSON', place)
  }
  return new JsonRecord(value, place, text)
}

function checkFormat(record: JsonRecord): void {
  if (!record.has('meta')) record.fail('the first line must hold the "meta" record of an export')
  const meta = record.record('meta')
  // Early 3.0.0 exporters left the format's version out.
  if (!meta.has('format')) return
  const version = meta.record('format').string('version')
  if (!/^3(\.|$)/.test(version)) record.fail(`export format ${version} is not supported (3.x is)`)
}

function payloadKey(record: JsonRecord): string {
  const keys = record.keys().filter(key => key !== 'in' && key !== 'il' && key !== 'ie')
  if (keys.length !== 1)
    record.fail(`a record must define exactly one thing, found ${keys.join(', ') || 'nothing'}`)
  return keys[0]!
}

export class ExportSource implements DeclarationSource {
  readonly #declarations = new Map<string, { readonly declaration: Declaration; readonly line: number }>()
  /** Names of declared constants, by identity. */
  readonly #declared = new Set<Name>()
  /** Expressions whose constants are all declared. */
  readonly #grounded = new Set<Expr>()
  readonly #recursive: { readonly value: Expr; readonly constant: string; readonly line: number }[] = []

  constructor(
    readonly file: string,
    readonly terms: Terms,
  ) {}

  names(): Iterable<string> {
    return this.#declarations.keys()
  }

  has(name: string): boolean {
    return this.#declarations.has(name)
  }

  get(name: string): Declaration | undefined {
    return this.#declarations.get(name)?.declaration
  }

  /** The line (from 1) that declares the constant. */
  line(name: string): number | undefined {
    return this.#declarations.get(name)?.line
  }

  /** An export says nothing about where its axioms come from. */
  placeholderKind(): undefined {
    return undefined
  }

  add(group: Group, line: number): void {
    if (group.declarations[0]?.kind === 'inductive')
      checkInductiveBlock(group.declarations, { file: this.file, line })
    // Constants become visible kind by kind: types to constructors, both to recursors, all to the rules.
    let kind: string | undefined
    let pending: Name[] = []
    for (const declaration of group.declarations) {
      if (declaration.kind !== kind) {
        for (const name of pending) this.#declared.add(name)
        pending = []
        kind = declaration.kind
      }
      this.#addOne(declaration, line)
      pending.push(declaration.name)
    }
    for (const name of pending) this.#declared.add(name)
    for (const rhs of group.rules) this.#ground(rhs, displayName(group.declarations[0]!.name), line)
  }

  /** Ends the file: bodies that may mention later constants are looked at now. */
  close(): void {
    for (const { value, constant, line } of this.#recursive) this.#ground(value, constant, line)
    this.#recursive.length = 0
  }

  #addOne(declaration: Declaration, line: number): void {
    const constant = displayName(declaration.name)
    const before = this.#declarations.get(constant)
    if (before !== undefined) this.#reject(`is declared twice, first in line ${before.line}`, constant, line)
    checkUniverseParams(declaration, { file: this.file, line })
    if (declaration.kind === 'quotient') checkQuotientName(declaration, { file: this.file, line })
    this.#ground(declaration.type, constant, line)
    if (declaration.kind === 'definition' && declaration.safety !== 'safe') {
      // Unsafe and partial definitions may call themselves and each other.
      this.#recursive.push({ value: declaration.value, constant, line })
    } else if ('value' in declaration) {
      this.#ground(declaration.value, constant, line)
    }
    if (declaration.kind === 'recursor') this.#checkRules(declaration, constant, line)
    this.#declarations.set(constant, { declaration, line })
  }

  /**
   * Rules are known by their position from here on, so each has to be labelled with the constructor at its position: of the
   * type that the recursor is named after, or of one and the same type for a nested occurrence.
   */
  #checkRules({ name, rules }: Declaration & { kind: 'recursor' }, constant: string, line: number): void {
    const own = name.kind === 'str' && name.part === 'rec' ? name.prefix : undefined
    let owner = own
    for (const [index, { ctor }] of rules.entries()) {
      const found = this.get(displayName(ctor))
      if (found?.kind === 'constructor') owner ??= found.inductive
      if (found?.kind !== 'constructor' || found.inductive !== owner || found.cidx !== index)
        this.#reject(
          `labels its rule ${index} ${displayName(ctor)}, which is not constructor ${index} of its type`,
          constant,
          line,
        )
    }
  }

  #ground(root: Expr, constant: string, line: number): void {
    const stack: Expr[] = [root]
    for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
      if (this.#grounded.has(expr)) continue
      switch (expr.kind) {
        case 'bvar':
        case 'sort':
        case 'nat':
        case 'str':
          continue
        case 'const':
          this.#requireDeclared(expr.name, constant, line)
          break
        case 'app':
          stack.push(expr.arg, expr.fn)
          break
        case 'lam':
        case 'forall':
          stack.push(expr.body, expr.type)
          break
        case 'let':
          stack.push(expr.body, expr.value, expr.type)
          break
        case 'mdata':
          stack.push(expr.expr)
          break
        case 'proj':
          this.#requireDeclared(expr.structure, constant, line)
          stack.push(expr.expr)
          break
      }
      this.#grounded.add(expr)
    }
  }

  #requireDeclared(name: Name, constant: string, line: number): void {
    if (!this.#declared.has(name)) {
      this.#reject(`refers to ${displayName(name)}, which is not declared before it`, constant, line)
    }
  }

  #reject(reason: string, constant: string, line: number): never {
    throw new RejectedInput(reason, { file: this.file, line, constant })
  }
}
