/** What a failed execution says about the constant that was being checked. */
import type { ExecutionError, TraceFrame } from '../aiur/vm/error.js'

export interface Reason {
  /** One line for the user. */
  readonly text: string
  /** A feature is missing or a limit was reached: nothing is known about the constant. */
  readonly undecided: boolean
}

const UNSUPPORTED = 'unsupported:'

const NO_FUEL = 'forged primitive: the definition is not the known recursion on fuel'

/** Rules of the kernel by the function in which a missing arm rejects. */
const NO_ARM: Readonly<Record<string, string>> = {
  resolve: 'an address that is not a constant (a block address) is used as one',
  project: 'a projection to a block member of another kind',
  load_constant: 'malformed: an unknown constant header',
  parse_block: 'malformed block',
  parse_any: 'malformed: an unknown expression tag',
  large_integer: 'malformed: an integer above 2^32 or of more than 8 bytes',
  boolean: 'malformed: a boolean byte that is neither 0 nor 1',
  quotient_kind: 'malformed: an unknown quotient kind',
  recursor_flags: 'malformed: undefined recursor flag bits',
  grants_self_reference: 'malformed: an undefined kind and safety of a definition',
  definition: 'malformed: an undefined kind and safety of a definition',
  parse_member: 'malformed: an unknown kind of block member',
  member_header: 'malformed: an unknown kind of block member',
  parse_members: 'malformed: another number of block members than announced',
  not_successor: 'malformed: a universe successor of a successor',
  parse_univ: 'malformed universe',
  constant_ref: 'a reference beyond the table, or to a literal as a constant',
  table_entry: 'malformed: an index beyond its table',
  universe: 'malformed: an index beyond its table',
  list_get: 'an index beyond its list',
  byte_at: 'malformed: the bytes end too early',
  result_level: 'the type of an inductive type does not end in a sort',
  check_member: 'a block that mixes inductive types with other constants',
  open_pis: 'a type with fewer binders than its record says',
  check_params: 'a type with fewer binders than parameters',
  check_literal_params: 'a constructor with fewer binders than parameters',
  check_fields: 'a constructor with fewer binders than fields',
  check_return: 'a constructor does not return its own type',
  strip_params: 'an inductive type applied to fewer arguments than it has parameters',
  strip_pis: 'a recursor type with fewer binders than its record says',
  first_motive_block: 'a recursor whose first motive is not about an inductive type',
  motive_major: 'a recursor whose motive is not about an inductive type',
  motive_spec: 'a recursor whose motive is not about an inductive type',
  spec_of: 'a recursor whose motive is not about an inductive type',
  find_recursor: 'a recursor block without one of its recursors',
  conclusion_index: 'a recursor whose conclusion is not one of its motives',
  check_motives: 'a recursor with fewer binders than motives',
  check_spec_minors: 'a recursor with fewer binders than minor premises',
  check_field_types: 'a minor premise with fewer binders than fields',
  check_hypotheses: 'a minor premise without one of its induction hypotheses',
  check_major: 'a recursor without a major premise',
  check_rules: 'a recursor with fewer rules than constructors',
  strip_lams: 'a recursor rule with fewer binders than it must have',
  may_be_assumed: 'a primitive that may not be assumed to be the standard one',
  recursion_equations: 'a primitive that no equations justify',
  decision_of: NO_FUEL,
  predecessor: NO_FUEL,
  fuel_function: NO_FUEL,
  log2_function: NO_FUEL,
  decidable_ok: NO_FUEL,
  refutation: NO_FUEL,
  assert_empty: NO_FUEL,
  prim_body: 'a primitive that is not a safe definition',
  without_body: 'a primitive with a body may not be assumed to be the standard one',
  stated: 'forged primitive: a witness is neither a theorem nor a safe axiom',
  witnesses_ok: 'a primitive that no witness theorems justify',
  quotient_determined: 'forged primitive: another number of witness theorems',
  remainder_determined: 'forged primitive: another number of witness theorems',
  gcd_determined: 'forged primitive: another number of witness theorems',
  bits_determined: 'forged primitive: another number of witness theorems',
  order_ok: 'forged primitive: the order is not an inductive type',
  check_equality: 'an equality that is not an inductive type',
  two_constructors: 'forged primitive: not an inductive type',
  utf8_char: 'a string literal that is not UTF-8',
  utf8_tail: 'a string literal that is not UTF-8',
}

/** The innermost function in words, without type arguments. */
function place(trace: readonly TraceFrame[]): string {
  const name = trace[0]?.function ?? 'the kernel'
  return name.replace(/\..*/, '').replaceAll('_', ' ')
}

function noArm(trace: readonly TraceFrame[]): string {
  for (const frame of trace.slice(0, 4)) {
    const text = NO_ARM[frame.function.split('.')[0]!]
    if (text !== undefined) return text
  }
  return `rejected by ${place(trace)}`
}

/** The labelled part of an assertion's message, without the values. */
function assertion(reason: string, trace: readonly TraceFrame[]): string {
  const label = /^assertion failed: (.*): \[/s.exec(reason)?.[1]
  return label ?? `an assertion of ${place(trace)} failed`
}

export function reasonOf(error: ExecutionError): Reason {
  const { kind, trace } = error
  if (error.limit) return { text: error.reason, undecided: true }
  switch (kind) {
    case 'assertMismatch': {
      const text = assertion(error.reason, trace)
      if (!text.startsWith(UNSUPPORTED)) return { text, undecided: false }
      return { text: text.slice(UNSUPPORTED.length).trim(), undecided: true }
    }
    case 'noMatchCase':
      return { text: noArm(trace), undecided: false }
    case 'infiniteLoop':
      return trace.some(frame => frame.function === 'sharing_entry')
        ? { text: 'malformed: a sharing entry that refers to itself or to a later one', undecided: false }
        : { text: `the check runs in a circle (${trace[0]?.function ?? ''})`, undecided: true }
    case 'ioUnknownKey':
      return { text: 'it needs a constant or literal that the environment does not hold', undecided: true }
    default:
      return { text: error.reason, undecided: false }
  }
}
