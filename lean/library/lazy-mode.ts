/**
 * What is opened when: with `off` every chain of every module at once; with `parts` every public part at once and chains with
 * bodies at the first body that needs them; with `all` a module at the first look into it, as far as an index tells where to
 * look. Answers are the same.
 */
export const LAZY_MODES = ['off', 'parts', 'all'] as const
export type LazyMode = (typeof LAZY_MODES)[number]
