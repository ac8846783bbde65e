/** Real modules, proofs included, in checker mode: everything that the real Lean kernel accepted. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { checkExport, exportsOf } from './reproducers.js'

/** What is declined, with the reason. */
const DECLINED: Readonly<Record<string, RegExp>> = {
  // Equation lemmas of Nat.land, Nat.lor and Nat.xor, which are bare axioms there.
  'Init.Data.Nat.Bitwise.Lemmas.ndjson': /hides the body of Nat\.(land|lor|xor)/,
}

for (const folder of ['reproducers', 'reproducers/Chain', 'init-core']) {
  const files = exportsOf(folder)
  if (files.length === 0) test.skip(`${folder}: no data`)
  else
    test.each(files)('%s', async file => {
      const { code, checked, failed, undecided } = await checkExport(file)
      expect(failed).toEqual([])
      const declined = DECLINED[file.split('/').at(-1)!]
      if (declined === undefined) expect(undecided).toEqual([])
      else for (const { reason } of undecided) expect(reason).toMatch(declined)
      expect(code).toBe(declined === undefined ? EXIT.ok : EXIT.undecided)
      expect(checked).toBeGreaterThan(0)
    })
}
