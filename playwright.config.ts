import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  projects: [
    { name: 'e2e', testMatch: '**/*.spec.ts' },
    // Pictures of the main states, made to be looked at: npm run screenshots.
    { name: 'screenshots', testMatch: '**/*.shots.ts' },
  ],
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : 'list',
});
