import { describe, expect, it } from 'vitest'
import { addressOf } from '../../ixon/address.js'
import { type Constant, decodeConstant, encodeConstant, infoExpressions } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { share } from '../../ixon/sharing.js'
import { TermGraph } from '../../ixon/term-graph.js'
import { WORKED_CONSTANTS } from './worked-constants.js'

/** The expressions with every share replaced by what it stands for, as shared objects. */
function expand(constant: Constant): Expression[] {
  const entries: Expression[] = []
  const inline = (node: Expression): Expression => {
    switch (node.kind) {
      case 'share':
        return entries[node.index]!
      case 'prj':
        return { ...node, expr: inline(node.expr) }
      case 'app':
        return { ...node, fn: inline(node.fn), arg: inline(node.arg) }
      case 'lam':
      case 'all':
        return { ...node, type: inline(node.type), body: inline(node.body) }
      case 'let':
        return { ...node, type: inline(node.type), value: inline(node.value), body: inline(node.body) }
      default:
        return node
    }
  }
  for (const entry of constant.sharing) entries.push(inline(entry))
  return infoExpressions(constant.info).map(inline)
}

describe('sharing', () => {
  it.each(WORKED_CONSTANTS.map(([name, hex]) => [name, hex] as const))(
    'finds the sharing table of %s again',
    (_, hex) => {
      const constant = decodeConstant(Buffer.from(hex, 'hex'))
      const graph = new TermGraph()
      const shared = share(
        graph,
        expand(constant).map(root => graph.add(root)),
      )
      expect(shared.sharing).toEqual(constant.sharing)
      expect(shared.roots).toEqual(infoExpressions(constant.info))
    },
  )

  it('keeps a term that doubles 40 times small', () => {
    let term: Expression = { kind: 'var', index: 0 }
    for (let i = 0; i < 40; i++) term = { kind: 'app', fn: term, arg: term }
    const graph = new TermGraph()
    const { sharing, roots } = share(graph, [graph.add(term)])
    expect(graph.count).toBe(41)
    const info = { kind: 'axio', unsafe: false, lvls: 0, type: roots[0]! } as const
    const bytes = encodeConstant({ info, sharing, refs: [], univs: [] })
    expect(bytes.length).toBeLessThan(200)
    expect(addressOf(encodeConstant(decodeConstant(bytes)))).toBe(addressOf(bytes))
  })

  it('breaks ties by the digest, also for more level arguments than fit one hash chunk', () => {
    const universes = Array.from({ length: 200 }, (_, i) => i)
    const digest = (ref: number) => {
      const words = [ref, universes.length, ...universes]
      const input = Buffer.alloc(1 + 8 * words.length, 0)
      input[0] = 2
      words.forEach((word, i) => {
        input.writeUInt32LE(word, 1 + 8 * i)
      })
      return addressOf(input)
    }
    const refs = [0, 1, 2, 3, 4]
    const graph = new TermGraph()
    const uses = refs.map((ref): Expression => {
      const once: Expression = { kind: 'ref', ref, universes }
      return { kind: 'app', fn: once, arg: once }
    })
    const { sharing } = share(
      graph,
      uses.map(root => graph.add(root)),
    )
    // Searches start at the leaves and at the applications, whichever digest is least; each emits its leaf.
    const starts = refs.map(ref => {
      const own = Buffer.from(digest(ref), 'hex')
      const both = addressOf(Buffer.concat([Buffer.of(7), own, own]))
      return { ref, least: [both, digest(ref)].sort()[0]! }
    })
    const order = starts.toSorted((x, y) => (x.least < y.least ? -1 : 1)).map(({ ref }) => ref)
    expect(sharing.map(entry => (entry.kind === 'ref' ? entry.ref : -1))).toEqual(order)
  })

  it('grows its columns and table past their first sizes without losing nodes', () => {
    const graph = new TermGraph()
    const nodes = Array.from({ length: 10_000 }, (_, index) => graph.add({ kind: 'var', index }))
    expect(new Set(nodes).size).toBe(10_000)
    expect(nodes.map((_, index) => graph.add({ kind: 'var', index }))).toEqual(nodes)
  })
})
