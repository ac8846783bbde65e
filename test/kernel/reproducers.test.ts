/** Real modules that rest on nothing: their checks assume no axiom, no placeholder and no primitive. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { checkExport, DATA, report } from './reproducers.js'

const FOLDER = `${DATA}/reproducers`
const data = existsSync(FOLDER)
if (!data) console.log(`reproducers.test.ts: no ${FOLDER}, skipped`)

const ACCEPTED = { code: EXIT.ok, status: 'accepted', failed: [], undecided: [], assumptions: [] }

describe.skipIf(!data)('modules without assumptions', () => {
  test.each([
    ['R12Own', 157],
    ['R01NatRecAdd', 39],
    ['R01NatRecAdd256', 37],
    ['R01NatRecAdd512', 37],
  ])('%s.ndjson: %i constants', async (module, checked) => {
    expect(await checkExport(`${FOLDER}/${module}.ndjson`)).toMatchObject({ ...ACCEPTED, checked })
  })

  // The only one that imports nothing, so that its parts are all it needs.
  test('R12Own from its .olean parts: theorems with their proofs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ix-own-'))
    try {
      const file = join(folder, 'own.ixe')
      const compiled = await report('compile', '--olean', FOLDER, '--module', 'R12Own', '-o', file)
      expect(compiled).toMatchObject({ code: EXIT.ok })
      const verdict = await report('check', '--ixe', file)
      expect(verdict).toMatchObject(ACCEPTED)
      expect(verdict.checked).toBeGreaterThanOrEqual(157)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
