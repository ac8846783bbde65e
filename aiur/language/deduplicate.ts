import type { Block, BytecodeFunction, FunctionIndex, Op } from '../bytecode.js'

/** Blocks of a body in textual order: a block, its cases, its default, its continuation. */
export function* blocksOf(body: Block): Generator<Block> {
  const stack: Block[] = [body]
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    yield block
    const { control } = block
    if (control.control !== 'match' && control.control !== 'matchContinue') continue
    if (control.control === 'matchContinue') stack.push(control.continuation)
    if (control.default !== null) stack.push(control.default)
    for (let i = control.cases.length - 1; i >= 0; i--) stack.push(control.cases[i]!.block)
  }
}

type CallOp = Op & { op: 'call' }

function callsOf(body: Block): CallOp[] {
  const calls: CallOp[] = []
  for (const { ops } of blocksOf(body)) for (const op of ops) if (op.op === 'call') calls.push(op)
  return calls
}

/** Every store length and load size, ascending. */
export function memorySizesOf(functions: readonly BytecodeFunction[]): number[] {
  const sizes = new Set<number>()
  for (const { body } of functions) {
    for (const { ops } of blocksOf(body)) {
      for (const op of ops) {
        if (op.op === 'store') sizes.add(op.values.length)
        else if (op.op === 'load') sizes.add(op.size)
      }
    }
  }
  return [...sizes].sort((a, b) => a - b)
}

/** Numbers equal keys by first occurrence. */
function classify(keys: readonly string[]): { classes: number[]; count: number } {
  const numbers = new Map<string, number>()
  const classes = keys.map(key => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  })
  return { classes, count: numbers.size }
}

function bodyText({ body, inputSize, outputSize, selectors }: BytecodeFunction): string {
  const text = JSON.stringify(body, (key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : key === 'callee' ? 0 : value,
  )
  return `${inputSize} ${outputSize} ${selectors} ${text}`
}

/**
 * Merges functions that are equal up to the classes of their callees (partition refinement, entries included).
 * Rewrites the calls of the kept functions in place.
 */
export function deduplicate(functions: readonly BytecodeFunction[]): {
  functions: BytecodeFunction[]
  /** Class of each given function. */
  classes: FunctionIndex[]
} {
  const calls = functions.map(({ body }) => callsOf(body))
  let { classes, count } = classify(functions.map(bodyText))
  for (;;) {
    const current = classes
    const refined = classify(
      calls.map((list, i) => [current[i], ...list.map(c => current[c.callee])].join(' ')),
    )
    const stable = refined.count === count
    classes = refined.classes
    count = refined.count
    if (stable) break
  }
  const kept: BytecodeFunction[] = []
  for (const [i, f] of functions.entries()) {
    const representative = kept[classes[i]!]
    if (representative === undefined) {
      for (const call of calls[i]!) call.callee = classes[call.callee]!
      kept.push({ ...f, aliases: [f.name] })
    } else {
      representative.aliases.push(f.name)
      representative.entry ||= f.entry
    }
  }
  return { functions: kept, classes }
}

/** Marks what entries reach through constrained calls. */
export function markConstrained(functions: readonly BytecodeFunction[]): void {
  const pending = functions.filter(f => f.entry)
  for (let f = pending.pop(); f !== undefined; f = pending.pop()) {
    if (f.constrained) continue
    f.constrained = true
    for (const { callee, unconstrained } of callsOf(f.body))
      if (!unconstrained) pending.push(functions[callee]!)
  }
}
