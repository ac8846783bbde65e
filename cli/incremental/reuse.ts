/**
 * Which verdicts of a snapshot hold for an environment.
 *
 * A check of a constant is one computation: of the constant and all that it refers to, by one kernel over one primitive table;
 * what else the claim owns only decides which constants are visited. So when a claim was accepted, each of its constants was
 * found well typed provided that what it refers to is. Such a verdict is taken over where the kernel and the options are the
 * same (else the snapshot is stale), the primitive table is the same with all that it names, and the context digest of the
 * constant is the same, which stands for its declaration and everything it reaches. The rest of a claim is then checked as a
 * claim of its own, whose assumptions are discharged: references form no cycles, every constant of the claim is either
 * accepted now or was accepted in the snapshot, and both relative to what they refer to. Nothing is taken over that was not
 * accepted, unless the whole unit is the same computation.
 */
import type { Address } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import type { Assumption } from '../../kernel/assumption.js'
import { assumptionsOf, checkedTogether } from '../../kernel/assumptions.js'
import { constantShape } from '../../kernel/constant-shape.js'
import { METHOD, type PrimitiveTable, primitiveTable } from '../../kernel/primitive-table.js'
import { trustIn } from '../../kernel/trusted-code.js'
import type { Failure } from '../../kernel/verdict.js'
import { claimOf } from '../../shards/shard-claim.js'
import { ContextDigests, digestOf } from '../../shards/snapshot/context-digest.js'
import type { Unit, UnitStatus } from '../../shards/snapshot/unit.js'
import type { Believed, IncrementalSession } from './session.js'

/** A claim, as far as a snapshot knows it. */
export interface Plan {
  readonly label: string
  /** Constants that the claim is about. */
  readonly owned: readonly Address[]
  readonly binding: string
  /** The whole unit is the same computation. */
  readonly whole: Believed | undefined
  /** Accepted constants by what accepted them; empty when the whole is taken over. */
  readonly reused: ReadonlyMap<Address, Believed>
  /** What is left to check. */
  readonly fresh: readonly Address[]
  /** Constants whose axioms an accepted claim is said to assume; default those that it is about. */
  readonly covered?: readonly Address[]
}

/** What an execution found out about the constants that it was given. */
export interface Found {
  readonly finished: boolean
  readonly failed: readonly Failure[]
  readonly undecided: readonly Failure[]
  readonly accepted: readonly Address[]
  readonly primitives: readonly number[]
  readonly claim: Address | undefined
  readonly checked: number
  readonly assumptions: readonly Assumption[]
}

/** What an execution and a snapshot together say of a claim: what a full run would say. */
export interface Conclusion extends Omit<Found, 'finished'> {
  readonly status: UnitStatus
}

export class Reuse {
  readonly #contexts: ContextDigests
  readonly #table: PrimitiveTable
  readonly #tableDigest: string
  /** What accepted constants with a context digest. */
  readonly #accepted = new Map<string, Believed>()

