import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../../ixon/bytes.js'
import { InputError } from '../../../lean/input-error.js'
import {
  changesOf,
  type Dependency,
  dependencyOn,
  readDependencies,
  writeDependencies,
} from '../../../shards/snapshot/dependency.js'
import { settingChanges } from '../../../shards/snapshot/settings.js'
import { readSidecar, relocated, sidecarOf, writeSidecar } from '../../../shards/snapshot/sidecar.js'
import { folder } from './fixtures.js'

function dependency(): { path: string; file: string; recorded: Dependency[] } {
  const path = folder()
  const file = join(path, 'x.ixe')
  writeFileSync(file, 'some bytes')
  return { path, file, recorded: [dependencyOn('ixe', file, 'environment')] }
}

describe('a dependency', () => {
  it('that is as it was is found unchanged by every mode', () => {
    const { recorded } = dependency()
    for (const mode of ['fast', 'strict', 'none'] as const) expect(changesOf(recorded, mode)).toEqual([])
  })

  it('that was rebuilt, grew, shrank, was replaced, deleted or moved is named', () => {
    const faults: [string, (file: string) => void, fast: RegExp | undefined, strict: RegExp | undefined][] = [
      ['grew', file => writeFileSync(file, 'some bytes more'), /grew from 10 to 15 bytes/, /grew/],
      ['shrank', file => writeFileSync(file, 'some'), /shrank from 10 to 4 bytes/, /shrank/],
      ['rebuilt', file => writeFileSync(file, 'same bytes'), /was written again/, /has other content/],
      ['touched', file => utimesSync(file, new Date(1e12), new Date(1e12)), /was written again/, undefined],
      ['deleted', file => rmSync(file), /is not there any more/, /is not there any more/],
      ['moved', file => renameSync(file, `${file}.old`), /is not there any more/, /is not there any more/],
    ]
    for (const [, damage, fast, strict] of faults) {
      const { file, recorded } = dependency()
      damage(file)
      for (const [mode, expected] of [
        ['fast', fast],
        ['strict', strict],
      ] as const) {
        const changes = changesOf(recorded, mode)
        if (expected === undefined) expect(changes).toEqual([])
        else expect(changes).toEqual([expect.stringMatching(expected)])
        for (const change of changes) expect(change.startsWith(`environment: ${file} `)).toBe(true)
      }
      expect(changesOf(recorded, 'none')).toEqual([])
    }
  })

  it('with size and time as before, but another file, is found by its inode; only by content if that is the same', () => {
    const { file } = dependency()
    const time = new Date(1e12)
    utimesSync(file, time, time)
    const again = [dependencyOn('ixe', file, 'environment')]
    copyFileSync(file, `${file}.copy`)
    renameSync(`${file}.copy`, file)
    utimesSync(file, time, time)
    expect(changesOf(again, 'fast')).toEqual([expect.stringMatching(/was replaced/)])
    expect(changesOf(again, 'strict')).toEqual([])
  })

  it('is plain data: it comes back from bytes and from JSON', () => {
    const { recorded } = dependency()
    const chain: Dependency = {
      name: 'Init.Prelude',
      parts: [
        { kind: 'olean', path: '/a.olean', size: 1, mtimeMs: 1.5, ino: 2 ** 60 },
        { kind: 'private', path: '/a.olean.private', size: 2 ** 40, mtimeMs: 0, ino: 0, digest: 'd' },
      ],
      containerVersion: 2,
      wordBytes: 8,
      gitHash: 'abc',
      leanVersion: '4.28.0',
      state: 'deferred',
    }
    const writer = new ByteWriter()
    writeDependencies(writer, [...recorded, chain])
    const bytes = writer.finish()
    expect(readDependencies(new ByteReader(bytes))).toEqual([...recorded, chain])
    expect(JSON.parse(JSON.stringify([...recorded, chain]))).toEqual([...recorded, chain])
    for (let length = 0; length < bytes.length; length++)
      expect(() => readDependencies(new ByteReader(bytes.subarray(0, length)))).toThrow(InputError)
  })
})

