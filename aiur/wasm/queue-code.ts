/** Code of the queues of deferred calls (see `deferred.ts`). */

import type { Program } from '../bytecode.js'
import type { Queue } from './deferred.js'
import { emitHash, emitHome } from './hash.js'
import { HEADER, type MemoryMap, TABLE, type TablePlan } from './memory-map.js'
import { range } from './runtime.js'

/** Functions $flush_<f>, which make the waiting calls, and $flush for all of them. */
export function emitQueues(program: Program, map: MemoryMap): string {
  const flush = (queue: Queue) => {
    const table = map.functions[queue.function]!
    const { inputSize } = program.functions[queue.function]!
    const entry = queue.address + 8
    const next = `local.get $at i32.const ${8 * inputSize} i32.add local.tee $at local.get $end i32.lt_u br_if $each`
    return `(func $flush_${queue.function}
  ${range(table.keyColumns)
    .map(i => `(local $k${i} i32)`)
    .join(' ')} (local $h i32) (local $at i32) (local $end i32) (local $read i64)
  i32.const 0 i32.load offset=${queue.address} i32.eqz if return end
  i32.const ${entry} i32.const 0 i32.load offset=${queue.address} i32.const ${8 * inputSize} i32.mul i32.add local.set $end
  i32.const 1 global.set $flushing
  i32.const ${entry} local.set $at
  loop $each
    ${columnsAt(table, inputSize)}
    ${emitHash(
      range(table.keyColumns).map(i => `$k${i}`),
      table.sequential,
      '$h',
    )}
    i32.const 0 i32.load offset=${table.descriptor + TABLE.index}
    ${emitHome('$h', `i32.const 0 i32.load offset=${table.descriptor + TABLE.shift}`)}
    i32.add i64.load local.get $read i64.xor local.set $read
    ${next}
  end
  ;; The sum of what was read goes somewhere, lest the reads be left out.
  local.get $read global.set $seen
  i32.const ${entry} local.set $at
  loop $each
    ${range(inputSize)
      .map(i => `local.get $at i64.load offset=${8 * i}`)
      .join(' ')} i32.const 1 call $f${queue.function} drop
    ${next}
  end
  i32.const 0 i32.const 0 i32.store offset=${queue.address}
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
export function emitEnqueue(queue: Queue, inputs: readonly string[]): string {
  const count = `i32.const 0 i32.load offset=${queue.address}`
  return `${count} i32.const ${8 * inputs.length} i32.mul local.set $q
${inputs.map((a, i) => `local.get $q local.get ${a} i64.store offset=${queue.address + 8 + 8 * i}`).join('\n')}
i32.const 0 ${count} i32.const 1 i32.add i32.store offset=${queue.address}
${count} i32.const 0 i32.load offset=${HEADER.queueLimit} i32.ge_u
if call $flush_${queue.function} end`
}
