/**
 * Rules of ingress and claims, each taken out of the kernel: what the rule rejects is accepted without it. All of ingress
 * runs, type checking does not.
 */
import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import { execute, type Outcome } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { encodeProjection } from '../../ixon/constant.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { CHANNEL, digestWords, streamWords, type Witness } from '../../kernel/witness.js'
import { BOOL_BLOCK, NAT, WORKED_CONSTANTS } from '../ixon/worked-constants.js'
import { type ClaimRun, chain, checkEnv, hex, primitivesWith, runCheck, Store, UNTYPED } from './claims.js'
import { kernelWith } from './kernel-run.js'
import { type Mutation, mutated } from './mutation.js'

/** The kernel without a rule, with functions that replace its own (advice that lies), and without type checking. */
function ingressWithout(mutation: Mutation | readonly Mutation[], lie = ''): Program {
  const overlay = { name: 'overlay', text: `${UNTYPED}\n${lie}` }
  return compile([mutation].flat().reduce(mutated, kernelSources()), { roots: [ENTRY], overlay: [overlay] })
}

// Tables: no sharing, no references, universes [0].
const PROP = '00 00 0100'

/** A constant under its own address, everything else being in order. */
const bytes =
  (text: string, options: ClaimRun = {}) =>
  (program?: Program): Outcome => {
    const store = new Store()
    for (const [, data] of WORKED_CONSTANTS.slice(0, 4)) store.put(data)
    return runCheck(store, store.put(text), { ...options, ...(program && { program }) })
  }

/** The same with another shape in the witness. */
function told(text: string, change: (words: number[]) => unknown) {
  return (program?: Program): Outcome => {
    const store = new Store()
    const address = store.put(text)
    const tamper = ({ io }: Witness): void => {
      const { index, length } = io.info(CHANNEL.shape, digestWords(address))!
      const words = io.read(CHANNEL.shape, index, length).map(Number)
      change(words)
      words.forEach((word, i) => {
        io.arena(CHANNEL.shape)[2 * (index + i)] = word
      })
    }
    return runCheck(store, address, { tamper, ...(program && { program }) })
  }
}

/** A string literal with these bytes. */
const string = (text: string) => (program?: Program) => {
  const store = new Store()
  const blob = store.blob(hex(text))
  const primitives = primitivesWith(new Map([[23, NAT]]))
  return runCheck(store, store.put(`d2 00 00 50 00 01 ${blob} 0100`), {
    primitives,
    ...(program && { program }),
  })
}

/** A block of one member, all of whose projections are at hand. */
const block = (text: string) => (program?: Program) => {
  const store = new Store()
  const address = store.put(text)
  for (const kind of ['dprj', 'iprj', 'rprj'] as const)
    for (const idx of [0, 1]) store.put(encodeProjection({ kind, idx, block: address }))
  return runCheck(store, address, program && { program })
}

/** Advice that finds the tables of such a block and calls its members definitions. */
const definitions = (members: number): string => `
fn shape_from(a: Addr, bytes: &List‹G›) -> &Shape {
  let s = list_skip(bytes, 6);
  let r = list_skip(s, 1);
  let _ = a;
  store(Shape.Mk(s, r, list_skip(r, 1), 0, store(List.Nil), ${'store(List.Cons(0, '.repeat(members)}store(List.Nil)${'))'.repeat(members)}))
}`

/** A safe definition, of the kind and behind the header of a block in front. */
const MEMBER = `01 00 00 00 ${PROP}`

test('a block of one definition, as advice describes it', () => {
  expect(block(`c1 00 ${MEMBER}`)().ok).toBe(true)
  expect(block(`c1 00 ${MEMBER}`)(ingressWithout([], definitions(1))).ok).toBe(true)
})

test('a block has as many members as it says, also where nobody counts them', () => {
  const uncounted = resolve('      let List.Nil = load(kinds);\n')
  for (const members of [0, 2]) {
    const lie = definitions(members)
    expect(block(`c1 00 ${MEMBER}`)(ingressWithout([], lie)).ok).toBe(false)
    expect(block(`c1 00 ${MEMBER}`)(ingressWithout(uncounted, lie)).ok).toBe(false)
  }
})

const WITH_DIGEST = {
  name: 'entry',
  text: `pub fn digest(key: [G; 8]) -> [G; 8] { blake3(#read_stream(${CHANNEL.blob}, key)) }`,
}

