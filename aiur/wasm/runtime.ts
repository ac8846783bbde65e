/** The part of the generated module that is the same for every program, and code for tables, as WebAssembly text. */

import { emitHash, emitHome } from './hash.js'
import {
  HEADER,
  type MemoryMap,
  PAGE,
  RECENT_VALUES,
  SEGMENT_HEADER,
  TABLE,
  type TablePlan,
  WIDE,
} from './memory-map.js'
import type { Sites } from './sites.js'

export const P = '18446744069414584321'

/** Rows between two looks at limits and the stop flag. */
export const CHECK_INTERVAL = 16384

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

export function emitRuntime(map: MemoryMap, sites: Sites): string {
  const fail = (kind: 'rowLimit' | 'stopped' | 'memoryLimit') => `i32.const ${sites.at({ kind })} call $halt`
  const at = (field: keyof typeof TABLE) => `offset=${TABLE[field]}`
  const { wide } = map
  return `
(global $sp (export "sp") (mut i32) (i32.const 0))
(global $depth (export "depth") (mut i32) (i32.const 0))
(global $heap (export "heap") (mut i32) (i32.const 0))
(global $rows (export "rows") (mut i32) (i32.const 0))
(global $quantum (export "quantum") (mut i32) (i32.const 0))
(global $fuel (export "fuel") (mut i32) (i32.const 0))
(global $small_next (mut i32) (i32.const 0))
(global $small_end (mut i32) (i32.const 0))
(global $reserved (mut i32) (i32.const 0))
(global $fresh (mut i32) (i32.const 0))

;; Ends the run where a limit is reached. What is remembered of an earlier failure stays.
(func $halt (param $site i32)
  i32.const 0 i32.load offset=${HEADER.failedSite} i32.eqz
  if i32.const 0 local.get $site i32.const 1 i32.add i32.store offset=${HEADER.failedSite} end
  unreachable)
(func $fail (param $site i32) (param $operands i32)
  i32.const 0 local.get $site i32.const 1 i32.add i32.store offset=${HEADER.failedSite}
  i32.const 0 local.get $operands i32.store offset=${HEADER.failedOperands}
  global.get $flushing i32.eqz if call $flush end
  unreachable)
(func $fail1 (param $a i64) (param $site i32)
  i32.const ${map.scratch} local.get $a i64.store
  local.get $site i32.const 1 call $fail)
(func $fail2 (param $a i64) (param $b i64) (param $site i32)
  i32.const ${map.scratch} local.get $a i64.store
  i32.const ${map.scratch} local.get $b i64.store offset=8
  local.get $site i32.const 2 call $fail)
(func $within1 (param $a i64) (param $most i64) (param $site i32)
  local.get $a local.get $most i64.gt_u if local.get $a local.get $site call $fail1 end)
;; most: one less than a power of two
(func $within2 (param $a i64) (param $b i64) (param $most i64) (param $site i32)
  local.get $a local.get $b i64.or local.get $most i64.gt_u
  if local.get $a local.get $b local.get $site call $fail2 end)

(func $tick (local $left i32)
  global.get $rows global.get $quantum i32.add global.set $rows
  i32.const 0 global.get $rows i32.store offset=${HEADER.rows}
  i32.const 0 global.get $depth i32.store offset=${HEADER.depth}
  i32.const 0 global.get $heap i32.store offset=${HEADER.heap}
  i32.const 0 global.set $quantum
  global.get $rows i32.const 0 i32.load offset=${HEADER.rowLimit} i32.gt_u
  if ${fail('rowLimit')} end
  i32.const 0 i32.load offset=${HEADER.stop}
  if ${fail('stopped')} end
  i32.const 0 i32.load offset=${HEADER.rowLimit} global.get $rows i32.sub i32.const 1 i32.add
  local.tee $left i32.const ${CHECK_INTERVAL} local.get $left i32.const ${CHECK_INTERVAL} i32.lt_u select
  global.set $quantum
  global.get $quantum global.set $fuel)

(func $pages (param $bytes i32) (result i32) (local $p i32)
  global.get $heap local.set $p
  local.get $p i64.extend_i32_u local.get $bytes i64.extend_i32_u i64.add
  global.get $reserved i64.extend_i32_u i64.add i64.const 4096 i64.add
  global.get $sp i64.extend_i32_u i64.gt_u
  if ${fail('memoryLimit')} end
  local.get $p local.get $bytes i32.add global.set $heap
  local.get $p)

;; A block from a larger free one, the rest of which stays free; 0 if there is none.
(func $split (param $bytes i32) (result i32) (local $size i32) (local $list i32) (local $p i32)
  local.get $bytes local.set $size
  block $none
    loop $larger
      local.get $size i32.const 1 i32.shl local.tee $size i32.eqz br_if $none
      local.get $size i32.ctz i32.const 2 i32.shl local.tee $list
      i32.load offset=${HEADER.freeBlocks} local.tee $p i32.eqz br_if $larger
    end
    local.get $list local.get $p i32.load i32.store offset=${HEADER.freeBlocks}
    loop $halve
      local.get $size i32.const 1 i32.shr_u local.set $size
      local.get $p local.get $size i32.add local.get $size call $free
      local.get $size local.get $bytes i32.ne br_if $halve
    end
    local.get $p return
  end
  i32.const 0)

;; A block of any content; the size is a power of two from 128 on.
(func $alloc (param $bytes i32) (result i32) (local $list i32) (local $p i32)
  local.get $bytes i32.ctz i32.const 2 i32.shl local.set $list
  local.get $list i32.load offset=${HEADER.freeBlocks} local.tee $p
  if
    local.get $list local.get $p i32.load i32.store offset=${HEADER.freeBlocks}
    local.get $p return
  end
  local.get $bytes i32.const ${PAGE} i32.ge_u
  if
    local.get $bytes call $split local.tee $p
    if local.get $p return end
    local.get $bytes call $pages return
  end
  global.get $small_end global.get $small_next i32.sub local.get $bytes i32.lt_u
  if
    i32.const ${PAGE} call $pages global.set $small_next
    global.get $small_next i32.const ${PAGE} i32.add global.set $small_end
  end
  global.get $small_next
  global.get $small_next local.get $bytes i32.add global.set $small_next)

(func $free (param $p i32) (param $bytes i32) (local $list i32)
  local.get $bytes i32.ctz i32.const 2 i32.shl local.set $list
  local.get $p local.get $list i32.load offset=${HEADER.freeBlocks} i32.store
  local.get $list local.get $p i32.store offset=${HEADER.freeBlocks})

;; A new segment for a table; address of its first row.
(func $segment (param $t i32) (result i32)
  (local $bytes i32) (local $p i32) (local $n i32) (local $capacity i32) (local $directory i32)
  local.get $t i32.load ${at('segmentBytes')} local.set $bytes
  local.get $bytes i32.const ${PAGE} i32.eq
  if local.get $bytes call $alloc local.set $p
  else
  global.get $heap local.get $bytes i32.add i32.const 1 i32.sub i32.const 0 local.get $bytes i32.sub i32.and
  global.set $heap
  local.get $bytes call $pages local.set $p
  end
  local.get $t i32.load ${at('segments')} local.set $n
  local.get $t i32.load ${at('directoryCapacity')} local.set $capacity
  local.get $n local.get $capacity i32.eq
  if
    local.get $capacity i32.const 2 i32.mul i32.const 32 local.get $capacity select i32.const 4 i32.mul
    call $alloc local.set $directory
    local.get $capacity
    if
      local.get $directory local.get $t i32.load ${at('directory')}
      local.get $n i32.const 4 i32.mul memory.copy
      local.get $t i32.load ${at('directory')} local.get $capacity i32.const 4 i32.mul call $free
    end
    local.get $t local.get $directory i32.store ${at('directory')}
    local.get $t local.get $capacity i32.const 2 i32.mul i32.const 32 local.get $capacity select
    i32.store ${at('directoryCapacity')}
  end
  local.get $t i32.load ${at('directory')} local.get $n i32.const 4 i32.mul i32.add local.get $p i32.store
  local.get $p local.get $n local.get $t i32.load ${at('segmentRows')} i32.mul i32.store
  local.get $t local.get $n i32.const 1 i32.add i32.store ${at('segments')}
  local.get $t
  local.get $p i32.const ${SEGMENT_HEADER} i32.add
  local.get $t i32.load ${at('segmentRows')} local.get $t i32.load ${at('strideBytes')} i32.mul i32.add
  i32.store ${at('end')}
  local.get $p i32.const ${SEGMENT_HEADER} i32.add)

;; Doubles an index. Running calls are told their new slot.
(func $grow (param $t i32)
  (local $old i32) (local $bytes i32) (local $p i32) (local $e i64)
  (local $new i32) (local $mask i32) (local $s i32) (local $stop i32) (local $h i32) (local $shift i32)
  local.get $t i32.load ${at('index')} local.set $old
  local.get $old i32.const ${HEADER.emptyIndex} i32.ne
  if local.get $t i32.load ${at('mask')} i32.const 8 i32.add local.set $bytes end
  local.get $bytes i32.const 2 i32.mul i32.const 128 local.get $bytes select call $alloc local.set $new
  local.get $bytes i32.const 2 i32.mul i32.const 128 local.get $bytes select i32.const 8 i32.sub local.set $mask
  ;; A place that frames have left is not zero either.
  local.get $new i32.const 0 local.get $mask i32.const 8 i32.add memory.fill
  local.get $t i32.load ${at('shift')} i32.const 1 i32.sub local.set $shift
  local.get $t local.get $shift i32.store ${at('shift')}
  local.get $old local.set $p
  local.get $old local.get $bytes i32.add local.set $stop
  block $done
    loop $each
      local.get $p local.get $stop i32.eq br_if $done
      local.get $p i64.load local.tee $e i64.eqz i32.eqz
      if
        local.get $e i64.const 32 i64.shr_u i32.wrap_i64 local.set $h
        ${emitHome('$h', 'local.get $shift')} local.set $s
        block $placed
          loop $probe
            local.get $new local.get $s i32.add i64.load i64.eqz br_if $placed
            local.get $s i32.const 8 i32.add local.get $mask i32.and local.set $s
            br $probe
          end
        end
        local.get $new local.get $s i32.add local.get $e i64.store
        local.get $e i32.wrap_i64 i32.const 1 i32.and
        if
          local.get $e i32.wrap_i64 i32.const -4 i32.and i32.const 8 i32.sub
          local.get $new local.get $s i32.add i32.store
        end
      end
      local.get $p i32.const 8 i32.add local.set $p
      br $each
    end
  end
  local.get $t local.get $new i32.store ${at('index')}
  local.get $t local.get $mask i32.store ${at('mask')}
  local.get $t local.get $mask i32.const 8 i32.add i32.const 32 i32.div_u i32.const 3 i32.mul i32.store ${at('limit')}
  local.get $bytes
  if local.get $old local.get $bytes call $free end)

(func $free_slot (param $t i32) (param $h i32) (result i32) (local $s i32) (local $p i32)
  ${emitHome('$h', `local.get $t i32.load ${at('shift')}`)} local.set $s
  loop $probe (result i32)
    local.get $t i32.load ${at('index')} local.get $s i32.add local.tee $p i64.load i64.eqz
    if local.get $p return end
    local.get $s i32.const 8 i32.add local.get $t i32.load ${at('mask')} i32.and local.set $s
    br $probe
  end)

${emitIntern(wide)}
(func $encode (param $v i64) (result i32) (local $k i32)
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v i32.wrap_i64 return end
  local.get $v i32.wrap_i64 local.get $v i64.const 32 i64.shr_u i32.wrap_i64 call $intern_wide local.set $k
  ${emitRowNumber(wide, '$k')} i32.const ${WIDE} i32.add)
;; The column of a value that is in no key: the dictionary may have it more than once.
(func $append (param $v i64) (result i32) (local $k i32) (local $s i32) (local $n i32)
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v i32.wrap_i64 return end
  local.get $v i64.const 0x9e3779b97f4a7c15 i64.mul i64.const ${64 - Math.log2(RECENT_VALUES)} i64.shr_u i32.wrap_i64
  i32.const 4 i32.shl local.tee $s i64.load offset=${map.recent} local.get $v i64.eq
  if local.get $s i32.load offset=${map.recent + 8} return end
  ${emitNewRow(wide, '$k')}
  local.get $k local.get $v i64.store align=4
  ${emitRowNumber(wide, '$k')} i32.const ${WIDE} i32.add local.set $n
  local.get $s local.get $v i64.store offset=${map.recent}
  local.get $s local.get $n i32.store offset=${map.recent + 8}
  local.get $n)
(func $decode (param $v i64) (result i64) (local $r i32) (local $s i32)
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v return end
  local.get $v i32.wrap_i64 i32.const ${WIDE} i32.sub local.set $r
  ${emitRowAddress(wide, '$r', '$s')} i64.load)

(func $mul_full (param $a i64) (param $b i64) (result i64)
  (local $p00 i64) (local $mid i64) (local $mid2 i64) (local $hi i64) (local $lo i64) (local $t i64)
  local.get $a i64.const 0xffffffff i64.and local.get $b i64.const 0xffffffff i64.and i64.mul local.set $p00
  local.get $a i64.const 0xffffffff i64.and local.get $b i64.const 32 i64.shr_u i64.mul
  local.get $p00 i64.const 32 i64.shr_u i64.add local.set $mid
  local.get $a i64.const 32 i64.shr_u local.get $b i64.const 0xffffffff i64.and i64.mul
  local.get $mid i64.const 0xffffffff i64.and i64.add local.set $mid2
  local.get $a i64.const 32 i64.shr_u local.get $b i64.const 32 i64.shr_u i64.mul
  local.get $mid i64.const 32 i64.shr_u i64.add local.get $mid2 i64.const 32 i64.shr_u i64.add local.set $hi
  local.get $mid2 i64.const 32 i64.shl local.get $p00 i64.const 0xffffffff i64.and i64.or local.set $lo
  ;; 2^96 = -1 and 2^64 = 2^32 - 1
  local.get $lo local.get $hi i64.const 32 i64.shr_u i64.sub
  i64.const 0xffffffff i64.const 0 local.get $lo local.get $hi i64.const 32 i64.shr_u i64.lt_u select
  i64.sub local.set $lo
  local.get $hi i64.const 0xffffffff i64.and i64.const 0xffffffff i64.mul local.set $t
  local.get $lo local.get $t i64.add local.set $lo
  local.get $lo i64.const 0xffffffff i64.const 0 local.get $lo local.get $t i64.lt_u select i64.add
  call $reduce)
(func $reduce (param $a i64) (result i64)
  local.get $a i64.const ${P} i64.const 0 local.get $a i64.const ${P} i64.ge_u select i64.sub)
(func $mul (param $a i64) (param $b i64) (result i64)
  local.get $a local.get $b i64.or i64.const 32 i64.shr_u i64.eqz
  if (result i64) local.get $a local.get $b i64.mul
  else local.get $a local.get $b call $mul_full end)
(func $add (param $a i64) (param $b i64) (result i64) (local $t i64)
  i64.const ${P} local.get $b i64.sub local.set $t
  local.get $a local.get $t i64.sub
  i64.const ${P} i64.const 0 local.get $a local.get $t i64.lt_u select i64.add)
(func $sub (param $a i64) (param $b i64) (result i64)
  local.get $a local.get $b i64.sub
  i64.const ${P} i64.const 0 local.get $a local.get $b i64.lt_u select i64.add)
;; a^(p - 2), p - 2 = 0xfffffffe_ffffffff
(func $inverse (param $a i64) (result i64) (local $r i64) (local $bit i32)
  i64.const 1 local.set $r
  i32.const 63 local.set $bit
  loop $each
    local.get $r local.get $r call $mul local.set $r
    local.get $bit i32.const 32 i32.ne
    if local.get $r local.get $a call $mul local.set $r end
    local.get $bit i32.const 1 i32.sub local.tee $bit i32.const 0 i32.ge_s br_if $each
  end
  local.get $r)

${emitIntern(map.ranges)}
(func $count_range (param $a i64) (local $k i32)
  local.get $a i32.wrap_i64 call $intern_ranges i32.const 4 i32.sub local.tee $k
  local.get $k i32.load i32.const 1 i32.add i32.store)
${emitIntern(map.rankDifferences)}
(func $count_difference (param $x i32) (param $y i32) (local $k i32)
  local.get $x local.get $y call $intern_differences i32.const 4 i32.sub local.tee $k
  local.get $k i32.load i32.const 1 i32.add i32.store)
${emitCountBytes(map)}
`
}

