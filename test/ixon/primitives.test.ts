import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../ixon/address.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { decodeConstant, encodeConstant } from '../../ixon/constant.js'
import { Environment } from '../../ixon/environment.js'
import { InputError } from '../../lean/input-error.js'
import { openLibrary } from '../../lean/library/library.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { LIB } from '../lean-reader/data.js'
import { numBitsDeclarations, withDeclarations } from './fixtures/hidden-bodies.js'
import { NUM_BITS_ADDRESS, PRIMITIVE_ADDRESSES } from './fixtures/primitive-addresses.js'
import { ID } from './worked-constants.js'

const FIXTURE = 'test/ixon/fixtures/primitives.ndjson'

const fixture = openNdjson(FIXTURE)
const compiled = compileEnvironment(fixture)

describe('primitive addresses of the reference implementation', () => {
  it.each(Object.entries(PRIMITIVE_ADDRESSES))('%s', (name, address) => {
    expect(compiled.names.get(name)?.address).toBe(address)
  })

  it('System.Platform.getNumBits, its hidden body added', () => {
    const source = withDeclarations(fixture, numBitsDeclarations(fixture))
    expect(compileEnvironment(source).names.get('System.Platform.getNumBits')?.address).toBe(NUM_BITS_ADDRESS)
  })

  it('id', () => {
    expect(compiled.names.get('id')?.address).toBe(ID)
  })

  it.skipIf(LIB === undefined)('all of them from .olean files', async () => {
    const modules = await openLibrary({
      paths: [LIB!],
      modules: ['Init.Prelude', 'Init.Core', 'Init.Data.Int.Basic'],
    })
    const source = withDeclarations(modules, numBitsDeclarations(modules))
    const roots = [...Object.keys(PRIMITIVE_ADDRESSES), 'System.Platform.getNumBits']
    const { names } = compileEnvironment(source, { roots })
    const expected = { ...PRIMITIVE_ADDRESSES, 'System.Platform.getNumBits': NUM_BITS_ADDRESS }
    expect(Object.fromEntries(roots.map(name => [name, names.get(name)?.address]))).toEqual(expected)
  })
})

describe('the compiled constants', () => {
  it('read and written again are the same bytes', () => {
    expect(compiled.constants.size).toBeGreaterThan(150)
    for (const [address, bytes] of compiled.constants) {
      const again = encodeConstant(decodeConstant(bytes))
      expect(Buffer.compare(again, bytes)).toBe(0)
      expect(addressOf(again)).toBe(address)
    }
  })

  it('decode or fail with an InputError when mutated, and never to other bytes', () => {
    const all = [...compiled.constants.values()]
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'delete', 'cut')), {
          minLength: 1,
          maxLength: 3,
        }),
        (original, changes) => {
          const bytes = [...original]
          for (const [where, value, how] of changes) {
            const at = where % (bytes.length + 1)
            if (how === 'set') bytes[at] = value
            else if (how === 'insert') bytes.splice(at, 0, value)
            else if (how === 'delete') bytes.splice(at, 1)
            else bytes.length = at
          }
          try {
            const constant = decodeConstant(Uint8Array.from(bytes), { file: 'mutated' })
            expect([...encodeConstant(constant)]).toEqual(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
            expect((error as InputError).message).toMatch(/^mutated, offset \d+: /)
          }
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('form an environment that holds whatever its constants use', () => {
    const environment = Environment.fromData(compiled, 'primitives')
    environment.verify()
    for (const address of environment.addresses()) {
      const { refs } = environment.constant(address)
      for (const ref of refs) expect(environment.has(ref) || environment.hasBlob(ref)).toBe(true)
      expect(environment.has(environment.blockOf(address))).toBe(true)
    }
  })

  it('do not depend on the order of the source', () => {
    const shuffled = { ...withDeclarations(fixture, []), names: () => [...fixture.names()].reverse() }
    const again = compileEnvironment(shuffled)
    expect([...again.constants.keys()].sort()).toEqual([...compiled.constants.keys()].sort())
  })
})
