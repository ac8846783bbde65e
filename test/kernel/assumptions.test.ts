import { expect, it } from 'vitest'
import { bundledEnvironment } from '../../cli/bundled.js'
import { assumptionsOf, checkedTogether } from '../../kernel/assumptions.js'
import { check } from '../../kernel/check.js'
import { closureOf } from '../../kernel/closure.js'
import { neededPrimitives, primitiveTable } from '../../kernel/primitive-table.js'

it.each(['Nat.add_comm', 'Nat.gcd_comm', 'Array.append_assoc', 'Nat.log2_lt'])(
  'what an execution that accepts %s checks and assumes follows from what it accepted',
  async name => {
    const environment = bundledEnvironment()
    const address = environment.addressOf(name)!
    const verdict = await check({ environment, target: { kind: 'constants', addresses: [address] } })
    expect(verdict.status).toBe('accepted')
    const reached = closureOf(environment, [address])
    const table = primitiveTable(environment, neededPrimitives(environment, reached))
    const used = new Set(verdict.primitives)
    expect(checkedTogether(environment, table, used, verdict.accepted)).toBe(verdict.checked)
    const named = table.entries.filter(({ method }) => method !== 0).map(entry => entry.address)
    const subjects = closureOf(environment, [...reached.keys(), ...named]).keys()
    expect(assumptionsOf(environment, table, used, subjects)).toEqual(verdict.assumptions)
  },
)
