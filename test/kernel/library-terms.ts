/** Definitions over the bundled library, compared by the kernel's conversion. */
import type { Program } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import type { IoBuffer } from '../../aiur/vm/io.js'
import { executeWasm } from '../../aiur/wasm/engine.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { type Address, addressOf as hashOf, naturalBytes } from '../../ixon/address.js'
import { encodeConstant } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import type { Universe } from '../../ixon/universe.js'
import { tableAddresses } from '../../kernel/claim-arguments.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { primitiveTable } from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'

const library = bundledEnvironment()
const source = environmentSource(library)
const table = primitiveTable(library)

const ENTRY = {
  name: 'entry',
  text: `
fn value_of(words: [G; 8], ctx: &Ctx) -> &Expr {
  let Const.Definition(_, _, value, _) = load(resolve(intern(words, ctx)));
  value
}

pub fn same(digest: [G; 8], a: [G; 8], b: [G; 8]) -> G {
  let ctx = load_primitives(digest);
  def_eq(value_of(a, ctx), value_of(b, ctx))
}
`,
}

const programs = new Map<string, Program>()

/** The kernel with functions that replace its own, and an entry that compares two definitions. */
export function programWith(overlay: string): Program {
  let program = programs.get(overlay)
  if (program === undefined) {
    const overlays = overlay === '' ? [] : [{ name: 'overlay', text: overlay }]
    program = compile([...kernelSources(), ENTRY], { roots: ['same'], overlay: overlays })
    programs.set(overlay, program)
  }
  return program
}

/** A term without universe parameters, by the names of the library. */
export type Term =
  | { readonly name: string; readonly universes?: readonly (0 | 1)[] }
  | { readonly value: string | bigint }
  | { readonly fn: Term; readonly args: readonly Term[] }

export const constant = (name: string, ...universes: (0 | 1)[]): Term => ({ name, universes })
export const apply = (name: Term | string, ...args: Term[]): Term => ({
  fn: typeof name === 'string' ? { name } : name,
  args,
})
export const literal = (value: string | bigint): Term => ({ value })

const UNIVERSES: readonly Universe[] = [{ kind: 'zero' }, { kind: 'succ', count: 1, base: { kind: 'zero' } }]

const constants = new Map<Address, Uint8Array>()
const blobs = new Map<Address, Uint8Array>()

/** The address of a definition with this body. */
function define(term: Term): Address {
  const refs: Address[] = []
  const refOf = (address: Address): number => {
    if (!refs.includes(address)) refs.push(address)
    return refs.indexOf(address)
  }
  const blob = (bytes: Uint8Array): Address => {
    const address = hashOf(bytes)
    blobs.set(address, bytes)
    return address
  }
  const lower = (of: Term): Expression => {
    if ('name' in of) {
      const address = library.addressOf(of.name)
      if (address === undefined) throw new Error(`the library has no ${of.name}`)
      return { kind: 'ref', ref: refOf(address), universes: of.universes ?? [] }
    }
    if ('value' in of)
      return typeof of.value === 'string'
        ? { kind: 'str', ref: refOf(blob(new TextEncoder().encode(of.value))) }
        : { kind: 'nat', ref: refOf(blob(naturalBytes(of.value))) }
    return of.args.map(lower).reduce<Expression>((fn, arg) => ({ kind: 'app', fn, arg }), lower(of.fn))
  }
  const value = lower(term)
  const type: Expression = { kind: 'sort', universe: 0 }
  const info = { kind: 'defn', form: 'definition', safety: 'safe', lvls: 0, type, value } as const
  const bytes = encodeConstant({ info, sharing: [], refs, univs: UNIVERSES })
  const address = hashOf(bytes)
  constants.set(address, bytes)
  return address
}

/** The call that compares two terms. */
export function comparison(a: Term, b: Term): { readonly args: bigint[]; readonly io: IoBuffer } {
  const pair = [define(a), define(b)]
  const witness = new Witness({
    ...source,
    constant: address => constants.get(address) ?? source.constant(address),
    blob: address => blobs.get(address) ?? source.blob(address),
  })
  witness.putClosure([...pair, ...tableAddresses(table)])
  witness.putPrimitives(table.digest, table.bytes)
  return { args: [table.digest, ...pair].flatMap(digestWords).map(BigInt), io: witness.io }
}

/** Whether the kernel finds two terms equal. */
export async function same(a: Term, b: Term, overlay = ''): Promise<boolean> {
  const { args, io } = comparison(a, b)
  const outcome = await executeWasm(programWith(overlay), 'same', args, io)
  if (!outcome.ok) throw new Error(reasonOf(outcome.error).text)
  return outcome.outputs[0] === 1n
}
