/** What a verdict rests on without a check, in lines. */
import type { Assumption } from './assumption.js'

const ASSUMPTION_NOUNS = {
  theorem: 'bare theorem statement',
  definition: 'definition without its body',
  opaque: 'opaque constant without its body',
} as const

/** Axioms and primitives by name, placeholders by number. */
export function assumptionLines(assumptions: readonly Assumption[]): string[] {
  const of = (kind: Assumption['kind']): Assumption[] => assumptions.filter(a => a.kind === kind)
  const lines: string[] = []
  const axioms = of('axiom')
  if (axioms.length > 0) lines.push(`assumes the axioms ${axioms.map(a => a.name).join(', ')}`)
  for (const primitive of of('primitive')) lines.push(`assumes that ${primitive.name} is the standard one`)
  for (const kind of ['theorem', 'definition', 'opaque'] as const) {
    const some = of(kind)
    if (some.length > 0)
      lines.push(`assumes ${some.length.toLocaleString('en-US')} x ${ASSUMPTION_NOUNS[kind]}`)
  }
  return lines
}
