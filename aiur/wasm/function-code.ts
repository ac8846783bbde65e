/**
 * Code of one Aiur function: look the arguments up in its memo table, else run the body and append the row.
 *
 * The function takes the arguments and whether it runs unconstrained ($u), and returns the address of its row,
 * where the caller reads the outputs. While it runs, a frame on the shadow stack holds (slot of the index, function
 * and mode, arguments); the place of its arguments, which is above all rows, stands in the index in place of the row, so
 * that a call that needs its own result is found, and so that a failure can tell the arguments of every activation. A
 * promotion has slot 0.
 */

import type { Block, BytecodeFunction, Control, FunctionIndex, Op, Value } from '../bytecode.js'
import type { PlainHint } from '../vm/plain-hints.js'
import { armsBoundRank, boundsRank } from '../vm/ranks.js'
import { longestList, resultCount } from '../vm/values.js'
import type { Body, Module } from './context.js'
import { HEADER, WIDE } from './memory-map.js'
import { emitOperation } from './operation-code.js'
import { emitNewRow, emitOccupy, emitProbe, emitSlot, probeLocals, range } from './runtime.js'

/** Values of a body from which on its operations make no branches: see {@link Body.branchless}. */
const MOST_BRANCHING = 2000

/** Multiplicity of a row that is being promoted. */
const PROMOTING = 0xffffffff

/** Where the yields of the arms being emitted go. */
interface Join {
  label: string
  results: string[]
  rank: string | null
}

/** Bytes of a frame before the arguments: slot, then 2 * function + mode. */
const FRAME_HEADER = 8

export class FunctionCode implements Body {
  private readonly code: string[] = []
  private readonly locals: string[] = []
  /** Rank bounds from before the enclosing matchContinues. */
  private outer: string[] = []
  private names = 0
  bounds = new Map<string, number>()
  /** Is this the code of a plain hint: unconstrained, and without failures? */
  immediate = false
  readonly branchless: boolean

  constructor(
    readonly module: Module,
    private readonly f: BytecodeFunction,
    private readonly index: FunctionIndex,
  ) {
    this.branchless = longestList(f.body, f.inputSize) > MOST_BRANCHING
  }

