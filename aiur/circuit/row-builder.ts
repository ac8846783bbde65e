/** The columns and lookup slots of a row of a function, which the arms of a match share. */

import { CircuitBuilder } from './circuit.js'
import { type Expression, ExpressionBuilder } from './expression.js'

/** A lookup slot with the messages of the arms that share it. */
export interface Slot {
  messages: { selector: Expression; elements: Expression[]; label: string }[]
}

export class RowBuilder {
  readonly e = new ExpressionBuilder()
  readonly builder = new CircuitBuilder(this.e)
  /** Columns and slots in use at this point; arms go back to the match. */
  next = 0
  slot = 1
  /** The first is that of the message which the row provides. */
  readonly slots: Slot[] = [{ messages: [] }]

  /** The next auxiliary column; arms reuse the columns of their siblings. */
  advice(name: string): Expression {
    const { builder } = this
    const column = this.next++
    if (column < builder.columns.length) return this.e.column(column)
    return builder.column(`${name} [${column}]`)
  }

  /** A lookup of the paths on which the selector is on. */
  demand(selector: Expression, message: Expression[], label: string): void {
    const slot = this.slot++
    if (slot === this.slots.length) this.slots.push({ messages: [] })
    this.slots[slot]!.messages.push({ selector, elements: message, label })
  }
}
