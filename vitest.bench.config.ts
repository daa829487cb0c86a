import { defineConfig } from 'vitest/config';

/** Measurements: one after the other, each alone on the machine; they print ratios and never fail on a time. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
    passWithNoTests: true,
  },
});
