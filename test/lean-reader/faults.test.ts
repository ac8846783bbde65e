import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '../../lean/input-error.js'
import { LAZY_MODES } from '../../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import { displayName, NameTable } from '../../lean/name.js'
import { Chain } from '../../lean/olean/chain.js'
import type { FileSystem } from '../../lean/olean/file-system.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { OutOfMemory, ReaderError } from '../../lean/olean/reader-error.js'
import { ContainerBuilder } from './container.js'
import { DATA, skipReason } from './data.js'
import { faultyDisk } from './fault-disk.js'

const scratch = mkdtempSync(join(tmpdir(), 'faults-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0
function fresh(): string {
  const path = join(scratch, `${counter++}`)
  mkdirSync(path)
  return path
}

const SUFFIXES = ['.olean', '.olean.server', '.olean.private']
const PARTS = join(DATA, 'module-parts')

/** The module in three parts, or some of its files, in a folder of its own. */
function copyOfA(suffixes: readonly string[] = SUFFIXES): string {
  const path = fresh()
  for (const suffix of suffixes) copyFileSync(join(PARTS, `A${suffix}`), join(path, `A${suffix}`))
  return path
}

/** Everything that can be asked of the module, as text. */
function everything(library: Library): string {
  return JSON.stringify(
    Array.from(library.names(), name => [
      name,
      library.kind(name),
      library.placeholderKind(name),
      library.get(name),
    ]),
    (_, item) => (typeof item === 'bigint' ? `${item}n` : item),
  )
}

const open = (fileSystem?: FileSystem, lazy: (typeof LAZY_MODES)[number] = 'parts') =>
  openLibrary({
    paths: [PARTS],
    modules: ['A'],
    allowMissing: true,
    lazy,
    ...(fileSystem === undefined ? {} : { fileSystem }),
  })

describe.skipIf(skipReason !== undefined)('interrupted reads', () => {
  const expected = skipReason === undefined ? open().then(everything) : Promise.resolve('')

  it.each([1, 2, 3, 7])('with EINTR or EAGAIN at every read but each %i-th give the same', async every => {
    for (const lazy of LAZY_MODES) {
      const { disk, counts } = faultyDisk({
        fail: read => (read % (every + 1) !== 0 ? (read % 2 === 0 ? 'EINTR' : 'EAGAIN') : undefined),
        chunk: read => 1 + ((read * 7919) % 5000),
      })
      expect(everything(await open(disk, lazy))).toBe(await expected)
      expect(counts.reads).toBeGreaterThan(50)
    }
  })

  it('of one byte at a time give the same', async () => {
    const small = { paths: [join(DATA, 'reproducers')], modules: ['R01NatRecAdd'], allowMissing: true }
    const { disk, counts } = faultyDisk({ chunk: () => 1 })
    const bytewise = everything(await openLibrary({ ...small, fileSystem: disk }))
    expect(bytewise).toBe(everything(await openLibrary(small)))
    expect(counts.reads).toBeGreaterThan(30_000)
  })

  it('of random lengths give the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 9000 }), { minLength: 1, maxLength: 20 }), async lengths => {
        const { disk } = faultyDisk({ chunk: read => 1 + lengths[read % lengths.length]! })
        expect(everything(await open(disk))).toBe(await expected)
      }),
      { numRuns: 10 },
    )
  })

  it('that end early say so with the file', async () => {
    const { disk } = faultyDisk({ chunk: read => (read > 3 ? 0 : 1000) })
    await expect(open(disk)).rejects.toThrow(/A\.olean: the file became shorter while it was read/)
    const path = copyOfA()
    truncateSync(join(path, 'A.olean'), 40_000)
    await expect(openLibrary({ paths: [path], modules: ['A'], allowMissing: true })).rejects.toThrow(
      /A\.olean, offset 80: the root lies outside the file/,
    )
  })

  it('that fail for another reason name it', async () => {
    const { disk } = faultyDisk({ fail: read => (read === 2 ? 'EIO' : undefined) })
    const library = open(disk, 'all').then(opened => everything(opened))
    await expect(library).rejects.toThrow(/A\.olean(\.\w+)?: cannot read: EIO/)
    await expect(library).rejects.toBeInstanceOf(InputError)
  })

  it('without end are given up', async () => {
    const { disk, counts } = faultyDisk({ fail: () => 'EINTR' })
    await expect(open(disk)).rejects.toThrow(/cannot read: EINTR/)
    expect(counts.reads).toBe(10_000)
  })
})

