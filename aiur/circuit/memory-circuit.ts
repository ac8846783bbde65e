/** The constraint system of a memory: consecutive pointers, each with one content. */

import { CHANNEL } from './channels.js'
import { type Circuit, CircuitBuilder } from './circuit.js'
import { ExpressionBuilder } from './expression.js'

/**
 * Columns multiplicity, selector, pointer, values. Rows in use are a prefix with consecutive pointers. The reference
 * weights the message by the selector; where that is off the multiplicity is zero, so nothing is lost without.
 */
export function memoryCircuit(size: number, reference: boolean): Circuit {
  const e = new ExpressionBuilder()
  const builder = new CircuitBuilder(e)
  const multiplicity = builder.column('multiplicity')
  const selector = builder.column('selector')
  const pointer = builder.column('pointer')
  const values = Array.from({ length: size }, (_, i) => builder.column(`value ${i}`))
  // Only a weight has to be boolean: other selectors than 1 leave no multiplicity and no successor.
  if (reference) builder.constrain(e.boolean(selector), 'selector is boolean')
  builder.constrain(e.mul(multiplicity, e.sub(e.one, selector)), 'multiplicity of an unused row is zero')
  const continues = e.mul(e.transition(), e.next(1))
  builder.constrain(e.mul(continues, e.sub(e.one, selector)), 'rows in use are a prefix')
  builder.constrain(
    e.mul(continues, e.sub(e.next(2), e.add(pointer, e.one))),
    'pointers of successive rows are consecutive',
  )
  const message = [e.constant(CHANNEL.memory), e.constant(size), pointer, ...values]
  builder.lookup(
    e.sub(e.zero, multiplicity),
    reference ? message.map(m => e.mul(selector, m)) : message,
    'contents',
  )
  return builder.finish(`memory[${size}]`, 'memory', 1)
}
