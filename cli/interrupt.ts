/**
 * Runs work that hears a signal: the first Ctrl-C asks it to end with what it has, the second ends the program.
 *
 * @param listens false for work that keeps the thread busy; the first Ctrl-C ends the program then
 */
export async function untilInterrupted<T>(
  listens: boolean,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  if (listens) process.once('SIGINT', interrupt)
  try {
    return await work(controller.signal)
  } finally {
    process.removeListener('SIGINT', interrupt)
  }
}