describe('chains', () => {
  it('of no parts are refused by name', () => {
    expect(() => new Chain([])).toThrow(ReaderError)
    expect(() => new LeanModule('M', [], new NameTable())).toThrow(
      expect.objectContaining({ fault: 'no-parts' }) as Error,
    )
  })

  it.skipIf(skipReason !== undefined).each<[string[], string, string]>([
    [['.olean.private'], 'missing-part', 'A.olean: the public part is missing'],
    [['.olean.server'], 'missing-part', 'A.olean: the public part is missing'],
    [['.olean.server', '.olean.private'], 'missing-part', 'A.olean: the public part is missing'],
    [['.olean', '.olean.private'], 'missing-part', 'A.olean.server: the server part is missing'],
  ])('of %j alone are refused: %s', async (suffixes, fault, message) => {
    const failure = await openLibrary({
      paths: [copyOfA(suffixes)],
      modules: ['A'],
      allowMissing: true,
    }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ fault })
    expect(String(failure)).toContain(message)
  })

  it.skipIf(skipReason !== undefined)('without their earlier parts read nothing outside their files', () => {
    const cache = new PageCache()
    const alone = [2, 1].map(part => () => {
      const module = new LeanModule(
        'A',
        [cache.file(join(PARTS, `A${SUFFIXES[part]}`), 'A')],
        new NameTable(),
      )
      for (let index = 0; index < module.count(); index++) module.declaration({ module, part: 0, index })
    })
    for (const read of alone) expect(read).toThrow(InputError)
  })

  /** A module in two parts: the second one's root, and all of its data, lie in the first. */
  const sharedRoot = (bases: readonly [number, number]): string[] => {
    const first = new ContainerBuilder(8, true, 2, bases[0])
    const name = first.name('c')
    const file = first.module([], [{ name, info: first.axiom(name, first.expr(3, [first.scalar(0)])) }])
    const root = file.readBigUInt64LE(88)
    const second = new ContainerBuilder(8, true, 2, bases[1])
    second.string('nothing new')
    const path = fresh()
    const paths = ['M.olean', 'M.olean.private'].map(each => join(path, each))
    writeFileSync(paths[0]!, file)
    writeFileSync(paths[1]!, second.finish(root))
    return paths
  }

  const read = (paths: readonly string[]): unknown => {
    const cache = new PageCache()
    const module = new LeanModule(
      'M',
      paths.map(path => cache.file(path, 'M')),
      new NameTable(),
      false,
    )
    return module.names(module.lastPart).map((name, index) => {
      const declaration = module.declaration({ module, part: module.lastPart, index })
      return [displayName(name), declaration.kind, declaration.type]
    })
  }

  it('may have their root in an earlier part', () => {
    expect(read(sharedRoot([0x30000, 0x40000]))).toEqual([
      ['c', 'axiom', { kind: 'sort', level: { kind: 'zero' } }],
    ])
  })

  it('give the same trees at other base addresses', () => {
    const low = read(sharedRoot([0x30000, 0x40000]))
    expect(read(sharedRoot([0x7ff000000000, 0x7ff100000000]))).toEqual(low)
    expect(read(sharedRoot([0x30000, 0x7ff100000000]))).toEqual(low)
    expect(() => read(sharedRoot([0x40000, 0x30000]))).toThrow(/its addresses overlap/)
  })

  it.skipIf(skipReason !== undefined)(
    'of a real module give the same trees when all parts are moved',
    async () => {
      const path = fresh()
      for (const suffix of SUFFIXES) {
        const bytes = Buffer.from(readFileSync(join(PARTS, `A${suffix}`)))
        writeFileSync(join(path, `A${suffix}`), moved(bytes, suffix))
      }
      const library = await openLibrary({ paths: [path], modules: ['A'], allowMissing: true })
      expect(everything(library)).toBe(everything(await open()))
    },
  )

  /** The 32-bit parts at bases that are 0x1230000 higher: every pointer of every object, found by walking the file. */
  const moved = (bytes: Buffer, _suffix: string): Buffer => {
    const shift = 0x1230000
    const bases = SUFFIXES.map(suffix => readFileSync(join(PARTS, `A${suffix}`)))
    const inChain = (word: number): boolean =>
      bases.some(part => word >= part.readUInt32LE(80) && word < part.readUInt32LE(80) + part.length)
    const fix = (at: number): void => {
      const word = bytes.readUInt32LE(at)
      if (word % 2 === 0 && inChain(word)) bytes.writeUInt32LE(word + shift, at)
    }
    bytes.writeUInt32LE(bytes.readUInt32LE(80) + shift, 80)
    fix(84)
    for (let at = 88; at < bytes.length; ) {
      const tag = bytes.readUInt8(at + 7)
      let size: number
      if (tag <= 243) {
        size = bytes.readUInt16LE(at + 4)
        for (let field = 0; field < bytes.readUInt8(at + 6); field++) fix(at + 8 + 4 * field)
      } else if (tag === 246) {
        const count = bytes.readUInt32LE(at + 8)
        size = 16 + 4 * count
        for (let item = 0; item < count; item++) fix(at + 16 + 4 * item)
      } else if (tag === 249) {
        size = 20 + bytes.readUInt32LE(at + 8)
      } else if (tag === 250) {
        size = 20 + 4 * bytes.readUInt32LE(at + 12)
        bytes.writeUInt32LE(bytes.readUInt32LE(at + 16) + shift, at + 16)
      } else {
        throw new Error(`tag ${tag} at ${at}`)
      }
      at += Math.ceil(size / 4) * 4
    }
    return bytes
  }
})

