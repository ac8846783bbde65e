import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '../../lean/input-error.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import { Hash64 } from '../../lean/olean/hash64.js'
import { ContainerBuilder } from './container.js'
import { DATA, skipReason } from './data.js'

const scratch = mkdtempSync(join(tmpdir(), 'damage-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

/** A search path with these files. */
function folder(files: Record<string, Uint8Array>): string {
  const path = join(scratch, `${counter++}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}

function open(
  files: Record<string, Uint8Array>,
  module = 'M',
  options: { checkHashes?: boolean } = {},
): Promise<Library> {
  return openLibrary({ paths: [folder(files)], modules: [module], lazy: 'off', ...options })
}

/** Decodes everything; the container builder writes no hashes. */
async function readAll(bytes: Uint8Array): Promise<Library> {
  const set = await open({ 'M.olean': bytes }, 'M', { checkHashes: false })
  for (const name of set.names()) {
    set.get(name)
    set.placeholderKind(name)
  }
  return set
}

const LAYOUTS = [
  [4, false],
  [4, true],
  [8, false],
  [8, true],
] as const

function layoutModule(wordBytes: 4 | 8, gmp: boolean, fields: 4 | 5 = 5): Buffer {
  const file = new ContainerBuilder(wordBytes, gmp)
  const constants = VALUES.map((value, index) => {
    const literal = file.expr(9, [file.constructorObject(0, [file.natural(value)])])
    const name = file.name('c', BigInt(index), value)
    return { name, info: file.axiom(name, file.expr(6, [name, literal, literal], 3)) }
  })
  return file.module([], constants, fields)
}
const VALUES = [0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n, 3n ** 5000n]

describe('layouts', () => {
  it.each(LAYOUTS)('words of %i bytes, GMP %s', async (wordBytes, gmp) => {
    const set = await readAll(layoutModule(wordBytes, gmp))
    expect(set.size).toBe(VALUES.length)
    VALUES.forEach((value, index) => {
      const literal = { kind: 'nat', value }
      expect(set.get(`c.${index}.${value}`)).toMatchObject({
        kind: 'axiom',
        isUnsafe: false,
        type: { kind: 'lam', info: 'instImplicit', type: literal, body: literal },
      })
    })
  })

  it('a module record without auxiliary names', async () => {
    expect((await readAll(layoutModule(8, true, 4))).size).toBe(VALUES.length)
  })

  it('chains far deeper than the stack', async () => {
    const file = new ContainerBuilder(8, true)
    const leaf = file.expr(0, [file.scalar(0)])
    let term = leaf
    let level = file.scalar(0)
    for (let depth = 0; depth < 200_000; depth++) {
      term = file.expr(5, [term, leaf])
      level = file.constructorObject(1, [level], new Array(8).fill(0))
    }
    const name = file.name('deep')
    const type = file.expr(5, [term, file.expr(3, [level])])
    const set = await readAll(file.module([], [{ name, info: file.axiom(name, type) }]))
    let depth = 0
    for (let at = set.get('deep')!.type; at.kind === 'app'; at = at.fn) depth++
    expect(depth).toBe(200_001)
  })
})

describe('damaged containers', () => {
  const header = (edit: (bytes: Buffer) => void): Buffer => {
    const bytes = layoutModule(4, false)
    edit(bytes)
    return bytes
  }
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', Buffer.alloc(0), /M.olean, offset 0: not an olean file/],
    ['a foreign file', Buffer.from('PK\x03\x04zip file, not Lean'), /offset 0: not an olean file/],
    ['half a header', layoutModule(4, false).subarray(0, 50), /offset 50: the file ends early \(50 bytes\)/],
    ['version 1', header(b => b.writeUInt8(1, 5)), /offset 5: container version 1 .* is not supported/],
    ['version 3', header(b => b.writeUInt8(3, 5)), /offset 5: container version 3 \(saved state/],
    ['version 9', header(b => b.writeUInt8(9, 5)), /container version 9 is not supported/],
    ['reserved flags', header(b => b.writeUInt8(4, 6)), /offset 6: unsupported flags 100/],
    [
      'a root outside',
      header(b => b.writeUInt32LE(0x7ffffff0, 84)),
      /offset 80: the root lies outside the file/,
    ],
    [
      'a root that is a scalar',
      header(b => b.writeUInt32LE(7, 84)),
      /offset 80: the root lies outside the file/,
    ],
  ])('%s', async (_, bytes, message) => {
    await expect(readAll(bytes)).rejects.toThrow(message)
    await expect(readAll(bytes)).rejects.toThrow(InputError)
  })

  type Build = (file: ContainerBuilder) => { info?: bigint; type?: bigint; name?: bigint }
  const withConstant = (build: Build): Buffer => {
    const file = new ContainerBuilder(8, true)
    const name = file.name('c')
    const made = build(file)
    const used = made.name ?? name
    return file.module(
      [],
      [{ name: used, info: made.info ?? file.axiom(used, made.type ?? file.expr(0, [1n])) }],
    )
  }
  const here = (file: ContainerBuilder): bigint => file.string('') + 40n
  it.each<[string, Build, RegExp]>([
    ['a pointer to itself', f => ({ type: f.expr(5, [here(f), here(f)]) }), /a pointer to a later object/],
    ['a pointer forward', f => ({ type: f.expr(10, [1n, here(f) + 80n]) }), /a pointer to a later object/],
    ['a pointer outside', f => ({ type: f.expr(10, [1n, 0x7000000n]) }), /a pointer to no object/],
    ['a pointer into the header', f => ({ type: f.expr(10, [1n, 0x30008n]) }), /a pointer to no object/],
    [
      'a pointer that is not aligned',
      f => ({ type: f.expr(10, [1n, f.expr(0, [1n]) + 2n]) }),
      /a pointer to no object/,
    ],
    ['a free variable', f => ({ type: f.expr(1, [f.name('x')]) }), /illegal term: a free variable/],
    ['a metavariable', f => ({ type: f.expr(2, [f.name('x')]) }), /illegal term: a metavariable/],
    [
      'a universe metavariable',
      f => ({ type: f.expr(3, [f.constructorObject(5, [f.name('u')], new Array(8).fill(0))]) }),
      /illegal term: a universe metavariable/,
    ],
    [
      'a big index',
      f => ({ type: f.expr(0, [f.bigInteger(2n ** 70n)]) }),
      /the index of a bound variable is not below/,
    ],
    [
      'a wide index',
      f => ({ type: f.expr(0, [f.scalar(2n ** 40n)]) }),
      /the index of a bound variable is not below/,
    ],
    ['a string for a term', f => ({ type: f.string('x') }), /expected an expression, found tag 249/],
    ['a boxed term', f => ({ type: f.scalar(0) }), /field 2 is not an object/],
    [
      'a short record',
      f => ({ info: f.constructorObject(0, [f.constructorObject(0, [])]) }),
      /of kind axiom with 1 fields/,
    ],
    [
      'an unknown kind',
      f => ({ info: f.constructorObject(9, [f.scalar(0)]) }),
      /a constant of unknown kind 9/,
    ],
    [
      'binder info 4',
      f => ({ type: f.expr(7, [1n, f.expr(0, [1n]), f.expr(0, [1n])], 4) }),
      /unknown binder info/,
    ],
    [
      'another name in the record',
      f => ({ info: f.axiom(f.name('d'), f.expr(0, [1n])) }),
      /d is listed under the name c/,
    ],
    [
      'a universe parameter twice',
      f => {
        const head = f.constructorObject(0, [
          f.name('c'),
          f.list([f.name('u'), f.name('u')]),
          f.expr(0, [1n]),
        ])
        return { info: f.constructorObject(0, [f.constructorObject(0, [head], [0])]) }
      },
      /constant c: repeats the universe parameter u/,
    ],
    ['no name', f => ({ name: f.scalar(0) }), /a constant without a name/],
  ])('%s', async (_, build, message) => {
    const bytes = withConstant(build)
    await expect(readAll(bytes)).rejects.toThrow(message)
    await expect(readAll(bytes)).rejects.toThrow(InputError)
  })

  const sized = (size: number) => (object: Buffer) => {
    object.writeUInt32LE(size, 8)
    object.writeUInt32LE(size, 16)
  }
  it.each<[string, (object: Buffer) => void, RegExp]>([
    ['huge', object => object.writeBigUInt64LE(2n ** 63n, 8), /bad string: size 9223372036854776000/],
    ['passing the end', sized(99999), /passes the end/],
    ['empty', sized(0), /bad string: size 0/],
    ['without NUL', object => object.writeUInt8(65, 32 + 6), /no NUL at its end/],
    ['of other text', object => object.writeUInt8(0xff, 32), /bad string: not UTF-8/],
    ['of another length', object => object.writeUInt32LE(7, 24), /claims 7 characters, has 6/],
  ])('a string %s', async (_, edit, message) => {
    const file = new ContainerBuilder(8, false)
    const name = file.name('damage')
    const bytes = file.module([], [{ name, info: file.axiom(name, file.expr(0, [1n])) }])
    edit(bytes.subarray(bytes.indexOf('damage') - 32))
    await expect(readAll(bytes)).rejects.toThrow(message)
  })

  it.each<[string, (object: Buffer) => void, RegExp]>([
    ['negative', object => object.writeUInt8(1, 8), /a natural number is negative/],
    ['without digits', object => object.writeUInt32LE(0, 16), /no digits/],
    ['of huge size', object => object.writeBigUInt64LE(2n ** 62n, 16), /passes the end of the file/],
    ['with digits elsewhere', object => object.writeUInt32LE(0x30060, 24), /digits lie elsewhere/],
  ])('an integer %s', async (_, edit, message) => {
    const file = new ContainerBuilder(8, false)
    const name = file.name('c')
    const literal = file.expr(9, [file.constructorObject(0, [file.bigInteger(0x1122334455667788n << 64n)])])
    const bytes = file.module([], [{ name, info: file.axiom(name, literal) }])
    edit(bytes.subarray(bytes.indexOf(Buffer.from('8877665544332211', 'hex')) - 8 - 32))
    await expect(readAll(bytes)).rejects.toThrow(message)
  })

  it('lists that differ in length', async () => {
    const file = new ContainerBuilder(8, true)
    const root = file.constructorObject(
      0,
      [file.array([]), file.array([file.name('c')]), ...emptyArrays(file, 3)],
      [0],
    )
    await expect(readAll(file.finish(root))).rejects.toThrow(/0 constants with 1 names/)
  })

  it('a long string that every name repeats', async () => {
    const file = new ContainerBuilder(8, true)
    const long = file.string('x'.repeat(300_000))
    let name = file.scalar(0)
    for (let index = 0; index < 20_000; index++)
      name = file.constructorObject(1, [name, long], new Array(8).fill(0))
    const bytes = file.module([], [{ name, info: file.axiom(name, file.expr(0, [1n])) }])
    await expect(readAll(bytes)).rejects.toThrow(/are used too often/)
  })
})

function emptyArrays(file: ContainerBuilder, count: number): bigint[] {
  return Array.from({ length: count }, () => file.array([]))
}

describe('imports', () => {
  const module = (imports: (string | bigint)[][]): Buffer => {
    const file = new ContainerBuilder(8, true)
    return file.module(
      imports.map(parts => file.name(...parts)),
      [],
    )
  }

  it('come before their importers, each once', async () => {
    const set = await open(
      {
        'M.olean': module([
          ['P', 'B'],
          ['P', 'A'],
        ]),
        'P/A.olean': module([]),
        'P/B.olean': module([['P', 'A']]),
      },
      'M',
      { checkHashes: false },
    )
    expect(set.modules).toEqual(['P.A', 'P.B', 'M'])
  })

  it('that are missing are named with their importer', async () => {
    const files = { 'M.olean': module([['P', 'B']]), 'P/A.olean': module([]) }
    const paths = [folder(files)]
    const options = { paths, modules: ['M'], checkHashes: false }
    await expect(openLibrary(options)).rejects.toThrow(/P\/B.olean: module P.B \(imported by M\) not found/)
    expect((await openLibrary({ ...options, allowMissing: true })).missing).toEqual(['P.B'])
    await expect(openLibrary({ ...options, modules: ['Q'] })).rejects.toThrow(
      /module Q \(asked for\) is under none of the search/,
    )
  })

  it('in a circle are refused with the circle', async () => {
    const files = { 'M.olean': module([['A']]), 'A.olean': module([['B']]), 'B.olean': module([['A']]) }
    await expect(open(files, 'M', { checkHashes: false })).rejects.toThrow(/a cycle of imports: A -> B -> A/)
  })

  it.each<[string, (string | bigint)[]]>([
    ['lead up', ['..', 'x']],
    ['hold a separator', ['a/b']],
    ['be empty text', ['']],
    ['hold a number', ['a', 1n]],
    ['be anonymous', []],
  ])('cannot %s', async (_, name) => {
    await expect(open({ 'M.olean': module([name]) }, 'M', { checkHashes: false })).rejects.toThrow(
      /module name/,
    )
  })

  const descriptors = '/proc/self/fd'
  it.skipIf(!existsSync(descriptors))(
    'that fail leave no file open (counted where /proc exists)',
    async () => {
      const before = readdirSync(descriptors).length
      for (let run = 0; run < 20; run++) {
        await expect(open({ 'M.olean': module([['A']]) }, 'M', { checkHashes: false })).rejects.toThrow(
          /not found|under none/,
        )
      }
      expect(readdirSync(descriptors).length).toBeLessThan(before + 5)
    },
  )

  it('take a package from the first search path that holds it', async () => {
    const first = folder({ 'P/A.olean': module([]) })
    const second = folder({ 'P/B.olean': module([]), 'Q.olean': module([]) })
    const options = { paths: [first, second], checkHashes: false }
    await expect(openLibrary({ ...options, modules: ['P.B'] })).rejects.toThrow(/not found/)
    expect((await openLibrary({ ...options, modules: ['Q', 'P.A'] })).modules.length).toBe(2)
  })

  it('may not declare a definition twice', async () => {
    const declare = (imports: string[], isAxiom: boolean): Buffer => {
      const file = new ContainerBuilder(8, true)
      const name = file.name('c')
      const sort = file.expr(3, [file.scalar(0)])
      const head = file.constructorObject(0, [name, file.scalar(0), sort])
      const value = file.constructorObject(0, [head, sort, file.scalar(0), file.list([name])], [1])
      const info = isAxiom ? file.axiom(name, sort) : file.constructorObject(1, [value])
      return file.module(
        imports.map(part => file.name(part)),
        [{ name, info }],
      )
    }
    const options = { checkHashes: false }
    const definitions = { 'M.olean': declare(['A'], false), 'A.olean': declare([], false) }
    const twice = await open(definitions, 'M', options)
    expect(() => twice.get('c')).toThrow(/constant c: declared in A and again in M/)
    // Two axioms may repeat only if they are evidently propositions; `Prop` is not one.
    const axioms = await open({ 'M.olean': declare(['A'], true), 'A.olean': declare([], true) }, 'M', options)
    expect(() => axioms.get('c')).toThrow(/constant c: A and M declare it differently/)
    expect(() => axioms.get('c')).toThrow(InputError)
  })
})

describe('hashes', () => {
  const hex = (hash: Hash64): string =>
    [hash.high, hash.low].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('')
  it.each([
    ['', '89133354f2041b41'],
    ['a', 'dce594566b8c31f5'],
    ['héllo', 'fb983514f98ab9e4'],
  ])('of the string %j', (text, expected) => {
    const hash = new Hash64()
    hash.bytes(Buffer.from(text))
    expect(hex(hash)).toBe(expected)
  })

  it('of names', () => {
    const hash = new Hash64()
    hash.set(1723, 0)
    hash.mix(5, 0)
    expect(hex(hash)).toBe('2e278385a9607d5d')
    const name = ['Nat', 'add'].reduce(
      (prefix, part) => {
        const next = new Hash64()
        next.bytes(Buffer.from(part))
        next.mixInto(prefix.low, prefix.high)
        return next
      },
      Object.assign(new Hash64(), { low: 1723 }),
    )
    expect(hex(name)).toBe('ecf216827956bdd2')
  })
})

describe.skipIf(skipReason !== undefined)('damage to real files', () => {
  const parts = ['', '.server', '.private'].map(suffix =>
    skipReason === undefined ? readFileSync(join(DATA, `module-parts/A.olean${suffix}`)) : Buffer.alloc(0),
  )
  const bits64 =
    skipReason === undefined
      ? readFileSync(join(DATA, 'olean64/PropLogicDSL/PrettyPrint.olean'))
      : Buffer.alloc(0)
  const outcome = async (files: Record<string, Uint8Array>, checkHashes: boolean): Promise<string> => {
    const path = folder(files)
    try {
      const set = await openLibrary({
        paths: [path],
        modules: ['A'],
        lazy: 'off',
        allowMissing: true,
        checkHashes,
      })
      for (const name of set.names()) {
        try {
          set.get(name)
          set.placeholderKind(name)
        } catch (error) {
          if (!(error instanceof InputError)) throw error
        }
      }
      set.close()
      return 'read'
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return error.reason
    } finally {
      rmSync(path, { recursive: true })
    }
  }
  const three = (edited: readonly Uint8Array[]): Record<string, Uint8Array> =>
    Object.fromEntries(
      ['', '.server', '.private'].map((suffix, index) => [`A.olean${suffix}`, edited[index]!]),
    )

  it('finds a forged word in a term', async () => {
    const forged = Buffer.from(bits64)
    // The data words of terms lie behind headers of applications: size 32, two fields, tag 5.
    const at = forged.indexOf(Buffer.from([0, 0, 0, 0, 32, 0, 2, 5]))
    forged.writeUInt8(forged.readUInt8(at + 29) ^ 0x10, at + 29)
    const set = await openLibrary({
      paths: [folder({ 'A.olean': forged })],
      modules: ['A'],
      allowMissing: true,
    })
    expect(() => Array.from(set.names(), name => set.get(name))).toThrow(/wrong cached hash of an expression/)
  })

  it('names the part that is missing or foreign', async () => {
    await expect(open({ 'A.olean': parts[0]!, 'A.olean.private': parts[2]! }, 'A')).rejects.toThrow(
      /the server part is missing/,
    )
    const swapped = three([parts[0]!, parts[2]!, parts[1]!])
    await expect(open(swapped, 'A')).rejects.toThrow(InputError)
    const foreign = Buffer.from(parts[1]!)
    foreign.writeUInt8(0x30 ^ foreign.readUInt8(41), 41)
    await expect(open(three([parts[0]!, foreign, parts[2]!]), 'A')).rejects.toThrow(
      /different versions of Lean/,
    )
    const moved = Buffer.from(parts[1]!)
    parts[0]!.copy(moved, 80, 80, 84)
    await expect(open(three([parts[0]!, moved, parts[2]!]), 'A')).rejects.toThrow(/overlap/)
    await expect(open({ 'A.olean': parts[2]! }, 'A')).rejects.toThrow(InputError)
  })

  it('ends in success or InputError whatever bytes change, wherever the file ends', async () => {
    let slowest = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 2, 3),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 20 }),
        fc.option(fc.nat()),
        fc.boolean(),
        async (which, edits, cut, checkHashes) => {
          const original = which === 3 ? bits64 : parts[which]!
          const bytes = Buffer.from(original)
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          const damaged = cut === null ? bytes : bytes.subarray(0, cut % bytes.length)
          const files =
            which === 3
              ? { 'A.olean': damaged }
              : three(parts.map((part, index) => (index === which ? damaged : part)))
          const started = performance.now()
          await outcome(files, checkHashes)
          slowest = Math.max(slowest, performance.now() - started)
        },
      ),
      { numRuns: 250 },
    )
    expect(slowest).toBeLessThan(10_000)
  })
})
