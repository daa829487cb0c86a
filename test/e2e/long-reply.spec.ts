import { expect } from '@playwright/test';
import { say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('a reply of four megabytes leaves the window usable, and can be read on [bad.giant]', async ({ scripted }) => {
  const { server } = scripted;
  const giant = `It begins.\n\n${'some words of a line\n\n'.repeat(200_000)}`;
  server.script(say(giant), say('Still here.'));
  const { page } = await scripted.start();
  const { transcript, send } = view(page);
  await send('go on for ever');
  const more = transcript.getByRole('button', { name: 'Show more' });
  await expect(more).toBeVisible({ timeout: 20_000 });
  await expect(transcript.getByText(/more characters are not shown/)).toContainText(/4,\d{3},\d{3}/);
  await send('and now?');
  await expect(transcript.getByText('Still here.').last()).toBeVisible({ timeout: 20_000 });
  await more.scrollIntoViewIfNeeded();
  await more.click();
  await expect(transcript.getByText(/more characters are not shown/)).toContainText(/4,\d{3},\d{3}/);
});
