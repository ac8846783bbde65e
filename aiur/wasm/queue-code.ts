/** Code of the queues of deferred calls (see `deferred.ts`). */

import type { Program } from '../bytecode.js'
import type { AddressType } from './address.js'
import type { Queue } from './deferred.js'
import { emitHash, emitHome } from './hash.js'
import { HEADER, type MemoryMap, TABLE, type TablePlan } from './memory-map.js'
import { range } from './runtime.js'

/** Functions $flush_<f>, which make the waiting calls, and $flush for all of them. */
export function emitQueues(address: AddressType, program: Program, map: MemoryMap): string {
  const { type: a, zero, fromWord, fromI32 } = address
  const flush = (queue: Queue) => {
    const table = map.functions[queue.function]!
    const { inputSize } = program.functions[queue.function]!
    const entry = queue.address + 8
    const next = `local.get $at ${a}.const ${8 * inputSize} ${a}.add local.tee $at local.get $end ${a}.lt_u br_if $each`
    return `(func $flush_${queue.function}
  ${range(table.keyColumns)
    .map(i => `(local $k${i} i32)`)
    .join(' ')} (local $h i32) (local $at ${a}) (local $end ${a}) (local $read i64)
  ${zero} i32.load offset=${queue.address} i32.eqz if return end
  ${a}.const ${entry} ${zero} i32.load offset=${queue.address} i32.const ${8 * inputSize} i32.mul ${fromI32} ${a}.add local.set $end
  i32.const 1 global.set $flushing
  ${a}.const ${entry} local.set $at
  loop $each
    ${columnsAt(table, inputSize)}
    ${emitHash(
      range(table.keyColumns).map(i => `$k${i}`),
      table.sequential,
      '$h',
    )}
    ${zero} i32.load offset=${table.descriptor + TABLE.index} ${fromWord}
    ${emitHome('$h', `${zero} i32.load offset=${table.descriptor + TABLE.shift}`)} ${fromI32}
    ${a}.add i64.load local.get $read i64.xor local.set $read
    ${next}
  end
  ;; The sum of what was read goes somewhere, lest the reads be left out.
  local.get $read global.set $seen
  ${a}.const ${entry} local.set $at
  loop $each
    ${range(inputSize)
      .map(i => `local.get $at i64.load offset=${8 * i}`)
      .join(' ')} i32.const 1 call $f${queue.function} drop
    ${next}
  end
  ${zero} i32.const 0 i32.store offset=${queue.address}
  i32.const 0 global.set $flushing)`
  }
  return `(global $flushing (mut i32) (i32.const 0))
(global $seen (mut i64) (i64.const 0))
${map.queues.map(flush).join('\n')}
(func $flush
  ${map.queues.map(q => `call $flush_${q.function}`).join(' ')})`
}

/** Puts the columns of the key at $at into $k0, $k1, ...; wrong for values of the dictionary, which only costs time. */
function columnsAt(table: TablePlan, inputSize: number): string {
  let column = 0
  return range(inputSize)
    .map(i => {
      const low = `local.get $at i32.load offset=${8 * i} local.set $k${column++}`
      return table.wide[i] ? `${low} local.get $at i32.load offset=${8 * i + 4} local.set $k${column++}` : low
    })
    .join('\n')
}

/** Queues a call whose arguments are in the i64 locals. */
export function emitEnqueue(address: AddressType, queue: Queue, inputs: readonly string[]): string {
  const { zero, fromI32 } = address
  const count = `${zero} i32.load offset=${queue.address}`
  return `${count} i32.const ${8 * inputs.length} i32.mul ${fromI32} local.set $q
${inputs.map((a, i) => `local.get $q local.get ${a} i64.store offset=${queue.address + 8 + 8 * i}`).join('\n')}
${zero} ${count} i32.const 1 i32.add i32.store offset=${queue.address}
${count} ${zero} i32.load offset=${HEADER.queueLimit} i32.ge_u
if call $flush_${queue.function} end`
}
