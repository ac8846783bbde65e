import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { oleanFolders, toolchainHint, topModules } from '../../cli/olean-folders.js'

const scratch = mkdtempSync(join(tmpdir(), 'ix-folders-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let count = 0
let at: (...path: string[]) => string
beforeEach(() => {
  const folder = join(scratch, `a b ${count++}`)
  mkdirSync(folder)
  at = (...path) => join(folder, ...path)
})
const file = (path: string, text = ''): void => {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

describe('folders of modules', () => {
  it('are taken as they are', () => {
    file('x/Main.olean')
    file('y/Other.olean')
    expect(oleanFolders([at('x'), at('y')])).toEqual({ paths: [at('x'), at('y')], own: [at('x'), at('y')] })
    expect(oleanFolders([at('x'), at('x')]).paths).toEqual([at('x')])
  })

  it("leave out Lean's library unless it stands alone", () => {
    file('x/Main.olean')
    file('lib/Init.olean')
    expect(oleanFolders([at('lib'), at('x')])).toEqual({ paths: [at('lib'), at('x')], own: [at('x')] })
    expect(oleanFolders([at('lib')]).own).toEqual([at('lib')])
  })

  it('are found in an installed Lean', () => {
    file('toolchain/lib/lean/Init.olean')
    const lib = at('toolchain', 'lib', 'lean')
    expect(oleanFolders([at('toolchain')])).toEqual({ paths: [lib], own: [lib] })
  })

  it('are errors when they are none', () => {
    file('x/Main.olean')
    const hint = `not a folder: --olean ${at('x')} --module Main`
    expect(() => oleanFolders([at('x', 'Main.olean')])).toThrow(hint)
    expect(() => oleanFolders([at('absent')])).toThrow(/absent: cannot read: ENOENT/)
    expect(() => topModules(at('.'))).toThrow(/no \.olean file at its top; --module names the modules/)
    expect(topModules(at('x'))).toEqual(['Main'])
  })
})

describe('a project of Lake', () => {
  const env = () => ({ ELAN_HOME: at('elan') })

  it('brings what it built, what its packages built, and its toolchain', () => {
    file('p/lakefile.toml')
    file('p/lean-toolchain', 'leanprover/lean4:v4.28.0\n')
    file('p/.lake/build/lib/lean/P.olean')
    file('p/.lake/packages/old/.lake/build/lib/Old.olean')
    file('p/.lake/packages/batteries/.lake/build/lib/lean/Batteries.olean')
    file('p/.lake/packages/unbuilt/lakefile.lean')
    file('elan/toolchains/leanprover--lean4---v4.28.0/lib/lean/Init.olean')
    expect(oleanFolders([at('p')], env())).toEqual({
      paths: [
        at('p/.lake/build/lib/lean'),
        at('p/.lake/packages/batteries/.lake/build/lib/lean'),
        at('p/.lake/packages/old/.lake/build/lib'),
        at('elan/toolchains/leanprover--lean4---v4.28.0/lib/lean'),
      ],
      own: [at('p/.lake/build/lib/lean')],
    })
  })

  it('follows its manifest', () => {
    file(
      'p/lake-manifest.json',
      JSON.stringify({
        packagesDir: 'deps',
        packages: [
          { type: 'git', name: 'a', subDir: null },
          { type: 'path', name: 'b', dir: '../b' },
          { type: 'git', name: 'c', subDir: 'inner' },
        ],
      }),
    )
    file('p/.lake/build/lib/lean/P.olean')
    file('p/deps/a/.lake/build/lib/lean/A.olean')
    file('p/deps/z/.lake/build/lib/lean/Z.olean')
    file('p/deps/c/inner/.lake/build/lib/lean/C.olean')
    file('b/.lake/build/lib/lean/B.olean')
    expect(oleanFolders([at('p')], env()).paths).toEqual([
      at('p/.lake/build/lib/lean'),
      at('p/deps/a/.lake/build/lib/lean'),
      at('b/.lake/build/lib/lean'),
      at('p/deps/c/inner/.lake/build/lib/lean'),
    ])
  })

  it.each(['', '3', '{"packages":3}', '{"packages":[3]}', '{"packagesDir":3}', '{"packages":[{"name":3}]}'])(
    'with the manifest %j is an error that names the file',
    text => {
      file('p/lake-manifest.json', text)
      file('p/.lake/build/lib/lean/P.olean')
      expect(() => oleanFolders([at('p')], env())).toThrow(/lake-manifest\.json: not a manifest of Lake/)
    },
  )

  it('that was not built is an error', () => {
    file('p/lakefile.lean')
    expect(() => oleanFolders([at('p')], env())).toThrow(/p: the project has no \.lake\/build\/lib/)
  })
})

it("points out where Lean's own modules are", () => {
  for (const name of ['Init', 'Init.Core', 'Std', 'Lean.Meta', 'Lake'])
    expect(toolchainHint(name)).toContain('lib/lean')
  for (const name of ['Initial', 'Main', 'Mathlib.Init']) expect(toolchainHint(name)).toBe('')
})
