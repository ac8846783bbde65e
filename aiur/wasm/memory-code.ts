/** Code of the memories and of IO. */

import { COUNT_ROW, ifWide } from './function-code.js'
import { HEADER, type MemoryMap, TABLE, type TablePlan } from './memory-map.js'
import { emitFind, emitIntern, emitRowAddress, emitRowNumber, range } from './runtime.js'
import type { Sites } from './sites.js'

/** $store_m<n>(values, $u): the pointer; $load_m<n>(pointer, $u): address of the values. */
export function emitMemory(table: TablePlan, sites: Sites): string {
  const values = range(table.keyColumns).map(i => `$a${i}`)
  const keys = range(table.keyColumns).map(i => `$k${i}`)
  const site = sites.at({ kind: 'unboundPointer', size: table.keyColumns })
  const use = (k: string) =>
    `local.get $u i32.eqz if ${k} i32.const 4 i32.sub ${k} i32.const 4 i32.sub i32.load i32.const 1 i32.add i32.store end`
  return `${emitIntern(table, true)}
(func $store_${table.name} ${values.map(v => `(param ${v} i64)`).join(' ')} (param $u i32) (result i64)
  ${keys.map(k => `(local ${k} i32)`).join(' ')} (local $k i32)
  ${keys.map((k, i) => `local.get ${values[i]} i32.wrap_i64 local.set ${k}`).join('\n')}
  ${ifWide(values, values.map((v, i) => `local.get ${v} call $encode local.set ${keys[i]}`).join('\n'))}
  ${keys.map(k => `local.get ${k}`).join(' ')} call $intern_${table.name} local.set $k
  global.get $fresh if ${COUNT_ROW} end
  ${use('local.get $k')}
  ${emitRowNumber(table, '$k')} i64.extend_i32_u)
(func $load_${table.name} (param $pointer i64) (param $u i32) (result i32) (local $r i32) (local $s i32)
  local.get $pointer i32.const 0 i32.load offset=${table.descriptor + TABLE.count} i64.extend_i32_u i64.ge_u
  if local.get $pointer i32.const ${site} call $fail1 end
  local.get $pointer i32.wrap_i64 local.set $r
  ${emitRowAddress(table, '$r', '$s')} local.set $r
  ${use('local.get $r')}
  local.get $r)`
}

/** Bytes from the first column of a channel's row to its arena's address, elements and capacity. */
const ARENA = 4
const LENGTH = 8
const CAPACITY = 12

/**
 * Reading and writing of channels and keys, and $load_io, which takes the records that the header lists: channels
 * as (channel, address, elements) and keys as (channel, key, index, length), eight bytes each.
 */
