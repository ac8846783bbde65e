import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '../../lean/input-error.js'
import { openLibrary } from '../../lean/library/library.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { ReaderError } from '../../lean/olean/reader-error.js'
import { readSavedState, type SavedState } from '../../lean/olean/saved-state.js'
import { ContainerBuilder } from './container.js'

const scratch = mkdtempSync(join(tmpdir(), 'saved-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

interface Options {
  readonly wordBytes?: 4 | 8
  readonly closures?: readonly { readonly code: number; readonly arity: number; readonly captured: number }[]
  readonly libraries?: readonly { readonly base: number; readonly id: string }[]
}

/** A container of version 3 with closures among its data, and the offset of its tables. */
function savedState({ wordBytes = 8, closures = [], libraries = [] }: Options): {
  bytes: Buffer
  tables: number
} {
  const file = new ContainerBuilder(wordBytes, false, 3)
  const text = file.string('state')
  const made = closures.map(({ code, arity, captured }) =>
    file.closure(code, arity, new Array<bigint>(captured).fill(text)),
  )
  const root = file.constructorObject(0, [text, ...made])
  const head = file.finish(root)
  const dataStart = 80 + 2 * wordBytes
  const word = (value: number): Buffer => {
    const buffer = Buffer.alloc(wordBytes)
    if (wordBytes === 4) buffer.writeUInt32LE(value)
    else buffer.writeBigUInt64LE(BigInt(value))
    return buffer
  }
  const u32 = (value: number): Buffer => {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32LE(value)
    return buffer
  }
  const u64 = (value: number): Buffer => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigUInt64LE(BigInt(value))
    return buffer
  }
  const tables = Buffer.concat([
    u32(made.length),
    ...made.map(address => u64(Number(address) - file.base + 8 - dataStart)),
    u32(libraries.length),
    ...libraries.flatMap(({ base, id }) => [word(base), u32(Buffer.byteLength(id)), Buffer.from(id)]),
  ])
  return { bytes: Buffer.concat([head, tables]), tables: head.length }
}

function read(bytes: Uint8Array, atHand: readonly string[] = []): SavedState {
  const path = join(scratch, `${counter++}`)
  writeFileSync(path, bytes)
  const cache = new PageCache()
  try {
    return readSavedState([cache.file(path, 'state')], new Set(atHand))
  } finally {
    cache.close()
  }
}

const LIBRARIES = [
  { base: 0x7f0000000000, id: 'libleanshared.so' },
  { base: 0x7e0000000000, id: 'libInit.so' },
]
const CLOSURES = [
  { code: 0x7e0000001234, arity: 3, captured: 2 },
  { code: 0x7f0000000000, arity: 1, captured: 0 },
  { code: 0x7f0000ffff00, arity: 16, captured: 5 },
]

describe('saved state', () => {
  it.each([4, 8] as const)('without closures has no need of libraries (words of %i bytes)', wordBytes => {
    const libraries = [{ base: 0x70000000, id: 'gone.so' }]
    const { closures, libraries: listed } = read(savedState({ wordBytes, libraries }).bytes)
    expect(closures).toEqual([])
    expect(listed).toEqual(libraries)
  })

  it('with one closure tells its library, offset, arity and captured values', () => {
    const { bytes } = savedState({ closures: CLOSURES.slice(0, 1), libraries: LIBRARIES })
    expect(read(bytes, ['libInit.so', 'libleanshared.so']).closures).toMatchObject([
      { library: 'libInit.so', offset: 0x1234, arity: 3, captured: 2 },
    ])
  })

  it('with several closures tells all of them', () => {
    const { bytes } = savedState({ closures: CLOSURES, libraries: LIBRARIES })
    const state = read(bytes, ['libInit.so', 'libleanshared.so'])
    expect(state.closures).toMatchObject([
      { library: 'libInit.so', offset: 0x1234, arity: 3, captured: 2 },
      { library: 'libleanshared.so', offset: 0, arity: 1, captured: 0 },
      { library: 'libleanshared.so', offset: 0xffff00, arity: 16, captured: 5 },
    ])
    expect(state.root).toBeGreaterThan(Math.max(...state.closures.map(({ object }) => object)))
  })

  it('needs every library that it lists, by id', () => {
    const { bytes } = savedState({ closures: CLOSURES, libraries: LIBRARIES })
    expect(() => read(bytes, ['libInit.so'])).toThrow(/closures need the libraries "libleanshared\.so"$/)
    expect(() => read(bytes)).toThrow(expect.objectContaining({ fault: 'missing-library' }) as Error)
  })

  it('with code in no library is refused', () => {
    const closures = [{ code: 0x1000, arity: 1, captured: 0 }]
    expect(() => read(savedState({ closures, libraries: LIBRARIES }).bytes, ['libInit.so'])).toThrow(
      /its code at 0x1000 lies in no library/,
    )
  })

  it('with damaged lengths ends in one error, whichever field it is', () => {
    const { bytes, tables } = savedState({ closures: CLOSURES, libraries: LIBRARIES })
    const ids = LIBRARIES.map(({ id }) => id)
    expect(read(bytes, ids).closures).toHaveLength(3)
    const fields = [
      88, // size of the data
      tables, // number of closures
      tables + 4, // offset of the first closure
      tables + 4 + 24, // number of libraries
      tables + 4 + 24 + 4 + 8, // length of the first id
    ]
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.integer({ min: 0, max: 0xffffffff }), (at, value) => {
        const damaged = Buffer.from(bytes)
        if (damaged.readUInt32LE(at) === value) return
        damaged.writeUInt32LE(value, at)
        expect(() => read(damaged, ids)).toThrow(InputError)
      }),
      { numRuns: 300 },
    )
    for (const end of [90, 96, tables - 1, tables, tables + 3, tables + 20, bytes.length - 1])
      expect(() => read(bytes.subarray(0, end), ids)).toThrow(InputError)
    expect(() => read(Buffer.concat([bytes, Buffer.alloc(1)]), ids)).toThrow(/1 bytes after the last library/)
  })

  it('with any bytes changed ends in success or one error, and reads only', () => {
    const { bytes } = savedState({ closures: CLOSURES, libraries: LIBRARIES })
    const digest = createHash('sha256').update(bytes).digest('hex')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), edits => {
        const damaged = Buffer.from(bytes)
        for (const [at, value] of edits) damaged[at % damaged.length] = value
        const path = join(scratch, `${counter}`)
        try {
          read(damaged, ['libInit.so', 'libleanshared.so'])
        } catch (error) {
          if (!(error instanceof InputError)) throw error
        }
        expect(readFileSync(path).equals(damaged)).toBe(true)
      }),
      { numRuns: 300 },
    )
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest)
  })
})

describe('ordinary modules', () => {
  it('are no saved state, and saved state is no module', async () => {
    const module = new ContainerBuilder(8, true).module([], [])
    expect(() => read(module)).toThrow(expect.objectContaining({ fault: 'bad-version' }) as Error)
    const path = join(scratch, 'S.olean')
    writeFileSync(path, savedState({}).bytes)
    await expect(openLibrary({ paths: [scratch], modules: ['S'] })).rejects.toBeInstanceOf(ReaderError)
    await expect(openLibrary({ paths: [scratch], modules: ['S'] })).rejects.toThrow(
      /offset 5: container version 3 \(saved state with closures\) is not supported/,
    )
  })

  it.each(['as a constant', 'as a term'])('may not hold a closure %s', async where => {
    const file = new ContainerBuilder(8, false)
    const name = file.name('c')
    const closure = file.closure(0x7e0000001234, 1, [])
    const info = where === 'as a constant' ? closure : file.axiom(name, closure)
    writeFileSync(join(scratch, 'C.olean'), file.module([], [{ name, info }]))
    const library = await openLibrary({ paths: [scratch], modules: ['C'], checkHashes: false })
    expect(() => library.get('c')).toThrow(/found (tag 245|a closure, which only saved state may hold)/)
  })
})
