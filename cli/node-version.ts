/** The oldest Node that `engines` of package.json allows. */
export const OLDEST = [20, 19] as const

/** What is wrong with a version of Node; undefined when it will do. */
export function oldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least, leastMinor] = OLDEST
  if (major > least || (major === least && minor >= leastMinor)) return undefined
  return `ix needs Node ${least}.${leastMinor} or newer; this is Node ${version}`
}