/** A literal of up to 60 bytes whose padding is not zero, under the digest that its stream then has. */
function padded(text: string, primitive: number, use: string) {
  const data = hex(text)
  const io = new IoBuffer()
  const words = streamWords(data).with(16, 1)
  const key = digestWords(addressOf(data))
  io.put(CHANNEL.blob, key, words)
  io.put(CHANNEL.hashing, [0], [0])
  const program = compile([...kernelSources(), WITH_DIGEST], { roots: ['digest'] })
  const outcome = execute(program, 'digest', key.map(BigInt), io)
  if (!outcome.ok) throw outcome.error
  const digest = Uint32Array.from(outcome.outputs, Number)
  const address = Buffer.from(digest.buffer).toString('hex')
  return (weaker?: Program): Outcome => {
    const store = new Store()
    store.blobs.set(address, data)
    const constant = store.put(`d2 00 00 ${use} 00 01 ${address} 0100`)
    const tamper = (witness: Witness): void => {
      const { index } = witness.io.info(CHANNEL.blob, digestWords(address))!
      witness.io.arena(CHANNEL.blob)[2 * (index + 16)] = 1
    }
    const primitives = primitivesWith(new Map([[primitive, NAT]]))
    return runCheck(store, constant, { primitives, tamper, ...(weaker && { program: weaker }) })
  }
}

const links = chain(5)

interface Removal {
  readonly name: string
  readonly attack: (program?: Program) => Outcome
  readonly without: Mutation | readonly Mutation[]
  /** Advice that the attack needs. */
  readonly lie?: string
  /** Types are checked too. */
  readonly typed?: boolean
}

const parse = (from: string, to = ''): Mutation => ({ file: 'parse.aiur', from, to })
const resolve = (from: string, to = ''): Mutation => ({ file: 'resolve.aiur', from, to })

/** Advice that calls any code small. */
const SMALL: Mutation = {
  file: 'strings.aiur',
  from: '  match #less_small(code, 55296) {\n',
  to: '  match 1 {\n',
}

test('surrogates are no characters, whatever advice says', () => {
  expect(string('eda080')(ingressWithout(SMALL)).ok).toBe(false)
  expect(string('ed9fbf')(ingressWithout(SMALL)).ok).toBe(true)
})

