/**
 * Runs a task over all items with so many workers at a time; worker w takes items w, w + n, w + 2n, and so on. The results are in
 * the order of the items and do not depend on the number of workers. When items fail, the error is that of the first of them:
 * the others stop, except that items before it are still tried.
 *
 * @throws the reason of the signal, when it is aborted
 */
export async function striped<T, R>(
  items: readonly T[],
  workers: number,
  task: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let failedAt = Number.POSITIVE_INFINITY
  let failure: unknown
  const run = async (worker: number): Promise<void> => {
    for (let index = worker; index < Math.min(items.length, failedAt); index += workers) {
      if (signal?.aborted === true) return
      try {
        results[index] = await task(items[index]!, index)
      } catch (error) {
        if (index < failedAt) {
          failedAt = index
          failure = error
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, (_, worker) => run(worker)))
  signal?.throwIfAborted()
  if (failedAt < items.length) throw failure
  return results
}
