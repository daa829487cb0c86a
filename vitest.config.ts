import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx,mjs}'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    testTimeout: 15_000,
    // What a test leaves in the environment must not reach the next file.
    unstubEnvs: true,
    restoreMocks: true,
  },
});
