/** The part of the generated module that is the same for every program, and code for tables, as WebAssembly text. */

import type { AddressType } from './address.js'
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

export function emitRuntime(address: AddressType, map: MemoryMap, sites: Sites): string {
  const halt = (kind: 'rowLimit' | 'stopped' | 'memoryLimit' | 'dictionaryLimit' | 'indexLimit') =>
    `i32.const ${sites.at({ kind })} call $halt`
  const at = (field: keyof typeof TABLE) => `offset=${TABLE[field]}`
  const { type: a, zero, fromWord, toWord, fromI32, fromI64, toI64, largestBlock } = address
  const { wide } = map
  /** Bytes of an index of twice the size. */
  const doubled = `local.get $bytes ${a}.const 1 ${a}.shl ${a}.const 128 local.get $bytes ${address.nonZero} select`
  const moreSegments = 'local.get $capacity i32.const 2 i32.mul i32.const 32 local.get $capacity select'
  /** Blocks of 2^k bytes are in the list of word number k - 2. */
  const listOf = `local.get $bytes ${a}.ctz ${a}.const 2 ${a}.shl`
  const lists = `offset=${HEADER.freeBlocks - 8}`
  return `
(global $sp (export "sp") (mut ${a}) (${zero}))
(global $depth (export "depth") (mut i32) (i32.const 0))
(global $heap (export "heap") (mut ${a}) (${zero}))
(global $rows (export "rows") (mut i32) (i32.const 0))
(global $quantum (export "quantum") (mut i32) (i32.const 0))
(global $fuel (export "fuel") (mut i32) (i32.const 0))
(global $small_next (mut ${a}) (${zero}))
(global $small_end (mut ${a}) (${zero}))
(global $reserved (mut ${a}) (${zero}))
(global $fresh (mut i32) (i32.const 0))

;; Ends the run where a limit is reached. What is remembered of an earlier failure stays.
(func $halt (param $site i32)
  ${zero} i32.load offset=${HEADER.failedSite} i32.eqz
  if ${zero} local.get $site i32.const 1 i32.add i32.store offset=${HEADER.failedSite} end
  unreachable)
(func $fail (param $site i32) (param $operands i32)
  ${zero} local.get $site i32.const 1 i32.add i32.store offset=${HEADER.failedSite}
  ${zero} local.get $operands i32.store offset=${HEADER.failedOperands}
  unreachable)
(func $fail1 (param $a i64) (param $site i32)
  ${a}.const ${map.scratch} local.get $a i64.store
  local.get $site i32.const 1 call $fail)
(func $fail2 (param $a i64) (param $b i64) (param $site i32)
  ${a}.const ${map.scratch} local.get $a i64.store
  ${a}.const ${map.scratch} local.get $b i64.store offset=8
  local.get $site i32.const 2 call $fail)
(func $within1 (param $a i64) (param $most i64) (param $site i32)
  local.get $a local.get $most i64.gt_u if local.get $a local.get $site call $fail1 end)
;; most: one less than a power of two
(func $within2 (param $a i64) (param $b i64) (param $most i64) (param $site i32)
  local.get $a local.get $b i64.or local.get $most i64.gt_u
  if local.get $a local.get $b local.get $site call $fail2 end)

(func $tick (local $left i32)
  global.get $rows global.get $quantum i32.add global.set $rows
  ${zero} global.get $rows i32.store offset=${HEADER.rows}
  ${zero} global.get $depth i32.store offset=${HEADER.depth}
  i32.const 0 global.set $quantum
  global.get $rows ${zero} i32.load offset=${HEADER.rowLimit} i32.gt_u
  if ${halt('rowLimit')} end
  ${zero} i32.load offset=${HEADER.stop}
  if ${halt('stopped')} end
  ${zero} i32.load offset=${HEADER.rowLimit} global.get $rows i32.sub i32.const 1 i32.add
  local.tee $left i32.const ${CHECK_INTERVAL} local.get $left i32.const ${CHECK_INTERVAL} i32.lt_u select
  global.set $quantum
  global.get $quantum global.set $fuel)

(func $pages (param $bytes ${a}) (result ${a}) (local $p ${a})
  global.get $heap local.set $p
  local.get $p ${toI64} local.get $bytes ${toI64} i64.add
  global.get $reserved ${toI64} i64.add i64.const 4096 i64.add
  global.get $sp ${toI64} i64.gt_u
  if ${halt('memoryLimit')} end
  local.get $p local.get $bytes ${a}.add global.set $heap
  local.get $p)

;; A block from a larger free one, the rest of which stays free; 0 if there is none.
(func $split (param $bytes ${a}) (result ${a}) (local $size ${a}) (local $list ${a}) (local $p ${a}) (local $w i32)
  local.get $bytes local.set $size
  block $none
    loop $larger
      local.get $size ${a}.const ${largestBlock} ${a}.eq br_if $none
      local.get $size ${a}.const 1 ${a}.shl local.tee $size
      ${a}.ctz ${a}.const 2 ${a}.shl local.tee $list
      i32.load ${lists} local.tee $w i32.eqz br_if $larger
    end
    local.get $w ${fromWord} local.set $p
    local.get $list local.get $p i32.load i32.store ${lists}
    loop $halve
      local.get $size ${a}.const 1 ${a}.shr_u local.set $size
      local.get $p local.get $size ${a}.add local.get $size call $free
      local.get $size local.get $bytes ${a}.ne br_if $halve
    end
    local.get $p return
  end
  ${zero})

;; A block of any content; the size is a power of two from 128 on.
(func $alloc (param $bytes ${a}) (result ${a}) (local $list ${a}) (local $p ${a}) (local $w i32)
  ${listOf} local.tee $list
  i32.load ${lists} local.tee $w
  if
    local.get $w ${fromWord} local.set $p
    local.get $list local.get $p i32.load i32.store ${lists}
    local.get $p return
  end
  local.get $bytes ${a}.const ${PAGE} ${a}.ge_u
  if
    local.get $bytes call $split local.tee $p ${address.nonZero}
    if local.get $p return end
    local.get $bytes call $pages return
  end
  global.get $small_end global.get $small_next ${a}.sub local.get $bytes ${a}.lt_u
  if
    ${a}.const ${PAGE} call $pages global.set $small_next
    global.get $small_next ${a}.const ${PAGE} ${a}.add global.set $small_end
  end
  global.get $small_next
  global.get $small_next local.get $bytes ${a}.add global.set $small_next)

(func $free (param $p ${a}) (param $bytes ${a}) (local $list ${a})
  ${listOf} local.set $list
  local.get $p local.get $list i32.load ${lists} i32.store
  local.get $list local.get $p ${toWord} i32.store ${lists})

;; A new segment for a table; word number of its first row.
(func $segment (param $t ${a}) (result i32)
  (local $bytes ${a}) (local $p ${a}) (local $n i32) (local $capacity i32) (local $directory ${a})
  local.get $t i32.load ${at('segments')} local.set $n
  ;; Columns from WIDE on have numbers for so many values.
  local.get $t ${a}.const ${wide.descriptor} ${a}.eq
  local.get $n i32.const ${Math.floor((2 ** 32 - WIDE) / wide.segmentRows)} i32.ge_u i32.and
  if ${halt('dictionaryLimit')} end
  local.get $t i32.load ${at('segmentBytes')} ${fromI32} local.set $bytes
  local.get $bytes ${a}.const ${PAGE} ${a}.eq
  if local.get $bytes call $alloc local.set $p
  else
  global.get $heap local.get $bytes ${a}.add ${a}.const 1 ${a}.sub ${zero} local.get $bytes ${a}.sub ${a}.and
  global.set $heap
  local.get $bytes call $pages local.set $p
  end
  local.get $t i32.load ${at('directoryCapacity')} local.set $capacity
  local.get $n local.get $capacity i32.eq
  if
    ${moreSegments} ${fromI32} ${a}.const 2 ${a}.shl
    call $alloc local.set $directory
    local.get $capacity
    if
      local.get $directory local.get $t i32.load ${at('directory')} ${fromWord}
      local.get $n ${fromI32} ${a}.const 2 ${a}.shl memory.copy
      local.get $t i32.load ${at('directory')} ${fromWord}
      local.get $capacity ${fromI32} ${a}.const 2 ${a}.shl call $free
    end
    local.get $t local.get $directory ${toWord} i32.store ${at('directory')}
    local.get $t ${moreSegments} i32.store ${at('directoryCapacity')}
  end
  local.get $t i32.load ${at('directory')} ${fromWord}
  local.get $n ${fromI32} ${a}.const 2 ${a}.shl ${a}.add local.get $p ${toWord} i32.store
  local.get $p local.get $n local.get $t i32.load ${at('segmentRows')} i32.mul i32.store
  local.get $t local.get $n i32.const 1 i32.add i32.store ${at('segments')}
  local.get $t
  local.get $p ${a}.const ${SEGMENT_HEADER} ${a}.add ${toWord}
  local.get $t i32.load ${at('segmentRows')} local.get $t i32.load ${at('strideBytes')} i32.mul
  i32.const 2 i32.shr_u i32.add
  i32.store ${at('end')}
  local.get $p ${a}.const ${SEGMENT_HEADER} ${a}.add ${toWord})

;; Doubles an index. Running calls are told their new slot.
(func $grow (param $t ${a})
  (local $old ${a}) (local $bytes ${a}) (local $p ${a}) (local $e i64) (local $frame ${a})
  (local $new ${a}) (local $mask i32) (local $s i32) (local $stop ${a}) (local $h i32) (local $shift i32)
  local.get $t i32.load ${at('shift')} i32.const ${address.lastShift} i32.le_s
  if ${halt('indexLimit')} end
  local.get $t i32.load ${at('index')} ${fromWord} local.set $old
  local.get $old ${a}.const ${HEADER.emptyIndex} ${a}.ne
  if local.get $t i32.load ${at('mask')} ${fromI32} ${a}.const 8 ${a}.add local.set $bytes end
  ${doubled} call $alloc local.set $new
  ${doubled} ${a}.const 8 ${a}.sub ${address.toI32} local.set $mask
  ;; A place that frames have left is not zero either.
  local.get $new i32.const 0 ${doubled} memory.fill
  local.get $t i32.load ${at('shift')} i32.const 1 i32.sub local.set $shift
  local.get $t local.get $shift i32.store ${at('shift')}
  local.get $old local.set $p
  local.get $old local.get $bytes ${a}.add local.set $stop
  block $done
    loop $each
      local.get $p local.get $stop ${a}.eq br_if $done
      local.get $p i64.load local.tee $e i64.eqz i32.eqz
      if
        local.get $e i64.const 32 i64.shr_u i32.wrap_i64 local.set $h
        ${emitHome('$h', 'local.get $shift')} local.set $s
        block $placed
          loop $probe
            local.get $new local.get $s ${fromI32} ${a}.add i64.load i64.eqz br_if $placed
            local.get $s i32.const 8 i32.add local.get $mask i32.and local.set $s
            br $probe
          end
        end
        local.get $new local.get $s ${fromI32} ${a}.add local.get $e i64.store
        local.get $e i32.wrap_i64 ${fromWord} local.tee $frame global.get $sp ${a}.ge_u
        if
          local.get $frame ${a}.const 8 ${a}.sub
          local.get $new local.get $s ${fromI32} ${a}.add ${toWord} i32.store
        end
      end
      local.get $p ${a}.const 8 ${a}.add local.set $p
      br $each
    end
  end
  local.get $t local.get $new ${toWord} i32.store ${at('index')}
  local.get $t local.get $mask i32.store ${at('mask')}
  ;; Three quarters of the slots, of which the mask is eight bytes short.
  local.get $t local.get $mask i32.const 5 i32.shr_u i32.const 1 i32.add i32.const 3 i32.mul i32.store ${at('limit')}
  local.get $bytes ${address.nonZero}
  if local.get $old local.get $bytes call $free end)

(func $free_slot (param $t ${a}) (param $h i32) (result ${a}) (local $s i32) (local $p ${a})
  ${emitHome('$h', `local.get $t i32.load ${at('shift')}`)} local.set $s
  loop $probe (result ${a})
    local.get $t i32.load ${at('index')} ${fromWord} local.get $s ${fromI32} ${a}.add local.tee $p i64.load i64.eqz
    if local.get $p return end
    local.get $s i32.const 8 i32.add local.get $t i32.load ${at('mask')} i32.and local.set $s
    br $probe
  end)

${emitIntern(address, wide)}
(func $encode (param $v i64) (result i32) (local $k ${a})
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v i32.wrap_i64 return end
  local.get $v i32.wrap_i64 local.get $v i64.const 32 i64.shr_u i32.wrap_i64 call $intern_wide local.set $k
  ${emitRowNumber(address, wide, '$k')} i32.const ${WIDE} i32.add)
;; The column of a value that is in no key: the dictionary may have it more than once.
(func $append (param $v i64) (result i32) (local $k ${a}) (local $s ${a}) (local $n i32)
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v i32.wrap_i64 return end
  local.get $v i64.const 0x9e3779b97f4a7c15 i64.mul i64.const ${64 - Math.log2(RECENT_VALUES)} i64.shr_u
  i64.const 4 i64.shl ${fromI64} local.tee $s i64.load offset=${map.recent} local.get $v i64.eq
  if local.get $s i32.load offset=${map.recent + 8} return end
  ${emitNewRow(address, wide, '$k', '$n')}
  local.get $k local.get $v i64.store align=4
  ${emitRowNumber(address, wide, '$k')} i32.const ${WIDE} i32.add local.set $n
  local.get $s local.get $v i64.store offset=${map.recent}
  local.get $s local.get $n i32.store offset=${map.recent + 8}
  local.get $n)
(func $decode (param $v i64) (result i64) (local $r i32) (local $s i32)
  local.get $v i64.const ${WIDE} i64.lt_u
  if local.get $v return end
  local.get $v i32.wrap_i64 i32.const ${WIDE} i32.sub local.set $r
  ${emitRowAddress(address, wide, '$r', '$s')} i64.load)

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

${emitIntern(address, map.ranges)}
(func $count_range (param $a i64) (local $k ${a})
  local.get $a i32.wrap_i64 call $intern_ranges ${a}.const 4 ${a}.sub local.tee $k
  local.get $k i32.load i32.const 1 i32.add i32.store)
${emitIntern(address, map.rankDifferences)}
(func $count_difference (param $x i32) (param $y i32) (local $k ${a})
  local.get $x local.get $y call $intern_differences ${a}.const 4 ${a}.sub local.tee $k
  local.get $k i32.load i32.const 1 i32.add i32.store)
${emitCountBytes(address, map)}
`
}

