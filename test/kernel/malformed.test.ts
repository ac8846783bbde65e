import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../aiur/vm/interpreter.js'
import type { Address } from '../../ixon/address.js'
import { encodeProjection, type Projection } from '../../ixon/constant.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { CHANNEL, digestWords, streamWords } from '../../kernel/witness.js'
import { BOOL, BOOL_BLOCK, NAT, WORKED_CONSTANTS } from '../ixon/worked-constants.js'
import { failure, hex, primitivesWith, runCheck, Store } from './claims.js'
import { kernelWith } from './kernel-run.js'

function reason(outcome: Outcome): string {
  return reasonOf(failure(outcome)).text
}

/** Outcome of checking the constant with these bytes, everything else being in order. */
function checked(bytes: string, store = new Store()): Outcome {
  return runCheck(store, store.put(bytes))
}

/** Accepts the first encoding and rejects the second for the reason. */
function only(good: string, bad: string, why: RegExp): void {
  const outcome = checked(good)
  expect(outcome.ok ? '' : outcome.error.message).toBe('')
  expect(reason(checked(bad))).toMatch(why)
}

// Tables: no sharing, no references, universes [0].
const PROP = '00 00 0100'

describe('every worked constant of the format is read', () => {
  test.each(WORKED_CONSTANTS.map(([name, bytes]) => [name, bytes] as const))('%s', (_, bytes) => {
    const store = new Store()
    for (const [, data] of WORKED_CONSTANTS) store.put(data)
    for (const payload of ['00', '2c01']) store.blob(hex(payload))
    const primitives = primitivesWith(new Map([[1, NAT]]))
    const outcome = runCheck(store, store.put(bytes), { primitives })
    // Some refer to constants of Lean's library that are not at hand.
    if (!outcome.ok) expect(outcome.error.kind).toBe('ioUnknownKey')
  })
})

describe('flag bytes', () => {
  test('axiom: unsafe is 0 or 1', () => {
    only(`d2 01 00 00 ${PROP}`, `d2 02 00 00 ${PROP}`, /boolean/)
  })

  test('quotient kinds end at 3', () => {
    only(`d3 03 00 00 ${PROP}`, `d3 04 00 00 ${PROP}`, /quotient kind/)
  })

  test.each(['03', '06', '07', '08', '0a', '0c', '10', 'ff'])('definition flags %s', flags => {
    only(`d0 01 00 00 00 ${PROP}`, `d0 ${flags} 00 00 00 ${PROP}`, /undefined kind and safety/)
  })

  test('recursor flags end at 3', () => {
    only(
      `d1 03 00 00 00 00 00 00 00 ${PROP}`,
      `d1 04 00 00 00 00 00 00 00 ${PROP}`,
      /undefined recursor flag/,
    )
  })

  test('inductive and constructor: unsafe is 0 or 1', () => {
    const block = (unsafe: string, ctor: string) =>
      `c1 01 ${unsafe} 00 00 00 00 01 ${ctor} 00 00 00 00 00 ${PROP}`
    only(block('01', '01'), block('02', '01'), /boolean/)
    only(block('00', '00'), block('00', '02'), /boolean/)
  })

  test('let flag is 0 or 1', () => {
    only(`d2 00 00 a1000000 ${PROP}`, `d2 00 00 a2000000 ${PROP}`, /boolean/)
  })
})

describe('headers are compared in full', () => {
  test('variant 8', () => {
    only(`d2 00 00 00 ${PROP}`, `d808 00 00 00 ${PROP}`, /neither a constant nor a block/)
  })

  test('variant 258, whose low byte is 2', () => {
    only(`d2 00 00 00 ${PROP}`, `d90201 00 00 00 ${PROP}`, /neither a constant nor a block/)
  })

  test('a claim, a tree and an environment are no constants', () => {
    for (const header of ['e2', 'e4', 'e0', '00'])
      expect(reason(checked(`${header} 00 00 00 ${PROP}`))).toMatch(/neither a constant nor a block/)
  })

  test('a block has members', () => {
    expect(reason(checked(`c0 ${PROP}`))).toMatch(/empty block/)
  })
})

