/** What a verdict rests on without a check, and how many constants stand behind it. */
import type { Address } from '../ixon/address.js'
import { projectionAddress } from '../ixon/constant.js'
import type { Environment } from '../ixon/environment.js'
import type { Assumption } from './assumption.js'
import { closureOf } from './closure.js'
import { constantShape } from './constant-shape.js'
import { checkedBeforeUse, METHOD, type PrimitiveTable } from './primitive-table.js'

/** First byte of a serialised axiom. */
export const HEADER_AXIOM = 0xd2

export function displayName(environment: Environment, address: Address): string {
  return environment.namesOf(address)[0] ?? address
}

/** What justifies the primitives with these numbers, with all that it reaches. */
function justification(
  environment: Environment,
  table: PrimitiveTable,
  used: ReadonlySet<number>,
): Iterable<Address> {
  const computed = table.entries.filter((_, i) => used.has(i + 1))
  return closureOf(environment, computed.flatMap(checkedBeforeUse)).keys()
}

/**
 * Axioms among the subjects and what justifies the primitives that computed, and primitives that were taken for the standard
 * ones.
 *
 * @param used numbers of the primitives that computed
 */
export function assumptionsOf(
  environment: Environment,
  table: PrimitiveTable,
  used: ReadonlySet<number>,
  subjects: Iterable<Address>,
): Assumption[] {
  const assumptions: Assumption[] = []
  for (const address of new Set([...subjects, ...justification(environment, table, used)])) {
    if (!environment.has(address) || environment.bytes(address)[0] !== HEADER_AXIOM) continue
    const name = displayName(environment, address)
    assumptions.push({ name, address, kind: environment.placeholders.get(name) ?? 'axiom' })
  }
  table.entries.forEach(({ name, address, method }, i) => {
    if (method === METHOD.assumed && used.has(i + 1)) assumptions.push({ name, address, kind: 'primitive' })
  })
  return assumptions.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

const MEMBER_PROJECTIONS = ['dprj', 'iprj', 'rprj'] as const

/**
 * How many constants one execution checks that accepts these and computes with these primitives: blocks are checked by all
 * their members and those by their constructors (walk.aiur), and what justifies a primitive is checked before it computes.
 */
export function checkedTogether(
  environment: Environment,
  table: PrimitiveTable,
  used: ReadonlySet<number>,
  accepted: Iterable<Address>,
): number {
  const checked = new Set<Address>()
  for (const address of new Set([...accepted, ...justification(environment, table, used)])) {
    const members = constantShape(environment.bytes(address))?.members ?? []
    if (members.length === 0) checked.add(address)
    members.forEach(({ kind, ctors }, idx) => {
      const projection = MEMBER_PROJECTIONS[kind]
      if (projection !== undefined) checked.add(projectionAddress({ kind: projection, idx, block: address }))
      for (let cidx = 0; cidx < ctors; cidx++)
        checked.add(projectionAddress({ kind: 'cprj', idx, cidx, block: address }))
    })
  }
  return checked.size
}
