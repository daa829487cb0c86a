import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { command, expectAccessible, pressUntil, tabTo } from './keyboard.ts';
import { test, view } from './scripted.ts';

const bash = (command: string) => call('bash', { command });

test('"Always allow…" by keyboard: a rule for each command, its end, what it would have matched, and undo', async ({
  scripted,
}) => {
  scripted.server.script(say(bash('npm --version && touch made')), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const article = card(/^bash:/);
  await expect(article).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await expect(article).toBeFocused();
  await tabTo(page, 'Always allow…');
  await page.keyboard.press('Enter');
  const form = article.getByRole('group', { name: 'Always allow' });
  await expect(form.getByRole('textbox', { name: 'Rule 1' })).toBeFocused();
  await expect(form.getByRole('checkbox')).toHaveCount(2);
  await expect(form).toContainText('Would have matched 1 of your last call');
  await tabTo(page, /checkbox "Allow Bash\(touch/);
  await page.keyboard.press('Space');
  await expect(form).toContainText('Would have matched 0');
  await tabTo(page, /radio "Until removed"/);
  await page.keyboard.press('ArrowRight');
  await tabTo(page, 'Save rule and allow');
  await page.keyboard.press('Enter');
  await expect(transcript).toContainText('Done.');
  const messages = page.getByRole('region', { name: 'Messages' });
  await expect(messages).toContainText('Rule saved for this session');
  await messages.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await command(page, 'Permission rules');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toContainText('No rules yet');
});

test('the rules page by keyboard: add, refuse a wrong one, try a call, change, remove', async ({ scripted }) => {
  const { page } = await scripted.start();
  await expect(view(page).prompt).toBeVisible();
  await command(page, 'Permission rules');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await expect(dialog).toContainText('No rules yet');
  await tabTo(page, 'Add rule…');
  await page.keyboard.press('Enter');
  const field = dialog.getByRole('textbox', { name: 'Rule' });
  await expect(field).toBeFocused();
  await page.keyboard.type('Bash(git push');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('not a rule');
  await page.keyboard.type(' *)');
  await tabTo(page, /radio "Allow"/, 'Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, 'Add rule');
  await page.keyboard.press('Enter');
  const rules = dialog.getByRole('list', { name: 'Rules' });
  await expect(rules.getByRole('listitem')).toContainText(['denyBash(git push *)Everywhere · not used yet']);

  await tabTo(page, /textbox "Call"/, 'Shift+Tab');
  await page.keyboard.type('bash: git push origin main');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('Denied');
  await expect(dialog.getByRole('status')).toContainText('Bash(git push *)');
  await expectAccessible(page, '[role="dialog"]');

  await tabTo(page, 'Change Bash(git push *)');
  await page.keyboard.press('Enter');
  await expect(field).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Bash(git fetch *)');
  await page.keyboard.press('Enter');
  await expect(rules).toContainText('Bash(git fetch *)');
  await tabTo(page, 'Remove Bash(git fetch *)');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('No rules yet');
});

test('a call says why it was allowed, and the log has every decision', async ({ scripted }) => {
  scripted.server.script(say(bash('touch made')), say(bash('ls')), say('Done.'));
  const { app, page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  await expect(card('bash: touch made')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'a', () => expect(card('bash: touch made')).toHaveCount(0, { timeout: 300 }));
  await expect(transcript).toContainText('Done.');
  await tabTo(page, 'Allowed once by you');
  await page.keyboard.press('Enter');
  const why = page.getByRole('dialog', { name: 'Why' });
  await expect(why).toContainText('Why was this allowed?');
  await expect(why).toContainText('by you');
  await expect(why).toContainText('Waited');
  await page.keyboard.press('Escape');
  await command(page, 'Decision log');
  const table = page.getByRole('table', { name: 'Decisions' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await page.keyboard.type('touch');
  await expect(table.getByRole('row')).toHaveCount(2);
  await expectAccessible(page, '[role="dialog"]');
  const path = join(scripted.workspace, 'decisions.csv');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  await tabTo(page, 'Export CSV…');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Decision log saved');
  // The whole log, whatever is searched for: a heading and two decisions.
  expect((await readFile(path, 'utf8')).trim().split('\r\n')).toHaveLength(3);
});

test('a batch by keyboard: select, look through, leave out high risk, allow once', async ({ scripted }) => {
  const calls = ['touch one', 'touch two', 'rm -rf /opt/nothing-here', 'touch three'].map(bash);
  scripted.server.script(say(...calls), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, queue, pill } = view(page);
  await send('go');
  await expect(pill).toHaveText(/4/);
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const cards = queue.getByRole('article');
  await expect(cards).toHaveCount(4);
  await expect(cards.nth(3)).toBeFocused();
  await pressUntil(page, 'x', () => expect(queue).toContainText('Review 1 selected', { timeout: 300 }));
  for (const place of [2, 1, 0]) {
    await page.keyboard.press('k');
    await expect(cards.nth(place)).toBeFocused();
    await page.keyboard.press('x');
  }
  await expectAccessible(page, '[aria-label="Approval queue"]');
  await tabTo(page, 'Review 4 selected…', 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Answer 4 approvals' });
  await expect(dialog).toContainText('One is left out for high or unknown risk.');
  await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(3);
  await expectAccessible(page, '[role="dialog"]');
  await tabTo(page, 'Allow 3 once');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(pill).toHaveText(/1/);
  await expect(card('bash: rm -rf /opt/nothing-here')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'd', () => expect(queue.getByRole('textbox')).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('Enter');
  await expect(view(page).transcript).toContainText('Done.');
  expect(await scripted.file('one')).toBe('');
});

test('a batch says what was settled meanwhile and answers the rest', async ({ scripted }) => {
  scripted.server.script(say(...['touch one.txt', 'touch two.txt', 'touch three.txt'].map(bash)), say('Done.'));
  const { page } = await scripted.start();
  const { send, queue, pill, transcript } = view(page);
  await send('go');
  await expect(pill).toHaveText(/3/);
  await queue.getByRole('button', { name: 'Answer the 3 like this…' }).first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Answer 3 approvals' });
  await expect(dialog.getByRole('button', { name: 'Allow 3 once' })).toBeEnabled();
  // As another window would, while this one looks at its list.
  await page.evaluate(() =>
    window.workbench?.request('rules.add', {
      place: { source: 'user' },
      kind: 'deny',
      rule: 'Bash(touch two.txt)',
      term: 'never',
    }),
  );
  await expect(dialog.getByRole('status')).toHaveText('1 no longer waits.');
  await expect(dialog.getByRole('checkbox', { name: /touch two.txt/ })).toBeDisabled();
  await expect(dialog).toContainText('No longer waits: it was answered, or a rule');
  await expectAccessible(page, '[role="dialog"]');
  await tabTo(page, 'Allow 2 once');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(transcript).toContainText('Done.');
  expect(await scripted.file('one.txt')).toBe('');
  await expect(scripted.file('two.txt')).rejects.toThrow('ENOENT');
  expect(await scripted.file('three.txt')).toBe('');
});

test('five hundred approvals: only those in sight are built, the last is reached, an answer is quick', async ({
  scripted,
}) => {
  test.setTimeout(120_000);
  const calls = Array.from({ length: 500 }, (_, place) => bash(`touch file${place}`));
  scripted.server.script(say(...calls), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, queue, pill } = view(page);
  await send('go');
  await expect(pill).toHaveText(/500/, { timeout: 60_000 });
  expect(await queue.getByRole('article').count()).toBeLessThan(25);
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const cards = queue.getByRole('article');
  // The newest is on screen once it has the focus; before, the last card is another.
  await expect(queue.locator('article:focus')).toHaveCount(1);
  const last = await cards.last().getAttribute('aria-label');
  await expect(card(new RegExp(`^${last}$`))).toBeFocused();
  await page.keyboard.press('k');
  await expect(card(new RegExp(`^${last}$`))).not.toBeFocused();
  await expect(queue.locator('article:focus')).toHaveCount(1);
  await pressUntil(page, 'a', () => expect(pill).toHaveText(/499/, { timeout: 400 }));
  await expect(card(new RegExp(`^${last}$`))).toBeFocused();
});

test('"Always allow…" for a tool by its arguments: each can be unticked, and a pattern that was written stays [rules.arguments]', async ({
  scripted,
}, testInfo) => {
  const userDataDir = testInfo.outputPath('data');
  await mkdir(userDataDir, { recursive: true });
  await writeFile(join(userDataDir, 'settings.json'), '{"memory":true}');
  const note = (content: string) => call('remember', { content, type: 'semantic' });
  scripted.server.script(say(note('Uses tabs, never blanks')), say(note('Uses pnpm')), say('Done.'));
  const { page } = await scripted.start({ userDataDir });
  const { send, card, transcript } = view(page);
  await send('go');
  await card(/^remember/)
    .getByRole('button', { name: 'Always allow…' })
    .click();
  const form = card(/^remember/).getByRole('group', { name: 'Always allow' });
  const rule = form.getByRole('textbox', { name: 'Rule' });
  await expect(rule).toHaveValue(/^remember\(content:Uses tabs\\, never blanks, type:semantic/);
  await expect(form).toContainText('Would have matched 1 of your last call');
  await expect(form).toContainText('No rule can name tags');
  const ticks = form.getByRole('group', { name: 'Only while these arguments are the same' });
  await rule.fill('remember(content:Uses *, type:semantic, importance:0.5)');
  await expect(ticks.getByRole('checkbox', { name: 'content:Uses *' })).toBeChecked();
  await expect(ticks.getByRole('checkbox', { name: 'everywhere:false' })).not.toBeChecked();
  await ticks.getByRole('checkbox', { name: 'importance:0.5' }).uncheck();
  await expect(rule).toHaveValue('remember(content:Uses *, type:semantic)');
  await expect(form).toContainText('Would have matched 1 of your last call');
  await page.screenshot({ path: testInfo.outputPath('ticks.png') });
  await expectAccessible(page, '[aria-label="Always allow"]');
  await form.getByRole('button', { name: 'Save rule and allow' }).click();
  await expect(transcript).toContainText('Done.');
});
