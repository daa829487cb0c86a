import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx,mjs}'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    // The default leaves one core alone, which on two cores means one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 15_000,
    // What a test leaves in the environment must not reach the next file.
    unstubEnvs: true,
    restoreMocks: true,
  },
});
