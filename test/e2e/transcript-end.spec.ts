import { expect } from '@playwright/test';
import { say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('the way to the latest is offered only where something is out of sight', async ({ scripted }) => {
  scripted.server.script(say(Array.from({ length: 14 }, (_, line) => `Paragraph ${line + 1}.`).join('\n\n')));
  const { app, page } = await scripted.start();
  const { send, transcript } = view(page);
  const resize = (height: number) =>
    app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setContentSize(1100, wanted), height);
  await resize(600);
  await send('go');
  await expect(transcript).toContainText('Paragraph 14.');
  await expect(transcript.getByText('Paragraph 14.', { exact: true })).toBeInViewport();
  const latest = transcript.getByRole('button', { name: 'Jump to latest' });
  await expect(latest).toHaveCount(0);
  await transcript.getByText('Paragraph 14.', { exact: true }).hover();
  await page.mouse.wheel(0, -5000);
  await expect(transcript.getByText('Paragraph 1.', { exact: true })).toBeInViewport();
  await expect(latest).toBeVisible();
  // The same transcript in a window that holds all of it, and in the small one again.
  await resize(1000);
  await expect(transcript.getByText('Paragraph 14.', { exact: true })).toBeInViewport();
  await expect(transcript.getByText('Paragraph 1.', { exact: true })).toBeInViewport();
  await expect(latest).toHaveCount(0);
  await resize(600);
  await expect(transcript.getByText('Paragraph 14.', { exact: true })).toBeInViewport();
  await expect(latest).toHaveCount(0);
});

test('what the list corrects by itself does not end the following', async ({ scripted }) => {
  scripted.server.script(say(Array.from({ length: 60 }, (_, line) => `Paragraph ${line + 1}.`).join('\n\n')));
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await send('go');
  const last = transcript.getByText('Paragraph 60.', { exact: true });
  await expect(last).toBeInViewport();
  const scroller = transcript.locator('[data-virtuoso-scroller]');
  // As it does when a row was measured to be smaller than it was.
  await scroller.evaluate((element) => element.scrollBy({ top: -200, behavior: 'auto' }));
  await expect
    .poll(() => scroller.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight))
    .toBeLessThan(2);
  await expect(last).toBeInViewport();
  await expect(transcript.getByRole('button', { name: 'Jump to latest' })).toHaveCount(0);
});
