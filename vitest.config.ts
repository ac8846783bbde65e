import { defineConfig } from 'vitest/config'

// Two suites: `quick` is what `npm test` runs, `deep` (files named *.deep.test.ts) takes minutes to hours. `weakened` is
// for `npm run guards` only: the quick tests of a kernel without one of its guards.
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
      {
        test: {
          name: 'weakened',
          include: process.env.IX_GUARD === undefined ? [] : ['test/kernel/*.test.ts'],
          exclude: ['test/**/*.deep.test.ts'],
          setupFiles: ['test/kernel/weaken.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'deep', include: ['test/**/*.deep.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
})
