import { describe, expect, it } from 'vitest'
import { addressOf, naturalBytes } from '../../ixon/address.js'
import { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { decodeConstant, encodeConstant, projectionAddress, walkEdges } from '../../ixon/constant.js'
import { type Expression, readExpression, writeExpression } from '../../ixon/expression.js'
import * as worked from './worked-constants.js'

const bytesOf = (hex: string) => Buffer.from(hex, 'hex')
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('worked constants', () => {
  it.each(worked.WORKED_CONSTANTS)('%s', (name, hex, address) => {
    const bytes = bytesOf(hex)
    const constant = decodeConstant(bytes)
    expect(hexOf(encodeConstant(constant))).toBe(hex)
    const own = addressOf(bytes)
    const firstInductive = constant.info.kind === 'muts' && !name.includes('block') && own !== address
    expect(firstInductive ? projectionAddress({ kind: 'iprj', idx: 0, block: own }) : own).toBe(address)
  })

  it('True.intro', () => {
    const block = addressOf(bytesOf('c1010000000000010000000000300000000100'))
    expect(projectionAddress({ kind: 'cprj', idx: 0, cidx: 0, block })).toBe(worked.TRUE_INTRO)
  })

  it('walks references, structures and block pointers, but no literals', () => {
    const of = (name: string) =>
      walkEdges(decodeConstant(bytesOf(worked.WORKED_CONSTANTS.find(row => row[0] === name)![1])))
    expect(of('def foo : Nat := 300')).toEqual([worked.NAT])
    expect(of('Inhabited.default')).toEqual([worked.INHABITED])
    expect(of('Nat.succ')).toEqual([worked.NAT_BLOCK])
    expect(of('True.rec')).toEqual([worked.TRUE, worked.TRUE_INTRO])
    expect(of('Nat block')).toEqual([])
  })
})

describe('blobs', () => {
  it.each<[string, Uint8Array, string]>([
    ['Nat 0', naturalBytes(0n), '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    ['Nat 1', naturalBytes(1n), '48fc721fbbc172e0925fa27af1671de225ba927134802998b10a1568a188652b'],
    ['Nat 64', naturalBytes(64n), '9744d9dc6389e67986afa563f19f133b28385319ebba2266adfd97d9c6536423'],
    ['Nat 256', naturalBytes(256n), '7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63'],
    ['""', Buffer.from(''), 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    ['"hi"', Buffer.from('hi'), '85052e9aab1b67b6622d94a08441b09fd5b7aca61ee360416d70de5da67d86ca'],
  ])('%s', (_, bytes, address) => {
    expect(addressOf(bytes)).toBe(address)
  })
})

const variable = (index: number): Expression => ({ kind: 'var', index })

describe('expressions', () => {
  it.each<[string, Expression]>([
    ['22020001', { kind: 'ref', ref: 2, universes: [0, 1] }],
    ['3000', { kind: 'rec', member: 0, universes: [] }],
    ['410010', { kind: 'prj', ref: 0, field: 1, expr: variable(0) }],
    ['72121110', { kind: 'app', fn: { kind: 'app', fn: variable(2), arg: variable(1) }, arg: variable(0) }],
    ['b809', { kind: 'share', index: 9 }],
    ['a0101112', { kind: 'let', nondep: false, type: variable(0), value: variable(1), body: variable(2) }],
  ])('%s', (hex, expression) => {
    const writer = new ByteWriter()
    writeExpression(writer, expression)
    expect(hexOf(writer.finish())).toBe(hex)
    expect(readExpression(new ByteReader(bytesOf(hex)))).toEqual(expression)
  })

  it('reads and writes terms 100,000 deep on either side', () => {
    for (const kind of ['app', 'lam'] as const) {
      let deep: Expression = variable(0)
      for (let i = 0; i < 100_000; i++) {
        if (kind === 'app')
          deep = i % 3 === 0 ? { kind, fn: deep, arg: variable(1) } : { kind, fn: variable(1), arg: deep }
        else
          deep =
            i % 3 === 0 ? { kind, type: deep, body: variable(1) } : { kind, type: variable(1), body: deep }
      }
      const writer = new ByteWriter()
      writeExpression(writer, deep)
      const bytes = writer.finish()
      const again = new ByteWriter()
      writeExpression(again, readExpression(new ByteReader(bytes)))
      expect(Buffer.compare(again.finish(), bytes)).toBe(0)
    }
  })

  it.each([
    ['an empty telescope', '7010'],
    ['a head that is itself an application', '7171101112'],
    ['a body that is itself a lambda', '8110811011'],
    ['let flag 2', 'a2101112'],
    ['flag 12', 'c0'],
    ['a huge telescope', `7f${'00'.repeat(6)}0100`],
    ['a missing operand', '71' + '10'],
  ])('rejects %s', (_, hex) => {
    expect(() => readExpression(new ByteReader(bytesOf(hex), { file: 'x' }))).toThrow(/^x, offset \d+: /)
  })
})

describe('decodeConstant rejects', () => {
  it.each([
    ['bytes after the end', `${worked.ID_BYTES}00`, 'after the end'],
    ['a universe out of range', 'd001019201101182001010000000', 'universe [01] of 0'],
    ['a share out of range', 'd20000b0000000', 'share 0 where 0'],
    ['a sharing entry that looks at itself', 'd2000000' + '01b0' + '00' + '0100', 'share 0 where 0'],
    ['a reference out of range', 'd2000020000000' + '00', 'reference 0 of 0'],
    ['a member kind 3', 'c103000000', 'does not start a block member'],
    ['a constant variant 8', 'd80800', 'does not start a constant'],
    ['a definition kind 3', 'd00d00000000', 'definition kind'],
    ['a flag of 2', 'd202000000', 'flag with value 2'],
    ['too many references', 'd2000000' + '00' + '85ffffffffff1f', 'references announced'],
    ['nothing at all', '', 'unexpected end'],
  ])('%s', (_, hex, reason) => {
    expect(() => decodeConstant(bytesOf(hex), { file: 'x.ixe', offset: 10 })).toThrow(
      new RegExp(`^x.ixe, offset \\d+: .*${reason}`),
    )
  })
})
