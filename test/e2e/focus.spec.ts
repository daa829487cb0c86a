import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { command, pressUntil } from './keyboard.ts';
import { test as first } from './launch.ts';
import { test, view } from './scripted.ts';

test('a control that goes when it is pressed leaves the focus where the person goes on', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'touch made.txt' })), say('Done.'));
  const { page } = await scripted.start();
  const { prompt, card, stop, queue } = view(page);
  await prompt.fill('make a file');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(prompt).toBeFocused();
  const waiting = card('bash: touch made.txt');
  await waiting.getByRole('button', { name: 'Later' }).click();
  await expect(waiting.getByRole('button', { name: 'Bring back' })).toBeFocused();
  await waiting.getByRole('button', { name: 'Bring back' }).click();
  await expect(waiting.getByRole('button', { name: 'Later' })).toBeFocused();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(prompt).toBeFocused();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(prompt).toBeFocused();
  await queue.focus();
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expect(prompt).toBeFocused();
});

test('a control that is off for long while its work is done has the focus again afterwards', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'touch made.txt' })), say('Done.'));
  const { app, page } = await scripted.start();
  const { send, card } = view(page);
  await send('make a file');
  const waiting = card('bash: touch made.txt');
  await waiting.getByRole('button', { name: 'Later' }).focus();
  await page.evaluate(() => void setTimeout(() => (document.activeElement as HTMLElement).click(), 200));
  await app.evaluate(() => {
    for (const until = Date.now() + 1_000; Date.now() < until; );
  });
  await expect(waiting.getByRole('button', { name: 'Bring back' })).toBeFocused();
});

test('a dialog that the palette opened gives the focus back to where the palette was called', async ({ scripted }) => {
  const { page } = await scripted.start();
  const { prompt, tree } = view(page);
  await expect(prompt).toBeFocused();
  for (const [name, title] of [
    ['Confirmation of', 'Confirmation'],
    ['Decision log', 'Decision log'],
    ['Compact the', 'Compact the context'],
  ] as const) {
    await command(page, name);
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(prompt).toBeFocused();
  }
  await tree.getByRole('treeitem').first().focus();
  await command(page, 'Keyboard shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tree.getByRole('treeitem').first()).toBeFocused();
});

first('an example that is chosen leaves the focus in the composer', async ({ launch }) => {
  const { page } = await launch();
  const { prompt, transcript } = view(page);
  await page.getByRole('button', { name: /Summarise/ }).click();
  await expect(transcript).toContainText(/not a language model/i);
  await expect(prompt).toBeFocused();
});

test('a card that is set aside by key hands the focus on to the next that waits; the last keeps it', async ({
  scripted,
}) => {
  const lines = ['touch one', 'touch two', 'touch three'];
  scripted.server.script(say(...lines.map((command) => call('bash', { command }))));
  const { page } = await scripted.start();
  const { send, card, queue } = view(page);
  await send('go');
  await expect(card('bash: touch three')).toBeVisible();
  await queue.focus();
  await page.keyboard.press('j');
  await expect(card('bash: touch one')).toBeFocused();
  // A second press on a busy machine would set the next aside: it comes only where the first was ignored.
  const setAside = (count: number) => () => expect(queue).toContainText(`Later ${count}`, { timeout: 3000 });
  await pressUntil(page, 'l', setAside(1));
  await expect(card('bash: touch two')).toBeFocused();
  await pressUntil(page, 'l', setAside(2));
  await expect(card('bash: touch three')).toBeFocused();
  await pressUntil(page, 'l', setAside(3));
  await expect(card('bash: touch three')).toBeFocused();
});

test('Escape leaves the form of a model first, then the settings', async ({ scripted }) => {
  const { page } = await scripted.start();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(view(page).prompt).toBeFocused();
  await page.keyboard.press('ControlOrMeta+,');
  await settings.getByRole('button', { name: 'Add model' }).click();
  await expect(settings.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(settings.getByRole('button', { name: 'Add model' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(settings).toHaveCount(0);
  await expect(view(page).prompt).toBeFocused();
});
