import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InputError } from '../lean/input-error.js'

/** Finds out before the work that its results cannot be written. @throws InputError */
export function requireWritable(...files: readonly (string | undefined)[]): void {
  for (const file of files) {
    if (file === undefined) continue
    try {
      accessSync(dirname(resolve(file)), constants.W_OK)
    } catch (error) {
      throw new InputError(`cannot be written: ${(error as Error).message}`, { file })
    }
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
      throw new InputError('cannot be written: it is a folder', { file })
  }
}