describe.skipIf(skipReason !== undefined)('memory', () => {
  it('beyond the limit is refused with module, bytes wanted and bytes held; what fits goes on', async () => {
    const failure = await openLibrary({
      paths: [PARTS],
      modules: ['A'],
      allowMissing: true,
      memoryLimit: 50_000,
    }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(OutOfMemory)
    expect(failure).toMatchObject({ fault: 'out-of-memory', module: 'A', wanted: 68_640, held: 0 })
    expect(String(failure)).toMatch(
      /A\.olean: not enough memory to read module A: 68640 bytes wanted, 0 bytes held$/,
    )

    const cache = new PageCache({ memoryLimit: 50_000 })
    const large = cache.file(join(PARTS, 'A.olean'), 'A')
    await expect(large.readWhole()).rejects.toBeInstanceOf(OutOfMemory)
    const release = await cache.file(join(PARTS, 'A.olean.server'), 'A').readWhole()
    expect(cache.held).toBe(4608)
    await expect(large.readWhole()).rejects.toMatchObject({ wanted: 68_640, held: 4608 })
    release()
    expect(cache.held).toBe(0)
    // Page by page the large one fits.
    const module = new LeanModule('A', [large], new NameTable())
    expect(module.names()).toHaveLength(64)
    expect(cache.peakHeld).toBeLessThanOrEqual(50_000)
  })

  it('that an allocator refuses is the same error, whichever request it is, and the session stays of use', async () => {
    const expected = everything(await open())
    let requests = 0
    await openLibrary({
      paths: [PARTS],
      modules: ['A'],
      allowMissing: true,
      allocate(bytes) {
        requests++
        return Buffer.alloc(bytes)
      },
    }).then(everything)
    expect(requests).toBeGreaterThan(5)
    for (let failing = 1; failing <= requests; failing++) {
      let count = 0
      const allocate = (bytes: number): Buffer => {
        if (++count === failing) throw new RangeError('Array buffer allocation failed')
        return Buffer.alloc(bytes)
      }
      const options = { paths: [PARTS], modules: ['A'], allowMissing: true, lazy: 'parts', allocate } as const
      let library: Library | undefined
      const failure = await openLibrary(options)
        .then(opened => {
          library = opened
          return everything(opened)
        })
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ fault: 'out-of-memory', module: 'A' })
      library ??= await openLibrary(options)
      expect(everything(library)).toBe(expected)
    }
  })
})

