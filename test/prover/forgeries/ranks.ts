/** Rows that need themselves. */

import { block, call, fn, program, ret } from '../../aiur/bytecode-builder.js'
import { BALANCE, claimed, type Forgeries } from './forgery.js'

/** Calls itself twice with its own argument: only a forged row has a result. */
const twice = program(fn('f', 1, 1, block([call(0, [0]), call(0, [0])], ret(0, 1))))

export const RANK_FORGERIES: Forgeries = {
  'a row that needs itself twice': {
    program: twice,
    forge: (_, __, forger) => ({
      traces: [forger.trace('f', [[3, 1, 3, 42, 7, 42, 7, 7]])],
      claim: claimed([3], [42], 0, 7n),
    }),
    rule: /rank exceeds the ranks of the callees/,
    reason: BALANCE,
  },
  'a row that needs itself twice, by a negative difference': {
    program: twice,
    forge: (_, __, forger) => ({
      traces: [
        forger.trace('f', [[3, 1, 3, 42, 7, 42, 7, 7]]),
        forger.trace('RankDifferences', [[1, 1, -1, -1]]),
      ],
      claim: claimed([3], [42], 0, 7n),
    }),
    rule: /[xy] below 2\^32/,
    reason: BALANCE,
  },
}
