/** The terms that the kernel parses are those that the format's decoder reads, on real constants. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ExecutionRecord } from '../../aiur/vm/record.js'
import { type Address, addressFromBytes } from '../../ixon/address.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { type Constant, projectionAddress } from '../../ixon/constant.js'
import { Environment } from '../../ixon/environment.js'
import type { Expression } from '../../ixon/expression.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import type { Universe } from '../../ixon/universe.js'
import { primitiveTable } from '../../kernel/primitive-table.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { runClaim, Store } from './claims.js'

/** Terms as numbers: equal numbers for equal terms, whichever side they come from. */
class Terms {
  private readonly numbers = new Map<string, number>()

  of(...parts: (string | number)[]): number {
    const key = parts.join(' ')
    const found = this.numbers.get(key) ?? this.numbers.size
    this.numbers.set(key, found)
    return found
  }
}

/** Reads the kernel's memory. */
class KernelTerms {
  private readonly memo = new Map<number, number>()

  constructor(
    private readonly record: ExecutionRecord,
    private readonly terms: Terms,
  ) {}

  load(size: number, pointer: number): number[] {
    const { values, strideWords } = this.record.memory(size)
    return Array.from({ length: size }, (_, i) => values[pointer * strideWords + 2 * i]!)
  }

  list(pointer: number): number[] {
    const elements: number[] = []
    for (let cell = this.load(3, pointer); cell[0] === 1; cell = this.load(3, cell[2]!))
      elements.push(cell[1]!)
    return elements
  }

  address(pointer: number): Address {
    const bytes = new Uint8Array(32)
    const view = new DataView(bytes.buffer)
    this.load(10, pointer).forEach((word, i) => {
      if (i < 8) view.setUint32(4 * i, word, true)
    })
    return addressFromBytes(bytes)
  }

  level(pointer: number): number {
    const [tag, a, b] = this.load(3, pointer) as [number, number, number]
    if (tag === 0) return this.terms.of('zero')
    if (tag === 1) return this.terms.of('succ', this.level(a))
    if (tag === 4) return this.terms.of('var', a)
    return this.terms.of(tag === 2 ? 'max' : 'imax', this.level(a), this.level(b))
  }

  /** Terms of these files are shallow. */
  term(pointer: number): number {
    const known = this.memo.get(pointer)
    if (known !== undefined) return known
    const made = this.read(pointer)
    this.memo.set(pointer, made)
    return made
  }

  private read(pointer: number): number {
    const { terms } = this
    const [tag, a, b, c] = this.load(4, pointer) as [number, number, number, number]
    switch (tag) {
      case 0:
        return terms.of('var', a)
      case 2:
        return terms.of('sort', this.level(a))
      case 3:
        return terms.of('const', this.address(a), ...this.list(b).map(l => this.level(l)))
      case 4:
        return terms.of('app', this.term(a), this.term(b))
      case 5:
        return terms.of('lam', this.term(a), this.term(b))
      case 6:
        return terms.of('all', this.term(a), this.term(b))
      case 7:
        return terms.of('let', this.term(a), this.term(b), this.term(c))
      case 8:
        return terms.of('nat', ...this.list(a))
      case 9:
        return terms.of('str', ...this.list(a))
      case 10:
        return terms.of('proj', this.address(a), b, this.term(c))
      default:
        throw new Error(`a term with tag ${tag}`)
    }
  }
}

/** Reads decoded constants. */
class FormatTerms {
  private readonly memo = new Map<Expression, number>()

  constructor(
    private readonly constant: Constant,
    private readonly members: readonly Address[],
    private readonly blob: (address: Address) => Uint8Array,
    private readonly terms: Terms,
  ) {}

  level(universe: Universe): number {
    switch (universe.kind) {
      case 'zero':
        return this.terms.of('zero')
      case 'var':
        return this.terms.of('var', universe.index)
      case 'succ': {
        let level = this.level(universe.base)
        for (let i = 0; i < universe.count; i++) level = this.terms.of('succ', level)
        return level
      }
      default:
        return this.terms.of(universe.kind, this.level(universe.left), this.level(universe.right))
    }
  }

  term(expression: Expression): number {
    const known = this.memo.get(expression)
    if (known !== undefined) return known
    const made = this.read(expression)
    this.memo.set(expression, made)
    return made
  }