describe('integers are minimal', () => {
  test('Tag0 below 128 in one byte', () => {
    only(`d2 00 8080 00 ${PROP}`, `d2 00 807f 00 ${PROP}`, /not encoded minimally/)
  })

  test('Tag0 without a zero byte on top', () => {
    only(`d2 00 810101 00 ${PROP}`, `d2 00 810100 00 ${PROP}`, /not encoded minimally/)
  })

  test('Tag0 of more than four bytes', () => {
    only(`d2 00 8301010101 00 ${PROP}`, `d2 00 840101010101 00 ${PROP}`, /integer above/)
    only(`d2 00 00 00 ${PROP}`, `d2 00 88010101010101010101 00 ${PROP}`, /integer above/)
  })

  test('Tag4 below 8 in its head', () => {
    only(`d2 00 00 1808 ${PROP}`, `d2 00 00 1807 ${PROP}`, /not encoded minimally/)
    only(`d2 00 00 190001 ${PROP}`, `d2 00 00 190100 ${PROP}`, /not encoded minimally/)
  })

  test('Tag2 below 32 in its head', () => {
    only('d2 00 00 00 00 00 01 202000', 'd2 00 00 00 00 00 01 201f00', /not encoded minimally/)
  })

  test('a block of one member says so in its head', () => {
    const member = '01 00 00 00 00 00 00'
    only(`c1 ${member} ${PROP}`, `c801 ${member} ${PROP}`, /not encoded minimally/)
  })
})

describe('expressions', () => {
  test.each([
    ['application', '71 10 11', '70 10'],
    ['lambda', '81 00 10', '80 10'],
    ['Pi', '91 00 10', '90 10'],
  ])('an empty %s telescope', (_, good, bad) => {
    expect(checked(`d2 00 00 ${good} ${PROP}`).ok).toBe(true)
    expect(checked(`d2 00 00 ${bad} ${PROP}`).ok).toBe(false)
  })

  test.each([
    ['application', '72 10 11 12', '71 71 10 11 12'],
    ['lambda', '82 00 00 10', '81 00 81 00 10'],
    ['Pi', '92 00 00 10', '91 00 91 00 10'],
  ])('%s telescopes are maximal', (_, good, bad) => {
    only(`d2 00 00 ${good} ${PROP}`, `d2 00 00 ${bad} ${PROP}`, /not maximal/)
  })

  test.each(['c0', 'd0', 'e0', 'f0'])('no expression starts with %s', tag => {
    expect(reason(checked(`d2 00 00 ${tag} ${PROP}`))).toMatch(/unknown expression tag|end at its sharing/)
  })

  test('indices lie inside their tables', () => {
    for (const bad of ['01', '2000', '3000', '4000 10', '50', '60'])
      expect(checked(`d2 00 00 ${bad} ${PROP}`).ok).toBe(false)
    expect(reason(checked(`d2 00 00 01 ${PROP}`))).toMatch(/index beyond its table/)
  })

  test('universes: one successor tower, no operand of max', () => {
    only('d2 00 00 00 00 00 01 0200', 'd2 00 00 00 00 00 01 010100', /successor of a successor/)
    only('d2 00 00 00 00 00 01 400000', 'd2 00 00 00 00 00 01 410000', /an assertion of parse univ failed/)
    only('d2 00 00 00 00 00 01 800000', 'd2 00 00 00 00 00 01 810000', /an assertion of parse univ failed/)
  })
})

describe('sharing', () => {
  test('an entry may look back', () => {
    only('d2 00 00 b1 02 00 91b010 00 0100', 'd2 00 00 b1 01 00 00 0100', /beyond the sharing table/)
  })

  test('an entry may not refer to itself', () => {
    expect(reason(checked('d2 00 00 00 01 b0 00 0100'))).toMatch(/refers to itself or to a later one/)
  })

  test('an entry may not look ahead', () => {
    only('d2 00 00 00 02 00 b0 00 0100', 'd2 00 00 00 02 b1 00 00 0100', /refers to itself or to a later one/)
  })
})

describe('ends', () => {
  const good = `d2 00 00 00 ${PROP}`

  test('no byte is left over', () => {
    only(good, `${good} 00`, /left over or missing at the end of a constant/)
    expect(reason(checked(`${good} ${'00'.repeat(56)}`))).toMatch(/left over or missing/)
  })

  test('no byte is missing', () => {
    for (let length = 2; length < 8; length++)
      expect(checked(Buffer.from(hex(good).slice(0, length)).toString('hex')).ok).toBe(false)
  })
})

