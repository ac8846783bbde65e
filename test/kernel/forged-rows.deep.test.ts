import { describeCells, describeRecords, describeWholeTraces, SUBJECTS } from './forged-rows.js'

const SEED = Number(process.env.IX_FUZZ_SEED ?? 20261121)

describeCells(SUBJECTS, 4, Number.POSITIVE_INFINITY, SEED)
for (const subject of SUBJECTS.slice(0, 3)) {
  describeWholeTraces(subject, 100, SEED)
  describeRecords(subject, 1000, SEED)
}
