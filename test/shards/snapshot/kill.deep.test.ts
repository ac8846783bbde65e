import { expect, it } from 'vitest'
import { built, killSaves } from './killed-saves.js'

it.runIf(built)(
  '200 killed saves leave the old snapshot or the new one, and some are killed half way',
  async () => {
    const found = await killSaves(200)
    console.log(`of 200 killed saves: ${JSON.stringify(found)}`)
    expect(found.one + found.two).toBe(200)
    expect(Math.min(found.one, found.two, found.leftovers)).toBeGreaterThan(0)
  },
)