/** Range checks of bytes, and those that u32LessThan makes: bytes of a, b - a - 1 mod 2^32 and b. */
function emitCountBytes(map: MemoryMap): string {
  const last = map.bytePairUsed - 262144
  const index = map.bytePairUsed + (map.bytePairUsed - map.bytePairUses) / 262144 - 1
  return `
(func $count_bytes (param $a i32) (param $b i32)
  i32.const 0 i32.const 1 i32.store8 offset=${index}
  local.get $a i32.const 10 i32.shl local.get $b i32.const 2 i32.shl i32.or local.tee $a
  local.get $a i32.load offset=${last} i32.const 1 i32.add i32.store offset=${last})
(func $count_word (param $x i32)
  local.get $x i32.const 255 i32.and local.get $x i32.const 8 i32.shr_u i32.const 255 i32.and call $count_bytes
  local.get $x i32.const 16 i32.shr_u i32.const 255 i32.and local.get $x i32.const 24 i32.shr_u call $count_bytes)
(func $count_less_than (param $a i32) (param $b i32)
  local.get $a call $count_word
  local.get $b local.get $a i32.sub i32.const 1 i32.sub call $count_word
  local.get $b call $count_word)`
}

/** Leaves 1 when the columns at the address in `k` equal the i32 locals. */
export function emitEqual(columns: readonly string[], k: string): string {
  if (columns.length === 0) return 'i32.const 1'
  const differences = columns.map((c, i) => `local.get ${k} i32.load offset=${4 * i} local.get ${c} i32.xor`)
  return `${differences[0]} ${differences
    .slice(1)
    .map(d => `${d} i32.or`)
    .join('\n')} i32.eqz`
}