describe('the sidecar', () => {
  const snapshotIn = (path: string, text: string): string => {
    writeFileSync(sidecarOf(join(path, 's')), text)
    return join(path, 's')
  }

  it('is grouped by module and comes back', () => {
    const { path, file, recorded } = dependency()
    writeSidecar(join(path, 's'), recorded)
    expect(JSON.parse(readFileSync(join(path, 's.deps'), 'utf8'))).toEqual([
      { module: 'environment', ixe: 'x.ixe' },
    ])
    expect(readSidecar(join(path, 's'))).toEqual([
      { module: 'environment', files: [{ kind: 'ixe', path: file }] },
    ])
    expect(readSidecar(join(path, 'none'))).toBeUndefined()
  })

  it('moves with its files: relative paths are relative to it', () => {
    const { path, recorded } = dependency()
    writeSidecar(join(path, 's'), recorded)
    const moved = join(path, 'moved')
    mkdirSync(moved)
    for (const name of ['x.ixe', 's.deps']) renameSync(join(path, name), join(moved, name))
    expect(changesOf(recorded, 'fast')).toEqual([expect.stringMatching(/is not there any more/)])
    const { dependencies, ignored } = relocated(recorded, readSidecar(join(moved, 's')))
    expect(ignored).toBe(false)
    expect(changesOf(dependencies, 'fast')).toEqual([])
  })

  it('is read in the old flat shape, grouped by the endings of the files', () => {
    const path = folder()
    const files = [
      'A/B.olean',
      'A/B.olean.server',
      'A/B.olean.private',
      'A/C.olean',
      'A/C.ir.sig',
      'A/C.ir',
      'x.ixe',
    ]
    const at = (name: string): string => join(path, name)
    expect(readSidecar(snapshotIn(path, JSON.stringify(files)))).toEqual([
      {
        files: [
          { kind: 'olean', path: at('A/B.olean') },
          { kind: 'server', path: at('A/B.olean.server') },
          { kind: 'private', path: at('A/B.olean.private') },
        ],
      },
      {
        files: [
          { kind: 'olean', path: at('A/C.olean') },
          { kind: 'irSig', path: at('A/C.ir.sig') },
          { kind: 'ir', path: at('A/C.ir') },
        ],
      },
      { files: [{ kind: 'ixe', path: at('x.ixe') }] },
    ])
  })

  it('passes over keys that it does not know, however deep their values', () => {
    const path = folder()
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const text = `[ {"new": {"a": [1, -2.5e3, true, null, "]}"]}, "ixe": "x.ixe", "deep": ${deep}} ]`
    expect(readSidecar(snapshotIn(path, text))).toEqual([
      { files: [{ kind: 'ixe', path: join(path, 'x.ixe') }] },
    ])
  })

  it.each([
    ['{}', 0, '$: expected an array'],
    ['[', 1, '$[0]: expected an object'],
    ['[{"olean": "a"', 14, '$[0]: expected }, found the end'],
    ['[{"olean": 5}]', 11, '$[0].olean: expected a string'],
    ['[{"olean" "a"}]', 10, '$[0].olean: expected :, found "'],
    ['["a", 5]', 6, '$[1]: expected an object'],
    ['["a", {"é": tru}]', 13, '$[1].é: t begins no value'],
    ['["a"] x', 6, 'text after the end of the array'],
    ['["a', 1, '$[0]: a string without an end'],
    ['["\\q"]', 1, '$[0]: a malformed string'],
    ['', 0, '$: expected an array'],
  ])('malformed, %s is an error with file, offset and place', (text, offset, reason) => {
    const path = folder()
    const snapshot = snapshotIn(path, text)
    expect(() => readSidecar(snapshot)).toThrow(`${snapshot}.deps, offset ${offset}: ${reason}`)
  })

  it('of another list of modules belongs to another save and is passed over', () => {
    const { path, recorded } = dependency()
    const other = snapshotIn(
      path,
      '[{"module": "environment", "ixe": "x.ixe"}, {"module": "manifest", "ixes": "y"}]',
    )
    expect(relocated(recorded, readSidecar(other))).toEqual({ dependencies: recorded, ignored: true })
    const renamed = snapshotIn(path, '["elsewhere/x.ixe"]')
    expect(relocated(recorded, readSidecar(renamed)).dependencies[0]!.parts[0]!.path).toBe(
      join(path, 'elsewhere', 'x.ixe'),
    )
  })
})

it('settings that differ are named', () => {
  const [kernel, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const saved = new Map([
    ['kernel', kernel],
    ['engine', 'wasm'],
    ['row limit', 'none'],
  ])
  expect(settingChanges(saved, saved)).toEqual([])
  expect(settingChanges(saved, new Map([...saved, ['kernel', other], ['row limit', '5']]))).toEqual([
    'kernel: saved under aaaaaaaaaaaa, this run has bbbbbbbbbbbb',
    'row limit: saved under none, this run has 5',
  ])
  expect(settingChanges(saved, new Map([['kernel', kernel]]))).toHaveLength(2)
})
