/** Code of the division hints: long division on chains of limbs in memory (see `divmod.ts` of the interpreter). */

import type { AddressType } from './address.js'
import { type MemoryMap, TABLE, type TablePlan } from './memory-map.js'
import { emitRowAddress, emitRowNumber, range } from './runtime.js'
import type { Sites } from './sites.js'

interface ChainShape {
  /** Elements of a node. */
  readonly size: number
  readonly elementBits: 8 | 32
  /** 32-bit digits of a limb. */
  readonly digits: number
}

const SHAPES: ChainShape[] = [
  { size: 10, elementBits: 8, digits: 2 },
  { size: 3, elementBits: 32, digits: 1 },
]

/** $divmod_<size>(pointer, pointer): pointer to the quotient; the global $remainder is the other result. */
export function emitDivisions(address: AddressType, map: MemoryMap, sites: Sites): string {
  const found = SHAPES.map(shape => {
    const table = map.memories.find(m => m.keyColumns === shape.size)
    return table === undefined ? '' : emitDivision(address, shape, table, sites)
  })
  return `(global $remainder (mut i64) (i64.const 0))
${emitDigits(address)}
${found.join('\n')}`
}

/**
 * $significant(digits, count): count without leading zeros.
 * $shift_left / $shift_right(digits, count, bits 0 .. 31): in place; the left shift writes digits[count] too.
 * $long_divide(a, na, b, nb, q): Knuth's algorithm D for normalised b, na >= nb; a has na + 1 digits and becomes
 * the remainder, q gets na - nb + 1 digits.
 */
function emitDigits({ type: a, fromI32 }: AddressType): string {
  const four = (count: string) => `${count} ${fromI32} ${a}.const 2 ${a}.shl`
  return `
(func $significant (param $p ${a}) (param $n i32) (result i32)
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $p ${four('local.get $n')} ${a}.add ${a}.const 4 ${a}.sub i32.load br_if $done
      local.get $n i32.const 1 i32.sub local.set $n
      br $each
    end
  end
  local.get $n)
(func $shift_left (param $p ${a}) (param $n i32) (param $bits i32) (local $carry i64) (local $x i64)
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $p i64.load32_u local.get $bits i64.extend_i32_u i64.shl local.get $carry i64.or local.set $x
      local.get $p local.get $x i64.store32
      local.get $x i64.const 32 i64.shr_u local.set $carry
      local.get $p ${a}.const 4 ${a}.add local.set $p
      local.get $n i32.const 1 i32.sub local.set $n
      br $each
    end
  end
  local.get $p local.get $carry i64.store32)
(func $shift_right (param $p ${a}) (param $n i32) (param $bits i32) (local $carry i64) (local $x i64)
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $n i32.const 1 i32.sub local.set $n
      local.get $p ${four('local.get $n')} ${a}.add i64.load32_u i64.const 32 i64.shl local.set $x
      local.get $p ${four('local.get $n')} ${a}.add
      local.get $x local.get $bits i64.extend_i32_u i64.shr_u local.tee $x
      i64.const 32 i64.shr_u local.get $carry i64.or i64.store32
      local.get $x i64.const 0xffffffff i64.and local.set $carry
      br $each
    end
  end)
(func $long_divide (param $a ${a}) (param $na i32) (param $b ${a}) (param $nb i32) (param $q ${a})
  (local $j i32) (local $i i32) (local $at ${a}) (local $d i64) (local $e i64)
  (local $guess i64) (local $rest i64) (local $carry i64) (local $borrow i64) (local $t i64)
  local.get $b ${four('local.get $nb')} ${a}.add ${a}.const 4 ${a}.sub i64.load32_u local.set $d
  local.get $nb i32.const 1 i32.gt_u
  if local.get $b ${four('local.get $nb')} ${a}.add ${a}.const 8 ${a}.sub i64.load32_u local.set $e end
  local.get $na local.get $nb i32.sub local.set $j
  loop $digit
    ;; $at: a[j + nb]
    local.get $a ${four('local.get $j local.get $nb i32.add')} ${a}.add local.set $at
    local.get $at i64.load32_u i64.const 32 i64.shl
    local.get $at ${a}.const 4 ${a}.sub i64.load32_u i64.or local.tee $t
    local.get $d i64.div_u local.set $guess
    local.get $t local.get $guess local.get $d i64.mul i64.sub local.set $rest
    block $good
      loop $correct
        local.get $guess i64.const 0xffffffff i64.le_u
        if
          local.get $nb i32.const 1 i32.eq br_if $good
          local.get $guess local.get $e i64.mul
          local.get $rest i64.const 32 i64.shl local.get $at ${a}.const 8 ${a}.sub i64.load32_u i64.or
          i64.le_u br_if $good
        end
        local.get $guess i64.const 1 i64.sub local.set $guess
        local.get $rest local.get $d i64.add local.tee $rest
        i64.const 0xffffffff i64.le_u br_if $correct
      end
    end
    i64.const 0 local.set $carry
    i64.const 0 local.set $borrow
    i32.const 0 local.set $i
    local.get $a ${four('local.get $j')} ${a}.add local.set $at
    loop $subtract
      local.get $guess local.get $b ${four('local.get $i')} ${a}.add i64.load32_u i64.mul
      local.get $carry i64.add local.tee $t i64.const 32 i64.shr_u local.set $carry
      local.get $at i64.load32_u local.get $t i64.const 0xffffffff i64.and i64.sub local.get $borrow i64.sub local.set $t
      local.get $at local.get $t i64.store32
      local.get $t i64.const 63 i64.shr_u local.set $borrow
      local.get $at ${a}.const 4 ${a}.add local.set $at
      local.get $i i32.const 1 i32.add local.tee $i local.get $nb i32.lt_u br_if $subtract
    end
    local.get $at i64.load32_u local.get $carry i64.sub local.get $borrow i64.sub local.set $t
    local.get $at local.get $t i64.store32
    local.get $t i64.const 0 i64.lt_s
    if
      local.get $guess i64.const 1 i64.sub local.set $guess
      i64.const 0 local.set $carry
      i32.const 0 local.set $i
      local.get $a ${four('local.get $j')} ${a}.add local.set $at
      loop $add_back
        local.get $at i64.load32_u local.get $b ${four('local.get $i')} ${a}.add i64.load32_u i64.add
        local.get $carry i64.add local.set $t
        local.get $at local.get $t i64.store32
        local.get $t i64.const 32 i64.shr_u local.set $carry
        local.get $at ${a}.const 4 ${a}.add local.set $at
        local.get $i i32.const 1 i32.add local.tee $i local.get $nb i32.lt_u br_if $add_back
      end
      local.get $at local.get $at i64.load32_u local.get $carry i64.add i64.store32
    end
    local.get $q ${four('local.get $j')} ${a}.add local.get $guess i64.store32
    local.get $j i32.const 1 i32.sub local.tee $j i32.const 0 i32.ge_s br_if $digit
  end)`
}

