import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { it } from 'vitest';
import { findRuntime } from '../../scripts/electron-runtime.mjs';
import { ROOT } from '../../scripts/paths.mjs';
import { inTurn, report } from './measure.ts';

const emptyApp = join(ROOT, 'test', 'bench', 'empty-app');

/** Starts an app in a new data folder, waits for `ready`, and hands over what `measure` finds. */
async function withApp<T>(
  folder: string,
  ready: (page: Page) => Promise<unknown>,
  measure: (found: { app: ElectronApplication; ms: number }) => Promise<T>,
): Promise<T> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('No Electron here: run "node scripts/bootstrap.mjs test".');
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  // The processes of the app before end after it has; their end is not this one's start.
  await setTimeout(500);
  const started = performance.now();
  const app = await electron.launch({
    executablePath: runtime.executable,
    args: ['--log-level=3', `--user-data-dir=${userDataDir}`, folder],
    cwd: ROOT,
  });
  const page = await app.firstWindow();
  await ready(page);
  const found = await measure({ app, ms: performance.now() - started });
  await app.close();
  await rm(userDataDir, { recursive: true, force: true, maxRetries: 3 });
  return found;
}

const firstFrame = (page: Page) => page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
/**
 * What is typed goes into the composer, and it is in a painted frame. Looked at in each frame, as the empty window's is: a locator waits
 * 20, 50, 100, 100 and then 500 ms between its looks.
 */
const composer = (page: Page) =>
  page.waitForFunction(
    () => {
      const field = document.activeElement;
      return field?.getAttribute('aria-label') === 'Prompt' && field.checkVisibility();
    },
    undefined,
    { polling: 'raf' },
  );

it('cold start to a usable composer, against an empty window', async () => {
  const [ours, empty] = await inTurn(
    15,
    () => withApp(ROOT, composer, async ({ ms }) => ms),
    () => withApp(emptyApp, firstFrame, async ({ ms }) => ms),
  );
  const figure = `${(ours / empty).toFixed(2)} × (${ours.toFixed(0)} of ${empty.toFixed(0)} ms)`;
  report('cold start to composer ÷ empty window first frame', figure, '≤ 1.35 ×');
});

/** PSS of a process and all below it, in MB: shared pages are counted once. */
async function treePss(root: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const inTree = (pid: number | undefined): boolean => pid === root || (pid !== undefined && inTree(parents.get(pid)));
  let kilobytes = 0;
  for (const pid of [...parents.keys()].filter(inTree)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

it('memory when idle, against an empty window', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('PSS is read from /proc');
  // What start-up left behind is given time to go, as it is for a person who looks away.
  const idle = async ({ app }: { app: ElectronApplication }) => {
    await setTimeout(5000);
    return treePss(app.process().pid as number);
  };
  const [ours, empty] = await inTurn(
    3,
    () => withApp(ROOT, composer, idle),
    () => withApp(emptyApp, firstFrame, idle),
  );
  report(
    'idle memory over an empty window',
    `+${(ours - empty).toFixed(0)} MB (${ours.toFixed(0)} of ${empty.toFixed(0)})`,
    '≤ +60 MB',
  );
});
