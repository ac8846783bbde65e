import type { Declaration, Expr, Hints, Name } from '../declaration.js'
import { RejectedInput } from '../input-error.js'
import type { JsonRecord } from './record.js'
import type { Terms } from './terms.js'

/** The records that one line declares together: one constant, or an inductive block in the order of its dependencies. */
export interface Group {
  readonly declarations: readonly Declaration[]
  /** Expressions beside types and values, that may mention the whole group: right-hand sides of recursor rules. */
  readonly rules: readonly Expr[]
}

/**
 * The declarations of a line (lean-env.md 4.4); undefined if `payload` names no kind of declaration.
 *
 * @throws RejectedInput for an inductive block without types
 */
export function declarationGroups(record: JsonRecord, payload: string, terms: Terms): Group[] | undefined {
  if (payload === 'inductive') return [inductiveGroup(record.record('inductive'), terms)]
  const read = Object.hasOwn(READERS, payload) ? READERS[payload] : undefined
  if (read === undefined) return undefined
  return record.records(payload).map(body => ({ declarations: [read(body, terms)], rules: [] }))
}

type Reader = (body: JsonRecord, terms: Terms) => Declaration

function common(body: JsonRecord, terms: Terms): { name: Name; levelParams: Name[]; type: Expr } {
  return {
    name: terms.name(body, 'name'),
    levelParams: terms.names(body, 'levelParams'),
    type: terms.expr(body, 'type'),
  }
}

const READERS: Readonly<Record<string, Reader | undefined>> = {
  axiom: (body, terms) => ({
    kind: 'axiom',
    ...common(body, terms),
    isUnsafe: body.bool('isUnsafe'),
  }),
  def: (body, terms) => ({
    kind: 'definition',
    ...common(body, terms),
    value: terms.expr(body, 'value'),
    hints: hints(body),
    safety: body.oneOf('safety', ['unsafe', 'safe', 'partial'] as const),
    all: terms.names(body, 'all'),
  }),
  thm: (body, terms) => ({
    kind: 'theorem',
    ...common(body, terms),
    value: terms.expr(body, 'value'),
    all: terms.names(body, 'all'),
  }),
  opaque: (body, terms) => ({
    kind: 'opaque',
    ...common(body, terms),
    value: terms.expr(body, 'value'),
    isUnsafe: body.bool('isUnsafe', false),
    all: terms.names(body, 'all'),
  }),
  quot: (body, terms) => ({
    kind: 'quotient',
    ...common(body, terms),
    quotKind: body.oneOf('kind', ['type', 'ctor', 'lift', 'ind'] as const),
  }),
}

function hints(body: JsonRecord): Hints {
  const value = body.raw('hints')
  if (value === 'opaque' || value === 'abbrev') return { kind: value }
  return { kind: 'regular', height: body.record('hints').natural('regular') }
}

function inductiveGroup(block: JsonRecord, terms: Terms): Group {
  // Format 3.0.0 calls the three lists inductiveVals, constructorVals, recursorVals.
  const old = !block.has('types') && block.has('inductiveVals')
  const types = block.records(old ? 'inductiveVals' : 'types').map(body => inductiveRecord(body, terms))
  const ctors = block.records(old ? 'constructorVals' : 'ctors').map(body => constructorRecord(body, terms))
  const recs = block.records(old ? 'recursorVals' : 'recs').map(body => recursorRecord(body, terms))
  // Constructors and recursors of no type would be there without any rule that allows them.
  if (types.length === 0) throw new RejectedInput('an inductive block without types', block.place)
  return {
    declarations: [...types, ...ctors, ...recs],
    rules: recs.flatMap(rec => (rec.kind === 'recursor' ? rec.rules.map(rule => rule.rhs) : [])),
  }
}

function inductiveRecord(body: JsonRecord, terms: Terms): Declaration {
  return {
    kind: 'inductive',
    ...common(body, terms),
    numParams: body.natural('numParams'),
    numIndices: body.natural('numIndices'),
    numNested: body.natural('numNested'),
    all: terms.names(body, 'all'),
    ctors: terms.names(body, 'ctors'),
    isRec: body.bool('isRec'),
    isUnsafe: body.bool('isUnsafe'),
    isReflexive: body.bool('isReflexive'),
  }
}

function constructorRecord(body: JsonRecord, terms: Terms): Declaration {
  return {
    kind: 'constructor',
    ...common(body, terms),
    inductive: terms.name(body, 'induct'),
    cidx: body.natural('cidx'),
    numParams: body.natural('numParams'),
    numFields: body.natural('numFields'),
    isUnsafe: body.bool('isUnsafe'),
  }
}

function recursorRecord(body: JsonRecord, terms: Terms): Declaration {
  return {
    kind: 'recursor',
    ...common(body, terms),
    all: terms.names(body, 'all'),
    numParams: body.natural('numParams'),
    numIndices: body.natural('numIndices'),
    numMotives: body.natural('numMotives'),
    numMinors: body.natural('numMinors'),
    rules: body.records('rules').map(rule => ({
      ctor: terms.name(rule, 'ctor'),
      numFields: rule.natural('nfields'),
      rhs: terms.expr(rule, 'rhs'),
    })),
    k: body.bool('k'),
    isUnsafe: body.bool('isUnsafe'),
  }
}
