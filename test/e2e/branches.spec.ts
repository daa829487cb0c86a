import { expect } from '@playwright/test';
import { say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('a prompt is edited and resent, its branch restored, and the session forked', async ({ scripted }, testInfo) => {
  scripted.server.script(say('First answer.'), say('Second answer.'), say('Other answer.'), say('Forked answer.'));
  const { page } = await scripted.start();
  const { send, prompt, transcript, tabs } = view(page);
  // What is announced last stays in the log's live region.
  const rows = transcript.locator('[data-testid=virtuoso-item-list]');
  await send('one');
  await expect(transcript).toContainText('First answer.');
  await send('two');
  await expect(transcript).toContainText('Second answer.');

  const actions = transcript.getByRole('button', { name: 'Prompt actions' });
  await actions.nth(1).click();
  await page.getByRole('menuitem', { name: 'Edit and resend…' }).click();
  const field = page.getByRole('textbox', { name: 'Edit prompt' });
  await field.fill('two, but otherwise');
  await page.screenshot({ path: testInfo.outputPath('edit.png') });
  await field.press('Enter');
  await expect(transcript).toContainText('Other answer.');
  await expect(rows.getByText('Second answer.')).toHaveCount(0);

  await page.getByRole('button', { name: '1 branch' }).click();
  await page.screenshot({ path: testInfo.outputPath('branches.png') });
  await page.getByRole('menuitem', { name: /^two/ }).click();
  await expect(transcript).toContainText('Second answer.');
  await expect(rows.getByText('Other answer.')).toHaveCount(0);

  await actions.nth(1).click();
  await page.getByRole('menuitem', { name: 'Fork into new session' }).click();
  await expect(tabs).toHaveCount(2);
  await expect(prompt).toHaveValue('two');
  await expect(page.getByRole('button', { name: 'Forked from one' })).toBeVisible();
  await expect(rows.getByText('Second answer.')).toHaveCount(0);
  await send('two, in a fork');
  await expect(transcript).toContainText('Forked answer.');
  await page.screenshot({ path: testInfo.outputPath('fork.png') });
  await page.getByRole('button', { name: 'Forked from one' }).click();
  await expect(transcript).toContainText('Second answer.');

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Clear conversation');
  await page.keyboard.press('Enter');
  await expect(rows.getByText('Second answer.')).toHaveCount(0);
  await expect(page.getByRole('button', { name: '2 branches' })).toBeVisible();
});