/**
 * Probes for the columns: falls into `onHit` with the entry in $e and the row in $k, branches to $new with the
 * free slot in $p. Uses the locals $h, $s, $p, $e, $k.
 */
export function emitProbe(table: TablePlan, columns: readonly string[], onHit: string): string {
  const field = (name: keyof typeof TABLE) => `i32.const 0 i32.load offset=${table.descriptor + TABLE[name]}`
  return `${emitHash(columns, table.sequential, '$h')}
${emitHome('$h', field('shift'))} local.set $s
loop $probe
  ${field('index')} local.get $s i32.add local.tee $p i64.load local.tee $e i64.eqz br_if $new
  local.get $e i64.const 32 i64.shr_u i32.wrap_i64 local.get $h i32.eq
  if
    local.get $e i32.wrap_i64 i32.const -4 i32.and local.set $k
    ${emitEqual(columns, '$k')}
    if ${onHit} end
  end
  local.get $s i32.const 8 i32.add ${field('mask')} i32.and local.set $s
  br $probe
end`
}

export const PROBE_LOCALS = '(local $h i32) (local $s i32) (local $p i32) (local $e i64) (local $k i32)'

/** Makes room for an entry in the index and counts it; $p is its slot. */
export function emitOccupy(table: TablePlan): string {
  const at = (name: keyof typeof TABLE) => `offset=${table.descriptor + TABLE[name]}`
  return `i32.const 0 i32.load ${at('used')} i32.const 0 i32.load ${at('limit')} i32.ge_u
if
  i32.const ${table.descriptor} call $grow
  i32.const ${table.descriptor} local.get $h call $free_slot local.set $p
end
i32.const 0 i32.const 0 i32.load ${at('used')} i32.const 1 i32.add i32.store ${at('used')}`
}