describe.skipIf(skipReason !== undefined)('a closed session', () => {
  it('answers nothing any more, by name, and may be closed again', async () => {
    const library = await open()
    const kept = library.get('hidden')!
    library.close()
    library.close()
    const uses: (() => unknown)[] = [
      () => library.get('hidden'),
      () => library.has('hidden'),
      () => library.kind('hidden'),
      () => library.findConstantHeader('hidden'),
      () => [...library.names()],
      () => library.symbolOwner('hidden'),
      () => library.codeNames('A'),
      () => library.showAll('A'),
    ]
    for (const use of uses) expect(use).toThrow(expect.objectContaining({ fault: 'closed-region' }) as Error)
    await expect(library.findConstantBody('hidden')).rejects.toMatchObject({ fault: 'closed-region' })
    // What was decoded is the caller's.
    expect(kept.kind).toBe('definition')
    expect(library.dependencies()).toHaveLength(1)
  })

  it('takes its chains with it', () => {
    const cache = new PageCache()
    const module = new LeanModule('A', [cache.file(join(PARTS, 'A.olean'), 'A')], new NameTable())
    cache.close()
    cache.close()
    expect(() => module.names()).toThrow(expect.objectContaining({ fault: 'closed-region' }) as Error)
    expect(() => cache.file(join(PARTS, 'A.olean'), 'A')).toThrow(
      expect.objectContaining({ fault: 'closed-region' }) as Error,
    )
  })
})

describe.skipIf(skipReason !== undefined)('a file that is replaced after it was found', () => {
  it('is refused at its first use, and when it is opened again', async () => {
    const path = copyOfA()
    const kept = new Map<string, Uint8Array>()
    const index = {
      read: (key: string) => kept.get(key),
      keep: (key: string, bytes: Uint8Array) => kept.set(key, bytes),
    }
    const session = () => openLibrary({ paths: [path], modules: ['A'], allowMissing: true, index })
    await session()
    const library = await session()
    expect(library.status()).toMatchObject({ index: 'found', modulesOpened: 0 })
    utimesSync(join(path, 'A.olean'), 5, 5)
    expect(() => library.get('exposed')).toThrow(/A\.olean: the file changed while it was in use/)
    const next = await session()
    expect(next.status().index).toBe('built')
    utimesSync(join(path, 'A.olean.private'), 5, 5)
    expect(next.get('exposed')?.kind).toBe('definition')
    expect(() => next.get('hidden')).toThrow(/A\.olean\.private: the file changed while it was in use/)
  })
})

describe.skipIf(skipReason !== undefined)('input bytes', () => {
  it('are never written to, in files or in memory', async () => {
    const path = copyOfA()
    const digest = () =>
      SUFFIXES.map(suffix =>
        createHash('sha256')
          .update(readFileSync(join(path, `A${suffix}`)))
          .digest('hex'),
      )
    const before = digest()
    const buffers: Buffer[] = []
    const allocate = (bytes: number): Buffer => {
      const buffer = Buffer.alloc(bytes)
      buffers.push(buffer)
      return buffer
    }
    for (const lazy of LAZY_MODES) {
      const library = await openLibrary({ paths: [path], modules: ['A'], allowMissing: true, lazy, allocate })
      everything(library)
      library.symbolOwner('nowhere')
    }
    expect(digest()).toEqual(before)
    const files = SUFFIXES.map(suffix => readFileSync(join(path, `A${suffix}`)))
    expect(buffers.length).toBeGreaterThan(10)
    for (const buffer of buffers) expect(files.some(file => file.includes(buffer))).toBe(true)
  })
})
