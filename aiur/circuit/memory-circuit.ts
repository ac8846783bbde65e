/** The constraint system of a memory: consecutive pointers, each with one content. */

import { CHANNEL } from './channels.js'
import { type Circuit, CircuitBuilder } from './circuit.js'
import { ExpressionBuilder } from './expression.js'

/** Columns multiplicity, selector, pointer, values. Rows in use are a prefix with consecutive pointers. */
export function memoryCircuit(size: number): Circuit {
  const e = new ExpressionBuilder()
  const builder = new CircuitBuilder(e)
  const multiplicity = builder.column('multiplicity')
  const selector = builder.column('selector')
  const pointer = builder.column('pointer')
  const values = Array.from({ length: size }, (_, i) => builder.column(`value ${i}`))
  builder.constrain(e.boolean(selector), 'selector is boolean')
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
    message.map(m => e.mul(selector, m)),
    'contents',
  )
  return builder.finish(`memory[${size}]`, 'memory', 1)
}
