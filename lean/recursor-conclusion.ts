/** What a recursor says about itself: which of its motives it eliminates into, and what it eliminates. */
import type { Declaration, Expr, Name } from './declaration.js'

type Recursor = Extract<Declaration, { readonly kind: 'recursor' }>

interface Conclusion {
  /** Which of the motives is applied in the conclusion of the type, from 0. */
  readonly motive: number
  /** The constant at the head of the major premise's type; `undefined` if it is headed by something else. */
  readonly major: Name | undefined
}

/** Read off the type as it is written; `undefined` if that does not end in a motive behind the binders that are declared. */
export function conclusionOf(recursor: Recursor): Conclusion | undefined {
  const { numParams, numMotives, numMinors, numIndices } = recursor
  let conclusion = recursor.type
  let major: Expr | undefined
  for (let left = numParams + numMotives + numMinors + numIndices + 1; left > 0; ) {
    if (conclusion.kind === 'mdata') {
      conclusion = conclusion.expr
      continue
    }
    if (conclusion.kind !== 'forall') return undefined
    major = conclusion.type
    conclusion = conclusion.body
    left--
  }
  const motive = headOf(conclusion)
  const type = headOf(major!)
  if (motive.kind !== 'bvar') return undefined
  const position = numMotives + numMinors + numIndices - motive.index
  if (position < 0 || position >= numMotives) return undefined
  return { motive: position, major: type.kind === 'const' ? type.name : undefined }
}

function headOf(expr: Expr): Expr {
  let head = expr
  while (head.kind === 'app' || head.kind === 'mdata') head = head.kind === 'app' ? head.fn : head.expr
  return head
}