  private read(e: Expression): number {
    const { terms } = this
    const { refs, univs, sharing } = this.constant
    const level = (u: number) => this.level(univs[u]!)
    switch (e.kind) {
      case 'sort':
        return terms.of('sort', level(e.universe))
      case 'var':
        return terms.of('var', e.index)
      case 'ref':
        return terms.of('const', refs[e.ref]!, ...e.universes.map(level))
      case 'rec':
        return terms.of('const', this.members[e.member]!, ...e.universes.map(level))
      case 'prj':
        return terms.of('proj', refs[e.ref]!, e.field, this.term(e.expr))
      case 'nat': {
        const bytes = [...this.blob(refs[e.ref]!)]
        const limbs: number[] = []
        for (let i = 0; i < bytes.length; i += 4)
          limbs.push([0, 1, 2, 3].reduce((limb, k) => limb + (bytes[i + k] ?? 0) * 256 ** k, 0))
        return terms.of('nat', ...(limbs.length === 1 && limbs[0] === 0 ? [] : limbs))
      }
      case 'str':
        return terms.of('str', ...this.blob(refs[e.ref]!))
      case 'app':
        return terms.of('app', this.term(e.fn), this.term(e.arg))
      case 'lam':
      case 'all':
        return terms.of(e.kind, this.term(e.type), this.term(e.body))
      case 'let':
        return terms.of('let', this.term(e.type), this.term(e.value), this.term(e.body))
      case 'share':
        return this.term(sharing[e.index]!)
    }
  }
}

const MEMBER_KINDS = { defn: 'dprj', indc: 'iprj', recr: 'rprj' } as const

/** Numbers of all types, values, constructor types and rules of a constant, in the order of the format. */
function formatTerms(environment: Environment, address: Address, terms: Terms): number[] {
  const constant = environment.constant(address)
  const { info } = constant
  const members =
    info.kind === 'muts'
      ? info.members.map(({ kind }, idx) =>
          projectionAddress({ kind: MEMBER_KINDS[kind], idx, block: address }),
        )
      : [address]
  const read = new FormatTerms(constant, members, blob => environment.blob(blob), terms)
  const parts = info.kind === 'muts' ? info.members : 'block' in info ? [] : [info]
  return parts.flatMap(part => {
    const type = read.term(part.type)
    if (part.kind === 'defn') return [type, read.term(part.value)]
    if (part.kind === 'indc') return [type, ...part.ctors.map(ctor => read.term(ctor.type))]
    if (part.kind === 'recr') return [type, ...part.rules.map(rule => read.term(rule.rhs))]
    return [type]
  })
}

function kernelConst(read: KernelTerms, pointer: number): number[] {
  const [tag, , type, third] = read.load(5, pointer) as [number, number, number, number]
  const terms = [read.term(type)]
  if (tag >= 1 && tag <= 3) terms.push(read.term(third))
  if (tag === 7) {
    const rules = read.load(10, third)[6]!
    for (const rule of read.list(rules)) terms.push(read.term(read.load(2, rule)[1]!))
  }
  return terms
}

function kernelTerms(read: KernelTerms, loaded: number): number[] {
  const [tag, first, second] = read.load(5, loaded) as [number, number, number]
  if (tag === 0) return kernelConst(read, first)
  if (tag === 1) return []
  return read.list(second).flatMap(member => {
    const [, constant, ctors] = read.load(3, member) as [number, number, number]
    return [...kernelConst(read, constant), ...read.list(ctors).flatMap(ctor => kernelConst(read, ctor))]
  })
}

const FOLDER = '../shared/data/arena/'
const FILES = [
  '053_good_rbTreeDef',
  '137_good_stringEmptyOfList',
  '175_good_natPowSmall',
  '031_good_structEta',
]

if (!existsSync(FOLDER)) console.log(`parse.test.ts: no ${FOLDER}, tests on real constants are skipped`)

test.skipIf(!existsSync(FOLDER)).each(FILES)('%s', file => {
  const environment = Environment.fromData(compileEnvironment(openNdjson(`${FOLDER}${file}.ndjson`)), file)
  const store = new Store()
  for (const address of environment.addresses()) store.constants.set(address, environment.bytes(address))
  for (const address of environment.blobAddresses()) store.blobs.set(address, environment.blob(address))
  const all = [...environment.addresses()]
  const outcome = runClaim(store, { kind: 'checkEnv', root: canonicalRoot(all)! }, [all], {
    primitives: primitiveTable(environment),
  })
  if (!outcome.ok) throw outcome.error
  const { record } = outcome
  const terms = new Terms()
  const read = new KernelTerms(record, terms)
  const table = record.functions[record.program.functionIndex.get('load_constant')!]!
  const seen = new Set<Address>()
  for (let row = 0; row < table.count; row++) {
    const [pointer, loaded] = [
      table.values[row * table.strideWords]!,
      table.values[row * table.strideWords + 2]!,
    ]
    const address = read.address(pointer)
    seen.add(address)
    expect(kernelTerms(read, loaded), environment.namesOf(address)[0] ?? address).toEqual(
      formatTerms(environment, address, terms),
    )
  }
  expect([...seen].sort()).toEqual(all)
})
