import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { digestedPart, partRecord } from '../../lean/library/module-record.js'
import { DISK, type FileSystem } from '../../lean/olean/file-system.js'

const scratch = mkdtempSync(join(tmpdir(), 'record-'))
afterAll(() => rmSync(scratch, { recursive: true }))

describe('the record of a part', () => {
  const path = join(scratch, 'M.olean')
  const content = Buffer.alloc((1 << 20) + 17, 'x')
  writeFileSync(path, content)

  it('is plain data that JSON keeps', () => {
    const record = partRecord('olean', path)!
    expect(record).toMatchObject({ kind: 'olean', path, size: content.length })
    expect(JSON.parse(JSON.stringify(record))).toEqual(record)
  })

  it('tells absence, and a folder from a file', () => {
    expect(partRecord('private', `${path}.private`)).toBeUndefined()
    expect(partRecord('olean', scratch)).toBeUndefined()
    expect(digestedPart('olean', join(scratch, 'N.olean'))).toBeUndefined()
  })

  it('has the digest of the content, over short and interrupted reads', () => {
    const expected = createHash('sha256').update(content).digest('hex')
    expect(digestedPart('olean', path)!.digest).toBe(expected)
    let calls = 0
    const faulty: FileSystem = {
      ...DISK,
      read(descriptor, target, offset, length, position) {
        calls++
        if (calls % 3 === 0) throw Object.assign(new Error('EINTR: interrupted'), { code: 'EINTR' })
        return DISK.read(
          descriptor,
          target,
          offset,
          Math.min(length, 1 + ((calls * 7919) % 50_000)),
          position,
        )
      },
    }
    expect(digestedPart('olean', path, faulty)!.digest).toBe(expected)
    expect(calls).toBeGreaterThan(20)
  })
})
