import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { findRuntime } from '../../scripts/electron-runtime.mjs';
import { ROOT } from '../../scripts/paths.mjs';

export interface LaunchOptions {
  /** Added to the environment; `undefined` takes a name out. */
  env?: Record<string, string | undefined>;
  /** Folder to open and further flags, as a person would type them. */
  args?: string[];
  /** Keeps its data here; a new temporary folder when absent. Give the same one to start again. */
  userDataDir?: string;
  colorScheme?: 'light' | 'dark';
}

export interface LaunchedApp {
  app: ElectronApplication;
  page: Page;
  userDataDir: string;
  /** Resolves with the exit code when the process has ended, null after a signal. */
  exited: Promise<number | null>;
  isRunning(): boolean;
  /** Quits in order and waits for the process to end. */
  close(): Promise<void>;
  /** Ends the process at once, as a crash would, and waits for that. */
  kill(): Promise<void>;
}

/** The person's own keys and models must not reach a test. */
function environment(extra: LaunchOptions['env']): Record<string, string> {
  const merged = { ...process.env, ...extra };
  const kept = Object.entries(merged).filter(
    ([name, value]) =>
      value !== undefined && (extra?.[name] !== undefined || !/^(OPENAI_|ELECTRON_RUN_AS_NODE)/.test(name)),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Starts the real app in real Electron and resolves when its window is there. */
export async function launchApp(options: LaunchOptions & { userDataDir: string }): Promise<LaunchedApp> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('No Electron here: run "node scripts/bootstrap.mjs test".');
  const app = await electron.launch({
    executablePath: runtime.executable,
    args: ['--log-level=3', `--user-data-dir=${options.userDataDir}`, ROOT, ...(options.args ?? [])],
    env: environment(options.env),
    cwd: ROOT,
    // As a person would run it; only root cannot have the sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
  });
  // Asked for now: Playwright forgets the process once it has ended.
  const child = app.process();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const page = await app.firstWindow();
  return {
    app,
    page,
    exited,
    userDataDir: options.userDataDir,
    isRunning: () => !hasEnded(child),
    close: () => app.close(),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

interface Fixtures {
  /** Starts the app; what a test leaves running is ended after it, and a failed test keeps its traces. */
  launch(options?: LaunchOptions): Promise<LaunchedApp>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern.
  launch: async ({}, use, testInfo) => {
    const started: LaunchedApp[] = [];
    const folders: string[] = [];
    await use(async (options = {}) => {
      const userDataDir = options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'switchyard-e2e-')));
      if (!options.userDataDir) folders.push(userDataDir);
      // Scripts say what the model answers to prompts; titles would be further requests.
      await writeFile(join(userDataDir, 'settings.json'), '{"modelTitles":false}', { flag: 'wx' }).catch(
        () => undefined,
      );
      const launched = await launchApp({ ...options, userDataDir });
      await launched.app.context().tracing.start({ screenshots: true, snapshots: true });
      started.push(launched);
      return launched;
    });
    const failed = testInfo.status !== testInfo.expectedStatus;
    for (const [index, { app, close, isRunning }] of started.entries()) {
      if (!isRunning()) continue;
      const tracing = app.context().tracing;
      await tracing.stop(failed ? { path: testInfo.outputPath(`trace-${index}.zip`) } : {}).catch(() => undefined);
      await close();
    }
    for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  },
});
