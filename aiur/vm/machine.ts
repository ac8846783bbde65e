/** The stack machine that runs the flattened instruction stream. */

import type { FunctionIndex } from '../bytecode.js'
import { Activations, BASE, CALL, FIELDS, FUNCTION, HASH, ROW, UNCONSTRAINED } from './activations.js'
import { bytePair } from './bytes.js'
import { ExecutionError } from './error.js'
import { add, high, highWord, lowWord, mul, normalise, sub, toBigInt } from './goldilocks.js'
import { Instruction } from './instruction-stream.js'
import { PROMOTING } from './record.js'
import { hashWords } from './table.js'

const WORD = 4294967296
/** Products below this are exact in a double. */
const EXACT = 9007199254740992

export class Machine extends Activations {
  /** Runs one entry call; its outputs. @throws ExecutionError with a trace */
  run(entry: FunctionIndex, args: bigint[]): bigint[] {
    const f = this.program.functions[entry]!
    if (this.code.frameWords[entry]! + 64 > this.values.length) this.growValues(this.code.frameWords[entry]!)
    args.forEach((arg, i) => {
      const value = normalise(arg)
      this.values[2 * i] = lowWord(value)
      this.values[2 * i + 1] = highWord(value)
    })
    const table = this.record.functions[entry]!
    try {
      this.loop(entry)
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error
      throw new ExecutionError(error.kind, error.reason, this.trace(), this.depth)
    }
    const row = table.find(this.argWords(args), 0)
    const base = row * table.strideWords + table.keyWords
    return Array.from({ length: f.outputSize }, (_, i) =>
      toBigInt(table.values[base + 2 * i]!, table.values[base + 2 * i + 1]!),
    )
  }

  private argWords(args: bigint[]): Uint32Array {
    const words = new Uint32Array(args.length * 2)
    args.forEach((arg, i) => {
      words[2 * i] = lowWord(normalise(arg))
      words[2 * i + 1] = highWord(normalise(arg))
    })
    return words
  }

