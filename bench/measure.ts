/** Timing: medians of several runs, in wall time and in processor time of the whole process. */

export interface Measured<T> {
  /** Of the last run. */
  result: T
  /** Medians, in seconds. */
  wall: number
  cpu: number
}

export function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Processor time counts every thread, those that compile WebAssembly in the background too. */
export async function measure<T>(runs: number, work: () => T | Promise<T>): Promise<Measured<T>> {
  const wall: number[] = []
  const cpu: number[] = []
  let result: T | undefined
  for (let i = 0; i < runs; i++) {
    const usage = process.cpuUsage()
    const started = performance.now()
    result = await work()
    wall.push((performance.now() - started) / 1000)
    const used = process.cpuUsage(usage)
    cpu.push((used.user + used.system) / 1e6)
  }
  return { result: result as T, wall: median(wall), cpu: median(cpu) }
}

/** A table in the format of the documentation. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function fixed(value: number, digits = 2): string {
  return value.toFixed(digits)
}