const REMOVALS: readonly Removal[] = [
  {
    name: 'integers of one byte too many',
    attack: bytes(`d2 00 807f 00 ${PROP}`),
    without: parse(
      '  assert_eq!(b - least, d[0] + 16 * d[1], "an integer is not encoded minimally")\n',
      '  ()\n',
    ),
  },
  {
    name: 'integers with a zero byte on top',
    attack: bytes(`d2 00 810100 00 ${PROP}`),
    without: parse(
      '      assert_eq!(b * unconstrained_g_inverse(b), 1, "an integer is not encoded minimally");\n',
    ),
  },
  {
    name: 'telescopes without binders',
    attack: bytes(`d2 00 00 80 10 ${PROP}`),
    without: parse(
      '    8 => parse_lams(q, t, n),\n    9 => parse_pis(q, t, n),\n    11 =>',
      '    8 => match n { 0 => parse_expr(q, t), _ => parse_lams(q, t, n), },\n    9 => parse_pis(q, t, n),\n    11 =>',
    ),
  },
  {
    name: 'telescopes in two parts',
    attack: bytes(`d2 00 00 81 00 81 00 10 ${PROP}`),
    without: parse(
      '  assert_eq!((found - flag) * unconstrained_g_inverse(found - flag), 1, "a telescope is not maximal");\n',
    ),
  },
  {
    name: 'flags other than 0 and 1',
    attack: bytes(`d2 00 00 a2000000 ${PROP}`),
    without: parse(
      'fn boolean(b: G) {\n  match b {\n    0 => (),\n    1 => (),\n  }\n}',
      'fn boolean(b: G) { let _ = b; () }',
    ),
  },
  ...['80', 'c080', 'eda080', 'f4908080'].map(text => ({
    name: `strings of bytes that are not UTF-8 (${text})`,
    attack: string(text),
    without: parse('  validate_utf8(bytes);\n'),
  })),
  {
    name: 'references that advice calls literals',
    attack: told(`d2 00 00 2000 00 01 ${NAT} 0100`, words => (words[5] = 0)),
    without: parse(
      '  let Ref.Constant(a) = @table_entry(refs, r);\n  a\n',
      '  match table_entry(refs, r) { Ref.Constant(a) => a, Ref.Blob(a) => a, }\n',
    ),
  },
  {
    name: 'constructors that are not at their index',
    attack: bytes(`c1 01 00 00 00 00 00 01 00 00 01 00 00 00 ${PROP}`),
    without: resolve('  assert_eq!(cidx, index, "a constructor\'s index is not its position");\n'),
  },
  {
    name: 'blocks as constants',
    typed: true,
    attack: bytes(`d2 00 00 2000 00 01 ${BOOL_BLOCK} 00`),
    without: [
      resolve(
        '    Loaded.Projection(header, i, j, block) => project(header, i, j, block),\n',
        '    Loaded.Projection(header, i, j, block) => project(header, i, j, block),\n    Loaded.Block(_, &List.Cons(&Member.Mk(_, c, _), _), _, _) => c,\n',
      ),
    ],
  },
  {
    name: 'blocks behind the header of something else',
    attack: block(`e1 00 ${MEMBER}`),
    lie: definitions(1),
    without: resolve('  assert_eq!(flag, 12, "neither a constant nor a block");\n', '  let _ = flag;\n'),
  },
  {
    name: 'blocks without members',
    attack: bytes(`c0 ${PROP}`),
    without: resolve('  assert_eq!(n * unconstrained_g_inverse(n), 1, "an empty block");\n'),
  },
  ...['02', '07'].map(kind => ({
    name: `members of kind ${kind} that advice calls definitions`,
    attack: block(`c1 ${kind} ${MEMBER}`),
    lie: definitions(1),
    without: resolve(
      '      assert_eq!(byte, kind, "a block member of another kind");\n',
      '      let _ = byte;\n',
    ),
  })),
  {
    name: 'safe definitions that refer to themselves',
    attack: bytes(`d0 01 00 00 3000 ${PROP}`),
    without: resolve('own_members(grants_self_reference(flags), a)', 'own_members(1, a)'),
  },
  {
    name: 'theorems that call themselves unsafe',
    attack: bytes(`d0 08 00 00 3000 ${PROP}`),
    without: [
      resolve('    0 | 2 | 4 => 1,\n', '    0 | 2 | 4 | 8 => 1,\n'),
      resolve('    9 => store(Const.Theorem', '    8 | 9 => store(Const.Theorem'),
    ],
  },
  {
    name: 'safe definitions that refer to one another',
    attack: told(`c2 00 00 00 00 3001 00 09 00 00 3000 ${PROP}`, words => (words[3] = 1)),
    without: resolve(
      '    1 => assert_eq!(grants_self_reference(flags), 1, "a safe definition refers to its own block");,',
      '    1 => (),',
    ),
  },
  {
    name: 'bytes after the end',
    attack: bytes(`d2 00 00 00 ${PROP} 00`),
    without: resolve(
      '  assert_eq!(univs_end, end, "bytes are left over or missing at the end of a constant");\n',
      '  let _ = univs_end;\n',
    ),
  },
  {
    name: 'bytes between the body and the sharing table',
    attack: told('d2 00 00 00 07 00 00 0100', words => words.splice(0, 3, 5, 6, 7)),
    without: resolve(
      '  assert_eq!(p, @shape_sharing(shape), "the body of a constant does not end at its sharing table");\n',
    ),
  },
  {
    name: 'bytes between the references and the universes',
    attack: told('d2 00 00 00 00 00 07 0100', words => words.splice(0, 3, 4, 5, 7)),
    without: resolve(
      '  assert_eq!(refs_end, univs, "the references of a constant do not end at its universes");\n',
      '  let _ = refs_end;\n',
    ),
  },
  {
    name: 'bytes between the sharing table and the references',
    attack: told('d2 00 00 00 00 07 00 0100', words => words.splice(0, 3, 4, 6, 7)),
    without: resolve(
      '  assert_eq!(sharing_end(t, s, ns), refs, "the sharing table of a constant does not end at its references");\n',
      '  let _ = [sharing_end(t, s, ns), refs];\n',
    ),
  },
  {
    name: 'surrogates that advice calls small',
    attack: string('eda080'),
    without: [
      SMALL,
      { file: 'strings.aiur', from: '      let _ = u32_range_check(55295 - code);\n', to: '' },
    ],
  },
  {
    name: 'contents of another address',
    attack: program => {
      const honest = new Store()
      const forged = new Store()
      const address = honest.put(`d2 00 01 00 ${PROP}`)
      forged.constants.set(address, hex(`d2 00 00 00 ${PROP}`))
      return runCheck(forged, address, program && { program })
    },
    without: resolve(
      '  assert_eq!(blake3(s), words, "the bytes of a constant do not hash to its address");\n',
    ),
  },
  {
    name: 'a literal of another address',
    attack: program => {
      const honest = new Store()
      const forged = new Store()
      const blob = honest.blob(hex('05'))
      forged.blobs.set(blob, hex('06'))
      const constant = forged.put(`d2 00 00 60 00 01 ${blob} 0100`)
      const primitives = primitivesWith(new Map([[1, NAT]]))
      return runCheck(forged, constant, { primitives, ...(program && { program }) })
    },
    without: parse('  assert_eq!(blake3(s), words, "the bytes of a literal do not hash to its address");\n'),
  },
  {
    name: 'bytes behind a number of one byte',
    attack: padded('05', 1, '60'),
    without: parse('      assert_eq!(q, end);\n      match b {\n', '      let _ = end;\n      match b {\n'),
  },
  {
    name: 'bytes behind a number',
    attack: padded('0506', 1, '60'),
    without: parse(
      '      let (limb, q) = little_endian(p, n);\n      assert_eq!(q, end);\n',
      '      let (limb, _) = little_endian(p, n);\n      let _ = end;\n',
    ),
  },
  {
    name: 'bytes behind a string',
    attack: padded('6869', 23, '50'),
    without: {
      file: 'bytes.aiur',
      from: '    0 => assert_eq!(p, end, "bytes are left over"); store(List.Nil),\n',
      to: '    0 => let _ = [p, end]; store(List.Nil),\n',
    },
  },
  {
    name: 'an argument that advice calls a variable',
    attack: bytes(`d2 00 00 71 00 00 ${PROP}`),
    lie: 'fn short_flag(p: &List‹G›) -> G { 1 }',
    without: parse('      assert_eq!(flag, 1);\n', '      let _ = flag;\n'),
  },
  {
    name: 'what is neither owned nor assumed',
    attack: program => checkEnv(links.store, links.chain.slice(3), [], program && { program }),
    without: {
      file: 'walk.aiur',
      from: '    1 => skip_set_assert_member(owned, a),',
      to: '    1 => (),',
    },
  },
  {
    name: 'assumptions that advice makes up',
    attack: program => checkEnv(links.store, links.chain.slice(3), [], program && { program }),
    lie: 'fn is_assumed(a: Addr, scope: &Scope) -> G { let Scope.Mk(_, _, owned) = load(scope); 1 - skip_set_has(owned, a) }',
    without: {
      file: 'walk.aiur',
      from: '    1 => assert_assumed(a, scope),',
      to: '    1 => (),',
    },
  },
  {
    name: 'a tree with another root',
    attack: program => {
      const { store, chain: all } = links
      return checkEnv(store, all.slice(0, 2), [], {
        ...(program && { program }),
        tamper: ({ io }) => {
          const root = io.info(CHANNEL.tree, digestWords(rootOf(all.slice(0, 2))))!
          const other = io.info(CHANNEL.constant, digestWords(all[4]!))!
          expect(other.length).toBeGreaterThan(0)
          // The first leaf of the preorder: node, leaf, eight words.
          digestWords(all[0]!).forEach((_, i) => {
            io.arena(CHANNEL.tree)[2 * (root.index + 2 + i)] = digestWords(all[1]!)[i]!
          })
        },
      })
    },
    without: [
      {
        file: 'skip_set.aiur',
        from: '  assert_eq!(skip_set_root(t), root, "a Merkle tree does not have the root that the claim states");\n',
        to: '',
      },
      { file: 'walk.aiur', from: '    1 => skip_set_assert_member(owned, a),', to: '    1 => (),' },
    ],
  },
  {
    name: 'a primitive number of another address',
    attack: program =>
      runCheck(links.store, links.chain[4]!, {
        ...(program && { program }),
        primitives: primitivesWith(new Map([[1, links.chain[0]!]])),
      }),
    lie: 'fn find_primitive(words: [G; 8], ctx: &Ctx) -> G { 1 }',
    without: { file: 'addresses.aiur', from: '  assert_eq!(words, entry);\n', to: '  let _ = entry;\n' },
  },
]

const rootOf = (addresses: readonly Address[]): Address => canonicalRoot(addresses)!

test.each(REMOVALS)('$name', ({ attack, without, lie, typed }) => {
  const program = (mutation: Mutation | readonly Mutation[]): Program =>
    typed === true ? kernelWith(mutation) : ingressWithout(mutation, lie)
  expect(attack(program([])).ok).toBe(false)
  const outcome = attack(program(without))
  expect(outcome.ok ? '' : outcome.error.message).toBe('')
})
