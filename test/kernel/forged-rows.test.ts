import { describeCells, describeRecords, describeWholeTraces, SUBJECTS } from './forged-rows.js'

const SEED = 20261121
const TREE = ['Inds', 'Inds.Tree.rec'] as const

describeCells(SUBJECTS, 1, 2, SEED)
describeWholeTraces(TREE, 10, SEED)
describeRecords(TREE, 60, SEED)
