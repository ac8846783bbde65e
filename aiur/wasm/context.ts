/** What the parts of the code generator share. */

import type { Op, Program } from '../bytecode.js'
import type { PlainHint } from '../vm/plain-hints.js'
import type { RankPlan } from '../vm/ranks.js'
import type { AddressType } from './address.js'
import type { MemoryMap } from './memory-map.js'
import type { Sites } from './sites.js'

/** What the code of all functions shares. */
export interface Module {
  readonly address: AddressType
  readonly program: Program
  /** By function. */
  readonly hints: readonly (PlainHint | null)[]
  readonly ranks: RankPlan
  readonly map: MemoryMap
  readonly sites: Sites
  /**
   * For testing tests: operations get numbers here, and the one whose number stands in the header goes wrong, its
   * first result off by a bit or, without results, left out.
   */
  readonly faults?: Map<Op['op'], number>
}

/** The body of a function in the making. */
export interface Body {
  readonly module: Module
  /** Is this the code of a plain hint: unconstrained, and without failures? */
  readonly immediate: boolean
  /**
   * Do checks, counts and products make no branches of their own? At a branch a one-pass compiler goes over all locals,
   * so it takes a fraction of a second for each hash function of a thousand branches among thousands of locals.
   */
  readonly branchless: boolean
  /**
   * What locals are known not to exceed on the path being emitted: by what they result from, or because the code before
   * has checked it. Checks and reductions that follow from it are left out.
   */
  readonly bounds: Map<string, number>
  push(code: string): void
  /** A new local variable. */
  local(type: 'i32' | 'i64'): string
  /** New locals with the values at consecutive columns from the address on the stack. */
  loadColumns(offset: number, count: number): string[]
}
