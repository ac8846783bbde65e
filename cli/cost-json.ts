import type { CircuitCost, CostReport } from '../aiur/circuit/cost.js'

/** The cost part of `--json` objects. */
export function costJson({ cost, width, rows, hits, circuits }: CostReport) {
  const shown = (circuit: CircuitCost) => ({
    name: circuit.name,
    width: circuit.width,
    main: circuit.main,
    stage2: circuit.stage2,
    quotientDegree: circuit.quotientDegree,
    rows: circuit.rows,
    hits: circuit.hits,
    cost: circuit.cost,
    share: circuit.share,
  })
  return { cost, width, rows, hits, circuits: circuits.map(shown) }
}
