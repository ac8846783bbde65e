/** Code of the memories and of IO. */

import type { AddressType } from './address.js'
import { COUNT_ROW, ifWide } from './function-code.js'
import { HEADER, type MemoryMap, TABLE, type TablePlan } from './memory-map.js'
import { emitFind, emitIntern, emitRowAddress, emitRowNumber, range } from './runtime.js'
import type { Sites } from './sites.js'

/** $store_m<n>(values, $u): the pointer; $load_m<n>(pointer, $u): address of the values. */
export function emitMemory(address: AddressType, table: TablePlan, sites: Sites): string {
  const { type: a, zero } = address
  const values = range(table.keyColumns).map(i => `$a${i}`)
  const keys = range(table.keyColumns).map(i => `$k${i}`)
  const site = sites.at({ kind: 'unboundPointer', size: table.keyColumns })
  const use = (k: string) =>
    `local.get $u i32.eqz if ${k} ${a}.const 4 ${a}.sub ${k} ${a}.const 4 ${a}.sub i32.load i32.const 1 i32.add i32.store end`
  return `${emitIntern(address, table, true)}
(func $store_${table.name} ${values.map(v => `(param ${v} i64)`).join(' ')} (param $u i32) (result i64)
  ${keys.map(k => `(local ${k} i32)`).join(' ')} (local $k ${a})
  ${keys.map((k, i) => `local.get ${values[i]} i32.wrap_i64 local.set ${k}`).join('\n')}
  ${ifWide(values, values.map((v, i) => `local.get ${v} call $encode local.set ${keys[i]}`).join('\n'))}
  ${keys.map(k => `local.get ${k}`).join(' ')} call $intern_${table.name} local.set $k
  global.get $fresh if ${COUNT_ROW} end
  ${use('local.get $k')}
  ${emitRowNumber(address, table, '$k')} i64.extend_i32_u)
(func $load_${table.name} (param $pointer i64) (param $u i32) (result ${a}) (local $r i32) (local $s i32) (local $k ${a})
  local.get $pointer ${zero} i32.load offset=${table.descriptor + TABLE.count} i64.extend_i32_u i64.ge_u
  if local.get $pointer i32.const ${site} call $fail1 end
  local.get $pointer i32.wrap_i64 local.set $r
  ${emitRowAddress(address, table, '$r', '$s')} local.set $k
  ${use('local.get $k')}
  local.get $k)`
}

/** Bytes from the first column of a channel's row to its arena's word number, elements and capacity. */
const ARENA = 4
const LENGTH = 8
const CAPACITY = 12

/**
 * Reading and writing of channels and keys, and $load_io, which takes the records that the header lists: channels
 * as (channel, word number, elements) and keys as (channel, key, index, length), eight bytes each.
 */
