/** The WebAssembly module of a program as generated text. */

import type { Program } from '../bytecode.js'
import type { RankPlan } from '../vm/ranks.js'
import type { Module } from './context.js'
import { emitDivisions } from './division-code.js'
import { FunctionCode } from './function-code.js'
import { emitIo, emitMemory } from './memory-code.js'
import { HEADER, type MemoryMap } from './memory-map.js'
import { emitQueues } from './queue-code.js'
import { emitRuntime, range } from './runtime.js'
import { type Site, Sites } from './sites.js'

export interface ModuleText {
  text: string
  sites: Site[]
}

/**
 * The module as WebAssembly text. Exports: `load_io` once before a run; `entry_<f>` runs an entry on the arguments
 * in scratch and returns the address of its row; `start` sets the limits before.
 */
export function emitModule(
  program: Program,
  ranks: RankPlan,
  map: MemoryMap,
  faults?: Module['faults'],
): ModuleText {
  const sites = new Sites()
  const module: Module = { program, ranks, map, sites, ...(faults === undefined ? {} : { faults }) }
  const functions = program.functions.map((f, i) => new FunctionCode(module, f, i).emit())
  const text = `(module
(import "env" "memory" (memory 1 65536 shared))
(import "env" "debug" (func $debug (param i32 i32)))
${emitRuntime(map, sites)}
${map.memories.map(m => emitMemory(m, sites)).join('\n')}
${emitIo(map, sites)}
${emitDivisions(map, sites)}
${functions.join('\n')}
${emitQueues(program, map)}
${map.queues.map(q => new FunctionCode(module, program.functions[q.function]!, q.function).emitDeferred(q)).join('\n')}
(func $start (export "start")
  i32.const 0 i32.load offset=${HEADER.heapStart} global.set $heap
  i32.const 0 i32.load offset=${HEADER.stackTop} global.set $sp
  call $tick
  call $load_io)
${program.functions.map((f, i) => (f.entry ? emitEntry(map, i, f.inputSize) : '')).join('\n')}
)`
  return { text, sites: sites.list }
}

function emitEntry(map: MemoryMap, index: number, inputs: number): string {
  const args = range(inputs).map(i => `i32.const ${map.scratch + 8 * i} i64.load`)
  return `(func (export "entry_${index}") (result i32)
  ${args.join(' ')} i32.const 0 call $f${index}
  call $flush)`
}
