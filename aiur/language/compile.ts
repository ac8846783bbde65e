import type { BytecodeFunction, Program } from '../bytecode.js'
import type { FunctionDeclaration, Toplevel } from './ast.js'
import { type CheckedFunction, checkFunction } from './check.js'
import { CompileError, type SourceFile, type Span } from './compile-error.js'
import { Declarations, type FunctionInfo, signatureText } from './declarations.js'
import { deduplicate, markConstrained, memorySizesOf } from './deduplicate.js'
import { FlatSizes, type Tags } from './flatten.js'
import { reachable, rejectInlineRecursion } from './inline.js'
import type { Syntax } from './lexer.js'
import { lowerFunction } from './lower.js'
import { Instances } from './monomorphise.js'
import { parse } from './parser.js'

export { CompileError, type SourceFile } from './compile-error.js'

export interface CompileOptions {
  /** How operator chains are read; a file's `#syntax` line wins. Default `ix`. */
  syntax?: Syntax
  /** Keep only functions that these reach. */
  roots?: readonly string[]
  /** Functions here replace those of the same name and signature; other declarations are added. */
  overlay?: readonly SourceFile[]
  /** Whether an enum with one constructor has a tag. Default `head`: it has none. */
  tags?: Tags
}

/**
 * Compiles the files of one program, merged in the given order. Throws {@link CompileError} at the first error;
 * when it is one of types, `others` has the first error of every other function that has one.
 */
export function compile(files: readonly SourceFile[], options: CompileOptions = {}): Program {
  const start: Span = { file: files[0] ?? { name: '(no file)', text: '' }, start: 0, end: 0 }
  const syntax = options.syntax ?? 'ix'
  const base = merge(files.map(file => parse(file, syntax)))
  const overlay = merge((options.overlay ?? []).map(file => parse(file, syntax)))
  const toplevel = guarded(start, () => overlaid(base, overlay))
  if (options.roots !== undefined) {
    const names = new Set(toplevel.functions.map(f => f.name))
    for (const root of options.roots) {
      if (!names.has(root)) throw new CompileError(`no function '${root}' to keep`, start)
    }
    toplevel.functions = reachable(toplevel.functions, options.roots)
  }
  const declarations = guarded(start, () => {
    rejectInlineRecursion(toplevel.functions)
    return new Declarations(toplevel)
  })
  const sizes = new FlatSizes(options.tags ?? 'head')
  for (const info of declarations.enums.values()) {
    guarded(info.nameSpan, () => sizes.size({ k: 'enum', info, args: info.typeParams }, info.nameSpan))
  }
  const checked = checkAll(declarations)
  const instances = new Instances(
    declarations.functions.values(),
    declarations.functions.size + declarations.enums.size + 1,
  )
  const lowered: BytecodeFunction[] = []
  for (let i = 0; i < instances.all.length; i++) {
    const instance = instances.all[i]!
    const { info } = instance
    lowered.push(
      guarded(info.declaration.nameSpan, () =>
        lowerFunction(checked.get(info)!, instance, { sizes, instances }),
      ),
    )
  }
  const memorySizes = memorySizesOf(lowered)
  const { functions, classes } = deduplicate(lowered)
  markConstrained(functions)
  const functionIndex = new Map(lowered.map((f, i) => [f.name, classes[i]!]))
  return { functions, memorySizes, functionIndex }
}

/** Types every function, and reports the errors of all of them at once. */
function checkAll(declarations: Declarations): Map<FunctionInfo, CheckedFunction> {
  const checked = new Map<FunctionInfo, CheckedFunction>()
  const errors: CompileError[] = []
  for (const info of declarations.functions.values()) {
    try {
      const body = guarded(info.declaration.nameSpan, () => checkFunction(declarations, info))
      checked.set(info, body)
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      errors.push(error)
    }
  }
  const [first, ...others] = errors
  if (first !== undefined) throw first.withOthers(others)
  return checked
}

function merge(toplevels: readonly Toplevel[]): Toplevel {
  return {
    enums: toplevels.flatMap(t => t.enums),
    aliases: toplevels.flatMap(t => t.aliases),
    functions: toplevels.flatMap(t => t.functions),
  }
}

/** Replaces functions of `base` in place and adds everything else of `overlay`. */
function overlaid(base: Toplevel, overlay: Toplevel): Toplevel {
  if (overlay.functions.length === 0) return merge([base, overlay])
  const replacements = new Map<string, FunctionDeclaration>()
  for (const f of overlay.functions) {
    if (replacements.has(f.name)) throw new CompileError(`'${f.name}' is declared twice`, f.nameSpan)
    replacements.set(f.name, f)
  }
  const types = { ...merge([base, overlay]), functions: [] }
  const declarations = new Declarations(types)
  const functions = base.functions.map(f => {
    const replacement = replacements.get(f.name)
    if (replacement === undefined) return f
    replacements.delete(f.name)
    const wanted = signatureText(declarations.signature(f))
    const given = signatureText(declarations.signature(replacement))
    if (wanted !== given) {
      throw new CompileError(
        `'${f.name}' replaces a function of another signature`,
        replacement.nameSpan,
        wanted,
      )
    }
    return replacement
  })
  return { ...types, functions: [...functions, ...overlay.functions.filter(f => replacements.has(f.name))] }
}

/** Turns a stack overflow on absurdly nested sources into an error about them. */
function guarded<T>(span: Span, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw new CompileError('nested too deeply', span)
    throw error
  }
}
