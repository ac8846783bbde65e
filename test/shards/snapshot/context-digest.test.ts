import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../ixon/address.js'
import { encodeConstant } from '../../../ixon/constant.js'
import { Environment } from '../../../ixon/environment.js'
import type { NamedConstant } from '../../../ixon/environment-data.js'
import { constantShape } from '../../../kernel/constant-shape.js'
import { parseName } from '../../../lean/name.js'
import { ContextDigests, digestOf } from '../../../shards/snapshot/context-digest.js'

type Facts = Partial<Pick<NamedConstant, 'hints' | 'placeholder'>> & { readonly name?: string }

/** `c0 : Sort 0`, then `ci` of type `c(i-1)`, all axioms. */
function chain(length: number): { address: string; bytes: Uint8Array }[] {
  const constants: { address: string; bytes: Uint8Array }[] = []
  for (let i = 0; i < length; i++) {
    const last = constants.at(-1)?.address
    const bytes = encodeConstant({
      info: {
        kind: 'axio',
        unsafe: false,
        lvls: 0,
        type: last === undefined ? { kind: 'sort', universe: 0 } : { kind: 'ref', ref: 0, universes: [] },
      },
      sharing: [],
      refs: last === undefined ? [] : [last],
      univs: last === undefined ? [{ kind: 'zero' }] : [],
    })
    constants.push({ address: addressOf(bytes), bytes })
  }
  return constants
}

const CHAIN = chain(5)

/** Context digests of the chain in an environment that says this about some of its constants, by position. */
function digests(facts: Readonly<Record<number, Facts>> = {}, without: readonly number[] = []): string[] {
  const held = CHAIN.filter((_, i) => !without.includes(i))
  const names = new Map(
    CHAIN.flatMap(({ address }, i) => {
      if (without.includes(i)) return []
      const { name = `c${i}`, hints, placeholder } = facts[i] ?? {}
      return [[name, { name: parseName(name), address, hints, placeholder }] as const]
    }),
  )
  const environment = Environment.fromData(
    {
      constants: new Map(held.map(({ address, bytes }) => [address, bytes])),
      blobs: new Map(),
      names,
      ungrounded: [],
    },
    'chain',
  )
  const contexts = new ContextDigests(environment, address => constantShape(environment.bytes(address)))
  return CHAIN.map(({ address }, i) => (without.includes(i) ? '' : contexts.of(address)))
}

describe('context digests', () => {
  it('are a function of the environment, and distinct', () => {
    expect(digests()).toEqual(digests())
    expect(new Set(digests()).size).toBe(CHAIN.length)
  })

  it.each<[string, Facts]>([
    ['hint', { hints: { kind: 'regular', height: 3 } }],
    ['other hint', { hints: { kind: 'abbrev' } }],
    ['name', { name: 'other' }],
    ['kind of placeholder', { placeholder: 'theorem' }],
  ])('change with the %s of a constant for what reaches it, and for nothing else', (_, facts) => {
    const [before, after] = [digests(), digests({ 2: facts })]
    expect(after.map((digest, i) => digest !== before[i])).toEqual([false, false, true, true, true])
  })

  it('tell hints and placeholders from one another', () => {
    const all = [
      {},
      { hints: { kind: 'opaque' } },
      { hints: { kind: 'abbrev' } },
      { hints: { kind: 'regular', height: 0 } },
      { placeholder: 'theorem' },
      { placeholder: 'definition' },
      { placeholder: 'opaque' },
    ] as const
    expect(new Set(all.map(facts => digests({ 0: facts })[4])).size).toBe(all.length)
  })

  it('change when something that is reached is not there', () => {
    const [before, after] = [digests(), digests({}, [1])]
    expect(after[0]).toBe(before[0])
    for (const i of [2, 3, 4]) expect(after[i]).not.toBe(before[i])
  })

  it('follow references as deep as they go', () => {
    const long = chain(20_000)
    const environment = Environment.fromData(
      {
        constants: new Map(long.map(({ address, bytes }) => [address, bytes])),
        blobs: new Map(),
        names: new Map(),
        ungrounded: [],
      },
      'long',
    )
    const contexts = new ContextDigests(environment, address => constantShape(environment.bytes(address)))
    expect(contexts.of(long.at(-1)!.address)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('are not given for a literal whose payload has been changed', () => {
    const payload = Buffer.from('payload of a literal')
    const blob = addressOf(payload)
    const bytes = encodeConstant({
      info: { kind: 'axio', unsafe: false, lvls: 0, type: { kind: 'str', ref: 0 } },
      sharing: [],
      refs: [blob],
      univs: [],
    })
    const address = addressOf(bytes)
    const data = {
      constants: new Map([[address, bytes]]),
      blobs: new Map([[blob, payload]]),
      names: new Map(),
      ungrounded: [],
    }
    const { source } = Environment.fromData(data, 'literal')
    const file = Buffer.from(source.read(0, source.size))
    const digestIn = (image: Uint8Array): string => {
      const environment = Environment.fromBytes(image, 'literal')
      return new ContextDigests(environment, at => constantShape(environment.bytes(at))).of(address)
    }
    expect(digestIn(file)).toMatch(/^[0-9a-f]{64}$/)
    const changed = Buffer.from(file)
    changed[file.indexOf(payload)]! ^= 1
    expect(() => digestIn(changed)).toThrow(/literal, offset \d+: the blob [0-9a-f]{64} does not hash/)
  })

  it('of a list differ from those of the same texts cut otherwise', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['ab', 'c', ''], ['2 ab', 'c']]
    expect(new Set(lists.map(digestOf)).size).toBe(lists.length)
  })
})
