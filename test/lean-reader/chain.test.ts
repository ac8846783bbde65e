import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { displayName, NameTable } from '../../lean/name.js'
import { Chain } from '../../lean/olean/chain.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { ContainerBuilder } from './container.js'

const scratch = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

describe('chains', () => {
  const chainOf = (parts: number): Chain => {
    const path = join(scratch, `${counter++}`)
    let pointee: bigint | undefined
    const files: string[] = []
    for (let part = 0; part < parts; part++) {
      const file = new ContainerBuilder(8, true, 2, 0x30000 + part * 0x10000)
      const own = file.string(`part ${part}`)
      const root = file.constructorObject(0, pointee === undefined ? [own] : [own, pointee])
      pointee = own
      files.push(`${path}.${part}`)
      writeFileSync(files.at(-1)!, file.finish(root))
    }
    const cache = new PageCache()
    return new Chain(files.map(file => cache.file(file, 'M')))
  }

  it.each([2, 3])('of %i parts resolve what points into earlier ones', parts => {
    const chain = chainOf(parts)
    const root = chain.root(parts - 1)
    const read = (index: number): string => chain.stringBytes(chain.field(root, index)).bytes.toString()
    expect([read(0), read(1)]).toEqual([`part ${parts - 1}`, `part ${parts - 2}`])
  })

  it('read a module record without the list of auxiliary names', async () => {
    const file = new ContainerBuilder(8, true)
    const name = file.name('c')
    const path = join(scratch, `${counter++}.olean`)
    writeFileSync(
      path,
      file.module([], [{ name, info: file.axiom(name, file.expr(3, [file.scalar(0)])) }], 4),
    )
    const module = new LeanModule('M', [new PageCache().file(path, 'M')], new NameTable(), false)
    expect(module.names().map(displayName)).toEqual(['c'])
    expect(module.auxiliaryNames()).toEqual([])
  })
})
