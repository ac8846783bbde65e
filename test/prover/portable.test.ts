import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** Everything that a module loads, types aside. */
function imports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, clause, path] of text.matchAll(/^(?:import|export) ([^;]*?) from '([^']+)'/gms)) {
    if (clause!.startsWith('type ')) continue
    if (path!.startsWith('.')) imports(resolve(dirname(file), path!.replace(/\.js$/, '.ts')), seen)
    else seen.add(path!)
  }
  return seen
}

test('the verifier loads nothing of Node, no WebAssembly and no package but @noble/hashes', () => {
  const root = join(import.meta.dirname, '..', '..')
  const loaded = [...imports(join(root, 'prover', 'verify.ts'))]
  expect(loaded.length).toBeGreaterThan(10)
  expect(loaded.filter(path => !path.startsWith(root) && !path.startsWith('@noble/hashes'))).toEqual([])
  expect(loaded.filter(path => path.includes('/engine/') || path.includes('/wasm/'))).toEqual([])
  for (const path of loaded.filter(p => p.startsWith(root)))
    expect(readFileSync(path, 'utf8'), path).not.toMatch(/\b(Buffer|process|WebAssembly)\./)
})
