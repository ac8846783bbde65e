/** Costs of the constants in test/lean, each with all it reaches, and the file that pins them. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { report } from '../aiur/circuit/cost.js'
import { packageRoot } from '../cli/package-root.js'
import { Environment } from '../ixon/environment.js'
import { check } from '../kernel/check.js'

export interface ClosureCost {
  /** Constants that the check went through. */
  readonly checked: number
  /** Total under the `transforms` model, to the nearest integer. */
  readonly cost: number
  /** Names that the closure holds without their bodies, and primitives taken for the standard ones; left out if none. */
  readonly assumed?: readonly string[]
}

/** By closure file, then by constant. */
export type Pins = Record<string, Record<string, ClosureCost>>

const FOLDER = join(packageRoot(), 'test', 'lean')
const PINS = join(packageRoot(), 'test', 'kernel', 'pins.json')

/** The constants that each closure file is made for. */
export function closures(): Record<string, string[]> {
  return JSON.parse(readFileSync(join(FOLDER, 'closures.json'), 'utf8')) as Record<string, string[]>
}

export function openClosure(closure: string): Environment {
  return Environment.open(join(FOLDER, `${closure}.ixe`))
}

export function readPins(): Pins {
  return JSON.parse(readFileSync(PINS, 'utf8')) as Pins
}

/** One line for each constant, so that a changed figure is a changed line. */
export function writePins(pins: Pins): void {
  const line = ([name, { checked, cost, assumed }]: [string, ClosureCost]): string => {
    const names =
      assumed === undefined ? '' : `, "assumed": [${assumed.map(each => JSON.stringify(each)).join(', ')}]`
    return `    ${JSON.stringify(name)}: { "checked": ${checked}, "cost": ${cost}${names} }`
  }
  const parts = Object.entries(pins).map(
    ([closure, constants]) =>
      `  ${JSON.stringify(closure)}: {\n${Object.entries(constants).map(line).join(',\n')}\n  }`,
  )
  writeFileSync(PINS, `{\n${parts.join(',\n')}\n}\n`)
}

/** @throws Error when the constant is not accepted, with the kernel's reasons */
export async function closureCost(environment: Environment, name: string): Promise<ClosureCost> {
  const address = environment.addressOf(name)
  if (address === undefined) throw new Error(`there is no constant ${name}`)
  const verdict = await check({ environment, target: { kind: 'constants', addresses: [address] } })
  const { status, checked, run, failed, undecided } = verdict
  if (status !== 'accepted' || run === undefined) {
    const reasons = [...failed, ...undecided].map(failure => `${failure.name}: ${failure.reason}`)
    throw new Error(`${name} is ${status}: ${reasons.join('; ')}`)
  }
  const cost = Math.round(report(run.layout, run.record).cost.total)
  const assumed = verdict.assumptions
    .filter(({ kind }) => kind !== 'axiom')
    .map(assumption => assumption.name)
  return { checked, cost, ...(assumed.length === 0 ? {} : { assumed }) }
}
