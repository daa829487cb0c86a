import { expect } from '@playwright/test';
import { call, say, usage } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('a budget is set in the window, asks in the queue, and goes on', async ({ scripted }, testInfo) => {
  scripted.server.script(
    say('Looking.', call('ls', { path: '.' }), usage({ input: 1200, output: 30, cached: 1000 })),
    say('All seen.', usage({ input: 1300, output: 20 })),
  );
  const { page } = await scripted.start();
  const { send, queue, transcript } = view(page);
  await page.getByRole('tab', { name: 'Costs' }).click();
  await page.getByRole('button', { name: 'Set a budget…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Budget' });
  const own = dialog.getByRole('group', { name: 'This session alone' });
  await own.getByRole('textbox', { name: 'Tokens' }).fill('none');
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await own.getByRole('textbox', { name: 'Tokens' }).fill('1,000');
  await page.screenshot({ path: testInfo.outputPath('budget-dialog.png') });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);

  await send('look around');
  await page.getByRole('tab', { name: /^Approvals/ }).click();
  const card = queue.getByRole('article', { name: /Continue with \+1,000 tokens/ });
  await expect(card).toContainText('1,230 tokens of 1,000 tokens');
  await page.screenshot({ path: testInfo.outputPath('budget-card.png') });
  await card.getByRole('button', { name: 'Continue' }).click();
  await expect(transcript).toContainText('All seen.');

  await page.getByRole('tab', { name: 'Costs' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Costs' })).toContainText('2,550 tokens');
  await expect(page.getByRole('tabpanel', { name: 'Costs' })).toContainText('price unknown');
  await page.screenshot({ path: testInfo.outputPath('costs-tab.png') });
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Costs' }).last().click();
  await expect(page.getByRole('row', { name: /scripted/ })).toContainText('2.5k');
  await expect(page.getByText(/the catalogue of 20\d\d-\d\d-\d\d;/)).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('costs-page.png') });
});
