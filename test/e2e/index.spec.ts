import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { importSession } from '../../electron/session/transfer.ts';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import { say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('a hit of the search opens its session at the place', async ({ scripted }, testInfo) => {
  scripted.server.reply((request) =>
    say(`${request.lastUser.includes('needle') ? 'Pomegranate! ' : ''}${'hay '.repeat(80)}`),
  );
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await send('the needle');
  await expect(transcript).toContainText('Pomegranate');
  for (let turn = 0; turn < 6; turn += 1) {
    await send(`more ${turn}`);
    await expect(transcript).toContainText(`more ${turn}`);
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
  }
  await expect(transcript.getByText('Pomegranate')).not.toBeInViewport();
  await page.keyboard.press('ControlOrMeta+Shift+f');
  const dialog = page.getByRole('dialog', { name: 'Search all transcripts' });
  await dialog.getByRole('combobox').fill('pomegran');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await expect(dialog.getByRole('option').locator('mark')).toHaveText(/pomegran/i);
  await page.screenshot({ path: testInfo.outputPath('search.png') });
  await page.keyboard.press('Enter');
  await expect(transcript.getByText('Pomegranate')).toBeInViewport();
  await page.screenshot({ path: testInfo.outputPath('found.png') });
});

test('a session is archived, taken back, and found among the archived', async ({ scripted }, testInfo) => {
  scripted.server.script(say('done'));
  const { page } = await scripted.start();
  const { send, tree, transcript } = view(page);
  await send('keep me');
  await expect(transcript).toContainText('done');
  const row = tree.getByRole('treeitem', { name: 'keep me' });
  const archive = async () => {
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await expect(row).toHaveCount(0);
  };
  await archive();
  await page.screenshot({ path: testInfo.outputPath('archived.png') });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await archive();
  await page.getByRole('button', { name: 'Order and filter' }).click();
  await page.screenshot({ path: testInfo.outputPath('options.png') });
  await page.getByRole('menuitemradio', { name: 'Archived' }).click();
  await expect(row).toBeVisible();
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Bring back from the archive' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Show all sessions' }).click();
  await expect(row).toBeVisible();
});

/** A stored session of so many exchanges, the first of which speaks of a pomegranate. */
async function storeLongSession(root: string, workspace: string, exchanges: number): Promise<void> {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const rules = { allow: [], ask: [], deny: [] };
  const events: SessionEvent[] = [
    { type: 'session.created', config: { title: 'Long', workspace, mode: 'manual', rules, maxTurns: 50 }, depth: 0 },
  ];
  for (let n = 0; n < exchanges; n += 1) {
    const text = n === 3 ? 'A pomegranate, at last.' : `Answer ${n}. ${'hay '.repeat(30)}`;
    events.push(
      { type: 'prompt.queued', promptId: `p${n}`, text: `Question ${n}`, by: 'person' },
      { type: 'run.started', runId: `r${n}`, promptId: `p${n}` },
      { type: 'turn.started', runId: `r${n}`, turn: 1, messageId: `m${n}`, model: 'scripted' },
      { type: 'message.completed', messageId: `m${n}`, runId: `r${n}`, text },
      { type: 'turn.ended', runId: `r${n}`, turn: 1, model: 'scripted', finishReason: 'stop', durationMs: 1 },
      { type: 'run.ended', runId: `r${n}`, outcome: 'completed' },
    );
  }
  const envelopes = events.map((event, place) => ({
    stream: 'long',
    seq: place + 1,
    at: 1_700_000_000_000 + place,
    event,
  }));
  await importSession(
    { store: createFileStore({ root, log: quiet }), newId: () => 'longsession', now: Date.now },
    { format: 'switchyard-session', version: 1, id: 'long', envelopes, blobs: {}, missingBlobs: [] },
  );
}

test('a hit far before the newest page is loaded and shown', async ({ scripted }) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-e2e-'));
  await storeLongSession(userDataDir, scripted.workspace, 400);
  const { page, close } = await scripted.start({ userDataDir, args: [] });
  const { transcript, tree } = view(page);
  await tree.getByRole('treeitem', { name: 'Long' }).click();
  await expect(transcript).toContainText('Question 399');
  await page.keyboard.press('ControlOrMeta+Shift+f');
  const dialog = page.getByRole('dialog', { name: 'Search all transcripts' });
  await dialog.getByRole('combobox').fill('pomegranate');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(transcript.getByText('A pomegranate, at last.')).toBeInViewport();
  await close();
  await rm(userDataDir, { recursive: true, force: true });
});
