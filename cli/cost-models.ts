import type { CostModel } from '../aiur/circuit/cost.js'

/** The default first. */
export const COST_MODELS: readonly CostModel[] = ['transforms', 'rows']
