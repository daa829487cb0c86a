import { expect } from '@playwright/test';
import { call, gate, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('a pause holds the next turn and Resume goes on', async ({ scripted }, testInfo) => {
  const hold = gate();
  scripted.server.script(say('Looking.', hold, call('read', { file_path: 'notes.txt' })), say('Two lines.'));
  const { page } = await scripted.start();
  const { send, transcript, tree } = view(page);
  await send('count the lines');
  await expect(transcript).toContainText('Looking.');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Pausing. The turn under way ends first.')).toBeVisible();
  hold.open();
  await expect(page.getByText('Paused between two turns.')).toBeVisible();
  await expect(tree).toContainText(/notes\.txt/);
  await page.screenshot({ path: testInfo.outputPath('paused.png') });
  expect(scripted.server.requests).toHaveLength(1);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(transcript).toContainText('Two lines.');
  await expect(page.getByText('Paused between two turns.')).toHaveCount(0);
});

test('Ctrl+Enter steers the run, and queued prompts move up and are sent now', async ({ scripted }, testInfo) => {
  const hold = gate();
  scripted.server.script(
    say('Looking.', hold, call('read', { file_path: 'notes.txt' })),
    say('Shortly then.'),
    say('Answer to the second.'),
    say('Answer to the first.'),
  );
  const { page } = await scripted.start();
  const { send, prompt, transcript } = view(page);
  await send('count the lines');
  await expect(transcript).toContainText('Looking.');
  await send('queued first');
  await send('queued second');
  await prompt.fill('be brief');
  await prompt.press('ControlOrMeta+Enter');
  const queue = page.getByRole('list', { name: 'Queued prompts' });
  await expect(queue.getByRole('listitem')).toHaveCount(3);
  await expect(queue).toContainText('at the next turn');
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Move up' }).click();
  await expect(queue.getByRole('listitem').first()).toContainText('queued second');
  await page.screenshot({ path: testInfo.outputPath('queue.png') });
  await queue
    .getByRole('listitem')
    .filter({ hasText: 'queued first' })
    .getByRole('button', { name: 'Send now' })
    .click();
  hold.open();
  await expect(transcript).toContainText('Answer to the second.');
  await expect(transcript.getByText('You, into this run')).toHaveCount(2);
});
