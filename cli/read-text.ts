import { readFileSync } from 'node:fs'
import { InputError } from '../lean/input-error.js'

/**
 * The text of a file that the command line names.
 *
 * @param what it is to the command
 * @throws InputError when it cannot be read
 */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`cannot read the ${what}: ${(error as Error).message}`, { file })
  }
}