  /**
   * @param allow trusted code that constants may rest on
   * @param wanted primitives of the table; default all
   */
  constructor(
    private readonly environment: Environment,
    private readonly session: IncrementalSession,
    allow: readonly string[] | undefined,
    wanted?: ReadonlySet<string>,
  ) {
    this.#contexts = new ContextDigests(environment, address => constantShape(environment.bytes(address)))
    this.#table = primitiveTable(environment, wanted, trustIn(environment, allow))
    const named = this.#table.entries
      .filter(({ method }) => method !== METHOD.absent)
      .flatMap(({ address, witnesses }) => [address, ...witnesses])
      .filter(address => environment.has(address))
    this.#tableDigest = digestOf([this.#table.digest, ...named.map(address => this.#contexts.of(address))])
    for (const believed of session.believed.values()) {
      const { unit } = believed.sealed
      if (unit.table !== this.#tableDigest) continue
      for (const { context, verdict } of unit.constants) {
        const known = this.#accepted.get(context)
        // Units with this user's seal first: what rests on them can be sealed again.
        if (verdict === 'accepted' && (known === undefined || (believed.own && !known.own)))
          this.#accepted.set(context, believed)
      }
    }
  }

  /**
   * @param subjects what the run is asked about; its results are a function of these
   * @param serves whether a report can be made of the unit that is the same computation
   */
  plan(
    label: string,
    owned: readonly Address[],
    subjects = owned,
    serves: (unit: Unit) => boolean = () => true,
  ): Plan {
    const contexts = subjects.map(address => this.#contexts.of(address))
    const binding = digestOf([this.session.digest, this.#tableDigest, String(contexts.length), ...contexts])
    const saved = this.session.believed.get(label)
    const same = saved !== undefined && saved.sealed.unit.binding === binding
    const { mode, unchanged } = this.session
    if (saved?.current === true && !same && unchanged && mode === 'strict')
      this.session.disbelieve(label, 'it is bound to another input than the one it was saved for')
    if (same && saved.sealed.unit.status !== 'unfinished' && serves(saved.sealed.unit)) {
      this.session.retain(label)
      return { label, owned, binding, whole: saved, reused: new Map(), fresh: [] }
    }
    const reused = new Map<Address, Believed>()
    const fresh: Address[] = []
    for (const address of owned) {
      const believed = this.#accepted.get(this.#contexts.of(address))
      if (believed === undefined) fresh.push(address)
      else reused.set(address, believed)
    }
    return { label, owned, binding, whole: undefined, reused, fresh }
  }

  /** Puts together what was taken over and what was found; `found` is absent when there was nothing left to check. */
  conclude({ owned, reused, fresh, covered }: Plan, found: Found | undefined): Conclusion {
    const { failed = [], undecided = [], finished = true } = found ?? {}
    const status =
      failed.length > 0
        ? 'rejected'
        : undecided.length > 0
          ? 'undecided'
          : finished
            ? 'accepted'
            : 'unfinished'
    if (found !== undefined && reused.size === 0)
      return { ...found, status: finished ? status : 'unfinished' }
    const ran = new Set(found?.accepted)
    const accepted = owned.filter(address => reused.has(address) || ran.has(address))
    const whole = accepted.length === owned.length
    const used = new Set(found?.primitives)
    // Those of the units in which the constants were accepted: perhaps more than they need, never fewer.
    for (const { sealed } of new Set(reused.values()))
      for (const number of sealed.unit.primitives) used.add(number)
    return {
      status: finished || fresh.length === 0 ? status : 'unfinished',
      failed,
      undecided,
      accepted,
      primitives: [...used].sort((a, b) => a - b),
      claim: claimOf(this.environment, accepted)?.digest,
      checked: checkedTogether(this.environment, this.#table, used, accepted),
      assumptions: assumptionsOf(
        this.environment,
        this.#table,
        used,
        whole ? (covered ?? accepted) : accepted,
      ),
    }
  }

  /** The unit to save for a claim. */
  unit(
    { label, owned, binding, reused }: Plan,
    conclusion: Conclusion,
    report: { readonly rows: number; readonly cost: number; readonly json: string },
  ): Unit {
    const { status, claim, checked, failed, undecided, assumptions, primitives } = conclusion
    const accepted = new Set(conclusion.accepted)
    const rejected = new Set(failed.map(({ address }) => address))
    const open = new Set(undecided.map(({ address }) => address))
    const verdictOn = (address: Address) =>
      accepted.has(address) || reused.has(address)
        ? 'accepted'
        : rejected.has(address)
          ? 'rejected'
          : open.has(address) && status !== 'unfinished'
            ? 'undecided'
            : 'unfinished'
    return {
      label,
      binding,
      table: this.#tableDigest,
      status,
      claim,
      checked,
      rows: report.rows,
      cost: report.cost,
      failed,
      undecided,
      assumptions,
      primitives,
      constants: owned.map(address => ({
        address,
        context: this.#contexts.of(address),
        verdict: verdictOn(address),
      })),
      report: report.json,
    }
  }
}