export function emitIo(map: MemoryMap, sites: Sites): string {
  const tables = [...map.ioKeys]
  return `${emitIntern(map.channels)}
${emitFind(map.channels)}
(func $channel (param $channel i64) (result i32)
  local.get $channel i64.const 53 i64.shr_u i64.eqz i32.eqz
  if local.get $channel i32.const ${sites.at({ kind: 'ioChannel' })} call $fail1 end
  local.get $channel call $encode call $find_channels)
(func $io_read (param $channel i64) (param $index i64) (param $count i32) (result i32)
  (local $c i32) (local $length i64)
  local.get $channel call $channel local.tee $c
  if local.get $c i64.load32_u offset=${LENGTH} local.set $length end
  local.get $index local.get $length i64.gt_u
  local.get $length local.get $index i64.sub local.get $count i64.extend_i32_u i64.lt_u i32.or
  if
    i32.const ${map.scratch} local.get $channel i64.store
    i32.const ${map.scratch} local.get $length i64.store offset=8
    i32.const ${map.scratch} local.get $count i64.extend_i32_u i64.store offset=16
    i32.const ${map.scratch} local.get $index i64.store offset=24
    i32.const ${sites.at({ kind: 'ioOutOfBounds' })} i32.const 4 call $fail
  end
  local.get $c i32.eqz
  if i32.const ${map.scratch} return end
  local.get $c i32.load offset=${ARENA} local.get $index i32.wrap_i64 i32.const 3 i32.shl i32.add)
;; Address of room for more elements at the end of a channel.
(func $io_extend (param $channel i64) (param $count i32) (result i32)
  (local $c i32) (local $length i32) (local $bytes i32) (local $arena i32)
  local.get $channel call $channel drop
  local.get $channel call $encode call $intern_channels local.set $c
  local.get $c i32.load offset=${LENGTH} local.set $length
  local.get $length local.get $count i32.add local.get $c i32.load offset=${CAPACITY} i32.gt_u
  if
    i32.const 128 local.set $bytes
    loop $double
      local.get $bytes i32.const 3 i32.shr_u local.get $length local.get $count i32.add i32.const 1 i32.shl i32.lt_u
      if local.get $bytes i32.const 1 i32.shl local.set $bytes br $double end
    end
    local.get $bytes call $alloc local.set $arena
    local.get $arena local.get $c i32.load offset=${ARENA} local.get $length i32.const 3 i32.shl memory.copy
    local.get $c i32.load offset=${CAPACITY}
    if local.get $c i32.load offset=${ARENA} local.get $c i32.load offset=${CAPACITY} i32.const 3 i32.shl call $free end
    local.get $c local.get $arena i32.store offset=${ARENA}
    local.get $c local.get $bytes i32.const 3 i32.shr_u i32.store offset=${CAPACITY}
  end
  local.get $c local.get $length local.get $count i32.add i32.store offset=${LENGTH}
  local.get $c i32.load offset=${ARENA} local.get $length i32.const 3 i32.shl i32.add)
${tables.map(([length, table]) => emitKeys(map, sites, length, table)).join('\n')}
(func $load_io (local $p i32) (local $n i32) (local $c i32)
  i32.const 0 i32.load offset=${HEADER.stagedChannels} local.set $p
  i32.const 0 i32.load offset=${HEADER.stagedChannels + 4} local.set $n
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $p i64.load call $encode call $intern_channels local.set $c
      local.get $c local.get $p i32.load offset=8 i32.store offset=${ARENA}
      local.get $c local.get $p i32.load offset=16 i32.store offset=${LENGTH}
      local.get $c i32.const 0 i32.store offset=${CAPACITY}
      local.get $p i32.const 24 i32.add local.set $p
      local.get $n i32.const 1 i32.sub local.set $n
      br $each
    end
  end
  ${tables.map(([length], i) => loadKeys(length, HEADER.stagedKeys + 8 * i)).join('\n')})`
}

function loadKeys(length: number, staged: number): string {
  const words = range(length + 3).map(i => `local.get $p i64.load offset=${8 * i}`)
  return `i32.const 0 i32.load offset=${staged} local.set $p
i32.const 0 i32.load offset=${staged + 4} local.set $n
block $done
  loop $each
    local.get $n i32.eqz br_if $done
    ${words.join(' ')} call $io_set_${length}
    local.get $p i32.const ${8 * (length + 3)} i32.add local.set $p
    local.get $n i32.const 1 i32.sub local.set $n
    br $each
  end
end`
}

/** $io_get_<n>(channel, key): address of index and length; $io_set_<n>(channel, key, index, length). */
function emitKeys(map: MemoryMap, sites: Sites, length: number, table: TablePlan): string {
  const keys = range(length).map(i => `$a${i}`)
  const params = ['$channel', ...keys].map(k => `(param ${k} i64)`).join(' ')
  const encoded = ['$channel', ...keys].map(k => `local.get ${k} call $encode`).join(' ')
  const fail = (kind: 'ioUnknownKey' | 'ioKeySet') => `${['$channel', ...keys]
    .map((k, i) => `i32.const ${map.scratch + 8 * i} local.get ${k} i64.store`)
    .join('\n')}
i32.const ${sites.at({ kind })} i32.const ${length + 1} call $fail`
  const payload = 4 * (length + 1)
  return `${emitIntern(table)}
${emitFind(table)}
(func $io_get_${length} ${params} (result i32) (local $k i32)
  local.get $channel call $channel drop
  ${encoded} call $find_${table.name} local.tee $k i32.eqz
  if ${fail('ioUnknownKey')} end
  local.get $k i32.const ${payload} i32.add)
(func $io_set_${length} ${params} (param $index i64) (param $length i64) (local $k i32)
  local.get $channel call $channel drop
  ${encoded} call $find_${table.name}
  if ${fail('ioKeySet')} end
  ${encoded} call $intern_${table.name} local.set $k
  local.get $k local.get $index i64.store offset=${payload} align=4
  local.get $k local.get $length i64.store offset=${payload + 8} align=4)`
}
