import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { importWorkerCount } from '../../lean/library/import-workers.js'
import { LAZY_MODES } from '../../lean/library/lazy-mode.js'
import { openLibrary } from '../../lean/library/library.js'
import { striped } from '../../lean/library/striped.js'
import { ContainerBuilder } from './container.js'
import { DATA, LIB, skipReason } from './data.js'
import { type DiskCounts, faultyDisk } from './fault-disk.js'

const scratch = mkdtempSync(join(tmpdir(), 'workers-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

/** `M0` to `M<count - 1>`, each with one constant; module i imports those that `imports` says. */
function modules(
  count: number,
  imports: (module: number) => number[],
  damaged: readonly number[] = [],
): string {
  const path = join(scratch, `${counter++}`)
  mkdirSync(path)
  for (let module = 0; module < count; module++) {
    const file = new ContainerBuilder(8, true)
    const name = file.name(`c${module}`)
    const imported = imports(module).map(each => file.name(`M${each}`))
    const bytes = file.module(imported, [{ name, info: file.axiom(name, file.expr(3, [file.scalar(0)])) }])
    writeFileSync(join(path, `M${module}.olean`), damaged.includes(module) ? bytes.subarray(0, 90) : bytes)
  }
  return path
}

/** As many importers of `M0` as there are modules, and a root that imports all of them. */
const star = (count: number) => (module: number) =>
  module === 0 ? Array.from({ length: count - 1 }, (_, index) => index + 1) : []
/** Each module imports the next one. */
const line = (count: number) => (module: number) => (module + 1 < count ? [module + 1] : [])

describe('the number of workers', () => {
  it('is what was asked for, then what the environment says, then the cores, at most four', () => {
    const warnings: string[] = []
    const count = (option: string | undefined, variable: string | undefined, cores: number): number =>
      importWorkerCount(option, { LEAN_IMPORT_WORKERS: variable }, warning => warnings.push(warning), cores)
    expect([
      count(undefined, undefined, 2),
      count(undefined, undefined, 64),
      count(undefined, '', 3),
    ]).toEqual([2, 4, 3])
    expect([count('7', '9', 2), count(undefined, '32', 2), count('1', undefined, 2)]).toEqual([7, 32, 1])
    expect(warnings).toEqual([])
  })

  it.each(['0', '-1', 'many', '1.5', ' 3', '1e3', '99999'])('%j falls back with a warning', value => {
    const warnings: string[] = []
    const warn = (line: string): void => void warnings.push(line)
    expect(importWorkerCount(value, {}, warn, 3)).toBe(3)
    expect(importWorkerCount(undefined, { LEAN_IMPORT_WORKERS: value }, warn, 8)).toBe(4)
    expect(warnings).toEqual([
      `--import-workers: ${JSON.stringify(value)} is no number of workers (1, 2, ...); using 3`,
      `LEAN_IMPORT_WORKERS: ${JSON.stringify(value)} is no number of workers (1, 2, ...); using 4`,
    ])
  })
})

describe('striped workers', () => {
  it('give the results in order and the first failure, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.uniqueArray(fc.nat({ max: 39 }), { maxLength: 3 }),
        async (count, workers, failing) => {
          const tried: number[] = []
          let running = 0
          const run = striped(
            Array.from({ length: count }, (_, index) => index),
            workers,
            async item => {
              tried.push(item)
              expect(++running).toBeLessThanOrEqual(workers)
              await new Promise(resolve => setImmediate(resolve))
              running--
              if (failing.includes(item)) throw new Error(`item ${item}`)
              return item * item
            },
          )
          const first = Math.min(...failing.filter(item => item < count))
          if (first === Number.POSITIVE_INFINITY) {
            expect(await run).toEqual(Array.from({ length: count }, (_, index) => index * index))
          } else {
            await expect(run).rejects.toThrow(`item ${first}`)
            // The others stop: beyond the failure each worker finishes at most what it had begun.
            expect(tried.filter(item => item > first).length).toBeLessThanOrEqual(2 * workers)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('stop when the signal says so', async () => {
    const controller = new AbortController()
    let done = 0
    const run = striped(
      [1, 2, 3, 4, 5, 6],
      2,
      async () => {
        if (++done === 2) controller.abort(new Error('enough'))
      },
      controller.signal,
    )
    await expect(run).rejects.toThrow('enough')
    expect(done).toBeLessThanOrEqual(3)
  })
})

describe('modules read by 1, 2, 4 and 32 workers', () => {
  const COUNTS = [1, 2, 4, 32]

  it('give the same library, with at most so many files open', async () => {
    const path = modules(60, module =>
      module === 0 ? [1, 2, 3] : [module * 2, module * 2 + 1].filter(each => each < 60),
    )
    const seen = new Set<string>()
    for (const importWorkers of COUNTS) {
      const { disk, counts } = faultyDisk()
      const library = await openLibrary({
        paths: [path],
        modules: ['M0'],
        importWorkers,
        checkHashes: false,
        fileSystem: disk,
      })
      expect(counts.mostOpen).toBeLessThanOrEqual(importWorkers)
      expect(library.status()).toMatchObject({ workers: importWorkers, modulesOpened: 60 })
      seen.add(
        JSON.stringify([
          library.modules,
          library.dependencies(),
          [...library.names()].map(name => [name, library.moduleOf(name)]),
        ]),
      )
    }
    expect(seen.size).toBe(1)
    expect(JSON.parse([...seen][0]!)[0]).toHaveLength(60)
  })

  it('fail with the same module, and stop the others', async () => {
    const path = modules(200, star(200), [50, 120, 199])
    for (const importWorkers of COUNTS) {
      const { disk, counts } = faultyDisk()
      await expect(
        openLibrary({ paths: [path], modules: ['M0'], importWorkers, checkHashes: false, fileSystem: disk }),
      ).rejects.toThrow(/M50\.olean, offset 90: the file ends early \(90 bytes\)/)
      expect(counts.opens).toBeLessThanOrEqual(51 + 2 * importWorkers)
    }
  })

  it.skipIf(skipReason !== undefined)('give the same answers on real modules, in every mode', async () => {
    const seen = new Set<string>()
    for (const importWorkers of COUNTS)
      for (const lazy of LAZY_MODES) {
        const library = await openLibrary({
          paths: [join(DATA, 'reproducers')],
          modules: ['Chain.Top'],
          allowMissing: true,
          importWorkers,
          lazy,
        })
        const kinds = [...library.names()].map(name => [name, library.kind(name), library.moduleOf(name)])
        seen.add(JSON.stringify([library.modules, library.missing, kinds]))
      }
    expect(seen.size).toBe(1)
  })

  it.skipIf(LIB === undefined)('give the same modules and index of Init', async () => {
    const seen = new Set<string>()
    for (const importWorkers of [1, 32]) {
      const index = new Map<string, string>()
      const store = {
        read: () => undefined,
        keep: (key: string, bytes: Uint8Array) => index.set(key, Buffer.from(bytes).toString('base64')),
      }
      const library = await openLibrary({ paths: [LIB!], modules: ['Init'], importWorkers, index: store })
      seen.add(JSON.stringify([library.modules, [...index]]))
    }
    expect(seen.size).toBe(1)
  })

  it('can be stopped by a signal', async () => {
    const controller = new AbortController()
    const path = modules(50, line(50))
    const run = openLibrary({
      paths: [path],
      modules: ['M0'],
      checkHashes: false,
      signal: controller.signal,
      onProgress: done => {
        if (done === 10) controller.abort(new Error('stopped by the user'))
      },
    })
    await expect(run).rejects.toThrow('stopped by the user')
  })
})

describe('the work of reading', () => {
  const shapes = {
    star,
    line,
    tree: (count: number) => (module: number) =>
      [2 * module + 1, 2 * module + 2].filter(each => each < count),
  }

  it.each(Object.keys(shapes) as (keyof typeof shapes)[])(
    'grows linearly with the number of modules in a %s',
    async shape => {
      const measured: DiskCounts[] = []
      for (const count of [500, 1000, 2000]) {
        const path = modules(count, shapes[shape](count))
        const { disk, counts } = faultyDisk()
        const library = await openLibrary({
          paths: [path],
          modules: ['M0'],
          checkHashes: false,
          fileSystem: disk,
          importWorkers: 4,
        })
        expect(library.modules).toHaveLength(count)
        measured.push(counts)
      }
      const [small, middle, large] = measured as [DiskCounts, DiskCounts, DiskCounts]
      for (const key of ['stats', 'opens', 'reads'] as const) {
        expect(middle[key] / small[key]).toBeCloseTo(2, 1)
        expect(large[key] / middle[key]).toBeCloseTo(2, 1)
      }
      // No module is opened twice, and none looks at another's files.
      expect(large.opens).toBe(2000)
      expect(large.stats).toBeLessThanOrEqual(9 * 2000)
    },
  )

  it('in time is not quadratic either', async () => {
    const path = modules(2000, star(2000))
    const small = modules(500, star(500))
    const cpu = async (folder: string): Promise<number> => {
      const before = process.cpuUsage()
      await openLibrary({ paths: [folder], modules: ['M0'], checkHashes: false })
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cpu(small)
    const ratios: number[] = []
    for (let round = 0; round < 3; round++) ratios.push((await cpu(path)) / (await cpu(small)))
    // Four times the modules; sixteen times would be quadratic.
    expect(Math.min(...ratios)).toBeLessThan(9)
  })

  it('of one module touches only its own files', async () => {
    const index = new Map<string, Uint8Array>()
    const store = {
      read: (key: string) => index.get(key),
      keep: (key: string, bytes: Uint8Array) => index.set(key, bytes),
    }
    const path = modules(300, line(300))
    const options = { paths: [path], modules: ['M0'], checkHashes: false, index: store }
    await openLibrary(options)
    const { disk, counts } = faultyDisk()
    const library = await openLibrary({ ...options, fileSystem: disk })
    expect(library.get('c217')?.kind).toBe('axiom')
    expect(counts.opened).toEqual([join(path, 'M217.olean')])
  })
})
