/** What somebody may have meant who wrote a word that does not exist. */

/** The candidates nearest to a word, the nearest first: those of at most `limit` edits, letter case not counted. */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  { limit = Math.max(1, Math.floor(word.length / 3)), most = 1 } = {},
): string[] {
  const found: { text: string; edits: number }[] = []
  const wanted = word.toLowerCase()
  for (const text of candidates) {
    if (Math.abs(text.length - word.length) > limit) continue
    const edits = editDistance(wanted, text.toLowerCase(), limit)
    if (edits <= limit) found.push({ text, edits })
  }
  // Names of one distance by their order in the alphabet, so that the answer does not depend on that of the candidates.
  found.sort((a, b) => a.edits - b.edits || (a.text < b.text ? -1 : 1))
  return found.slice(0, most).map(({ text }) => text)
}

/**
 * Letters to insert, remove, replace or swap with their neighbour (optimal string alignment); more than `limit` as soon as
 * that is certain.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let [older, old, now]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j), []]
  for (let i = 1; i <= a.length; i++) {
    now = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min(old![j]! + 1, now[j - 1]! + 1, old![j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, older![j - 2]! + 1)
      now.push(edits)
      least = Math.min(least, edits)
    }
    // A swap reaches back two rows, so one more than the limit may still come down.
    if (least > limit + 1) return limit + 1
    ;[older, old] = [old, now]
  }
  return old![b.length]!
}
