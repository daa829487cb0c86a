import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** A number of the committed sources; nothing, and so a new one each time, where there is no git. */
function seedOfSources(): string | undefined {
  try {
    const tree = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return String(Number.parseInt(tree.slice(0, 7), 16));
  } catch {
    return undefined;
  }
}

const seed = process.env.SWITCHYARD_SEED ?? seedOfSources();

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx,mjs}'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    // The default leaves one core alone, which on two cores means one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // To load everything anew for each file takes as long as the tests themselves.
    isolate: false,
    testTimeout: 15_000,
    env: seed === undefined ? {} : { SWITCHYARD_SEED: seed },
    // What a test leaves in the environment must not reach the next file.
    unstubEnvs: true,
    restoreMocks: true,
  },
});
