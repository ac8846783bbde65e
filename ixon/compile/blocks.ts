/** Compilation of one component of declarations into constants and projections (ixon.md 4.3-4.6). */
import type { Declaration } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'
import { conclusionOf } from '../../lean/recursor-conclusion.js'
import { type Address, addressOf } from '../address.js'
import {
  type Constant,
  type ConstantInfo,
  encodeConstant,
  type Member,
  type Projection,
} from '../constant.js'
import type { Expression } from '../expression.js'
import { nameAddress } from '../name-address.js'
import { refineBlock } from './block-order.js'
import { Lowerer } from './lower.js'
import {
  type BlockMember,
  blockContext,
  type DeclarationOf,
  type MemberDeclaration,
  Unrepresentable,
} from './members.js'
import { declarationExpressions } from './references.js'

/** What the address of an axiom binds besides its content: its name never, always, or if another axiom has the content. */
export type Identity = 'content' | 'name' | 'nameIfTaken'

export class BlockCompiler {
  /** Addresses of the axioms that are known by their content alone. */
  readonly #axioms = new Set<Address>()
  readonly constants = new Map<Address, Uint8Array>()
  readonly blobs = new Map<Address, Uint8Array>()
  readonly #addresses = new Map<string, Address>()

  /** @param apart whether inductive types and opaque constants of equal content are told apart by name */
  constructor(private readonly apart = false) {}

  readonly #lowerer = new Lowerer({
    addressOf: name => this.#addresses.get(name),
    addBlob: (address, bytes) => this.blobs.set(address, bytes),
  })

  /** Address of a compiled constant by displayed name. */
  addressOf(name: string): Address | undefined {
    return this.#addresses.get(name)
  }

  /**
   * Compiles the declarations of one component; everything they mention outside it is compiled already.
   *
   * @throws Unrepresentable when they have no Ixon form; nothing is recorded then
   */
  compile(declarations: readonly Declaration[], identity: Identity = 'content'): void {
    const members = blockMembers(declarations)
    if (members === undefined) {
      this.#compileStatement(declarations[0]!, identity)
      return
    }
    const only = members[0]!
    if (members.length === 1 && only.declaration.kind !== 'inductive') this.#compileAlone([only])
    else this.#compileBlock(members)
  }

  /** An axiom or a quotient constant. */
  #compileStatement(declaration: Declaration, identity: Identity): void {
    let constant = this.#statement(declaration, identity === 'name')
    if (identity === 'nameIfTaken') {
      if (this.#axioms.has(addressOf(encodeConstant(constant)))) constant = this.#statement(declaration, true)
      else this.#axioms.add(addressOf(encodeConstant(constant)))
    }
    this.#addresses.set(displayName(declaration.name), this.#store(constant))
  }

  /** A named statement has the hash of its name among its references, where no expression uses it. */
  #statement(declaration: Declaration, named: boolean): Constant {
    this.#lowerer.begin(new Map())
    const nodes = this.#lowerer.lower([declaration.type], declaration.levelParams)
    if (named) this.#lowerer.addReference(nameAddress(declaration.name))
    const { roots, ...tables } = this.#lowerer.finish(nodes)
    const lvls = declaration.levelParams.length
    const type = roots[0]!
    let info: ConstantInfo
    if (declaration.kind === 'axiom') info = { kind: 'axio', unsafe: declaration.isUnsafe, lvls, type }
    else if (declaration.kind === 'quotient') info = { kind: 'quot', form: declaration.quotKind, lvls, type }
    else throw new RangeError(`${declaration.kind} without a block`)
    return { info, ...tables }
  }

  /** One class of definitions or one recursor: a constant of its own, with index 0 for itself. */
  #compileAlone(aliases: readonly BlockMember[]): void {
    const build = (named: boolean): Constant => {
      this.#lowerer.begin(blockContext([aliases]))
      const [lowered] = this.#lowerClasses([aliases])
      if (named) this.#lowerer.addReference(aliases[0]!.nameAddress)
      const { roots, ...tables } = this.#lowerer.finish(lowered!)
      const info = memberInfo(aliases[0]!, roots)
      if (info.kind === 'indc') throw new RangeError('an inductive without a block')
      return { info, ...tables }
    }
    const address = this.#storeApart(aliases[0]!.declaration.kind === 'opaque', build)
    for (const alias of aliases) this.#addresses.set(alias.name, address)
  }

  #compileBlock(members: readonly BlockMember[]): void {
    const classes = orderClasses(members, name => this.#addresses.get(name))
    if (classes.length === 1 && classes[0]![0]!.declaration.kind !== 'inductive') {
      this.#compileAlone(classes[0]!)
      return
    }
    const build = (named: boolean): Constant => {
      this.#lowerer.begin(blockContext(classes))
      const lowered = this.#lowerClasses(classes)
      if (named) this.#lowerer.addReference(classes[0]![0]!.nameAddress)
      const { roots, ...tables } = this.#lowerer.finish(lowered.flat())
      let at = 0
      const infos: Member[] = classes.map((aliases, i) => {
        const own = roots.slice(at, at + lowered[i]!.length)
        at += own.length
        return memberInfo(aliases[0]!, own)
      })
      return { info: { kind: 'muts', members: infos }, ...tables }
    }
    const block = this.#storeApart(classes[0]![0]!.declaration.kind === 'inductive', build)
    classes.forEach((aliases, idx) => {
      this.#addProjections(aliases, idx, block)
    })
  }

  #addProjections(aliases: readonly BlockMember[], idx: number, block: Address): void {
    for (const { name, declaration, ctors } of aliases) {
      const kind =
        declaration.kind === 'inductive' ? 'iprj' : declaration.kind === 'recursor' ? 'rprj' : 'dprj'
      this.#addresses.set(name, this.#storeProjection({ kind, idx, block }))
      ctors.forEach((ctor, cidx) => {
        const address = this.#storeProjection({ kind: 'cprj', idx, cidx, block })
        this.#addresses.set(displayName(ctor.name), address)
      })
    }
  }

  /** Root nodes of the first member of each class. All members fill the tables. */
  #lowerClasses(classes: readonly (readonly BlockMember[])[]): number[][] {
    return classes.map(aliases => {
      const lowered = aliases.map(({ declaration, ctors }) => [
        ...this.#lowerer.lower(declarationExpressions(declaration), declaration.levelParams),
        ...ctors.flatMap(ctor => this.#lowerer.lower([ctor.type], ctor.levelParams)),
      ])
      return lowered[0]!
    })
  }

  /** Stores a constant, under its name if it is one to tell apart and another has its content. */
  #storeApart(tellable: boolean, build: (named: boolean) => Constant): Address {
    const constant = build(false)
    const taken = this.apart && tellable && this.constants.has(addressOf(encodeConstant(constant)))
    return this.#store(taken ? build(true) : constant)
  }

  #store(constant: Constant): Address {
    const bytes = encodeConstant(constant)
    const address = addressOf(bytes)
    this.constants.set(address, bytes)
    return address
  }

  #storeProjection(info: Projection): Address {
    return this.#store({ info, sharing: [], refs: [], univs: [] })
  }
}