  emit(): string {
    const { f, index, module } = this
    const { address } = module
    const { type: a, fromWord, toWord } = address
    const table = module.map.functions[index]!
    const inputs = range(f.inputSize).map(i => `$a${i}`)
    const keys = range(table.keyColumns).map(i => `$k${i}`)
    /** First column of each input. */
    const columns = inputs.map((_, i) => i + table.wide.slice(0, i).filter(w => w).length)
    const narrow = inputs.filter((_, i) => !table.wide[i])
    const outputs = range(f.outputSize).map(i => `$o${i}`)
    const frameBytes = FRAME_HEADER + 4 * keys.length
    const ranked = module.ranks.ranked[index] === 1

    this.block(f.body, inputs, [], null)

    const { constrained } = f
    const running = `local.get $k global.get $sp ${a}.ge_u br_if $loops`
    const hit = !constrained
      ? `${running} local.get $k return`
      : `${running}
local.get $u
if local.get $k return end
local.get $k ${a}.const 4 ${a}.sub i32.load local.tee $m i32.const 1 i32.sub i32.const ${PROMOTING - 2} i32.lt_u
if
  local.get $k ${a}.const 4 ${a}.sub local.get $m i32.const 1 i32.add i32.store
  local.get $k return
end
local.get $m
if
  local.get $m i32.const ${PROMOTING} i32.eq br_if $loops
  local.get $k ${a}.const 4 ${a}.sub local.get $m i32.const 1 i32.add i32.store
  i32.const ${module.sites.at({ kind: 'useLimit' })} i32.const 0 call $fail
end
local.get $k ${a}.const 4 ${a}.sub i32.const ${PROMOTING} i32.store
local.get $k local.set $row
br $start`

    const fields = outputs.map(
      (o, i) => `local.get $k local.get ${o} i64.store32 offset=${4 * (keys.length + i)}`,
    )
    const promotion = `else
  local.get $row local.set $k
  ${outputs.map((o, i) => `local.get $k i64.load32_u offset=${4 * (keys.length + i)} call $decode local.get ${o} i64.ne if i32.const ${module.sites.at({ kind: 'outputsDiffer', function: index })} i32.const 0 call $fail end`).join('\n')}
  local.get $k ${a}.const 4 ${a}.sub i32.const 1 i32.store
end`
    // A row that is met unconstrained has no rank yet; a promotion is constrained.
    const setRank = `local.get $k ${a}.const 8 ${a}.sub i32.const 0 local.get $rank local.get $u select i32.store`
    const split = inputs.map((a, i) => {
      const high = `local.get ${a} i64.const 32 i64.shr_u i32.wrap_i64 local.set ${keys[columns[i]! + 1]}`
      return `local.get ${a} i32.wrap_i64 local.set ${keys[columns[i]!]} ${table.wide[i] ? high : ''}`
    })
    const encode = inputs.map((a, i) =>
      table.wide[i] ? '' : `local.get ${a} call $encode local.set ${keys[columns[i]!]}`,
    )
    return `(func $f${index} ${inputs.map(input => `(param ${input} i64)`).join(' ')} (param $u i32) (result ${a})
${keys.map(k => `(local ${k} i32)`).join(' ')} ${outputs.map(o => `(local ${o} i64)`).join(' ')} ${probeLocals(address)}
(local $m i32) (local $row ${a}) (local $rank i32) (local $frame ${a}) (local $t i64) (local $q ${a})
${this.locals.join('\n')}
block $loops
block $start
block $new
${split.join('\n')}
${ifWide(narrow, encode.join('\n'))}
${emitProbe(address, table, keys, hit)}
end
${emitOccupy(address, table)}
end
global.get $sp ${a}.const ${frameBytes} ${a}.sub local.tee $frame global.get $heap ${a}.lt_u
if i32.const ${module.sites.at({ kind: 'memoryLimit' })} call $halt end
${keys.map((k, i) => `local.get $frame local.get ${k} i32.store offset=${FRAME_HEADER + 4 * i}`).join('\n')}
local.get $frame i32.const ${2 * index} local.get $u i32.or i32.store offset=4
local.get $frame global.set $sp
global.get $depth i32.const 1 i32.add global.set $depth
local.get $row ${a}.eqz
if
  local.get $frame local.get $p ${toWord} i32.store
  ${emitSlot(`local.get $frame ${a}.const ${FRAME_HEADER} ${a}.add ${toWord}`)}
  ${COUNT_ROW}
${constrained ? 'else local.get $frame i32.const 0 i32.store' : ''}
end
block $exit
${this.code.join('\n')}
end
global.get $sp local.set $frame
${constrained ? `local.get $row ${a}.eqz if` : ''}
  ${ifWide(outputs, outputs.map(o => `local.get ${o} call $append i64.extend_i32_u local.set ${o}`).join('\n'))}
  ${emitNewRow(address, table, '$k')}
  ${constrained ? `local.get $k ${a}.const 4 ${a}.sub local.get $u i32.eqz i32.store` : ''}
  ${keys.map((_, i) => `local.get $k local.get $frame i32.load offset=${FRAME_HEADER + 4 * i} i32.store offset=${4 * i}`).join('\n')}
  ${fields.join('\n')}
  local.get $frame i32.load ${fromWord} local.get $k ${toWord} i32.store
${constrained ? promotion : ''}
${ranked ? setRank : ''}
local.get $frame ${a}.const ${frameBytes} ${a}.add global.set $sp
global.get $depth i32.const 1 i32.sub global.set $depth
local.get $k return
end
${inputs.map((input, i) => `${a}.const ${module.map.scratch + 8 * i} local.get ${input} i64.store`).join('\n')}
i32.const ${module.sites.at({ kind: 'infiniteLoop', function: index })} i32.const ${inputs.length} call $fail
unreachable)`
  }

  /** $hint_<f>(arguments): leaves the results of a plain hint where the map says. */
  emitHint({ ops, results }: PlainHint): string {
    const { f, index, module } = this
    const { type: a, zero } = module.address
    const inputs = range(f.inputSize).map(i => `$a${i}`)
    const values = inputs.slice()
    this.immediate = true
    for (const op of ops) this.step(op, values, [])
    return `(func $hint_${index} ${inputs.map(input => `(param ${input} i64)`).join(' ')} (local $t i64) (local $q ${a})
${this.locals.join('\n')}
${this.code.join('\n')}
${results.map((v, i) => `${zero} local.get ${values[v]} i64.store offset=${module.map.hintResults + 8 * i}`).join('\n')})`
  }

  push(code: string): void {
    this.code.push(code)
  }

  /** A new local variable. */
  local(type: 'i32' | 'i64'): string {
    const name = `$v${this.names++}`
    this.locals.push(`(local ${name} ${type})`)
    return name
  }

