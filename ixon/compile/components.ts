/**
 * Strongly connected components of a graph with nodes 0..n-1, every component after the ones it points to
 * (Tarjan, iterative).
 */
export function components(edges: readonly Int32Array[]): number[][] {
  const count = edges.length
  const index = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const onStack = new Uint8Array(count)
  const nextEdge = new Int32Array(count)
  const open: number[] = []
  const path: number[] = []
  const result: number[][] = []
  let counter = 0
  for (let start = 0; start < count; start++) {
    if (index[start] !== -1) continue
    path.push(start)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (index[node] === -1) {
        index[node] = low[node] = counter++
        open.push(node)
        onStack[node] = 1
      }
      const targets = edges[node]!
      if (nextEdge[node]! < targets.length) {
        const target = targets[nextEdge[node]!++]!
        if (index[target] === -1) path.push(target)
        else if (onStack[target] === 1) low[node] = Math.min(low[node]!, index[target]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
      if (low[node] !== index[node]) continue
      const component: number[] = []
      let member: number
      do {
        member = open.pop()!
        onStack[member] = 0
        component.push(member)
      } while (member !== node)
      result.push(component.reverse())
    }
  }
  return result
}