/** Leaves the address of the first column of a new row in the local `k`. */
export function emitNewRow(table: TablePlan, k: string): string {
  const at = (name: keyof typeof TABLE) => `offset=${table.descriptor + TABLE[name]}`
  return `i32.const 0 i32.load ${at('next')} local.tee ${k} i32.const 0 i32.load ${at('end')} i32.eq
if i32.const ${table.descriptor} call $segment local.set ${k} end
i32.const 0 local.get ${k} i32.const ${table.strideBytes} i32.add i32.store ${at('next')}
local.get ${k} i32.const ${table.headerBytes} i32.add local.set ${k}`
}

/** Function $intern_<table>: the row of a key, appended if it is new; $fresh tells which. `numbered`: keeps the count. */
export function emitIntern(table: TablePlan, numbered = false): string {
  const columns = range(table.keyColumns).map(i => `$k${i}`)
  return `(func $intern_${table.name} ${columns.map(c => `(param ${c} i32)`).join(' ')} (result i32) ${PROBE_LOCALS}
block $new
  ${emitProbe(table, columns, 'i32.const 0 global.set $fresh local.get $k return')}
end
${emitOccupy(table)}
${emitNewRow(table, '$k')}
${
  numbered
    ? `i32.const 0 i32.const 0 i32.load offset=${table.descriptor + TABLE.count} i32.const 1 i32.add
i32.store offset=${table.descriptor + TABLE.count}`
    : ''
}
${columns.map((c, i) => `local.get $k local.get ${c} i32.store offset=${4 * i}`).join('\n')}
${[...range(table.headerBytes / 4).map(i => 4 * i - table.headerBytes), ...range(table.columns - table.keyColumns).map(i => 4 * (table.keyColumns + i))].map(offset => `local.get $k ${offset < 0 ? `i32.const ${-offset} i32.sub ` : ''}i32.const 0 i32.store ${offset < 0 ? '' : `offset=${offset}`}`).join('\n')}
local.get $p local.get $h i64.extend_i32_u i64.const 32 i64.shl local.get $k i64.extend_i32_u i64.or i64.store
i32.const 1 global.set $fresh
local.get $k)`
}