describe('projections', () => {
  const store = (): Store => {
    const s = new Store()
    for (const [, bytes] of WORKED_CONSTANTS) s.put(bytes)
    return s
  }

  test.each([
    ['a member that is not there', `d601 ${BOOL_BLOCK} 000000`],
    ['a member of another kind', `d500 ${BOOL_BLOCK} 000000`],
    ['a definition where there is none', `d700 ${BOOL_BLOCK} 000000`],
    ['a constructor that is not there', `d40002 ${BOOL_BLOCK} 000000`],
    ['tables', `d600 ${BOOL_BLOCK} 0000010100`],
    ['a trailing byte', `d600 ${BOOL_BLOCK} 00000000`],
    ['a wide index', `d68000 ${BOOL_BLOCK} 000000`],
    ['something that is no block', `d600 ${NAT} 000000`],
  ])('%s', (_, bytes) => {
    expect(checked(bytes, store()).ok).toBe(false)
  })

  test('addresses of members beyond one byte of index', () => {
    // Checking the block reads every member under the address that the kernel computes.
    const s = new Store()
    const count = 300
    const member = '01 00 00 00 00 00 00'
    const block = s.put(`c92c01 ${member.repeat(count)} ${PROP}`)
    for (const idx of [0, 127, 128, 255, 256, count - 1]) {
      const projection: Projection = { kind: 'iprj', idx, block }
      const outcome = runCheck(s, s.put(encodeProjection(projection)))
      expect(outcome.ok ? '' : outcome.error.message).toBe('')
    }
    expect(runCheck(s, s.put(encodeProjection({ kind: 'iprj', idx: count, block }))).ok).toBe(false)
  })
})

describe('self-reference', () => {
  const self = (flags: string) => `d0 ${flags} 00 00 3000 ${PROP}`

  test.each(['00', '02', '04'])('is granted to definitions that count as unsafe (%s)', flags => {
    const outcome = checked(self(flags))
    expect(outcome.ok ? '' : outcome.error.message).toBe('')
  })

  test.each(['01', '05', '09'])('is not granted to safe ones (%s)', flags => {
    expect(reason(checked(self(flags)))).toMatch(/index beyond its table/)
  })

  test.each(['06', '08', '0a'])('there is no other mix of kind and safety (%s)', flags => {
    expect(reason(checked(self(flags)))).toMatch(/undefined kind and safety/)
  })

  test('peers through a block with a safe member', () => {
    const pair = (flags: string) => `c2 00 00 00 00 3001 00 ${flags} 00 00 3000 ${PROP}`
    expect(checked(pair('02')).ok).toBe(true)
    expect(reason(checked(pair('01')))).toMatch(/index/)
    // Claiming that the slots are granted does not help.
    const s = new Store()
    const block = s.put(pair('09'))
    const outcome = runCheck(s, block, {
      tamper: witness => retell(witness.io, block, words => (words[3] = 1)),
    })
    expect(reason(outcome)).toMatch(/safe definition refers to its own block/)
  })
})

/** Changes the shape that the witness tells about a constant. */
function retell(
  io: Parameters<NonNullable<Parameters<typeof runCheck>[2]>['tamper'] & object>[0]['io'],
  address: Address,
  change: (words: number[]) => void,
): void {
  const { index, length } = io.info(CHANNEL.shape, digestWords(address))!
  const words = io.read(CHANNEL.shape, index, length).map(Number)
  change(words)
  words.forEach((word, i) => {
    io.arena(CHANNEL.shape)[2 * (index + i)] = word
  })
}

describe('references', () => {
  test('to something that is nowhere', () => {
    expect(failure(checked(`d2 00 00 2000 00 01 ${NAT} 00`)).kind).toBe('ioUnknownKey')
  })

  test('in a dead sharing entry are walked', () => {
    const outcome = checked(`d2 00 00 00 01 2000 01 ${NAT} 0100`)
    expect(failure(outcome).kind).toBe('ioUnknownKey')
    expect(failure(outcome).trace.some(frame => frame.function === 'walk_refs')).toBe(true)
  })

  test('cannot be hidden by calling them literals', () => {
    const s = new Store()
    const used = s.put(`d2 00 00 00 01 2000 01 ${NAT} 0100`)
    const outcome = runCheck(s, used, {
      tamper: witness => retell(witness.io, used, words => (words[5] = 0)),
    })
    expect(reason(outcome)).toMatch(/a literal as a constant|beyond the table/)
  })

  test('that also serve as literals are walked', () => {
    const s = new Store()
    const blob = s.blob(hex('05'))
    const both = s.put(`d2 00 00 60 01 2000 01 ${blob} 0100`)
    const primitives = primitivesWith(new Map([[1, NAT]]))
    const outcome = runCheck(s, both, { primitives })
    expect(failure(outcome).kind).toBe('ioUnknownKey')
    const alone = s.put(`d2 00 00 60 00 01 ${blob} 0100`)
    expect(runCheck(s, alone, { primitives }).ok).toBe(true)
  })

  test('that are not used need not exist', () => {
    expect(checked(`d2 00 00 00 00 01 ${NAT} 0100`).ok).toBe(true)
  })
})

