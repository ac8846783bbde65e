import type { SourceFile } from '../../aiur/language/compile.js'

/** A piece of a kernel source and what stands there instead: a kernel without one of its rules. */
export interface Mutation {
  readonly file: string
  readonly from: string
  readonly to: string
}

export function mutated(sources: readonly SourceFile[], mutation: Mutation): SourceFile[] {
  return sources.map(source => {
    if (source.name !== `kernel/${mutation.file}`) return source
    const parts = source.text.split(mutation.from)
    if (parts.length !== 2)
      throw new Error(`'${mutation.from}' stands ${parts.length - 1} times in ${mutation.file}`)
    return { ...source, text: parts.join(mutation.to) }
  })
}
