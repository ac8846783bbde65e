/** What an accepted proof leaves open: as much a part of its meaning as what it says. */

export interface Accepted {
  readonly claim: 'kernel' | 'statement' | 'call'
  /** The dropped files tell what the claim is about. */
  readonly known: boolean
  /** It rests on something that it did not check, other shards apart. */
  readonly assumes: boolean
  /** Constants of other shards that the claim takes for checked; null if it is not about a shard. */
  readonly frontier: number | null
}

export const plural = (constants: number): string => `${constants} constant${constants === 1 ? '' : 's'}`

/** In sentences. */
export function notSaid({ claim, known, assumes, frontier }: Accepted): string[] {
  if (claim === 'statement')
    return [
      'That the constant is well typed, or that anybody checked it: only what stands at its address, or where it is a leaf.',
      'What the fields are that are not revealed, and what the constant is called.',
    ]
  if (claim === 'call')
    return ['What the result of this program means: that depends on the program behind the key.']
  const sentences = known
    ? [
        ...(assumes ? ['That the assumptions above are true, or that what they leave out exists.'] : []),
        'That the statements mean what their names suggest: names come from the dropped environment and are not part of the claim. Read the statements there.',
      ]
    : [
        'What it is about, and what it assumes: drop the environment (.ixe), for a shard with its manifest (.ixes).',
      ]
  if (frontier !== null && frontier > 0)
    sentences.push(
      `That the ${plural(frontier)} of other shards that it uses ${frontier === 1 ? 'is' : 'are'} well typed: proofs of all shards together say so.`,
    )
  sentences.push(
    'That Lean itself accepts the same: the kernel here is another program, named by its digest above.',
    'Who made the proof, and when.',
  )
  return sentences
}