describe('literals', () => {
  const nat = (bytes: string) => {
    const s = new Store()
    const blob = s.blob(hex(bytes))
    return runCheck(s, s.put(`d2 00 00 60 00 01 ${blob} 0100`), {
      primitives: primitivesWith(new Map([[1, NAT]])),
    })
  }
  const string = (bytes: string) => {
    const s = new Store()
    const blob = s.blob(hex(bytes))
    const primitives = primitivesWith(new Map([[23, NAT]]))
    return runCheck(s, s.put(`d2 00 00 50 00 01 ${blob} 0100`), { primitives })
  }

  test.each(['00', '01', 'ff', '0001', '00000001', '0000000001', `${'00'.repeat(70)}01`])('Nat %s', bytes => {
    const outcome = nat(bytes)
    expect(outcome.ok ? '' : outcome.error.message).toBe('')
  })

  test.each(['', '0000', '0100', '01000000', '0000000000', `${'00'.repeat(64)}00`])('no Nat %s', bytes => {
    expect(nat(bytes).ok).toBe(false)
  })

  test.each(['', '6869', 'c3a4', 'e282ac', 'f09f9880'])('String %s', bytes => {
    const outcome = string(bytes)
    expect(outcome.ok ? '' : outcome.error.message).toBe('')
  })

  test.each(['80', 'c3', 'c080', 'eda080', 'f4908080', 'ff', '61c3'])('no String %s', bytes => {
    expect(string(bytes).ok).toBe(false)
  })

  test('without their type in the primitive table', () => {
    const s = new Store()
    const blob = s.blob(hex('05'))
    const constant = s.put(`d2 00 00 60 00 01 ${blob} 0100`)
    const outcome = runCheck(s, constant, { primitives: primitivesWith(new Map([[2, NAT]])) })
    expect(reasonOf(failure(outcome))).toEqual({
      text: 'a primitive that the environment does not hold',
      undecided: true,
    })
  })
})

describe('what the witness says', () => {
  const s = new Store()
  const constant = s.put('d2 00 01 b0 01 9200 91011000 00 02 00c0')

  test('control', () => {
    const outcome = runCheck(s, constant)
    expect(outcome.ok ? '' : outcome.error.message).toBe('')
  })

  test('another content under the same address', () => {
    const forged = new Store()
    forged.constants.set(constant, hex(`d2 00 00 00 ${PROP}`))
    expect(reason(runCheck(forged, constant))).toMatch(/do not hash to its address/)
  })

  test('any changed word of the stream', () => {
    const bytes = s.constants.get(constant)!
    for (let word = 0; word < streamWords(bytes).length; word++) {
      const outcome = runCheck(s, constant, {
        tamper: ({ io }) => {
          const { index } = io.info(CHANNEL.constant, digestWords(constant))!
          io.arena(CHANNEL.constant)[2 * (index + word)]! += 1
        },
      })
      expect(reason(outcome)).toMatch(/do not hash|left over/)
    }
  })

  test('bytes traded inside the field', () => {
    const outcome = runCheck(s, constant, {
      tamper: ({ io }) => {
        const { index } = io.info(CHANNEL.constant, digestWords(constant))!
        io.arena(CHANNEL.constant)[2 * (index + 1) + 1] = 1
      },
    })
    expect(outcome.ok).toBe(false)
  })

  test.each([0, 1, 2])('a table that starts elsewhere (%i)', table => {
    for (const shift of [-1, 1]) {
      const outcome = runCheck(s, constant, {
        tamper: witness => retell(witness.io, constant, words => (words[table]! += shift)),
      })
      expect(outcome.ok).toBe(false)
    }
  })

  test('wrong kinds of block members', () => {
    const blocks = new Store()
    const block = blocks.put(WORKED_CONSTANTS[0]![1])
    for (const kind of [0, 2, 3]) {
      const outcome = runCheck(blocks, block, {
        tamper: witness => retell(witness.io, block, words => (words[5] = kind)),
      })
      expect(reason(outcome)).toMatch(/another kind|unknown kind/)
    }
  })
})

describe('blocks are no constants', () => {
  const user = (ref: string): Outcome => {
    const store = new Store()
    for (const [, bytes] of WORKED_CONSTANTS.slice(0, 4)) store.put(bytes)
    return runCheck(store, store.put(`d2 00 00 2000 00 01 ${ref} 00`), { program: kernelWith() })
  }

  test('an axiom of the inductive type', () => {
    const outcome = user(BOOL)
    expect(outcome.ok ? '' : outcome.error.message).toBe('')
  })

  test('an axiom of the block that holds it', () => {
    expect(reason(user(BOOL_BLOCK))).toMatch(/not a constant/)
  })
})