export function emitIo(address: AddressType, map: MemoryMap, sites: Sites): string {
  const { type: a, zero, fromWord, toWord, fromI32, fromI64, nonZero, largestBlock } = address
  const tables = [...map.ioKeys]
  const arena = `i32.load offset=${ARENA} ${fromWord}`
  const bytes = (elements: string) => `local.get ${elements} ${fromI32} ${a}.const 3 ${a}.shl`
  return `${emitIntern(address, map.channels)}
${emitFind(address, map.channels)}
(func $channel (param $channel i64) (result ${a})
  local.get $channel i64.const 53 i64.shr_u i64.eqz i32.eqz
  if local.get $channel i32.const ${sites.at({ kind: 'ioChannel' })} call $fail1 end
  local.get $channel call $encode call $find_channels)
(func $io_read (param $channel i64) (param $index i64) (param $count i32) (result ${a})
  (local $c ${a}) (local $length i64)
  local.get $channel call $channel local.tee $c ${nonZero}
  if local.get $c i64.load32_u offset=${LENGTH} local.set $length end
  local.get $index local.get $length i64.gt_u
  local.get $length local.get $index i64.sub local.get $count i64.extend_i32_u i64.lt_u i32.or
  if
    ${a}.const ${map.scratch} local.get $channel i64.store
    ${a}.const ${map.scratch} local.get $length i64.store offset=8
    ${a}.const ${map.scratch} local.get $count i64.extend_i32_u i64.store offset=16
    ${a}.const ${map.scratch} local.get $index i64.store offset=24
    i32.const ${sites.at({ kind: 'ioOutOfBounds' })} i32.const 4 call $fail
  end
  local.get $c ${a}.eqz
  if ${a}.const ${map.scratch} return end
  local.get $c ${arena} local.get $index ${fromI64} ${a}.const 3 ${a}.shl ${a}.add)
;; Address of room for more elements at the end of a channel.
(func $io_extend (param $channel i64) (param $count i32) (result ${a})
  (local $c ${a}) (local $length i32) (local $bytes ${a}) (local $arena ${a})
  local.get $channel call $channel drop
  local.get $channel call $encode call $intern_channels local.set $c
  local.get $c i32.load offset=${LENGTH} local.set $length
  local.get $length local.get $count i32.add local.get $c i32.load offset=${CAPACITY} i32.gt_u
  if
    ;; Twice the room, which no larger block has.
    local.get $length i64.extend_i32_u local.get $count i64.extend_i32_u i64.add i64.const ${largestBlock / 16} i64.gt_u
    if i32.const ${sites.at({ kind: 'memoryLimit' })} call $halt end
    ${a}.const 128 local.set $bytes
    loop $double
      local.get $bytes ${a}.const 4 ${a}.shr_u local.get $length local.get $count i32.add ${fromI32} ${a}.lt_u
      if local.get $bytes ${a}.const 1 ${a}.shl local.set $bytes br $double end
    end
    local.get $bytes call $alloc local.set $arena
    local.get $arena local.get $c ${arena} ${bytes('$length')} memory.copy
    local.get $c i32.load offset=${CAPACITY}
    if
      local.get $c ${arena}
      local.get $c i32.load offset=${CAPACITY} ${fromI32} ${a}.const 3 ${a}.shl call $free
    end
    local.get $c local.get $arena ${toWord} i32.store offset=${ARENA}
    local.get $c local.get $bytes ${a}.const 3 ${a}.shr_u ${address.toI32} i32.store offset=${CAPACITY}
  end
  local.get $c local.get $length local.get $count i32.add i32.store offset=${LENGTH}
  local.get $c ${arena} ${bytes('$length')} ${a}.add)
${tables.map(([length, table]) => emitKeys(address, map, sites, length, table)).join('\n')}
(func $load_io (local $p ${a}) (local $n i32) (local $c ${a})
  ${zero} i32.load offset=${HEADER.stagedChannels} ${fromWord} local.set $p
  ${zero} i32.load offset=${HEADER.stagedChannels + 4} local.set $n
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $p i64.load call $encode call $intern_channels local.set $c
      local.get $c local.get $p i32.load offset=8 i32.store offset=${ARENA}
      local.get $c local.get $p i32.load offset=16 i32.store offset=${LENGTH}
      local.get $c i32.const 0 i32.store offset=${CAPACITY}
      local.get $p ${a}.const 24 ${a}.add local.set $p
      local.get $n i32.const 1 i32.sub local.set $n
      br $each
    end
  end
  ${tables.map(([length], i) => loadKeys(address, length, HEADER.stagedKeys + 8 * i)).join('\n')})`
}

function loadKeys({ type: a, zero, fromWord }: AddressType, length: number, staged: number): string {
  const words = range(length + 3).map(i => `local.get $p i64.load offset=${8 * i}`)
  return `${zero} i32.load offset=${staged} ${fromWord} local.set $p
${zero} i32.load offset=${staged + 4} local.set $n
block $done
  loop $each
    local.get $n i32.eqz br_if $done
    ${words.join(' ')} call $io_set_${length}
    local.get $p ${a}.const ${8 * (length + 3)} ${a}.add local.set $p
    local.get $n i32.const 1 i32.sub local.set $n
    br $each
  end
end`
}

/** $io_get_<n>(channel, key): address of index and length; $io_set_<n>(channel, key, index, length). */
function emitKeys(
  address: AddressType,
  map: MemoryMap,
  sites: Sites,
  length: number,
  table: TablePlan,
): string {
  const { type: a, nonZero } = address
  const keys = range(length).map(i => `$a${i}`)
  const params = ['$channel', ...keys].map(k => `(param ${k} i64)`).join(' ')
  const encoded = ['$channel', ...keys].map(k => `local.get ${k} call $encode`).join(' ')
  const fail = (kind: 'ioUnknownKey' | 'ioKeySet') => `${['$channel', ...keys]
    .map((k, i) => `${a}.const ${map.scratch + 8 * i} local.get ${k} i64.store`)
    .join('\n')}
i32.const ${sites.at({ kind })} i32.const ${length + 1} call $fail`
  const payload = 4 * (length + 1)
  return `${emitIntern(address, table)}
${emitFind(address, table)}
(func $io_get_${length} ${params} (result ${a}) (local $k ${a})
  local.get $channel call $channel drop
  ${encoded} call $find_${table.name} local.tee $k ${a}.eqz
  if ${fail('ioUnknownKey')} end
  local.get $k ${a}.const ${payload} ${a}.add)
(func $io_set_${length} ${params} (param $index i64) (param $length i64) (local $k ${a})
  local.get $channel call $channel drop
  ${encoded} call $find_${table.name} ${nonZero}
  if ${fail('ioKeySet')} end
  ${encoded} call $intern_${table.name} local.set $k
  local.get $k local.get $index i64.store offset=${payload} align=4
  local.get $k local.get $length i64.store offset=${payload + 8} align=4)`
}
