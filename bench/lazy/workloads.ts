export const ROOTS = ['Init', 'Std', 'Lean'] as const

/** Statements of a module; a constant with its closure; a module's constants with theirs; all; first uses of modules. */
export const WORKS = ['header', 'one', 'shard', 'everything', 'latency'] as const
export type Work = (typeof WORKS)[number]

/** The constant that `one` asks for. */
export const CONSTANT: Readonly<Record<string, string>> = {
  Init: 'Nat.add_comm',
  Std: 'Std.DTreeMap.Internal.Impl.size',
  Lean: 'Lean.Position',
}

/** The module whose constants make up as much as a shard. */
export const SHARD_MODULE: Readonly<Record<string, string>> = {
  Init: 'Init.Data.List.Basic',
  Std: 'Std.Data.DTreeMap.Internal.Def',
  Lean: 'Lean.Expr',
}

/** Modes with what they are called in the tables: without an index everything is read once to make it. */
export const VARIANTS = {
  eager: { mode: 'off', indexed: false },
  parts: { mode: 'parts', indexed: false },
  'lazy, no index': { mode: 'all', indexed: false },
  lazy: { mode: 'all', indexed: true },
} as const
export type Variant = keyof typeof VARIANTS
