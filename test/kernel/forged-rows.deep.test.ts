import { describeCells, describeRecords, describeWholeTraces, FURTHER, SUBJECTS } from './forged-rows.js'

const SEED = Number(process.env.IX_FUZZ_SEED ?? 20261121)

describeCells([...SUBJECTS, ...FURTHER], 2, Number.POSITIVE_INFINITY, SEED)
for (const subject of SUBJECTS.slice(0, 4)) {
  describeWholeTraces(subject, 100, SEED)
  describeRecords(subject, 500, SEED)
}
