import { expect } from '@playwright/test';
import { say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('the model menu sets how much the model thinks, and the transcript says so', async ({ scripted }, testInfo) => {
  scripted.server.script(say('First answer.'), say('Second answer.'));
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await send('one');
  await expect(transcript).toContainText('First answer.');
  await page.getByRole('button', { name: /^Model: / }).click();
  await page.screenshot({ path: testInfo.outputPath('model-menu.png') });
  await page.getByRole('menuitemradio', { name: 'High', exact: true }).click();
  await expect(transcript).toContainText('Thinking: high. From the next run on.');
  await expect(page.getByRole('button', { name: /^Model: .*thinking high$/ })).toBeVisible();
  await send('two');
  await expect(transcript).toContainText('Second answer.');
  expect(scripted.server.requests[1]?.body.reasoning_effort).toBe('high');
});
