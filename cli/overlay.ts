/** `--overlay`: variants of a program without a change to it. */
import type { SourceFile } from '../aiur/language/compile-error.js'
import { readText } from './read-text.js'

/** An option that may be given several times. */
export const OVERLAY_OPTION = {
  type: 'string',
  array: true,
  nargs: 1,
  describe: 'Aiur source whose functions replace those of the same name and signature',
} as const

export function readOverlays(files: readonly string[] = []): SourceFile[] {
  return files.map(file => ({ name: file, text: readText(file, 'overlay') }))
}
