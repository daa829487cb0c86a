import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

const edit = call('edit', { file_path: 'notes.txt', old_string: 'second', new_string: '2nd' });

test('an edit is approved by mouse, shown as a diff, and is on disk', async ({ scripted }) => {
  scripted.server.script(say('I will edit.', edit), say('Edited.'));
  const { page } = await scripted.start();
  const { send, card, pill, transcript } = view(page);
  await send('change second to 2nd');
  await expect(pill).toHaveText(/1/);
  const article = card('edit: notes.txt');
  await expect(article).toContainText('second line');
  await expect(article).toContainText('2nd line');
  expect(await scripted.file('notes.txt')).toBe('first line\nsecond line\n');
  await article.getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Edited.');
  expect(await scripted.file('notes.txt')).toBe('first line\n2nd line\n');
  await expect(pill).toHaveCount(0);
  await expect(view(page).queue).toContainText('Nothing waits for you');
});

test('an edit is denied by keyboard with a reason, the file stays, and the model is told', async ({ scripted }) => {
  scripted.server.script(say(edit), say('Understood.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('change second to 2nd');
  await expect(card('edit: notes.txt')).toBeVisible();
  // The new card has not taken the focus from the composer.
  await expect(view(page).prompt).toBeFocused();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await expect(card('edit: notes.txt')).toBeFocused();
  // Keys are ignored for a moment after the list has moved; press until the card takes it.
  const reason = card('edit: notes.txt').getByRole('textbox');
  await expect(async () => {
    await page.keyboard.press('d');
    await expect(reason).toBeFocused({ timeout: 300 });
  }).toPass();
  await page.keyboard.type('keep the word');
  await page.keyboard.press('Enter');
  await expect(transcript).toContainText('Understood.');
  expect(await scripted.file('notes.txt')).toBe('first line\nsecond line\n');
  const told = (await scripted.server.request(1)).body.messages.at(-1);
  expect(told).toMatchObject({ role: 'tool' });
  expect(String(told?.content)).toContain('keep the word');
});

test('arguments can be edited before they are allowed: exactly these run, and the model is told', async ({
  scripted,
}) => {
  scripted.server.script(say(call('bash', { command: 'echo original' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('say it');
  const article = card('bash: echo original');
  await article.getByRole('button', { name: 'Edit', exact: true }).click();
  const command = article.getByRole('textbox', { name: /command/i });
  await command.fill('echo changed');
  await article.getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Done.');
  const told = String((await scripted.server.request(1)).body.messages.at(-1)?.content);
  expect(told).toContain('edited this call');
  expect(told).toContain('changed\n');
});

test('Later sets a call aside without answering it', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'echo hi' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, pill, transcript } = view(page);
  await send('say hi');
  await card('bash: echo hi').getByRole('button', { name: 'Later' }).click();
  await expect(pill).toHaveCount(0);
  await expect(card('bash: echo hi')).toBeVisible();
  await card('bash: echo hi').getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Done.');
});
