import type { Expr } from '../../lean/declaration.js'
import type { DeclarationOf } from './members.js'

/**
 * Which of its motives a recursor eliminates into (0-based), read off the conclusion of its type, a motive applied to
 * indices and major premise; `undefined` if the type does not have that shape.
 */
export function motivePosition(recursor: DeclarationOf<'recursor'>): number | undefined {
  const { numParams, numMotives, numMinors, numIndices } = recursor
  let conclusion: Expr = recursor.type
  for (let left = numParams + numMotives + numMinors + numIndices + 1; left > 0; ) {
    if (conclusion.kind === 'mdata') {
      conclusion = conclusion.expr
      continue
    }
    if (conclusion.kind !== 'forall') return undefined
    conclusion = conclusion.body
    left--
  }
  while (conclusion.kind === 'app' || conclusion.kind === 'mdata')
    conclusion = conclusion.kind === 'app' ? conclusion.fn : conclusion.expr
  if (conclusion.kind !== 'bvar') return undefined
  const position = numMotives + numMinors + numIndices - conclusion.index
  return position >= 0 && position < numMotives ? position : undefined
}
