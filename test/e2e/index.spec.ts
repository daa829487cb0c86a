import { expect } from '@playwright/test';
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
