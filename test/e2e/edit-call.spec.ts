import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { expectAccessible, command as paletteCommand, pressUntil, tabTo } from './keyboard.ts';
import { test, view } from './scripted.ts';

test('arguments of any tool are edited in a form by keyboard, with errors at the field', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'echo original' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const article = card(/^bash:/);
  await expect(article).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const command = article.getByRole('textbox', { name: 'command' });
  await pressUntil(page, 'e', () => expect(command).toBeFocused({ timeout: 300 }));
  await expect(command).toHaveAccessibleDescription(/bash/i);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('echo changed');
  await tabTo(page, 'Remove timeout');
  await page.keyboard.press('Enter');
  await expect(article.getByRole('button', { name: 'Add timeout' })).toBeFocused();
  await page.keyboard.press('Enter');
  const timeout = article.getByRole('textbox', { name: 'timeout' });
  await expect(timeout).toBeFocused();
  await page.keyboard.type('soon');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(article.getByRole('alert')).toHaveText('A whole number is needed.');
  await expect(timeout).toBeFocused();
  await expect(timeout).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'article');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('5000');
  await expect(article.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(transcript).toContainText('Done.');
  const told = String((await scripted.server.request(1)).body.messages.at(-1)?.content);
  expect(told).toContain('{"command":"echo changed","timeout":5000}');
  // The line of the call, and what is behind it, say what was asked and what ran, and no more than the person changed.
  const line = transcript.getByRole('button', {
    name: /bash echo original → echo changed|echo original changed to echo changed/,
  });
  await line.click();
  await expect(transcript).toContainText('You changed what the model asked for:');
  const changes = await transcript.getByRole('deletion').or(transcript.getByRole('insertion')).allInnerTexts();
  expect(changes).toEqual(['echo original', 'echo changed']);
  await tabTo(page, /Edited by you/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Why' })).toContainText('after you edited it');
  await page.keyboard.press('Escape');
  await paletteCommand(page, 'Decision log');
  const row = page.getByRole('table', { name: 'Decisions' }).getByRole('row', { name: /Edited/ });
  await expect(row).toContainText(/echo original.*echo changed/);
});

test('what only the tool itself can tell of arguments comes back to their field', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'echo original' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card } = view(page);
  await send('go');
  const article = card(/^bash:/);
  await article.getByRole('button', { name: 'Edit', exact: true }).click();
  const command = article.getByRole('textbox', { name: 'command' });
  await command.fill('  ');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(article.getByText('is empty')).toBeVisible();
  await expect(command).toBeFocused();
  await expect(command).toHaveAccessibleDescription(/is empty/);
  await expect(article).toContainText('Nothing was run');
  await command.fill('echo other');
  await expect(article.getByRole('alert')).toHaveCount(0);
});

test('what is written is edited beside what is on disk, and a change on disk is told', async ({ scripted }) => {
  const content = 'first line\nanother line\n';
  scripted.server.script(say(call('write', { file_path: 'notes.txt', content })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const article = card('write: notes.txt');
  await expect(article).toContainText('another line');
  await writeFile(join(scripted.workspace, 'notes.txt'), 'first line\nchanged behind your back\n');
  await expect(article.getByRole('status')).toContainText('changed on disk since this was asked');
  await expect(article).toContainText('changed behind your back');
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const text = article.getByRole('textbox', { name: 'content' });
  await pressUntil(page, 'e', () => expect(text).toBeFocused({ timeout: 300 }));
  await expect(article.getByRole('region', { name: 'notes.txt on disk now' })).toContainText(
    'changed behind your back',
  );
  await expect(text).toHaveAccessibleDescription('+1 −1 lines');
  await expectAccessible(page, 'article');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('a third one');
  await expect(text).toHaveAccessibleDescription('+2 −2 lines');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(transcript).toContainText('Done.');
  expect(await scripted.file('notes.txt')).toBe(`${content}a third one`);
});

test('an edit is changed with its old text beside the new one; a new file says that it is one', async ({
  scripted,
}) => {
  const edit = call('edit', { file_path: 'notes.txt', old_string: 'second', new_string: '2nd' });
  const made = call('write', { file_path: 'made.txt', content: 'x' });
  scripted.server.script(say(edit, made), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const article = card('edit: notes.txt');
  await article.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(article.getByRole('textbox', { name: 'new_string' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('zweite');
  await expect(article.getByRole('textbox', { name: 'old_string' })).toHaveValue('second');
  await expectAccessible(page, 'article');
  await article.getByRole('button', { name: 'Allow once' }).click();
  const other = card('write: made.txt');
  await other.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(other).toContainText('made.txt is a new file.');
  await other.getByRole('textbox', { name: 'content' }).fill('y');
  await other.getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Done.');
  expect(await scripted.file('notes.txt')).toBe('first line\nzweite line\n');
  expect(await scripted.file('made.txt')).toBe('y');
});
