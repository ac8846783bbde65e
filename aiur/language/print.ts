import {
  type Block,
  BYTE_PAIR_RESULTS,
  type BytecodeFunction,
  NIBBLE_PAIR_RESULTS,
  type Op,
  type Program,
  type Value,
} from '../bytecode.js'

const PAIR_RESULTS: Readonly<Record<string, number>> = { ...BYTE_PAIR_RESULTS, ...NIBBLE_PAIR_RESULTS }

/** Readable listing of a program's bytecode: one function after the other, values named v0, v1, … */
export function printProgram(program: Program): string {
  const functions = program.functions.map((f, i) => printFunction(f, i, program))
  return `${functions.join('\n')}\nmemories ${program.memorySizes.join(' ')}\n`
}

/** Listing of one function; `program` supplies the names of callees. */
export function printFunction(f: BytecodeFunction, index: number, program: Program): string {
  const flags = `${f.entry ? ' entry' : ''}${f.constrained ? '' : ' unconstrained'}`
  const others = f.aliases.length > 1 ? ` (= ${f.aliases.slice(1).join(', ')})` : ''
  const head = `${index} ${f.name}${others}: ${f.inputSize} -> ${f.outputSize}, ${f.selectors} leaves${flags}`
  const lines = [head]
  printBlock(f.body, f.inputSize, '  ', program, lines)
  return `${lines.join('\n')}\n`
}

function list(values: readonly Value[]): string {
  return values.map(v => `v${v}`).join(' ')
}

function printBlock(block: Block, start: Value, indent: string, program: Program, lines: string[]): void {
  let next = start
  for (const op of block.ops) {
    const results = resultCount(op)
    const names = Array.from({ length: results }, (_, i) => next + i)
    next += results
    lines.push(`${indent}${results === 0 ? '' : `${list(names)} = `}${printOp(op, program)}`)
  }
  const { control } = block
  if (control.control === 'return' || control.control === 'yield') {
    lines.push(`${indent}${control.control} [${control.selector}] ${list(control.values)}`)
    return
  }
  lines.push(`${indent}match v${control.scrutinee}`)
  for (const { value, block: arm } of control.cases) {
    lines.push(`${indent}${value} =>`)
    printBlock(arm, next, `${indent}  `, program, lines)
  }
  if (control.default !== null) {
    lines.push(`${indent}_ =>`)
    printBlock(control.default, next, `${indent}  `, program, lines)
  }
  if (control.control === 'matchContinue') {
    const merged = Array.from({ length: control.outputSize }, (_, i) => next + i)
    lines.push(`${indent}then ${list(merged)}`)
    printBlock(control.continuation, next + control.outputSize, indent, program, lines)
  }
}

function printOp(op: Op, program: Program): string {
  const { op: name, ...fields } = op
  const shown = Object.entries(fields).map(([key, value]) => {
    if (key === 'callee') return program.functions[value as number]?.name ?? `#${value}`
    if (Array.isArray(value)) return `[${list(value)}]`
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value === 'boolean') return value ? 'unconstrained' : ''
    return ['size', 'len', 'outputSize'].includes(key) && name !== 'ioSetInfo'
      ? `${key}=${value}`
      : `v${value}`
  })
  return [name, ...shown.filter(text => text !== '')].join(' ')
}

/** Number of values that an op appends. */
export function resultCount(op: Op): number {
  switch (op.op) {
    case 'assertEq':
    case 'ioSetInfo':
    case 'ioWrite':
    case 'debug':
    case 'u8RangeCheck':
    case 'u4RangeCheck':
    case 'u32RangeCheck':
      return 0
    case 'call':
      return op.outputSize
    case 'load':
      return op.size
    case 'ioRead':
      return op.len
    case 'u8BitDecomposition':
    case 'unconstrainedGToBytes':
      return 8
    case 'unconstrainedU32Add':
    case 'unconstrainedU32Add3':
      return 5
    case 'ioGetInfo':
    case 'unconstrainedBigUintDivMod':
    case 'unconstrainedLimbsDivMod':
      return 2
    default:
      return PAIR_RESULTS[op.op] ?? 1
  }
}