/** Range checks of bytes, and those that u32LessThan makes: bytes of a, b - a - 1 mod 2^32 and b. */
function emitCountBytes({ type: a, zero, fromI32 }: AddressType, map: MemoryMap): string {
  const last = map.bytePairUsed - 262144
  const index = map.bytePairUsed + (map.bytePairUsed - map.bytePairUses) / 262144 - 1
  return `
(func $count_bytes (param $a i32) (param $b i32) (local $q ${a})
  ${zero} i32.const 1 i32.store8 offset=${index}
  local.get $a i32.const 10 i32.shl local.get $b i32.const 2 i32.shl i32.or ${fromI32} local.tee $q
  local.get $q i32.load offset=${last} i32.const 1 i32.add i32.store offset=${last})
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
 * Probes for the columns: falls into `onHit` with the row in $k, branches to $new with the free slot in $p. Uses the
 * locals $h, $s, $p, $e, $k. From $sp on, $k is the place of a running call's arguments in its frame.
 */
export function emitProbe(
  { type: a, zero, fromWord, fromI32 }: AddressType,
  table: TablePlan,
  columns: readonly string[],
  onHit: string,
): string {
  const field = (name: keyof typeof TABLE) => `${zero} i32.load offset=${table.descriptor + TABLE[name]}`
  return `${emitHash(columns, table.sequential, '$h')}
${emitHome('$h', field('shift'))} local.set $s
loop $probe
  ${field('index')} ${fromWord} local.get $s ${fromI32} ${a}.add local.tee $p i64.load local.tee $e i64.eqz br_if $new
  local.get $e i64.const 32 i64.shr_u i32.wrap_i64 local.get $h i32.eq
  if
    local.get $e i32.wrap_i64 ${fromWord} local.set $k
    ${emitEqual(columns, '$k')}
    if ${onHit} end
  end
  local.get $s i32.const 8 i32.add ${field('mask')} i32.and local.set $s
  br $probe
end`
}

export function probeLocals({ type: a }: AddressType): string {
  return `(local $h i32) (local $s i32) (local $p ${a}) (local $e i64) (local $k ${a})`
}

/** Code that fills the slot at $p: hash $h, and the row or frame whose word number `word` leaves. */
export function emitSlot(word: string): string {
  return `local.get $p
${word} i64.extend_i32_u
local.get $h i64.extend_i32_u i64.const 32 i64.shl i64.or i64.store`
}

/** Makes room for an entry in the index and counts it; $p is its slot. */
export function emitOccupy({ type: a, zero }: AddressType, table: TablePlan): string {
  const at = (name: keyof typeof TABLE) => `offset=${table.descriptor + TABLE[name]}`
  return `${zero} i32.load ${at('used')} ${zero} i32.load ${at('limit')} i32.ge_u
if
  ${a}.const ${table.descriptor} call $grow
  ${a}.const ${table.descriptor} local.get $h call $free_slot local.set $p
end
${zero} ${zero} i32.load ${at('used')} i32.const 1 i32.add i32.store ${at('used')}`
}

/** Leaves the address of the first column of a new row in the local `k`; uses the local $s. */
export function emitNewRow(
  { type: a, zero, fromWord }: AddressType,
  table: TablePlan,
  k: string,
  word = '$s',
): string {
  const at = (name: keyof typeof TABLE) => `offset=${table.descriptor + TABLE[name]}`
  return `${zero} i32.load ${at('next')} local.tee ${word} ${zero} i32.load ${at('end')} i32.eq
if ${a}.const ${table.descriptor} call $segment local.set ${word} end
${zero} local.get ${word} i32.const ${table.strideBytes / 4} i32.add i32.store ${at('next')}
local.get ${word} ${fromWord} ${table.headerBytes === 0 ? '' : `${a}.const ${table.headerBytes} ${a}.add`} local.set ${k}`
}

/** Function $intern_<table>: the row of a key, appended if it is new; $fresh tells which. `numbered`: keeps the count. */
export function emitIntern(address: AddressType, table: TablePlan, numbered = false): string {
  const { type: a, zero, toWord } = address
  const columns = range(table.keyColumns).map(i => `$k${i}`)
  const zeroed = [
    ...range(table.headerBytes / 4).map(i => 4 * i - table.headerBytes),
    ...range(table.columns - table.keyColumns).map(i => 4 * (table.keyColumns + i)),
  ].map(offset =>
    offset < 0
      ? `local.get $k ${a}.const ${-offset} ${a}.sub i32.const 0 i32.store`
      : `local.get $k i32.const 0 i32.store offset=${offset}`,
  )
  const count = `offset=${table.descriptor + TABLE.count}`
  return `(func $intern_${table.name} ${columns.map(c => `(param ${c} i32)`).join(' ')} (result ${a}) ${probeLocals(address)}
block $new
  ${emitProbe(address, table, columns, 'i32.const 0 global.set $fresh local.get $k return')}
end
${emitOccupy(address, table)}
${emitNewRow(address, table, '$k')}
${numbered ? `${zero} ${zero} i32.load ${count} i32.const 1 i32.add i32.store ${count}` : ''}
${columns.map((c, i) => `local.get $k local.get ${c} i32.store offset=${4 * i}`).join('\n')}
${zeroed.join('\n')}
${emitSlot(`local.get $k ${toWord}`)}
i32.const 1 global.set $fresh
local.get $k)`
}

/** Function $find_<table>: the row of a key or 0. */
export function emitFind(address: AddressType, table: TablePlan): string {
  const columns = range(table.keyColumns).map(i => `$k${i}`)
  return `(func $find_${table.name} ${columns.map(c => `(param ${c} i32)`).join(' ')} (result ${address.type}) ${probeLocals(address)}
block $new
  ${emitProbe(address, table, columns, 'local.get $k return')}
end
${address.zero})`
}

/** Leaves the number of the row whose first column is at the address in the local `k`. */
export function emitRowNumber({ type: a, toI32 }: AddressType, table: TablePlan, k: string): string {
  const base = `local.get ${k} ${a}.const ${-table.segmentBytes} ${a}.and`
  return `${base} i32.load
local.get ${k} ${base} ${a}.sub ${toI32} i32.const ${SEGMENT_HEADER + table.headerBytes} i32.sub
i32.const ${table.strideBytes} i32.div_u i32.add`
}

/**
 * Leaves the address of the first column of the row whose number is in the local `row`, which has 32 bits, as has
 * `segment`, which is scratch.
 */
export function emitRowAddress(address: AddressType, table: TablePlan, row: string, segment: string): string {
  const { type: a, zero, fromWord, fromI32 } = address
  return `${zero} i32.load offset=${table.descriptor + TABLE.directory} ${fromWord}
local.get ${row} i32.const ${table.segmentRows} i32.div_u local.tee ${segment} ${fromI32} ${a}.const 2 ${a}.shl ${a}.add
i32.load ${fromWord}
local.get ${row} local.get ${segment} i32.const ${table.segmentRows} i32.mul i32.sub
i32.const ${table.strideBytes} i32.mul i32.const ${SEGMENT_HEADER + table.headerBytes} i32.add ${fromI32} ${a}.add`
}