  /** New locals with the values at consecutive columns from the address on the stack. */
  loadColumns(offset: number, count: number): string[] {
    const results = range(count).map(() => this.local('i64'))
    if (count === 0) {
      this.push('drop')
      return results
    }
    this.push('local.set $q')
    results.forEach((r, i) => {
      this.push(`local.get $q i64.load32_u offset=${offset + 4 * i} local.set ${r}`)
    })
    this.push(ifWide(results, results.map(r => `local.get ${r} call $decode local.set ${r}`).join('\n')))
    return results
  }

  /** `values`: the locals that hold the value list; `bounds`: those that the rank of a row must not fall below. */
  private block(block: Block, start: readonly string[], bounds: readonly string[], join: Join | null): void {
    const values = start.slice()
    const pending = bounds.slice()
    // What a path has checked holds on that path only.
    const known = this.bounds
    this.bounds = new Map(known)
    for (const op of block.ops) this.step(op, values, pending)
    this.control(block.control, values, pending, join)
    this.bounds = known
  }

  private step(op: Op, values: string[], bounds: string[]): void {
    const { faults } = this.module
    if (faults === undefined) this.operation(op, values, bounds)
    else this.faulty(op, values, bounds, faults)
  }

  private operation(op: Op, values: string[], bounds: string[]): void {
    if (op.op === 'call') this.call(op, values, bounds)
    else values.push(...emitOperation(this, op, values))
  }

  private faulty(op: Op, values: string[], bounds: string[], faults: Map<Op['op'], number>): void {
    const number = faults.get(op.op) ?? faults.size + 1
    faults.set(op.op, number)
    const broken = `${this.module.address.zero} i32.load offset=${HEADER.fault} i32.const ${number} i32.eq`
    if (resultCount(op) === 0) this.push(`${broken} i32.eqz if`)
    const before = values.length
    this.operation(op, values, bounds)
    if (resultCount(op) === 0) this.push('end')
    else {
      const result = values[before]
      this.push(`${broken} if local.get ${result} i64.const 1 i64.xor local.set ${result} end`)
    }
  }

  private call(op: Op & { op: 'call' }, values: string[], bounds: string[]): void {
    const { program, hints, ranks, map } = this.module
    const { type: a, zero } = this.module.address
    const callee = program.functions[op.callee]
    if (callee === undefined) throw new RangeError(`${this.f.name} calls function ${op.callee}`)
    if (callee.inputSize !== op.args.length || callee.outputSize !== op.outputSize)
      throw new RangeError(`${this.f.name} calls ${callee.name} with the wrong number of values`)
    const args = op.args.map(v => `local.get ${values[v]}`).join(' ')
    const hint = hints[op.callee]!
    if (hint !== null) {
      this.push(`${args} call $hint_${op.callee}`)
      const results = range(callee.outputSize).map(() => this.local('i64'))
      results.forEach((r, i) => {
        this.push(`${zero} i64.load offset=${map.hintResults + 8 * i} local.set ${r}`)
        if (hint.bounds[i]! <= Number.MAX_SAFE_INTEGER) this.bounds.set(r, hint.bounds[i]!)
      })
      values.push(...results)
      return
    }
    this.push(`${args} ${op.unconstrained ? 'i32.const 1' : 'local.get $u'} call $f${op.callee}`)
    if (!op.unconstrained && boundsRank(ranks, this.index, op.callee)) {
      const bound = this.local('i32')
      this.push(
        `local.tee $q ${a}.const 8 ${a}.sub i32.load i32.const 1 i32.add local.set ${bound} local.get $q`,
      )
      bounds.push(bound)
    }
    values.push(...this.loadColumns(4 * map.functions[op.callee]!.keyColumns, callee.outputSize))
  }

  private control(
    control: Control,
    values: readonly string[],
    bounds: readonly string[],
    join: Join | null,
  ): void {
    switch (control.control) {
      case 'return':
        if (this.module.ranks.ranked[this.index] === 1) this.greatest([...this.outer, ...bounds], '$rank')
        this.move(
          control.values,
          values,
          range(this.f.outputSize).map(i => `$o${i}`),
        )
        this.push('br $exit')
        return
      case 'yield':
        if (join === null || control.values.length !== join.results.length) {
          this.push(
            `i32.const ${this.module.sites.at({ kind: 'yieldOutside' })} i32.const 0 call $fail unreachable`,
          )
          return
        }
        if (join.rank !== null) this.greatest(bounds, join.rank)
        this.move(control.values, values, join.results)
        this.push(`br ${join.label}`)
        return
      case 'match':
        this.arms(control, values, bounds, join)
        return
      case 'matchContinue': {
        const inner: Join = {
          label: `$join${this.names++}`,
          results: range(control.outputSize).map(() => this.local('i64')),
          rank: armsBoundRank(control, this.module.ranks, this.index) ? this.local('i32') : null,
        }
        const saved = this.outer
        this.outer = [...saved, ...bounds]
        this.push(`block ${inner.label}`)
        this.arms(control, values, [], inner)
        this.push('end')
        this.outer = saved
        const after = inner.rank === null ? bounds : [...bounds, inner.rank]
        this.block(control.continuation, [...values, ...inner.results], after, join)
      }
    }
  }