  private loop(entry: FunctionIndex): void {
    const { stream, entry: entries, frameWords } = this.code
    const { functions, memories, bytePairUses, nibblePairUses } = this.record
    const results = new Int32Array(8)
    let v = this.values
    let fp = 0
    let current = entry
    let unconstrained = 0
    let pc = entries[entry]!

    let hash = hashWords(v, 0, functions[entry]!.keyWords)
    this.enter(-1, 0, entry, hash, -1, 0)

    for (;;) {
      switch (stream[pc]! as Instruction) {
        case Instruction.Const: {
          const dst = fp + stream[pc + 1]!
          v[dst] = stream[pc + 2]!
          v[dst + 1] = stream[pc + 3]!
          pc += 4
          break
        }
        case Instruction.Add: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const b = fp + stream[pc + 3]!
          const sum = v[a]! + v[b]!
          if (sum < WORD && v[a + 1] === 0 && v[b + 1] === 0) {
            v[dst] = sum
            v[dst + 1] = 0
          } else {
            v[dst] = add(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.Sub: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const b = fp + stream[pc + 3]!
          const difference = v[a]! - v[b]!
          if (difference >= 0 && v[a + 1] === v[b + 1]) {
            v[dst] = difference
            v[dst + 1] = 0
          } else {
            v[dst] = sub(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.Mul: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const b = fp + stream[pc + 3]!
          const product = v[a]! * v[b]!
          if (product < WORD && v[a + 1] === 0 && v[b + 1] === 0) {
            v[dst] = product
            v[dst + 1] = 0
          } else if (product < EXACT && v[a + 1] === 0 && v[b + 1] === 0) {
            const top = Math.floor(product / WORD)
            v[dst] = product - top * WORD
            v[dst + 1] = top
          } else {
            v[dst] = mul(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.AddImmediate: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const c = stream[pc + 3]! >>> 0
          const sum = v[a]! + c
          if (sum < WORD) {
            v[dst] = sum
            v[dst + 1] = v[a + 1]!
            // A high half of ones leaves room for a low half of zero only.
            if (v[a + 1] === WORD - 1) {
              v[dst] = add(v[a]!, v[a + 1]!, c, 0)
              v[dst + 1] = high
            }
          } else {
            v[dst] = add(v[a]!, v[a + 1]!, c, 0)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.SubImmediate: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const c = stream[pc + 3]! >>> 0
          const difference = v[a]! - c
          if (difference >= 0) {
            v[dst + 1] = v[a + 1]!
            v[dst] = difference
          } else {
            v[dst] = sub(v[a]!, v[a + 1]!, c, 0)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.MulImmediate: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const c = stream[pc + 3]! >>> 0
          const product = v[a]! * c
          if (product < WORD && v[a + 1] === 0) {
            v[dst] = product
            v[dst + 1] = 0
          } else if (product < EXACT && v[a + 1] === 0) {
            const top = Math.floor(product / WORD)
            v[dst] = product - top * WORD
            v[dst + 1] = top
          } else {
            v[dst] = mul(v[a]!, v[a + 1]!, c, 0)
            v[dst + 1] = high
          }
          pc += 4
          break
        }
        case Instruction.EqZero: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          v[dst] = (v[a]! | v[a + 1]!) === 0 ? 1 : 0
          v[dst + 1] = 0
          pc += 3
          break
        }
        case Instruction.Call: {
          const callee = stream[pc + 1]!
          const flag = unconstrained | stream[pc + 2]!
          const count = stream[pc + 5]!
          const base = fp + frameWords[current]!
          if (base + frameWords[callee]! > v.length) {
            this.growValues(base + frameWords[callee]!)
            v = this.values
          }
          for (let i = 0, at = base; i < count; i++, at += 2) {
            const a = fp + stream[pc + 6 + i]!
            v[at] = v[a]!
            v[at + 1] = v[a + 1]!
          }
          const table = functions[callee]!
          hash = hashWords(v, base, 2 * count)
          let row = this.lookup(table, v, base, hash)
          if (row >= 0) {
            const uses = table.multiplicity[row]!
            if (flag === 0) {
              if (uses === PROMOTING) this.loops(callee, base)
              if (uses !== 0) {
                table.multiplicity[row] = uses + 1
                if (uses + 1 === PROMOTING) throw new ExecutionError('rowLimit', 'a row has 2^32 uses')
              }
            }
            if (flag === 1 || uses !== 0) {
              const from = row * table.strideWords + table.keyWords
              const to = fp + stream[pc + 3]!
              const words = table.strideWords - table.keyWords
              const { values } = table
              for (let i = 0; i < words; i++) v[to + i] = values[from + i]!
              const rank = stream[pc + 4]!
              if (rank >= 0) {
                v[fp + rank] = table.rank![row]! + 1
                v[fp + rank + 1] = 0
              }
              pc += 6 + count
              break
            }
            table.multiplicity[row] = PROMOTING
          } else row = -1
          this.enter(pc, base, callee, hash, row, flag)
          fp = base
          current = callee
          unconstrained = flag
          pc = entries[callee]!
          break
        }
        case Instruction.Return: {
          const count = stream[pc + 1]!
          const table = functions[current]!
          const frame = (this.depth - 1) * FIELDS
          let row = this.frames[frame + ROW]!
          if (row < 0) {
            row = table.push()
            const { values, keyWords } = table
            let to = row * table.strideWords
            for (let i = 0; i < keyWords; i++) values[to + i] = v[fp + i]!
            to += keyWords
            for (let i = 0; i < count; i++, to += 2) {
              const a = fp + stream[pc + 3 + i]!
              values[to] = v[a]!
              values[to + 1] = v[a + 1]!
            }
            table.multiplicity[row] = 1 - unconstrained
            table.settle(this.frames[frame + HASH]!, -this.depth, row)
          } else {
            const { values } = table
            let to = row * table.strideWords + table.keyWords
            for (let i = 0; i < count; i++, to += 2) {
              const a = fp + stream[pc + 3 + i]!
              if (values[to] !== v[a] || values[to + 1] !== v[a + 1])
                throw new ExecutionError(
                  'outputsDiffer',
                  `${this.program.functions[current]!.name} returned other values when it ran constrained`,
                )
            }
            table.multiplicity[row] = 1
          }
          const rank = stream[pc + 2]!
          if (rank >= 0 && unconstrained === 0) table.rank![row] = v[fp + rank]!
          const call = this.frames[frame + CALL]!
          this.depth--
          if (call < 0) return
          const caller = frame - FIELDS
          fp = this.frames[caller + BASE]!
          current = this.frames[caller + FUNCTION]!
          unconstrained = this.frames[caller + UNCONSTRAINED]!
          const words = 2 * count
          const from = row * table.strideWords + table.keyWords
          const to = fp + stream[call + 3]!
          const { values } = table
          for (let i = 0; i < words; i++) v[to + i] = values[from + i]!
          if (stream[call + 4]! >= 0) {
            v[fp + stream[call + 4]!] = table.rank![row]! + 1
            v[fp + stream[call + 4]! + 1] = 0
          }
          pc = call + 6 + stream[call + 5]!
          break
        }
        case Instruction.Store: {
          const table = memories[stream[pc + 1]!]!
          const dst = fp + stream[pc + 2]!
          const count = stream[pc + 3]!
          const scratch = fp + frameWords[current]!
          if (scratch + 2 * count > v.length) {
            this.growValues(scratch + 2 * count)
            v = this.values
          }
          for (let i = 0, at = scratch; i < count; i++, at += 2) {
            const a = fp + stream[pc + 4 + i]!
            v[at] = v[a]!
            v[at + 1] = v[a + 1]!
          }
          const before = table.count
          const row = table.intern(v, scratch)
          if (table.count !== before) this.countRow()
          if (unconstrained === 0) table.multiplicity[row]!++
          v[dst] = row
          v[dst + 1] = 0
          pc += 4 + count
          break
        }
        case Instruction.Load: {
          const table = memories[stream[pc + 1]!]!
          const dst = fp + stream[pc + 2]!
          const at = fp + stream[pc + 3]!
          const row = v[at]!
          if (v[at + 1] !== 0 || row >= table.count) this.unbound(table, at)
          if (unconstrained === 0) table.multiplicity[row]!++
          const { values, strideWords } = table
          const from = row * strideWords
          for (let i = 0; i < strideWords; i++) v[dst + i] = values[from + i]!
          pc += 4
          break
        }
        case Instruction.AssertEq: {
          const count = stream[pc + 1]!
          for (let i = 0; i < count; i++) {
            const x = fp + stream[pc + 3 + i]!
            const y = fp + stream[pc + 3 + count + i]!
            if (v[x] !== v[y] || v[x + 1] !== v[y + 1]) this.assertFailed(pc, fp)
          }
          pc += 3 + 2 * count
          break
        }
        case Instruction.Move: {
          const count = stream[pc + 1]!
          for (let i = 0, to = fp + stream[pc + 2]!; i < count; i++, to += 2) {
            const a = fp + stream[pc + 3 + i]!
            v[to] = v[a]!
            v[to + 1] = v[a + 1]!
          }
          pc += 3 + count
          break
        }
        case Instruction.MoveOverlapping: {
          const count = stream[pc + 1]!
          const copy = new Uint32Array(2 * count)
          for (let i = 0; i < count; i++) {
            const a = fp + stream[pc + 3 + i]!
            copy[2 * i] = v[a]!
            copy[2 * i + 1] = v[a + 1]!
          }
          v.set(copy, fp + stream[pc + 2]!)
          pc += 3 + count
          break
        }
        case Instruction.Jump:
          pc = stream[pc + 1]!
          break
        case Instruction.MatchDense: {
          const at = fp + stream[pc + 1]!
          const low = v[at]!
          const target = v[at + 1] === 0 && low < stream[pc + 2]! ? stream[pc + 4 + low]! : stream[pc + 3]!
          if (target < 0) this.noCase(at)
          pc = target
          break
        }
        case Instruction.MatchSearch: {
          const at = fp + stream[pc + 1]!
          const low = v[at]! | 0
          const highPart = v[at + 1]! | 0
          let target = stream[pc + 3]!
          const end = pc + 4 + 3 * stream[pc + 2]!
          for (let c = pc + 4; c < end; c += 3) {
            if (stream[c] === low && stream[c + 1] === highPart && stream[c + 2]! >= 0) {
              target = stream[c + 2]!
              break
            }
          }
          if (target < 0) this.noCase(at)
          pc = target
          break
        }
        case Instruction.GreatestBound: {
          const count = stream[pc + 2]!
          let greatest = 0
          for (let i = 0; i < count; i++) greatest = Math.max(greatest, v[fp + stream[pc + 3 + i]!]!)
          if (unconstrained === 0)
            for (let i = 0; i < count; i += 2)
              this.rare.countDifferences(
                greatest - v[fp + stream[pc + 3 + i]!]!,
                i + 1 < count ? greatest - v[fp + stream[pc + 4 + i]!]! : 0,
              )
          v[fp + stream[pc + 1]!] = greatest
          v[fp + stream[pc + 1]! + 1] = 0
          pc += 3 + count
          break
        }
        case Instruction.BytePair: {
          const operation = stream[pc + 1]!
          const a = fp + stream[pc + 3]!
          const b = fp + stream[pc + 4]!
          if (v[a]! > 255 || v[b]! > 255 || (v[a + 1]! | v[b + 1]!) !== 0)
            this.outOfRange('byteRange', 'a byte operation', a, b)
          bytePair(operation, v[a]!, v[b]!, results)
          if (unconstrained === 0) {
            let uses = bytePairUses[operation]!
            if (uses === null) uses = bytePairUses[operation] = new Uint32Array(65536)
            uses[256 * v[a]! + v[b]!]!++
          }
          let dst = fp + stream[pc + 2]!
          for (let i = 0; i < stream[pc + 5]!; i++, dst += 2) {
            v[dst] = results[i]!
            v[dst + 1] = 0
          }
          pc += 6
          break
        }
        case Instruction.NibblePair: {
          const operation = stream[pc + 1]!
          const a = fp + stream[pc + 3]!
          const b = fp + stream[pc + 4]!
          if (v[a]! > 15 || v[b]! > 15 || (v[a + 1]! | v[b + 1]!) !== 0)
            this.outOfRange('nibbleRange', 'a nibble operation', a, b)
          const x = v[a]! ^ v[b]!
          if (unconstrained === 0) nibblePairUses[operation]![16 * v[a]! + v[b]!]!++
          const dst = fp + stream[pc + 2]!
          if (operation === 0) {
            v[dst] = x
            v[dst + 1] = 0
          } else {
            v[dst] = x >> 3
            v[dst + 1] = 0
            v[dst + 2] = (x << 1) & 15
            v[dst + 3] = 0
          }
          pc += 6
          break
        }
        case Instruction.ByteUnary: {
          const operation = stream[pc + 1]!
          const dst = fp + stream[pc + 2]!
          const a = fp + stream[pc + 3]!
          const x = v[a]!
          if (x > 255 || v[a + 1] !== 0) this.outOfRange('byteRange', 'a byte operation', a, a)
          const { byteUses } = this.record
          if (operation === 0) {
            if (unconstrained === 0) byteUses.bitDecomposition[x]!++
            for (let i = 0; i < 8; i++) {
              v[dst + 2 * i] = (x >> i) & 1
              v[dst + 2 * i + 1] = 0
            }
          } else {
            if (unconstrained === 0) {
              if (operation === 1) byteUses.shiftLeft[x]!++
              else byteUses.shiftRight[x]!++
            }
            v[dst] = operation === 1 ? (2 * x) & 255 : x >> 1
            v[dst + 1] = 0
          }
          pc += 4
          break
        }
        case Instruction.RangePair: {
          if (unconstrained === 0)
            this.rangePair(v, stream[pc + 1]!, fp + stream[pc + 2]!, fp + stream[pc + 3]!)
          pc += 4
          break
        }
        case Instruction.Range32: {
          const a = fp + stream[pc + 1]!
          if (unconstrained === 0) {
            if (v[a + 1] !== 0) this.outOfRange('u32Range', 'u32_range_check', a, a)
            this.rare.count32(this.record.rangeUses, v[a]!)
          }
          pc += 2
          break
        }
        case Instruction.LessThan32: {
          const dst = fp + stream[pc + 1]!
          const a = fp + stream[pc + 2]!
          const b = fp + stream[pc + 3]!
          if ((v[a + 1]! | v[b + 1]!) !== 0) this.outOfRange('u32Range', 'u32_less_than', a, b)
          if (unconstrained === 0) this.rare.countLessThan(v[a]!, v[b]!)
          v[dst] = v[a]! < v[b]! ? 1 : 0
          v[dst + 1] = 0
          pc += 4
          break
        }
        case Instruction.Rare: {
          const length = stream[pc + 2]!
          this.rare.run(stream, pc, v, fp)
          pc += length
          break
        }
        case Instruction.BeginHint:
          unconstrained = 1
          pc += 1
          break
        case Instruction.EndHint:
          unconstrained = this.frames[(this.depth - 1) * FIELDS + UNCONSTRAINED]!
          pc += 1
          break
        case Instruction.Trap:
          throw new ExecutionError('yieldOutside', 'a yield has no continuation of its size')
      }
    }
  }
}
