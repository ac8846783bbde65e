import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { openNdjson } from '../lean/ndjson/source.js'
import type { Context } from './context.js'

/** An export, or what some of its constants need, compiled in memory. */
export function openExport(file: string, roots: readonly string[], context: Context): Environment {
  const data = compileEnvironment(openNdjson(file), {
    ...(roots.length > 0 ? { roots } : {}),
    onProgress: ({ done, total }) => context.progress.update('Compiling', done, total, 'constants'),
  })
  context.progress.stop()
  return Environment.fromData(data, file)
}
