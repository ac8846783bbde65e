/** The arena's bad cases in checker mode: exit code 1, and for the reason that the case is about. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EXIT, type ExitCode } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

const FOLDER = '../shared/data/arena'
const data = existsSync(FOLDER)
if (!data) console.log(`arena-reasons.test.ts: no ${FOLDER}, skipped`)

const WRONG_TYPE = /: a term does not have the type that is expected of it$/
const NOT_A_TYPE = /: a type is expected$/
const NEGATIVE = /: non-positive occurrence of an inductive type$/
const REPEATED_LEVEL = /repeats the universe parameter u$/

/** Without the number and the outcome in front; the cases about strings are in the deep suite. */
const REASONS: Readonly<Record<string, RegExp>> = {
  badDef: WRONG_TYPE,
  nonTypeType: NOT_A_TYPE,
  tut06_bad01: REPEATED_LEVEL,
  funEtaBad: WRONG_TYPE,
  ruleKbad: WRONG_TYPE,
  ruleKAcc: WRONG_TYPE,
  forallSortBad: NOT_A_TYPE,
  nonPropThm: /: the type of a theorem is not a proposition$/,
  inductBadNonSort: NOT_A_TYPE,
  inductBadNonSort2: /: the type of an inductive type does not end in a sort$/,
  inductLevelParam: REPEATED_LEVEL,
  inductTooFewParams: /: a type with fewer binders than its record says$/,
  inductWrongCtorParams: /: constructor parameter type differs$/,
  inductWrongCtorResLevel: /: inductive type applied to other universe parameters than its own$/,
  indNeg: NEGATIVE,
  indNegReducible: NEGATIVE,
  reduceCtorType: /: constructor does not return its own type$/,
  typeWithTooHighTypeField: /: constructor field universe too large$/,
  projOutOfRange: /: projection past the last field$/,
  projNotStruct: /: projection from a type that is not a structure$/,
  projProp4: /: projection of data from a proof$/,
  projProp5: /: projection of data from a proof$/,
  // Their projections name another structure than the one they project from.
  projIndexData: /: projection from a term of another type$/,
  projIndexData2: /: projection from a term of another type$/,
  // The occurrence in the index is applied to a number where a type belongs.
  reflOccInIndex: WRONG_TYPE,
  dup_ind_def_renamed: /dup_ind_def: is declared twice/,
  dup_ctor_def_renamed: /dup_ctor_def\.mk: is declared twice/,
  dup_rec_def_renamed: /dup_rec_def\.rec: is declared twice/,
  dup_ctor_rec_renamed: /dup_ctor_rec\.rec: is declared twice/,
  adv_imax_norm_down: WRONG_TYPE,
  adv_constlevels_eq_zero: /: wrong number of universe levels$/,
  adv_constlevels_eq_extra: /: wrong number of universe levels$/,
  r4ProjMultiCtorBad: /: projection from a type that is not a structure$/,
  r6NegBox: NEGATIVE,
  natAddWrongResult: WRONG_TYPE,
  natModByZeroWrong: WRONG_TYPE,
  natBleWrong: WRONG_TYPE,
  natBeqWrong: WRONG_TYPE,
}

const STRINGS = ['strAppendWrong', 'strOfListWrong']

interface Report {
  readonly code: ExitCode
  readonly reasons: readonly string[]
}

async function checker(file: string): Promise<Report> {
  const terminal = bufferTerminal()
  const code = await run(['check', '--ndjson', file, '--json'], terminal)
  const { failed = [], error } = JSON.parse(terminal.stdout.text)
  const reasons = failed.map((f: { name: string; reason: string }) => `${f.name}: ${f.reason}`)
  return { code, reasons: error === undefined ? reasons : [...reasons, error] }
}

describe.skipIf(!data)('bad cases of the arena', () => {
  const bad = data ? readdirSync(FOLDER).filter(file => /^\d+_bad_/.test(file)) : []
  const nameOf = (file: string) => file.replace(/^\d+_bad_/, '').replace(/\.ndjson$/, '')

  test('all have a reason here', () => {
    expect(
      bad
        .map(nameOf)
        .filter(name => !STRINGS.includes(name))
        .sort(),
    ).toEqual(Object.keys(REASONS).sort())
  })

  test.each(bad.filter(file => nameOf(file) in REASONS))('%s', async file => {
    const { code, reasons } = await checker(join(FOLDER, file))
    expect(code).toBe(EXIT.rejected)
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons[0]).toMatch(REASONS[nameOf(file)]!)
  })
})
