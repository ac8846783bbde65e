/** Every rule of the soundness checklist (spec kernel.md 5.1 - 5.6), and rules beyond it (X), with the tests about them. */

/** [file without `.test.ts`, name of the test up to what is put into it] */
type Named = readonly [file: string, name: string]

export interface Row {
  readonly id: string
  readonly rule: string
  /** Tests that also run a kernel without the rule, which accepts what the rule rejects. */
  readonly removed?: readonly Named[]
  /** Tests that only see the attack rejected, or the right input accepted. */
  readonly attacked?: readonly Named[]
  /** Why there is no test of either kind, or what it leaves open. */
  readonly note?: string
}

/** Rows of each part of the checklist, and of what was found here (X). */
export const SECTIONS: Readonly<Record<string, number>> = { M: 13, B: 14, S: 4, I: 15, R: 15, E: 15, X: 9 }

const ingress = (name: string): Named => ['kernel/ingress-removal', name]
const advice = (name: string): Named => ['kernel/advice-removal', name]
const malformed = (name: string): Named => ['kernel/malformed', name]
const lying = (name: string): Named => ['kernel/lying-advice', name]
const core = (name: string): Named => ['kernel/core', name]
const inductive = (name: string): Named => ['kernel/inductive', name]
const recursor = (name: string): Named => ['kernel/recursor', name]
const reduction = (name: string): Named => ['kernel/reduction', name]
const defEq = (name: string): Named => ['kernel/def-eq', name]
const stringBytes = (name: string): Named => ['kernel/string-bytes', name]
const fuel = (name: string): Named => ['kernel/fuel-removal', name]
const residuals = (name: string): Named => ['kernel/residuals', name]
const natReduce = (name: string): Named => ['kernel/nat-reduce', name]

const RIGHT_REJECTED = 'without it, what is right is rejected'
const TYPED = 'only ill-typed terms reach it: inference rejects them first'

