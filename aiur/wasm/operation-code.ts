/** Code of every operation but calls. */

import type { BytePairOp, NibblePairOp, Op, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import type { ExecutionErrorKind } from '../vm/error.js'
import { normalise } from '../vm/goldilocks.js'
import type { Body } from './context.js'
import { HEADER } from './memory-map.js'
import { P, range } from './runtime.js'

/** Emits an operation; the locals with its results. */
export function emitOperation(
  code: Body,
  op: Exclude<Op, { op: 'call' }>,
  values: readonly string[],
): string[] {
  const { module } = code
  const { map, sites } = module
  const { type: a, zero, fromI64 } = module.address
  const get = (v: Value) => {
    const local = values[v]
    if (local === undefined) throw new RangeError(`operand ${v} of ${op.op} is not defined`)
    return `local.get ${local}`
  }
  const list = (operands: readonly Value[]) => operands.map(get).join(' ')
  const define = (...expressions: string[]) =>
    expressions.map(expression => {
      const result = code.local('i64')
      code.push(`${expression} local.set ${result}`)
      return result
    })
  const { bounds } = code
  const bound = (v: Value) => bounds.get(values[v]!) ?? Number.POSITIVE_INFINITY
  /** The results of {@link define} do not exceed this; sums and products of bounded operands do not reach p. */
  const bounded = (most: number, results: string[]) => {
    for (const r of results) if (most <= (bounds.get(r) ?? Number.MAX_SAFE_INTEGER)) bounds.set(r, most)
    return results
  }
  const constrained = (body: string) => {
    if (!code.immediate) code.push(`local.get $u i32.eqz if ${body} end`)
  }
  /** The product, in short code by a call, else without one when both factors are below 2^32: it is then below p. */
  const multiply = (x: string, y: string) =>
    code.branchless
      ? `${x} ${y} call $mul`
      : `${x} ${y} i64.or i64.const 32 i64.shr_u i64.eqz
if (result i64) ${x} ${y} i64.mul else ${x} ${y} call $mul_full end`
  /** Fails unless all operands are at most `most`. */
  const checkRange = (operands: Value[], most: number, error: ExecutionErrorKind, what: string) => {
    if (code.immediate) return ''
    const [x, y] = operands as [Value, Value?]
    const pair = y !== undefined && y !== x
    if (bound(x) <= most && (!pair || bound(y) <= most)) return ''
    const site = sites.at({ kind: 'range', error, what })
    if (code.branchless)
      return `${pair ? list([x, y]) : get(x)} i64.const ${most} i32.const ${site} call $within${pair ? 2 : 1}`
    return `${get(x)} ${pair ? `${get(y)} i64.or` : ''} i64.const ${most} i64.gt_u
if ${pair ? list([x, y]) : get(x)} i32.const ${site} call $fail${pair ? 2 : 1} end`
  }
  /** Operands to scratch, for failures and debug statements that show them. */
  const toScratch = (operands: readonly Value[], first = 0) =>
    operands.map((v, i) => `${a}.const ${map.scratch + 8 * (first + i)} ${get(v)} i64.store`).join('\n')

  switch (op.op) {
    case 'const':
      return bounded(Number(normalise(op.value)), define(`i64.const ${normalise(op.value)}`))
    case 'add':
      if (bound(op.a) + bound(op.b) <= Number.MAX_SAFE_INTEGER)
        return bounded(bound(op.a) + bound(op.b), define(`${list([op.a, op.b])} i64.add`))
      return define(`i64.const ${P} ${get(op.b)} i64.sub local.set $t
${get(op.a)} local.get $t i64.sub i64.const ${P} i64.const 0 ${get(op.a)} local.get $t i64.lt_u select i64.add`)
    case 'sub':
      return define(`${list([op.a, op.b])} i64.sub
i64.const ${P} i64.const 0 ${list([op.a, op.b])} i64.lt_u select i64.add`)
    case 'mul':
      if (bound(op.a) * bound(op.b) <= Number.MAX_SAFE_INTEGER)
        return bounded(bound(op.a) * bound(op.b), define(`${list([op.a, op.b])} i64.mul`))
      return define(multiply(get(op.a), get(op.b)))
    case 'eqZero':
      return bounded(1, define(`${get(op.a)} i64.eqz i64.extend_i32_u`))
    case 'store':
      memory(op.values.length)
      return define(`${list(op.values)} local.get $u call $store_m${op.values.length}`)
    case 'load':
      memory(op.size)
      code.push(`${get(op.ptr)} local.get $u call $load_m${op.size}`)
      return code.loadColumns(0, op.size)
    case 'assertEq': {
      if (op.xs.length !== op.ys.length) {
        code.push(`i32.const ${sites.at({ kind: 'assertLength' })} i32.const 0 call $fail unreachable`)
        return []
      }
      if (op.xs.length === 0) return []
      const different = op.xs.map((x, i) => `${get(x)} ${get(op.ys[i]!)} i64.xor`)
      const site = sites.at({ kind: 'assertMismatch', message: op.message ?? null })
      code.push(`${different[0]} ${different
        .slice(1)
        .map(d => `${d} i64.or`)
        .join('\n')} i64.const 0 i64.ne
if ${toScratch([...op.xs, ...op.ys])} i32.const ${site} i32.const ${2 * op.xs.length} call $fail end`)
      return []
    }
    case 'ioGetInfo': {
      code.push(`${list([op.channel, ...op.key])} call $io_get_${op.key.length} local.set $q`)
      return define('local.get $q i64.load', 'local.get $q i64.load offset=8')
    }
    case 'ioSetInfo':
      code.push(`${list([op.channel, ...op.key, op.idx, op.len])} call $io_set_${op.key.length}`)
      return []
    case 'ioRead':
      code.push(`${list([op.channel, op.idx])} i32.const ${op.len} call $io_read local.set $q`)
      return define(...range(op.len).map(i => `local.get $q i64.load offset=${8 * i}`))
    case 'ioWrite':
      code.push(`${get(op.channel)} i32.const ${op.data.length} call $io_extend local.set $q`)
      op.data.forEach((v, i) => {
        code.push(`local.get $q ${get(v)} i64.store offset=${8 * i}`)
      })
      return []
    case 'u8BitDecomposition':
    case 'u8ShiftLeft':
    case 'u8ShiftRight': {
      code.push(checkRange([op.a], 255, 'byteRange', 'a byte operation'))
      const table = ['u8BitDecomposition', 'u8ShiftLeft', 'u8ShiftRight'].indexOf(op.op)
      constrained(increment(map.byteUses + 1024 * table, `${get(op.a)} i64.const 2 i64.shl ${fromI64}`))
      if (op.op === 'u8ShiftLeft') return define(`${get(op.a)} i64.const 1 i64.shl i64.const 255 i64.and`)
      if (op.op === 'u8ShiftRight') return define(`${get(op.a)} i64.const 1 i64.shr_u`)
      return define(...range(8).map(i => `${get(op.a)} i64.const ${i} i64.shr_u i64.const 1 i64.and`))
    }
    case 'u8RangeCheck':
      constrained(`${checkRange([op.a, op.b], 255, 'byteRange', 'u8_range_check')}
${list([op.a])} i32.wrap_i64 ${get(op.b)} i32.wrap_i64 call $count_bytes`)
      return []
    case 'u4RangeCheck':
      constrained(`${checkRange([op.a, op.b], 15, 'nibbleRange', 'u4_range_check')}
${countNibbles(NIBBLE_PAIR_OPS.length, op.a, op.b)}`)
      return []
    case 'u32RangeCheck':
      constrained(
        `${checkRange([op.a], 0xffffffff, 'u32Range', 'u32_range_check')} ${get(op.a)} call $count_range`,
      )
      return []
    case 'u32LessThan':
      code.push(checkRange([op.a, op.b], 0xffffffff, 'u32Range', 'u32_less_than'))
      constrained(`${get(op.a)} i32.wrap_i64 ${get(op.b)} i32.wrap_i64 call $count_less_than`)
      return define(`${list([op.a, op.b])} i64.lt_u i64.extend_i32_u`)
    case 'u4Xor':
    case 'u4XorSplit3':
      code.push(checkRange([op.a, op.b], 15, 'nibbleRange', 'a nibble operation'))
      countChecked(NIBBLE_PAIR_OPS.indexOf(op.op as NibblePairOp), op.a, op.b)
      bounded(15, [values[op.a]!, values[op.b]!])
      if (op.op === 'u4Xor') return bounded(15, define(`${list([op.a, op.b])} i64.xor`))
      return bounded(
        15,
        define(
          `${list([op.a, op.b])} i64.xor i64.const 3 i64.shr_u`,
          `${list([op.a, op.b])} i64.xor i64.const 1 i64.shl i64.const 15 i64.and`,
        ),
      )
    case 'unconstrainedU32Add':
    case 'unconstrainedU32Add3': {
      const bytes = [...op.a, ...op.b, ...(op.op === 'unconstrainedU32Add3' ? op.c : [])]
      const or = bytes.map((b, i) => `${get(b)} ${i === 0 ? '' : 'i64.or'}`).join(' ')
      code.push(`${or} i64.const 255 i64.gt_u
if i32.const ${sites.at({ kind: 'sumRange' })} i32.const 0 call $fail end`)
      const terms = bytes.map(
        (b, i) => `${get(b)} i64.const ${8 * (i & 3)} i64.shl ${i === 0 ? '' : 'i64.add'}`,
      )
      const [sum] = define(terms.join('\n')) as [string]
      return define(
        ...range(4).map(i => `local.get ${sum} i64.const ${8 * i} i64.shr_u i64.const 255 i64.and`),
        `local.get ${sum} i64.const 32 i64.shr_u`,
      )
    }
    case 'u32ToField': {
      if (op.bytes.length === 0) return define('i64.const 0')
      const from = op.bytes.slice().reverse()
      const horner = from.map((b, i) => (i === 0 ? get(b) : `i64.const 256 call $mul ${get(b)} call $add`))
      if (op.bytes.length > 7) return define(horner.join(' '))
      const or = op.bytes.map((b, i) => `${get(b)} ${i === 0 ? '' : 'i64.or'}`).join(' ')
      const shifted = op.bytes.map(
        (b, i) => `${get(b)} i64.const ${8 * i} i64.shl ${i === 0 ? '' : 'i64.or'}`,
      )
      return define(`${or} i64.const 255 i64.le_u
if (result i64) ${shifted.join(' ')} else ${horner.join(' ')} end`)
    }
    case 'unconstrainedGToBytes':
      return bounded(
        255,
        define(...range(8).map(i => `${get(op.a)} i64.const ${8 * i} i64.shr_u i64.const 255 i64.and`)),
      )
    case 'unconstrainedGInverse':
      return define(`${get(op.a)} call $inverse`)
    case 'unconstrainedBigUintDivMod':
    case 'unconstrainedLimbsDivMod': {
      const size = op.op === 'unconstrainedBigUintDivMod' ? 10 : 3
      if (!module.program.memorySizes.includes(size)) {
        code.push(
          `i32.const ${sites.at({ kind: 'invalidMemorySize', size })} i32.const 0 call $fail unreachable`,
        )
        return define('i64.const 0', 'i64.const 0')
      }
      const [quotient] = define(`${list([op.a, op.b])} call $divmod_${size}`) as [string]
      return [quotient, ...define('global.get $remainder')]
    }
    case 'debug': {
      const operands = op.values ?? []
      code.push(`${zero} i32.load offset=${HEADER.debug}
if ${toScratch(operands)}
i32.const ${sites.at({ kind: 'debug', label: op.label })} i32.const ${operands.length} call $debug end`)
      return []
    }
    default: {
      code.push(checkRange([op.a, op.b], 255, 'byteRange', 'a byte operation'))
      const number = BYTE_PAIR_OPS.indexOf(op.op)
      const at = `${get(op.a)} i64.const 10 i64.shl ${get(op.b)} i64.const 2 i64.shl i64.or ${fromI64}`
      constrained(`${a}.const ${map.bytePairUsed + number} i32.const 1 i32.store8
${increment(map.bytePairUses + 262144 * number, at)}`)
      bounded(255, [values[op.a]!, values[op.b]!])
      return bounded(255, define(...bytePair(op.op, get(op.a), get(op.b))))
    }
  }

  /** Refuses a memory that the program does not list. */
  function memory(size: number): void {
    if (!module.program.memorySizes.includes(size))
      throw new RangeError(`memory[${size}] is used, but the program does not list it`)
  }

  /** Counts nibbles that have been found to be in range: in branchless code by nothing when unconstrained. */
  function countChecked(table: number, x: Value, y: Value): void {
    if (code.branchless && !code.immediate) code.push(countNibbles(table, x, y, 'local.get $u i32.eqz'))
    else constrained(countNibbles(table, x, y))
  }

  function countNibbles(table: number, x: Value, y: Value, by = 'i32.const 1'): string {
    const at = `${get(x)} i64.const 6 i64.shl ${get(y)} i64.const 2 i64.shl i64.or ${fromI64}`
    return increment(map.nibblePairUses + 1024 * table, at, by)
  }

  function increment(base: number, at: string, by = 'i32.const 1'): string {
    return `${at} local.tee $q local.get $q i32.load offset=${base} ${by} i32.add i32.store offset=${base}`
  }
}

/** Expressions of the results on bytes a, b, as in `bytePair` of the interpreter. */
function bytePair(op: BytePairOp, a: string, b: string): string[] {
  const low = (value: string) => `${value} i64.const 255 i64.and`
  const right = (value: string, bits: number) => `${value} i64.const ${bits} i64.shr_u`
  const left = (value: string, bits: number) => low(`${value} i64.const ${bits} i64.shl`)
  const lessThan = `${a} ${b} i64.lt_u i64.extend_i32_u`
  switch (op) {
    case 'u8Xor':
      return [`${a} ${b} i64.xor`]
    case 'u8And':
      return [`${a} ${b} i64.and`]
    case 'u8Or':
      return [`${a} ${b} i64.or`]
    case 'u8LessThan':
      return [lessThan]
    case 'u8Add':
      return [low(`${a} ${b} i64.add`), right(`${a} ${b} i64.add`, 8)]
    case 'u8Sub':
      return [low(`${a} ${b} i64.sub`), lessThan]
    case 'u8Mul':
      return [low(`${a} ${b} i64.mul`), right(`${a} ${b} i64.mul`, 8)]
    case 'u8ChainRotr7':
      return [`${right(a, 7)} ${left(b, 1)} i64.add`, right(b, 7), left(a, 1)]
    case 'u8ChainRotr4':
      return [`${right(a, 4)} ${left(b, 4)} i64.add`, right(b, 4), left(a, 4)]
    case 'u8XorSplit7':
      return [right(`${a} ${b} i64.xor`, 7), left(`${a} ${b} i64.xor`, 1)]
    case 'u8XorSplit4':
      return [right(`${a} ${b} i64.xor`, 4), left(`${a} ${b} i64.xor`, 4)]
  }
}
