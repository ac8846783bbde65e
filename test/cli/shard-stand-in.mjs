// Stands in for a shard worker: what becomes of a shard is its first "address".
import { setTimeout } from 'node:timers/promises'

export default async function checkShard({ task, position, progress }) {
  const [fate, delay] = task.owned
  const last = () => Atomics.load(new Int32Array(progress), 0)
  if (fate === 'exit') process.exit(3)
  while (fate === 'deaf');
  if (fate === 'throw') throw new Error('out of everything')
  for (let waited = 0; waited < Number(delay ?? 0) && position <= last(); waited += 10) await setTimeout(10)
  const status = position > last() ? 'undecided' : fate
  const answer = { failed: [], undecided: [], assumptions: {}, claim: null, memory: null }
  return { ...answer, id: task.id, constants: 1, status, checked: 1, rows: 10, cost: 100, seconds: 0 }
}
