/** Files with a profile, for viewers of profiles. */
import { ownCosts, type Profile, withCalls } from '../aiur/circuit/profile.js'
import { writeFileAtomically } from '../ixon/atomic-write.js'

/** Paths of less than this part of the total are not told apart from their siblings. */
const LEAST = 1e-5
const LESSER = '(lesser calls)'

/** Frames of a stack are indices of `names`, the outermost first. */
interface Stacks {
  readonly names: readonly string[]
  readonly stacks: readonly { readonly frames: readonly number[]; rows: number; cost: number }[]
}

/**
 * Writes the tree of first calls: for names that end in .json in the format of speedscope
 * (https://www.speedscope.app/file-format-schema.json), else as collapsed stacks, a line "outer;inner cost" each, which
 * flame graphs are drawn from.
 *
 * @param nameOf what a label of the profile stands for
 * @returns how many stacks were written
 * @throws InputError when the file cannot be written
 */
export function writeProfile(
  file: string,
  title: string,
  profile: Profile,
  nameOf: (label: string) => string,
): number {
  const found = stacksOf(profile, nameOf)
  const text = file.toLowerCase().endsWith('.json') ? speedscope(title, found) : collapsed(found)
  writeFileAtomically(file, [Buffer.from(text)])
  return found.stacks.length
}

function stacksOf(profile: Profile, nameOf: (label: string) => string): Stacks {
  const { circuits, frames, parents, nodeFrames } = profile
  const own = ownCosts(profile)
  const inclusive = withCalls(profile, own.cost)
  const names = frames.map(({ circuit, label }) => {
    const { name } = circuits[circuit]!
    return label === undefined ? name : `${name} ${nameOf(label)}`
  })
  const lesser = names.push(LESSER) - 1
  const stacks: { frames: number[]; rows: number; cost: number }[] = []
  const rest = new Map<number, { frames: number[]; rows: number; cost: number }>()
  /** Per node that is told apart its stack; of the others that of what they are added to. */
  const at: { frames: number[]; rows: number; cost: number }[] = []
  for (let node = 0; node < parents.length; node++) {
    const parent = parents[node]!
    const above = parent < 0 ? undefined : at[parent]!
    let stack = above !== undefined && above.frames.at(-1) === lesser ? above : undefined
    if (stack === undefined && inclusive[node]! < LEAST * profile.total && above !== undefined) {
      stack = rest.get(parent)
      if (stack === undefined) {
        stack = { frames: [...above.frames, lesser], rows: 0, cost: 0 }
        rest.set(parent, stack)
        stacks.push(stack)
      }
    }
    if (stack === undefined) {
      stack = { frames: [...(above?.frames ?? []), nodeFrames[node]!], rows: 0, cost: 0 }
      stacks.push(stack)
    }
    at.push(stack)
    stack.rows += own.rows[node]!
    stack.cost += own.cost[node]!
  }
  return { names, stacks }
}

/** Whole numbers, each less than one off, whose sum is that of the numbers, rounded. */
function rounded(numbers: readonly number[]): number[] {
  let [sum, given] = [0, 0]
  return numbers.map(number => {
    sum += number
    const whole = Math.round(sum) - given
    given += whole
    return whole
  })
}

function speedscope(title: string, { names, stacks }: Stacks): string {
  const samples = stacks.map(({ frames }) => frames)
  const view = (name: string, numbers: number[]) => {
    const weights = rounded(numbers)
    const endValue = weights.reduce((sum, weight) => sum + weight, 0)
    return { type: 'sampled', name, unit: 'none', startValue: 0, endValue, samples, weights }
  }
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'ix',
    name: title,
    activeProfileIndex: 0,
    shared: { frames: names.map(name => ({ name })) },
    profiles: [
      view(
        'FFT cost',
        stacks.map(({ cost }) => cost),
      ),
      view(
        'rows',
        stacks.map(({ rows }) => rows),
      ),
    ],
  })
}

function collapsed({ names, stacks }: Stacks): string {
  const weights = rounded(stacks.map(({ cost }) => cost))
  // Semicolons and line breaks end a frame.
  const plain = names.map(name => name.replace(/[;\n\r]/g, ','))
  return stacks
    .map(({ frames }, i) => `${frames.map(frame => plain[frame]).join(';')} ${weights[i]}\n`)
    .filter((_, i) => weights[i] !== 0)
    .join('')
}
