import { expect, it } from 'vitest'
import { built, killSaves } from './killed-saves.js'

it.runIf(built)('a killed save leaves the old snapshot or the new one', async () => {
  const { one, two } = await killSaves(10)
  expect(one + two).toBe(10)
})
