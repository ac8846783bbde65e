import type { Context } from '../context.js'
import type { CheckOptions } from './options.js'

export async function checkAll(_options: CheckOptions, _context: Context): Promise<void> {}
