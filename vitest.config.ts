import { defineConfig } from 'vitest/config'

// Two suites: `quick` is what `npm test` runs, `deep` (files named *.deep.test.ts) takes minutes to hours.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.deep.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'deep', include: ['test/**/*.deep.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
})