/** Function $find_<table>: the row of a key or 0. */
export function emitFind(table: TablePlan): string {
  const columns = range(table.keyColumns).map(i => `$k${i}`)
  return `(func $find_${table.name} ${columns.map(c => `(param ${c} i32)`).join(' ')} (result i32) ${PROBE_LOCALS}
block $new
  ${emitProbe(table, columns, 'local.get $k return')}
end
i32.const 0)`
}

/** Leaves the number of the row whose first column is at the address in the local `k`. */
export function emitRowNumber(table: TablePlan, k: string): string {
  const base = `local.get ${k} i32.const ${-table.segmentBytes} i32.and`
  return `${base} i32.load
local.get ${k} ${base} i32.sub i32.const ${SEGMENT_HEADER + table.headerBytes} i32.sub
i32.const ${table.strideBytes} i32.div_u i32.add`
}

/** Leaves the address of the first column of the row whose number is in the local `row`; `segment` is scratch. */
export function emitRowAddress(table: TablePlan, row: string, segment: string): string {
  return `i32.const 0 i32.load offset=${table.descriptor + TABLE.directory}
local.get ${row} i32.const ${table.segmentRows} i32.div_u local.tee ${segment} i32.const 2 i32.shl i32.add i32.load
local.get ${row} local.get ${segment} i32.const ${table.segmentRows} i32.mul i32.sub
i32.const ${table.strideBytes} i32.mul i32.add i32.const ${SEGMENT_HEADER + table.headerBytes} i32.add`
}