/** Block members of a component, constructors with their inductives; `undefined` for an axiom or quotient constant. */
function blockMembers(declarations: readonly Declaration[]): BlockMember[] | undefined {
  const ctors = new Map<string, DeclarationOf<'constructor'>>()
  const owners: MemberDeclaration[] = []
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'axiom':
      case 'quotient':
        if (declarations.length === 1) return undefined
        throw new Unrepresentable(`${displayName(declaration.name)} depends on itself`)
      case 'constructor':
        ctors.set(displayName(declaration.name), declaration)
        break
      default:
        owners.push(declaration)
    }
  }
  const members = owners.map(declaration => ({
    declaration,
    name: displayName(declaration.name),
    ctors: declaration.kind === 'inductive' ? takeConstructors(declaration, ctors) : [],
    nameAddress: nameAddress(declaration.name),
  }))
  for (const name of ctors.keys()) throw new Unrepresentable(`${name} is a constructor of no inductive type`)
  return members
}

function takeConstructors(
  inductive: DeclarationOf<'inductive'>,
  available: Map<string, DeclarationOf<'constructor'>>,
): DeclarationOf<'constructor'>[] {
  return inductive.ctors.map(name => {
    const text = displayName(name)
    const ctor = available.get(text)
    if (ctor === undefined)
      throw new Unrepresentable(`${text}, a constructor of ${displayName(inductive.name)}, is not one`)
    available.delete(text)
    return ctor
  })
}

/**
 * Classes in block order. Definitions that nothing tells apart are one member. Inductives never are: Lean's recursors,
 * which are kept as they are, have a motive for each of them; nor are recursors, which stand in the order of the
 * motives they eliminate into.
 */
function orderClasses(
  members: readonly BlockMember[],
  addressOf: (name: string) => Address | undefined,
): BlockMember[][] {
  const positions = members.map(({ declaration }) =>
    declaration.kind === 'recursor' ? conclusionOf(declaration)?.motive : undefined,
  )
  if (positions.every(position => position !== undefined) && new Set(positions).size === members.length)
    return members
      .map((member, i) => [positions[i]!, member] as const)
      .sort((x, y) => x[0] - y[0])
      .map(([, member]) => [member])
  const classes = refineBlock(members, addressOf)
  if (classes.every(aliases => aliases.length === 1)) return classes
  return classes.flatMap(aliases =>
    aliases[0]!.declaration.kind === 'inductive'
      ? [...aliases].sort((x, y) => sourcePosition(x) - sourcePosition(y)).map(alias => [alias])
      : [aliases],
  )
}

function sourcePosition({ declaration, name }: BlockMember): number {
  return 'all' in declaration ? declaration.all.findIndex(other => displayName(other) === name) : 0
}

function memberInfo({ declaration, ctors }: BlockMember, roots: readonly Expression[]): Member {
  const lvls = declaration.levelParams.length
  const type = roots[0]!
  switch (declaration.kind) {
    case 'definition':
      return { kind: 'defn', form: 'definition', safety: declaration.safety, lvls, type, value: roots[1]! }
    case 'theorem':
      return { kind: 'defn', form: 'theorem', safety: 'safe', lvls, type, value: roots[1]! }
    case 'opaque': {
      const safety = declaration.isUnsafe ? 'unsafe' : 'safe'
      return { kind: 'defn', form: 'opaque', safety, lvls, type, value: roots[1]! }
    }
    case 'recursor':
      return {
        kind: 'recr',
        k: declaration.k,
        unsafe: declaration.isUnsafe,
        lvls,
        params: declaration.numParams,
        indices: declaration.numIndices,
        motives: declaration.numMotives,
        minors: declaration.numMinors,
        type,
        rules: declaration.rules.map((rule, i) => ({ fields: rule.numFields, rhs: roots[i + 1]! })),
      }
    case 'inductive':
      return {
        kind: 'indc',
        unsafe: declaration.isUnsafe,
        lvls,
        params: declaration.numParams,
        indices: declaration.numIndices,
        type,
        ctors: ctors.map((ctor, i) => ({
          unsafe: ctor.isUnsafe,
          lvls: ctor.levelParams.length,
          cidx: ctor.cidx,
          params: ctor.numParams,
          fields: ctor.numFields,
          type: roots[i + 1]!,
        })),
      }
  }
}
