import type { ByteReader, ByteWriter } from './bytes.js'
import { readTag0, readTag4Value, writeTag0, writeTag4 } from './tags.js'

/**
 * A nameless expression (ixon.md 1.3). Universes, references and shares are indices into the tables of the constant
 * that holds it.
 */
export type Expression =
  | { readonly kind: 'sort'; readonly universe: number }
  | { readonly kind: 'var'; readonly index: number }
  | { readonly kind: 'ref'; readonly ref: number; readonly universes: readonly number[] }
  | { readonly kind: 'rec'; readonly member: number; readonly universes: readonly number[] }
  | { readonly kind: 'prj'; readonly ref: number; readonly field: number; readonly expr: Expression }
  | { readonly kind: 'str' | 'nat'; readonly ref: number }
  | { readonly kind: 'app'; readonly fn: Expression; readonly arg: Expression }
  | { readonly kind: 'lam' | 'all'; readonly type: Expression; readonly body: Expression }
  | {
      readonly kind: 'let'
      readonly nondep: boolean
      readonly type: Expression
      readonly value: Expression
      readonly body: Expression
    }
  | { readonly kind: 'share'; readonly index: number }

const FLAG = {
  sort: 0,
  var: 1,
  ref: 2,
  rec: 3,
  prj: 4,
  str: 5,
  nat: 6,
  app: 7,
  lam: 8,
  all: 9,
  let: 10,
  share: 11,
} as const

const KINDS = Object.keys(FLAG) as Expression['kind'][]

/** ixon.md 2.3; telescopes are maximal. */
export function writeExpression(writer: ByteWriter, expression: Expression): void {
  const stack: Expression[] = [expression]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    switch (next.kind) {
      case 'sort':
        writeTag4(writer, FLAG.sort, next.universe)
        break
      case 'var':
      case 'share':
        writeTag4(writer, FLAG[next.kind], next.index)
        break
      case 'str':
      case 'nat':
        writeTag4(writer, FLAG[next.kind], next.ref)
        break
      case 'ref':
      case 'rec':
        writeTag4(writer, FLAG[next.kind], next.universes.length)
        writeTag0(writer, next.kind === 'ref' ? next.ref : next.member)
        for (const universe of next.universes) writeTag0(writer, universe)
        break
      case 'prj':
        writeTag4(writer, FLAG.prj, next.field)
        writeTag0(writer, next.ref)
        stack.push(next.expr)
        break
      case 'app': {
        let head: Expression = next
        let count = 0
        while (head.kind === 'app') {
          stack.push(head.arg)
          head = head.fn
          count++
        }
        stack.push(head)
        writeTag4(writer, FLAG.app, count)
        break
      }
      case 'lam':
      case 'all': {
        const types: Expression[] = []
        let body: Expression = next
        while (body.kind === next.kind) {
          types.push(body.type)
          body = body.body
        }
        writeTag4(writer, FLAG[next.kind], types.length)
        stack.push(body)
        for (let i = types.length - 1; i >= 0; i--) stack.push(types[i]!)
        break
      }
      case 'let':
        writeTag4(writer, FLAG.let, next.nondep ? 1 : 0)
        stack.push(next.body, next.value, next.type)
    }
  }
}

/** A node whose operands are being read; `missing` of them are still to come. */
interface Pending {
  readonly kind: 'prj' | 'app' | 'lam' | 'all' | 'let'
  readonly start: number
  readonly operands: number
  readonly detail: number
  readonly ref: number
  missing: number
}

/** Strict inverse of {@link writeExpression}: accepts nothing that the writer would not write. */
export function readExpression(reader: ByteReader): Expression {
  const pending: Pending[] = []
  const values: Expression[] = []
  for (;;) {
    const start = reader.position
    const head = reader.byte()
    const kind = KINDS[head >> 4]
    if (kind === undefined) reader.fail(`byte 0x${head.toString(16)} does not start an expression`, start)
    const value = readTag4Value(reader, head)
    switch (kind) {
      case 'sort':
        values.push({ kind, universe: value })
        break
      case 'var':
      case 'share':
        values.push({ kind, index: value })
        break
      case 'str':
      case 'nat':
        values.push({ kind, ref: value })
        break
      case 'ref':
      case 'rec': {
        const target = readTag0(reader)
        const universes = new Array<number>(reader.count(value, 1, 'level arguments'))
        for (let i = 0; i < value; i++) universes[i] = readTag0(reader)
        values.push(kind === 'ref' ? { kind, ref: target, universes } : { kind, member: target, universes })
        break
      }
      case 'prj':
        pending.push({ kind, start, operands: 1, detail: value, ref: readTag0(reader), missing: 1 })
        continue
      case 'app':
      case 'lam':
      case 'all': {
        if (value === 0) reader.fail('an empty telescope', start)
        const operands = reader.count(value, 1, 'telescope entries') + 1
        pending.push({ kind, start, operands, detail: 0, ref: 0, missing: operands })
        continue
      }
      case 'let':
        if (value > 1) reader.fail(`a let with flag ${value}`, start)
        pending.push({ kind, start, operands: 3, detail: value, ref: 0, missing: 3 })
        continue
    }
    for (;;) {
      const top = pending.at(-1)
      if (top === undefined) return values.pop()!
      if (--top.missing > 0) break
      pending.pop()
      values.push(build(reader, top, values.splice(values.length - top.operands)))
    }
  }
}

function build(reader: ByteReader, node: Pending, operands: Expression[]): Expression {
  const { kind } = node
  switch (kind) {
    case 'prj':
      return { kind, ref: node.ref, field: node.detail, expr: operands[0]! }
    case 'let':
      return {
        kind,
        nondep: node.detail === 1,
        type: operands[0]!,
        value: operands[1]!,
        body: operands[2]!,
      }
    case 'app': {
      let result = operands[0]!
      if (result.kind === 'app') reader.fail('an application telescope that is not maximal', node.start)
      for (let i = 1; i < operands.length; i++) result = { kind, fn: result, arg: operands[i]! }
      return result
    }
    default: {
      let result = operands[operands.length - 1]!
      if (result.kind === kind) reader.fail('a binder telescope that is not maximal', node.start)
      for (let i = operands.length - 2; i >= 0; i--) result = { kind, type: operands[i]!, body: result }
      return result
    }
  }
}

/** Calls `visit` once per node object reachable from `roots`; shares are not followed. */
export function visitExpressions(roots: Iterable<Expression>, visit: (node: Expression) => void): void {
  const stack: Expression[] = [...roots]
  const seen = new Set<Expression>()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    visit(next)
    switch (next.kind) {
      case 'prj':
        stack.push(next.expr)
        break
      case 'app':
        stack.push(next.arg, next.fn)
        break
      case 'lam':
      case 'all':
        stack.push(next.body, next.type)
        break
      case 'let':
        stack.push(next.body, next.value, next.type)
    }
  }
}
