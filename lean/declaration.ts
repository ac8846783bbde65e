/**
 * Kernel-level Lean declarations, as every reader in this folder produces them.
 *
 * Names, levels and expressions are hash-consed by the reader that made them wherever the file shares them:
 * identical file objects are identical JavaScript objects, so consumers may memoise by identity.
 */

export type Name =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'str'; readonly prefix: Name; readonly part: string }
  | { readonly kind: 'num'; readonly prefix: Name; readonly part: bigint }

export type Level =
  | { readonly kind: 'zero' }
  | { readonly kind: 'succ'; readonly pred: Level }
  | { readonly kind: 'max' | 'imax'; readonly left: Level; readonly right: Level }
  | { readonly kind: 'param'; readonly name: Name }

export type BinderInfo = 'default' | 'implicit' | 'strictImplicit' | 'instImplicit'

export type Expr =
  | { readonly kind: 'bvar'; readonly index: number }
  | { readonly kind: 'sort'; readonly level: Level }
  | { readonly kind: 'const'; readonly name: Name; readonly levels: readonly Level[] }
  | { readonly kind: 'app'; readonly fn: Expr; readonly arg: Expr }
  | {
      readonly kind: 'lam' | 'forall'
      readonly binder: Name
      readonly info: BinderInfo
      readonly type: Expr
      readonly body: Expr
    }
  | {
      readonly kind: 'let'
      readonly binder: Name
      readonly nondep: boolean
      readonly type: Expr
      readonly value: Expr
      readonly body: Expr
    }
  | { readonly kind: 'nat'; readonly value: bigint }
  | { readonly kind: 'str'; readonly value: string }
  /** Metadata is transparent to the kernel; readers keep the node and drop its payload. */
  | { readonly kind: 'mdata'; readonly expr: Expr }
  | { readonly kind: 'proj'; readonly structure: Name; readonly field: number; readonly expr: Expr }

export type Safety = 'unsafe' | 'safe' | 'partial'

export type Hints =
  | { readonly kind: 'opaque' }
  | { readonly kind: 'abbrev' }
  | { readonly kind: 'regular'; readonly height: number }

interface Common {
  readonly name: Name
  readonly levelParams: readonly Name[]
  readonly type: Expr
}

export type Declaration =
  | (Common & { readonly kind: 'axiom'; readonly isUnsafe: boolean })
  | (Common & {
      readonly kind: 'definition'
      readonly value: Expr
      readonly hints: Hints
      readonly safety: Safety
      readonly all: readonly Name[]
    })
  | (Common & { readonly kind: 'theorem'; readonly value: Expr; readonly all: readonly Name[] })
  | (Common & {
      readonly kind: 'opaque'
      readonly value: Expr
      readonly isUnsafe: boolean
      readonly all: readonly Name[]
    })
  | (Common & { readonly kind: 'quotient'; readonly quotKind: 'type' | 'ctor' | 'lift' | 'ind' })
  | (Common & {
      readonly kind: 'inductive'
      readonly numParams: number
      readonly numIndices: number
      readonly numNested: number
      readonly all: readonly Name[]
      readonly ctors: readonly Name[]
      readonly isRec: boolean
      readonly isUnsafe: boolean
      readonly isReflexive: boolean
    })
  | (Common & {
      readonly kind: 'constructor'
      readonly inductive: Name
      readonly cidx: number
      readonly numParams: number
      readonly numFields: number
      readonly isUnsafe: boolean
    })
  | (Common & {
      readonly kind: 'recursor'
      readonly all: readonly Name[]
      readonly numParams: number
      readonly numIndices: number
      readonly numMotives: number
      readonly numMinors: number
      readonly rules: readonly { readonly ctor: Name; readonly numFields: number; readonly rhs: Expr }[]
      readonly k: boolean
      readonly isUnsafe: boolean
    })

/**
 * A source of declarations: a set of module files, an export, or a test fixture. Looking a name up may decode it on demand.
 * `undefined` means that no such constant exists; a damaged file throws {@link import('./input-error.js').InputError}.
 */
export interface DeclarationSource {
  /** Displayed names ({@link displayName}) of all constants, in a deterministic order. */
  names(): Iterable<string>
  has(name: string): boolean
  get(name: string): Declaration | undefined
  /**
   * What stands behind an axiom that is only a placeholder for a body that the files at hand do not hold
   * (lean-env.md 3.2): a theorem's proof, a definition's or an opaque's value. `undefined` for a real axiom.
   */
  placeholderKind(name: string): 'theorem' | 'definition' | 'opaque' | undefined
}