  private move(list: Value[], values: readonly string[], to: readonly string[]): void {
    if (list.length !== to.length) throw new RangeError(`${this.f.name} returns the wrong number of values`)
    list.forEach((v, i) => {
      this.push(`local.get ${values[v]} local.set ${to[i]}`)
    })
  }

  private arms(
    control: Control & { control: 'match' | 'matchContinue' },
    values: readonly string[],
    bounds: readonly string[],
    join: Join | null,
  ): void {
    const { sites } = this.module
    const scrutinee = values[control.scrutinee]
    // Of two cases with one value the first counts.
    const cases = control.cases.filter((c, i) => control.cases.findIndex(d => d.value === c.value) === i)
    const label = this.names++
    const arm = (i: number) => `$arm${label}_${i}`
    const rest = `$rest${label}`
    this.push(`block ${rest}`)
    for (let i = cases.length - 1; i >= 0; i--) this.push(`block ${arm(i)}`)
    if (cases.length > 2 && cases.every(c => c.value < BigInt(2 * cases.length + 4))) {
      const span = cases.reduce((m, c) => Math.max(m, Number(c.value) + 1), 0)
      const targets = range(span).map(() => rest)
      cases.forEach((c, i) => {
        targets[Number(c.value)] = arm(i)
      })
      this.push(`local.get ${scrutinee} i64.const ${span} i64.ge_u br_if ${rest}`)
      this.push(`local.get ${scrutinee} i32.wrap_i64 br_table ${targets.join(' ')} ${rest}`)
    } else {
      cases.forEach((c, i) => {
        this.push(`local.get ${scrutinee} i64.const ${c.value} i64.eq br_if ${arm(i)}`)
      })
      this.push(`br ${rest}`)
    }
    cases.forEach(c => {
      this.push('end')
      this.block(c.block, values, bounds, join)
    })
    this.push('end')
    if (control.default !== null) this.block(control.default, values, bounds, join)
    else this.push(`local.get ${scrutinee} i32.const ${sites.at({ kind: 'noMatchCase' })} call $fail1`)
    this.push('unreachable')
  }

  /** Puts the greatest bound into a local; the differences to it are counted in pairs. */
  private greatest(bounds: readonly string[], to: string): void {
    if (bounds.length <= 1) {
      this.push(`${bounds.length === 0 ? 'i32.const 0' : `local.get ${bounds[0]}`} local.set ${to}`)
      return
    }
    const greatest = this.local('i32')
    this.push(`local.get ${bounds[0]} local.set ${greatest}`)
    for (const bound of bounds.slice(1))
      this.push(
        `local.get ${bound} local.get ${greatest} local.get ${bound} local.get ${greatest} i32.gt_u select local.set ${greatest}`,
      )
    this.push('local.get $u i32.eqz if')
    for (let i = 0; i < bounds.length; i += 2) {
      const second =
        i + 1 < bounds.length ? `local.get ${greatest} local.get ${bounds[i + 1]} i32.sub` : 'i32.const 0'
      this.push(`local.get ${greatest} local.get ${bounds[i]} i32.sub ${second} call $count_difference`)
    }
    this.push(`end local.get ${greatest} local.set ${to}`)
  }
}

/** Counts a new row of any table. */
export const COUNT_ROW = `global.get $fuel i32.const 1 i32.sub global.set $fuel
global.get $fuel i32.eqz if call $tick end`

/** Runs `code` when one of the i64 locals may not fit a column. */
export function ifWide(values: readonly string[], code: string): string {
  if (values.length === 0) return ''
  const or = values
    .slice(1)
    .map(v => `local.get ${v} i64.or`)
    .join(' ')
  return `local.get ${values[0]} ${or} i64.const ${WIDE} i64.ge_u
if ${code} end`
}
