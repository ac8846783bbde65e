import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../lean/library/library.js'
import { displayName } from '../../lean/name.js'
import { skipReason } from './data.js'
import { faultyDisk } from './fault-disk.js'
import {
  answers,
  memoryStore,
  openA,
  openChain,
  PRIVATE,
  publicNames,
  QUERIES,
  WORLD,
} from './library-sessions.js'

const scratch = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

describe.skipIf(skipReason !== undefined)('the index', () => {
  it('lets a later session open only what it is asked for', async () => {
    const index = memoryStore()
    const first = await openChain({ lazy: 'all', index })
    expect(first.status()).toMatchObject({ index: 'built', modulesOpened: 3 })
    const name = [...publicNames('Chain/Base')][0]!
    const { disk, counts } = faultyDisk()
    const second = await openChain({ lazy: 'all', index, fileSystem: disk })
    expect(counts.opens).toBe(0)
    expect(second.findConstantHeader(name)).toEqual({ state: 'needs-load', module: 'Chain.Base' })
    expect(answers(second, [name])).toBe(answers(first, [name]))
    expect(second.status()).toMatchObject({ index: 'found', modulesOpened: 1 })
    expect(counts.opened.every(path => path.includes('Chain/Base'))).toBe(true)
    expect(second.dependencies().map(({ state: _, ...record }) => record)).toEqual(
      first.dependencies().map(({ state: _, ...record }) => record),
    )
    expect([...second.names()]).toEqual([...first.names()])
  })

  it('is rebuilt when a file changed, came or went, and when its bytes are damaged', async () => {
    const path = join(scratch, `${counter++}`)
    cpSync(join(WORLD, 'Chain'), join(path, 'Chain'), { recursive: true })
    const index = memoryStore()
    const session = () =>
      openLibrary({ paths: [path], modules: ['Chain.Top'], allowMissing: true, lazy: 'all', index })
    const how = async () => (await session()).status().index
    expect([await how(), await how()]).toEqual(['built', 'found'])
    utimesSync(join(path, 'Chain/Mid.olean.private'), 1, 1)
    expect([await how(), await how()]).toEqual(['built', 'found'])
    rmSync(join(path, 'Chain/Base.olean.private'))
    expect([await how(), await how()]).toEqual(['built', 'found'])
    for (const [key, bytes] of index.entries) index.entries.set(key, bytes.slice(0, -3))
    expect([await how(), await how()]).toEqual(['built', 'found'])
    rmSync(join(path, 'Chain/Base.olean'))
    await expect(session()).rejects.toThrow(/the public part is missing/)
  })

  it('that lies cannot put one constant in place of another', async () => {
    const index = memoryStore()
    const honest = await openA({ lazy: 'all', index })
    for (const [key, bytes] of index.entries) {
      // Every place becomes that of another constant.
      const tables = new Uint32Array(new Uint8Array(bytes).buffer)
      const start = (8 + tables[0]!) / 4
      for (let at = start; at < tables.length; at += 2) tables[at] = (tables[at]! + 1) % 64
      index.entries.set(key, new Uint8Array(tables.buffer))
    }
    const misled = await openA({ lazy: 'all', index })
    expect(misled.status().index).toBe('found')
    for (const name of ['fib5', 'exposed', 'Ev', 'ax']) {
      expect(honest.has(name)).toBe(true)
      const declaration = misled.get(name)
      if (declaration !== undefined) expect(displayName(declaration.name)).toBe(name)
    }
  })

  it('holds no cache: a session after a lazy one starts with nothing loaded and answers the same', async () => {
    const index = memoryStore()
    const first = await openA({ lazy: 'all', index })
    const said = answers(first, [...QUERIES, PRIVATE])
    const records = JSON.stringify(first.dependencies().map(({ state: _, ...record }) => record))
    const second = await openA({ lazy: 'all', index })
    expect(second.status()).toMatchObject({ modulesOpened: 0, privateLoads: 0, bytesRead: 0 })
    expect(JSON.stringify(second.dependencies().map(({ state: _, ...record }) => record))).toBe(records)
    // A body that the first session never asked for.
    expect(second.get('add_zz')?.kind).toBe('theorem')
    expect(answers(second, [...QUERIES, PRIVATE])).toBe(said)
  })

  it('lists the deferred parts as dependencies', async () => {
    const [record] = (await openA()).dependencies()
    expect(record!.parts.map(({ kind, size }) => [kind, size])).toEqual([
      ['olean', 68_640],
      ['server', 4_608],
      ['private', 26_780],
      ['ir', 6_088],
    ])
    expect(record).toMatchObject({ containerVersion: 2, wordBytes: 4, leanVersion: '4.28.0-pre' })
    expect(record!.gitHash).toBe('38f3c0c45b8df6da2652faff6dcaa15afb5a6981')
  })
})
