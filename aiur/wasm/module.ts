/** The WebAssembly module of a program as generated text. */

import type { Program } from '../bytecode.js'
import { plainHints } from '../vm/plain-hints.js'
import type { RankPlan } from '../vm/ranks.js'
import type { AddressType } from './address.js'
import type { Module } from './context.js'
import { emitDivisions } from './division-code.js'
import { FunctionCode } from './function-code.js'
import { emitIo, emitMemory } from './memory-code.js'
import { HEADER, type MemoryMap } from './memory-map.js'
import { emitRuntime, range } from './runtime.js'
import { type Site, Sites } from './sites.js'

export interface ModuleText {
  text: string
  sites: Site[]
}

/**
 * The module as WebAssembly text. Exports: `load_io` once before a run; `entry_<f>` runs an entry on the arguments
 * in scratch and returns the word number of its row; `start` sets the limits before.
 */
export function emitModule(
  address: AddressType,
  program: Program,
  ranks: RankPlan,
  map: MemoryMap,
  faults?: Module['faults'],
): ModuleText {
  const { zero, fromWord } = address
  const sites = new Sites()
  const hints = plainHints(program)
  const module: Module = { address, program, hints, ranks, map, sites, ...(faults && { faults }) }
  const functions = program.functions.map((f, i) => {
    const hint = hints[i]!
    const code = new FunctionCode(module, f, i)
    return hint === null ? code.emit() : code.emitHint(hint)
  })
  const text = `(module
(import "env" "memory" (memory ${address.memory}))
(import "env" "debug" (func $debug (param i32 i32)))
${emitRuntime(address, map, sites)}
${map.memories.map(m => emitMemory(address, m, sites)).join('\n')}
${emitIo(address, map, sites)}
${emitDivisions(address, map, sites)}
${functions.join('\n')}
(func $start (export "start")
  ${zero} i32.load offset=${HEADER.heapStart} ${fromWord} global.set $heap
  ${zero} i32.load offset=${HEADER.stackTop} ${fromWord} global.set $sp
  call $tick
  call $load_io)
${program.functions.map((f, i) => (f.entry ? emitEntry(address, map, i, f.inputSize) : '')).join('\n')}
)`
  return { text, sites: sites.list }
}

function emitEntry({ type: a, toWord }: AddressType, map: MemoryMap, index: number, inputs: number): string {
  const args = range(inputs).map(i => `${a}.const ${map.scratch + 8 * i} i64.load`)
  return `(func (export "entry_${index}") (result i32)
  ${args.join(' ')} i32.const 0 call $f${index} ${toWord})`
}
