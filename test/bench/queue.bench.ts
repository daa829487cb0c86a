import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { it } from 'vitest';
import { launchApp } from '../e2e/launch.ts';
import { view } from '../e2e/scripted.ts';
import { call, say, startModelServer } from '../fakes/model-server.ts';
import { median, report } from './measure.ts';

const sessions = 10;
const callsEach = 50;

/** The window with all approvals waiting, some of each kind of card. */
async function withQueue(measure: (page: Page) => Promise<void>): Promise<void> {
  const server = await startModelServer();
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const workspace = await mkdtemp(join(tmpdir(), 'switchyard-work-'));
  const text = Array.from({ length: 40 }, (_, line) => `line ${line} of a file that is written`).join('\n');
  const calls = Array.from({ length: callsEach }, (_, place) =>
    place % 5 === 4
      ? call('write', { file_path: `made${place}.txt`, content: text })
      : call('bash', { command: `touch file${place} && mkdir -p "folder ${place}"` }),
  );
  for (let session = 0; session < sessions; session += 1) server.script(say('I will do this.', ...calls));
  const env = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-bench', OPENAI_MODEL: 'scripted' };
  const app = await launchApp({ userDataDir, args: [workspace], env });
  try {
    const { page } = app;
    const { send, pill, prompt } = view(page);
    for (let session = 0; session < sessions; session += 1) {
      if (session > 0) await page.keyboard.press('ControlOrMeta+n');
      if (session > 0)
        await page
          .getByRole('button', { name: /create|start/i })
          .last()
          .click();
      await prompt.waitFor();
      await send(`task ${session}`);
      await pill.filter({ hasText: new RegExp(`${(session + 1) * callsEach}$`) }).waitFor({ timeout: 60_000 });
    }
    await measure(page);
  } finally {
    await app.close();
    await server.close();
    for (const folder of [userDataDir, workspace]) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Milliseconds between frames while the queue is scrolled by so many pixels a frame; 0 only counts frames. `blank` counts frames in which
 * no card stood in the middle.
 */
const frames = (page: Page, step: number, count: number): Promise<{ times: number[]; blank: number }> =>
  page.evaluate(
    async ([step, count]) => {
      const list = document.querySelector('[aria-label="Approval queue"] [data-virtuoso-scroller]') as HTMLElement;
      const { left, top, width, height } = list.getBoundingClientRect();
      const times: number[] = [];
      let blank = 0;
      let last = await new Promise<number>(requestAnimationFrame);
      for (let frame = 0; frame < count; frame += 1) {
        list.scrollTop += step;
        const now = await new Promise<number>(requestAnimationFrame);
        // Between two cards there is a gap: one of two places a little apart is in a card.
        const places = [0, 20].map((y) => document.elementFromPoint(left + width / 2, top + height / 2 + y));
        if (!places.some((place) => place?.closest('article'))) blank += 1;
        times.push(now - last);
        last = now;
      }
      return { times, blank };
    },
    [step, count] as const,
  );

const share = (times: number[], limit: number) => times.filter((time) => time > limit).length / times.length;
const at = (times: number[], part: number) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN;

/** From a key press to the first frame without the card that had the focus, in milliseconds. */
async function answerTime(page: Page, key: string): Promise<number> {
  const timed = await page.evaluateHandle(() => {
    const card = document.activeElement?.closest('[data-approval]');
    let settle: (time: number) => void;
    const done = new Promise<number>((resolve) => {
      settle = resolve;
    });
    const onKey = (event: KeyboardEvent) => {
      const look = (now: number) => {
        if (card?.isConnected) requestAnimationFrame(look);
        else settle(now - event.timeStamp);
      };
      requestAnimationFrame(look);
    };
    window.addEventListener('keydown', onKey, { once: true, capture: true });
    return { done };
  });
  await page.keyboard.press(key);
  return timed.evaluate(({ done }) => done);
}

it('five hundred approvals: frames while they are scrolled, and the time an answer takes', async () => {
  await withQueue(async (page) => {
    const still = await frames(page, 0, 120);
    for (const step of [30, 120]) {
      const { times, blank } = await frames(page, step, 300);
      const late = `${(share(times, 25) * 100).toFixed(1)} % late, ${blank} blank, worst ${Math.max(...times).toFixed(0)} ms`;
      report(
        `500 approvals, ${step} px a frame ÷ at rest, median`,
        `${(median(times) / median(still.times)).toFixed(2)} × (${median(times).toFixed(1)} ms; ${late})`,
        '≤ 1.05 ×, 16.7 ms',
      );
    }
    await page.getByRole('region', { name: 'Approval queue' }).focus();
    await page.keyboard.press('j');
    await page.locator('article:focus').waitFor();
    const times: number[] = [];
    for (let answer = 0; answer < 20; answer += 1) {
      // Keys are ignored for a moment after the list has moved.
      await page.waitForTimeout(450);
      times.push(await answerTime(page, 'a'));
      await page.locator('article:focus').waitFor();
    }
    const figure = `${median(times).toFixed(0)} ms (95 % ${at(times, 0.95).toFixed(0)} ms)`;
    report('500 approvals: key press to the card gone', figure, '≤ 50 ms');
  });
});
