import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { pressUntil, tabTo } from './keyboard.ts';
import { test, view } from './scripted.ts';

test('an edit is one on both cards of an approval, and either allows what both show', async ({ scripted }) => {
  scripted.server.script(say(call('bash', { command: 'echo original' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const queued = card(/^bash:/);
  const docked = page.getByRole('group', { name: /^bash:/ });
  const field = (of: typeof queued) => of.getByRole('textbox', { name: 'command' });
  await expect(queued).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'e', () => expect(field(queued)).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('echo shared');
  await expect(field(docked)).toHaveValue('echo shared');
  await expect(field(queued)).toBeFocused();

  // What was left with Esc is left on both, and the focus stays on the card that was left.
  await page.keyboard.press('Escape');
  await expect(queued).toBeFocused();
  for (const one of [queued, docked]) {
    await expect(field(one)).toHaveCount(0);
    await expect(one).toContainText('echo original');
    await expect(one).toContainText('Above is the call as it was asked.');
  }
  await docked.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(field(docked)).toBeFocused();
  await expect(field(docked)).toHaveValue('echo shared');
  await expect(field(queued)).toHaveValue('echo shared');

  // What is wrong is shown on both, at the field; the focus is where somebody works.
  await tabTo(page, 'timeout');
  await expect(docked.getByRole('textbox', { name: 'timeout' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('soon');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(docked.getByRole('textbox', { name: 'timeout' })).toBeFocused();
  for (const one of [queued, docked]) await expect(one.getByRole('alert')).toHaveText('A whole number is needed.');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('5000');
  for (const one of [queued, docked]) await expect(one.getByRole('alert')).toHaveCount(0);

  // A comment goes with the edit, typed on the one and allowed on the other.
  await docked.getByRole('button', { name: 'Comment' }).click();
  await page.keyboard.type('once is enough');
  await expect(queued).toContainText('Goes to the model with your answer: once is enough');
  await queued.getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Done.');
  const told = String((await scripted.server.request(1)).body.messages.at(-1)?.content);
  expect(told).toContain('{"command":"echo shared","timeout":5000}');
  expect(told).toContain("The person's comment: once is enough");
});

test('a reason for denying is one on both cards, and only the card it was asked on takes the focus', async ({
  scripted,
}) => {
  scripted.server.script(say(call('bash', { command: 'rm -rf /opt/nothing-here' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const queued = card(/^bash:/);
  const docked = page.getByRole('group', { name: /^bash:/ });
  await docked.getByRole('button', { name: 'Deny' }).click();
  await expect(docked.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('not here');
  await expect(queued.getByRole('textbox')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(docked).toBeFocused();

  // A high risk takes the second press in a form as well, and a key that is held down is one press.
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const command = queued.getByRole('textbox', { name: 'command' });
  await pressUntil(page, 'e', () => expect(command).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(queued.getByRole('status')).toHaveText(/^High risk: press .+Enter again to allow it\.$/);
  await expect(command).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(queued).toBeFocused();
  await page.keyboard.press('d');
  await expect(queued.getByRole('textbox')).toBeFocused();
  await expect(queued.getByRole('textbox')).toHaveValue('not here');
  await page.keyboard.press('Enter');
  await expect(transcript).toContainText('Done.');
  const told = String((await scripted.server.request(1)).body.messages.at(-1)?.content);
  expect(told).toContain('They said: not here');
});

test('the risk of an edited call is that of what it was changed to, and takes the second press', async ({
  scripted,
}) => {
  scripted.server.script(say(call('bash', { command: 'touch a' })), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, pill } = view(page);
  await send('go');
  const queued = card(/^bash:/);
  const docked = page.getByRole('group', { name: /^bash:/ });
  await expect(queued).toContainText('Low risk');
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const command = queued.getByRole('textbox', { name: 'command' });
  await pressUntil(page, 'e', () => expect(command).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('rm -rf /opt/nothing-here');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(queued.getByRole('status')).toHaveText(/^High risk: press .+ again to allow it\.$/);
  await expect(command).toBeFocused();
  await expect(pill).toHaveText(/1/);
  for (const one of [queued, docked]) await expect(one).toContainText('High risk');
  await page.keyboard.press('Escape');
  for (const one of [queued, docked]) await expect(one).toContainText('Low risk');
});

test('the second half of a double click does not answer the next card; what is being changed is left out of a batch', async ({
  scripted,
}) => {
  const touch = (name: string) => call('bash', { command: `touch ${name}.txt` });
  scripted.server.script(say(touch('a'), touch('b'), touch('c')), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, queue, pill } = view(page);
  await send('go');
  await expect(pill).toHaveText(/3/);
  const docked = page.getByRole('group', { name: /^bash:/ });
  // As a hand does it: the second press comes when the next card is already there.
  const { x, y, width, height } = (await docked.getByRole('button', { name: 'Allow once' }).boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.up();
  // Looks in each frame; an assertion looks ever more seldom, and a hand does not wait.
  await page.getByRole('group', { name: 'bash: touch b.txt' }).waitFor();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await expect(pill).toHaveText(/2/);
  await expect(card('bash: touch b.txt')).toBeVisible();

  await card('bash: touch b.txt').getByRole('button', { name: 'Edit', exact: true }).click();
  await page.keyboard.type('b');
  await queue
    .getByRole('button', { name: /Answer the 2 like this/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Answer 2 approvals' });
  await expect(dialog).toContainText('One is left out because you are changing it.');
  await dialog.getByRole('button', { name: 'Allow 1 once' }).click();
  await expect(pill).toHaveText(/1/);
  await expect(card('bash: touch b.txt')).toBeVisible();
});