function emitDivision(address: AddressType, shape: ChainShape, table: TablePlan, sites: Sites): string {
  const { type: a, zero, fromI32, fromI64, toI64, nonZero } = address
  const four = (count: string) => `local.get ${count} ${fromI32} ${a}.const 2 ${a}.shl`
  const { size, elementBits, digits } = shape
  const elements = range(size - 2).map(i => i + 1)
  const element = (i: number) => `local.get $r i64.load32_u offset=${4 * i}`
  const problem = (kind: 'outside' | 'cyclic' | 'node') =>
    `i32.const ${sites.at({ kind: 'badLimbChain', problem: kind })} i32.const 0 call $fail`
  const tooLarge = sites.at({ kind: 'limbElement', bits: elementBits })
  const perDigit = 32 / elementBits
  /** Digit d of the limb in row $r. */
  const digit = (d: number) =>
    elementBits === 32
      ? `${element(1)} call $decode`
      : range(perDigit)
          .map(i => `${element(1 + perDigit * d + i)} i64.const ${8 * i} i64.shl ${i === 0 ? '' : 'i64.or'}`)
          .join(' ')
  const zeros = (count: number) =>
    range(count)
      .map(() => 'i32.const 0')
      .join(' ')
  const limb =
    elementBits === 32
      ? 'local.get $p i64.load32_u call $encode'
      : range(digits)
          .flatMap(d =>
            range(perDigit).map(
              i => `local.get $p i32.load offset=${4 * d} i32.const ${8 * i} i32.shr_u i32.const 255 i32.and`,
            ),
          )
          .join(' ')
  /** Fills the last limb up. */
  const padding =
    digits === 2
      ? `local.get $p ${four('$n')} ${a}.add i32.const 0 i32.store
  local.get $n i32.const 1 i32.add i32.const -2 i32.and local.set $n`
      : ''
  const count = `${zero} i32.load offset=${table.descriptor + TABLE.count} i64.extend_i32_u`
  return `
;; Digits of a chain, which is written to $to unless that is 0.
(func $read_chain_${size} (param $pointer i64) (param $to ${a}) (result i32)
  (local $n i32) (local $row i32) (local $r ${a}) (local $s i32) (local $x i64)
  loop $each (result i32)
    local.get $pointer ${count} i64.ge_u
    if ${problem('outside')} end
    local.get $n i64.extend_i32_u i64.const ${(size - 2) / digits} i64.mul
    ${count} i64.const ${size - 2} i64.mul i64.gt_u
    if ${problem('cyclic')} end
    local.get $pointer i32.wrap_i64 local.set $row
    ${emitRowAddress(address, table, '$row', '$s')} local.set $r
    local.get $r i32.load i32.const 1 i32.eq
    if local.get $n return end
    local.get $r i32.load
    if ${problem('node')} end
    ${elements
      .map(
        i => `${element(i)} call $decode local.tee $x i64.const ${2 ** elementBits - 1} i64.gt_u
    if local.get $x i32.const ${tooLarge} call $fail1 end`,
      )
      .join('\n')}
    local.get $to ${nonZero}
    if
      ${range(digits)
        .map(d => `local.get $to ${digit(d)} i64.store32 offset=${4 * d}`)
        .join('\n')}
      local.get $to ${a}.const ${4 * digits} ${a}.add local.set $to
    end
    local.get $n i32.const ${digits} i32.add local.set $n
    ${element(size - 1)} call $decode local.set $pointer
    br $each
  end)
(func $write_chain_${size} (param $p ${a}) (param $n i32) (result i64) (local $k ${a}) (local $pointer i64)
  local.get $p local.get $n call $significant local.set $n
  ${padding}
  i32.const 1 ${zeros(size - 1)} call $intern_${table.name} local.set $k
  ${emitRowNumber(address, table, '$k')} i64.extend_i32_u local.set $pointer
  local.get $p ${four('$n')} ${a}.add local.set $p
  block $done
    loop $each
      local.get $n i32.eqz br_if $done
      local.get $n i32.const ${digits} i32.sub local.set $n
      local.get $p ${a}.const ${4 * digits} ${a}.sub local.set $p
      i32.const 0 ${limb} local.get $pointer call $encode call $intern_${table.name} local.set $k
      ${emitRowNumber(address, table, '$k')} i64.extend_i32_u local.set $pointer
      br $each
    end
  end
  local.get $pointer)
(func $divmod_${size} (param $a i64) (param $b i64) (result i64)
  (local $na i32) (local $nb i32) (local $x ${a}) (local $y ${a}) (local $q ${a}) (local $nq i32) (local $bits i32)
  (local $quotient i64) (local $bytes i64)
  local.get $a ${zero} call $read_chain_${size} local.set $na
  local.get $b ${zero} call $read_chain_${size} local.set $nb
  ;; dividend, divisor and quotient below the frames, each with room for a digit more or two
  local.get $na i64.extend_i32_u i64.const 2 i64.mul local.get $nb i64.extend_i32_u i64.add i64.const 32 i64.add
  i64.const 2 i64.shl local.tee $bytes
  global.get $heap ${toI64} i64.add i64.const 4096 i64.add global.get $sp ${toI64} i64.gt_u
  if i32.const ${sites.at({ kind: 'memoryLimit' })} call $halt end
  local.get $bytes ${fromI64} global.set $reserved
  global.get $sp global.get $reserved ${a}.sub local.set $x
  local.get $x ${four('$na')} ${a}.add ${a}.const 16 ${a}.add local.set $y
  local.get $y ${four('$nb')} ${a}.add ${a}.const 16 ${a}.add local.set $q
  local.get $a local.get $x call $read_chain_${size} drop
  local.get $b local.get $y call $read_chain_${size} drop
  local.get $x local.get $na call $significant local.set $na
  local.get $y local.get $nb call $significant local.set $nb
  local.get $nb i32.eqz local.get $na local.get $nb i32.lt_u i32.or i32.eqz
  if
    local.get $y ${four('$nb')} ${a}.add ${a}.const 4 ${a}.sub i32.load i32.clz local.set $bits
    local.get $y local.get $nb local.get $bits call $shift_left
    local.get $x local.get $na local.get $bits call $shift_left
    local.get $x local.get $na local.get $y local.get $nb local.get $q call $long_divide
    local.get $na local.get $nb i32.sub i32.const 1 i32.add local.set $nq
    local.get $x local.get $nb local.get $bits call $shift_right
    local.get $nb local.set $na
  end
  local.get $q local.get $nq call $write_chain_${size} local.set $quotient
  local.get $x local.get $na call $write_chain_${size} global.set $remainder
  ${zero} global.set $reserved
  local.get $quotient)`
}