export const ROWS: readonly Row[] = [
  {
    id: 'M1',
    rule: 'a miss aborts',
    attacked: [malformed('to something that is nowhere')],
    note: 'no map is keyed by pointers',
  },
  {
    id: 'M2',
    rule: 'pointer inequality means nothing',
    removed: [['kernel/recursor-advice', 'a rule leaves out a hypothesis by advice']],
    note: '`address_eq` compares contents, nothing follows from the answer 0 of `def_eq`, a hypothesis that is not recognised is missed by the type of its rule',
  },
  { id: 'M3', rule: 'address bytes are not packed past the field', note: 'not packed: eight words' },
  {
    id: 'M4',
    rule: 'member indices beyond one byte',
    attacked: [
      malformed('addresses of members beyond one byte of index'),
      lying('the length of an encoded index'),
      ['kernel/digit-advice', 'an index, in as many bytes as advice says'],
    ],
  },
  { id: 'M5', rule: 'n / 0 = 0', removed: [advice('a quotient by zero')] },
  {
    id: 'M6',
    rule: 'numbers are canonical',
    removed: [advice('a remainder with a zero limb')],
    attacked: [['kernel/nat', 'literals must be canonical and their limbs below 2^32']],
  },
  { id: 'M7', rule: 'zero has no limb', attacked: [natReduce('Nat.%s')] },
  {
    id: 'M8',
    rule: 'advice is a field element until it is checked',
    removed: [ingress('an argument that advice calls a variable')],
    attacked: [
      lying('nibbles: %s'),
      ['kernel/digit-advice', 'a compression, by bytes: %i'],
      ['kernel/nat', 'advice: %s'],
      ['kernel/nat-advice', '%s of %s and %s'],
    ],
  },
  {
    id: 'M9',
    rule: 'digits of a quotient are in range',
    removed: [advice('a quotient that is another'), advice('a remainder that is not smaller')],
    attacked: [['kernel/nat', 'quotient out of range']],
  },
  {
    id: 'M10',
    rule: 'a hinted call that is used has its rows',
    attacked: [
      ['aiur/circuit-well-founded', 'a circle through a call that is promoted'],
      ['aiur/circuit-tampering', 'a call of a function that has no row is not balanced'],
    ],
  },
  {
    id: 'M11',
    rule: 'bytes from IO are range-checked',
    attacked: [malformed('bytes traded inside the field'), malformed('any changed word of the stream')],
  },
  {
    id: 'M12',
    rule: 'what is parsed is what was hashed',
    removed: [ingress('contents of another address'), ingress('a literal of another address')],
    note: 'one copy in memory serves both',
  },
  {
    id: 'M13',
    rule: 'reducibility hints decide nothing',
    attacked: [['kernel/hints', 'hints decide nothing']],
    note: 'nothing to remove: they are read by unconstrained calls only',
  },
  { id: 'B1', rule: 'headers in full', attacked: [malformed('variant 258, whose low byte is 2')] },
  {
    id: 'B2',
    rule: 'integers are minimal and below 2^32',
    removed: [ingress('integers of one byte too many'), ingress('integers with a zero byte on top')],
    attacked: [malformed('Tag0 of more than four bytes')],
  },
  {
    id: 'B3',
    rule: 'telescopes have binders, and all of them',
    removed: [ingress('telescopes without binders'), ingress('telescopes in two parts')],
  },
  { id: 'B4', rule: 'flags are 0 or 1', removed: [ingress('flags other than 0 and 1')] },
  {
    id: 'B5',
    rule: 'string literals are UTF-8',
    removed: [ingress('strings of bytes that are not UTF-8')],
  },
  {
    id: 'B6',
    rule: 'one encoding for each character',
    removed: [ingress('strings of bytes that are not UTF-8'), ingress('surrogates that advice calls small')],
    attacked: [['kernel/strings', 'random bytes are UTF-8 exactly when the platform says so']],
  },
  {
    id: 'B7',
    rule: 'a constant is not called a literal',
    removed: [ingress('references that advice calls literals')],
  },
  {
    id: 'B8',
    rule: 'dead sharing entries are walked',
    attacked: [
      malformed('in a dead sharing entry are walked'),
      malformed('that also serve as literals are walked'),
    ],
  },
  { id: 'B9', rule: 'labels are positions', removed: [ingress('constructors that are not at their index')] },
  {
    id: 'B10',
    rule: 'one public entry',
    attacked: [
      ['kernel/removal', 'the kernel has one entry'],
      ['kernel/walk', 'no other claim is accepted (%s)'],
    ],
  },
  { id: 'B11', rule: 'a block is no constant', removed: [ingress('blocks as constants')] },
  {
    id: 'B12',
    rule: 'a claim that assumes its target',
    note: 'no test; accepted by definition, says nothing',
  },
  { id: 'B13', rule: 'every leaf of an aggregate is owned', note: 'no test; claims are not aggregated here' },
  {
    id: 'B14',
    rule: 'propositions by value, not by spelling',
    removed: [
      reduction('a proof of a proposition in disguise neither'),
      inductive('a proposition takes fields of any universe, whatever its sort is spelled'),
    ],
  },
  {
    id: 'S1',
    rule: 'no safe constant in itself',
    removed: [ingress('safe definitions that refer to themselves')],
  },
  {
    id: 'S2',
    rule: 'no other mix of kind and safety, no way over a block',
    removed: [
      ingress('theorems that call themselves unsafe'),
      ingress('safe definitions that refer to one another'),
    ],
  },
  { id: 'S3', rule: 'partial is not safe', removed: [core('a safe constant mentions nothing')] },
  {
    id: 'S4',
    rule: 'partial is not unsafe; members are as safe as their type',
    removed: [
      core('a partial constant mentions nothing unsafe'),
      recursor('a recursor is as safe as its type'),
      inductive('members of a block are as safe as one another: positivity is asked of none or of all'),
      recursor('a rule mentions nothing less safe than the recursor, where it comes to nothing neither'),
    ],
    attacked: [inductive('a constructor is as safe as its type')],
  },
  {
    id: 'I1',
    rule: 'an inductive type is checked with its constructors',
    removed: [inductive('an argument of a field may not mention the type')],
  },
  {
    id: 'I2',
    rule: 'constructors return their type',
    removed: [inductive('a constructor returns its own type')],
  },
  {
    id: 'I3',
    rule: 'indices of results are clean',
    removed: [inductive('the type does not occur in an index of the result')],
  },
  {
    id: 'I4',
    rule: 'recursive fields are valid applications',
    removed: [
      inductive('a recursive field is at its own parameters'),
      inductive('universe arguments are the parameters in order'),
    ],
  },
  {
    id: 'I5',
    rule: 'indices of recursive fields are clean',
    removed: [inductive('nor in an index of a recursive field')],
  },
  {
    id: 'I6',
    rule: 'positivity through other types',
    removed: [inductive('nor behind another inductive type')],
  },
  {
    id: 'I7',
    rule: 'no mixed blocks',
    attacked: [['kernel/mixed-block', 'a type that hides its own negative occurrence in a %s peer']],
  },
  {
    id: 'I8',
    rule: 'specialisations depend on parameters only',
    removed: [inductive('a nested occurrence depends on parameters only')],
  },
  {
    id: 'I9',
    rule: 'large elimination looks at every field',
    removed: [recursor('a proposition that holds data eliminates into propositions only')],
    attacked: [recursor('unless the data stands in an index')],
  },
  {
    id: 'I10',
    rule: 'mutual propositions eliminate into Prop',
    removed: [recursor('propositions in one block eliminate into propositions only')],
  },
  {
    id: 'I11',
    rule: 'auxiliary motives are found, not believed',
    removed: [
      recursor('a nested type has its own motive'),
      recursor('nobody adds a motive for a type that is not nested'),
    ],
  },
  {
    id: 'I12',
    rule: 'a result sort is a sort',
    removed: [inductive('the type of an inductive type ends in a sort')],
  },
  {
    id: 'I13',
    rule: 'members with different constructor counts (completeness)',
    removed: [recursor('each member of a block has its own number of constructors')],
    note: RIGHT_REJECTED,
  },
  {
    id: 'I14',
    rule: 'unsafe types need not be positive (completeness)',
    removed: [inductive('an unsafe type need not be positive')],
  },
  {
    id: 'I15',
    rule: 'constructor types are checked before they are specialised',
    removed: [inductive('what a nested occurrence loses when it is reduced is typed as well')],
  },
  {
    id: 'R1',
    rule: "a recursor's type and those of its rules are reconstructed",
    removed: [
      recursor('the conclusion is about the major premise'),
      recursor('a hypothesis is about its field'),
      recursor('a minor premise ends in its constructor'),
      recursor('the major premise is of the type, where the conclusion does not need it'),
      recursor('a motive that nobody uses is over its own type'),
      recursor('an index has the type that it has in the inductive type'),
      recursor('a minor premise that nobody uses has the fields of its constructor'),
      recursor('a hypothesis that nobody uses takes the arguments of its field'),
      recursor('a rule is no other term of its type'),
      recursor('a minor premise that nobody uses ends in its constructor'),
      recursor('a hypothesis that nobody uses is about its field'),
      recursor('the conclusion is about the major premise, where there are no rules'),
      ['kernel/recursor-advice', 'a rule leaves out a hypothesis by advice'],
    ],
  },
  {
    id: 'R2',
    rule: 'rules without their own binder types',
    removed: [recursor("the rules' own binder types count for nothing")],
  },
  { id: 'R3', rule: 'rules in order', removed: [recursor('rules are in the order of the constructors')] },
  {
    id: 'R4',
    rule: 'field counts of rules',
    removed: [recursor('a rule takes as many fields as its constructor has')],
  },
  {
    id: 'R5',
    rule: 'motives and minor premises are split as they are',
    attacked: [recursor('motives and minor premises are split as they are')],
  },
  {
    id: 'R6',
    rule: 'K is computed',
    removed: [recursor('K is for propositions'), recursor('K is for propositions without fields')],
  },
  {
    id: 'R7',
    rule: "K looks at the recursor's type",
    removed: [reduction('rule K compares the indices')],
    note: `another type: ${TYPED}`,
  },
  {
    id: 'R8',
    rule: "iota looks at the recursor's type",
    removed: [reduction('a recursor computes with constructors of its own type')],
    note: `${TYPED}; without both`,
  },
  {
    id: 'R9',
    rule: 'levels of specialisations as written',
    attacked: [recursor('a nested type has its own motive')],
  },
  {
    id: 'R10',
    rule: 'specialisations live over the parameters',
    removed: [inductive('a nested occurrence depends on parameters only')],
  },
  {
    id: 'R11',
    rule: 'indices of mutual members are their own (completeness)',
    removed: [recursor('each member of a block has its own indices')],
    note: RIGHT_REJECTED,
  },
  {
    id: 'R12',
    rule: 'partially applied K recursors stay (completeness)',
    removed: [reduction('a recursor waits for its major premise, with rule K as well')],
    note: RIGHT_REJECTED,
  },
  { id: 'R13', rule: 'no type from outside the context', note: 'there are no contexts' },
  {
    id: 'R14',
    rule: 'no eta for proofs',
    removed: [
      reduction('a proof is not taken apart by its projections'),
      reduction('a proof of a proposition in disguise neither'),
    ],
  },
  {
    id: 'R15',
    rule: 'level count, safety, peers',
    removed: [
      recursor('a recursor has one universe parameter more than its type'),
      recursor('a recursor is as safe as its type'),
      recursor('a rule mentions nothing less safe than the recursor, where it comes to nothing neither'),
    ],
    attacked: [recursor('the recursors of a block are all there')],
  },
  {
    id: 'E1',
    rule: 'literals are equal by value',
    attacked: [['kernel/nat', 'equal and nearly equal numbers compare as they should']],
  },
  { id: 'E2', rule: 'structure eta at one type', removed: [defEq('structure eta is for terms of one type')] },
  {
    id: 'E3',
    rule: 'function eta at one domain',
    removed: [defEq('eta expands a function over its own domain')],
  },
  {
    id: 'E4',
    rule: 'units have no indices and no fields',
    removed: [defEq('a type over an index has no eta'), defEq('a type with a field is no unit')],
  },
  { id: 'E5', rule: 'no eta for recursive types', removed: [defEq('a recursive type has no eta')] },
  {
    id: 'E6',
    rule: 'one constructor',
    removed: [
      defEq('a type with two constructors is no unit'),
      core('a projection is from a type with one constructor'),
    ],
  },
  {
    id: 'E7',
    rule: 'stuck div and mod keep their head',
    attacked: [natReduce('x / 64'), natReduce('x % 2')],
  },
  {
    id: 'E8',
    rule: 'quotient constants are the true ones',
    removed: [
      reduction('Quot has its type'),
      reduction('Quot.lift takes functions that respect the relation'),
    ],
  },
  {
    id: 'E9',
    rule: 'no fold ignores an argument',
    attacked: [natReduce('to what is no function on numbers')],
  },
  {
    id: 'E10',
    rule: 'primitives are what their numbers say',
    removed: [
      ingress('a primitive number of another address'),
      ...[
        'a function satisfies its equations',
        'what has a body is not assumed',
        'a witness states what determines the function',
        'constructors are in their order',
        'only functions on numbers are assumed',
        'a quotient by zero is zero',
        'an absent function computes nothing',
        'numbers have two constructors',
        'numbers are no proofs',
        'an entry has no universe parameters',
        'an entry is safe',
        'characters are made safely',
        'what a literal is made of is safe',
        'the order is a relation',
        'a number is at most itself',
        'and at most one more than what it is at most',
      ].map((name): Named => ['kernel/primitives', name]),
      fuel('a logarithm starts at its argument'),
      fuel('a logarithm without fuel is 0'),
      fuel('the logarithm of 0 is 0'),
      fuel('the logarithm of 1 is 0'),
      fuel('a logarithm is one more than that of the half'),
      fuel('a quotient is one more than that of the rest, in the first step'),
      fuel('a quotient is one more than that of the rest, in every step after it'),
      fuel('a remainder is that of the rest, in the first steps'),
      fuel('a remainder is that of the rest, in every step after them'),
      fuel('the remainder of 0 is 0'),
      fuel('the remainder by 0 is the dividend'),
      fuel('what is smaller than the divisor is its own remainder'),
      fuel('the remainder decides whether the divisor is the smaller one'),
    ],
    attacked: [['kernel/primitives', '%s is rejected with %o']],
  },
  {
    id: 'E11',
    rule: 'projections from proofs',
    removed: [
      core('a proof has no data to project'),
      core('nothing is projected past data that something depends on'),
    ],
  },
  {
    id: 'E12',
    rule: 'level comparison is complete',
    attacked: [['kernel/levels', 'decides order as evaluation does']],
  },
  {
    id: 'E13',
    rule: 'infer-only for checked terms only',
    removed: [core('a term that nothing else has checked is not merely given its type')],
    note: 'callers are conversion and reduction',
  },
  {
    id: 'E14',
    rule: 'level arity everywhere',
    removed: [core('a constant gets as many universes as it declares')],
  },
  {
    id: 'E15',
    rule: 'open number terms end',
    attacked: [['kernel/offsets', 'x + D against D steps of the recursor, for D = 64 .. 512']],
  },
  {
    id: 'X1',
    rule: 'the type of an inductive type does not mention its block',
    removed: [inductive('the type of a type mentions no member of its block')],
  },
  {
    id: 'X2',
    rule: 'Reveal and Contains claims: fields are those of the bytes, members are leaves of the tree',
    removed: [['kernel/statement-removal', '%s: %s']],
    note: 'each assertion by itself, but for the padding of an expression',
  },
  {
    id: 'X3',
    rule: 'a variable is above those in its type (completeness)',
    removed: [recursor('a minor premise computes with its hypotheses')],
    note: RIGHT_REJECTED,
  },
  {
    id: 'X4',
    rule: 'a constant is read to its end, part by part',
    removed: [
      ingress('bytes after the end'),
      ingress('bytes between the body and the sharing table'),
      ingress('bytes between the sharing table and the references'),
      ingress('bytes between the references and the universes'),
      ingress('bytes behind a number of one byte'),
      ingress('bytes behind a number'),
      ingress('bytes behind a string'),
    ],
  },
  {
    id: 'X5',
    rule: 'substitution leaves nothing alone that it has to replace',
    removed: [
      'what is left alone has no loose variable',
      'what is left alone has no free variable that becomes a bound one',
      'a free variable of a lower level does not become a bound one',
      'what is left alone has no level parameter',
    ].map((name): Named => ['kernel/substitution-removal', name]),
  },
  {
    id: 'X6',
    rule: 'variables of fields and indices have lower levels than motives',
    attacked: [recursor('are above those of %s')],
    note: 'on a kernel with 4 levels in place of 2^16; there without as well',
  },
  {
    id: 'X7',
    rule: 'a string literal is its bytes where the definitions say so',
    removed: [
      stringBytes('encoding starts with an empty array'),
      stringBytes('a loop ends with what it has'),
      stringBytes('a loop goes on with the rest'),
      stringBytes('the first byte of an array is pushed once'),
      stringBytes('a byte is pushed behind the others'),
      stringBytes('the loop runs over the bytes themselves'),
      stringBytes('the bytes of a character are followed by those of the rest'),
      stringBytes('a literal without bytes is not taken for an empty array'),
    ],
    attacked: [stringBytes('the bytes of a character do not depend on the rest')],
    note: 'the attacked one without its rule, too',
  },
  {
    id: 'X8',
    rule: 'a sort that is a parameter may be Prop',
    removed: [
      recursor('a type that may be a proposition eliminates into propositions only'),
      inductive('a type that may be a proposition takes no data that is surely no proof'),
    ],
  },
  {
    id: 'X9',
    rule: 'a residual is what its function reduces to on a pattern',
    removed: [
      residuals('what a pattern keeps has no free variables'),
      residuals('what a pattern keeps has its type there'),
      residuals('rule K is for recursors that have it'),
    ],
    attacked: [
      residuals('a residual mentions none of the variables that are said to be unused'),
      residuals('an opened argument is the constructor that it reduces to'),
      residuals('what does not reduce to a constructor is not opened'),
      residuals('forms %i %i are right'),
    ],
  },
]

/** The table of docs/soundness.md. */
export function renderedTable(): string {
  const cell = (tests: readonly Named[] = []): string =>
    tests.map(([file, name]) => `${file.replace('kernel/', '')}: ${name.replaceAll('|', '\\|')}`).join('; ')
  const lines = ROWS.map(
    ({ id, rule, removed, attacked, note = '' }) =>
      `| ${id} | ${rule} | ${cell(removed) || '-'} | ${cell(attacked) || '-'} | ${note} |`,
  )
  const head = ['| row | rule | without it, accepted | rejected | note |', '|---|---|---|---|---|']
  return [...head, ...lines].join('\n')
}
