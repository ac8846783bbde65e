/** `--overlay`: variants of a program without a change to it. */
import { readFileSync } from 'node:fs'
import type { SourceFile } from '../aiur/language/compile-error.js'
import { InputError } from '../lean/input-error.js'

/** An option that may be given several times. */
export const OVERLAY_OPTION = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: 'Aiur source whose functions replace those of the same name and signature',
} as const

export function readOverlays(files: readonly string[] = []): SourceFile[] {
  return files.map(file => {
    try {
      return { name: file, text: readFileSync(file, 'utf8') }
    } catch (error) {
      throw new InputError(`cannot read the overlay: ${(error as Error).message}`, { file })
    }
  })
}
