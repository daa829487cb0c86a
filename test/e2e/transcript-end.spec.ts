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
