import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

const write = (path: string) => call('write', { file_path: path, content: 'x\n' });

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

async function expectAccessible(page: Page, selector: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(selector).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
}

/** Tabs on until this has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    const focused = page.locator(':focus');
    if ((await focused.count()) === 1 && name.test((await focused.ariaSnapshot()).split('\n')[0] ?? '')) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no control ${name} within 40 tabs`);
}

test('confirmation of a session by keyboard: off settles what waits, shows a lasting red banner, and back on asks again [confirmation.off]', async ({
  scripted,
}) => {
  scripted.server.script(say(write('one.txt')), say('First.'), say(write('two.txt')), say('Second.'));
  const { page } = await scripted.start();
  const { send, card, transcript, prompt } = view(page);
  await send('go');
  await expect(card('write: one.txt')).toBeVisible();
  await command(page, 'Confirmation of the session');
  const dialog = page.getByRole('dialog', { name: 'Confirmation' });
  await expect(dialog.getByRole('checkbox', { name: /^Ask me/ })).toBeFocused();
  await expectAccessible(page, '[role="dialog"]');
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('status')).toContainText('without a question');
  await tabTo(page, /button "Ask nothing"/);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(transcript).toContainText('First.');
  expect(await scripted.file('one.txt')).toBe('x\n');
  const banner = page.getByRole('alert').filter({ hasText: 'Confirmation is off' });
  await expect(banner).toBeVisible();
  await prompt.focus();
  await send('again');
  await expect(transcript).toContainText('Second.');
  expect(await scripted.file('two.txt')).toBe('x\n');

  await command(page, 'Decision log');
  const table = page.getByRole('table', { name: 'Decisions' });
  await expect(table).toContainText('Confirmation policy');
  await page.keyboard.press('Escape');

  await banner.getByRole('button', { name: 'Confirmation…' }).focus();
  await page.keyboard.press('Enter');
  await tabTo(page, /button "Ask always"/);
  await page.keyboard.press('Enter');
  await expect(banner).toHaveCount(0);
  scripted.server.script(say(write('three.txt')), say('Third.'));
  await prompt.focus();
  await send('once more');
  await expect(card('write: three.txt')).toBeVisible();
});

test('a time to answer: the card says when it ends, nobody answers, and the chip says so [confirmation.timeout]', async ({
  scripted,
}) => {
  scripted.server.script(say(write('one.txt')), say('Understood.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await send('go');
  const article = card('write: one.txt');
  await expect(article).toBeVisible();
  await command(page, 'Confirmation of the session');
  const dialog = page.getByRole('dialog', { name: 'Confirmation' });
  await tabTo(page, /textbox "Stop waiting after/);
  await page.keyboard.type('soon');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('60');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(article).toContainText(/Ends by itself at .* \((59|60) min left\)/);
  await expectAccessible(page, '[aria-label="Approval queue"]');
  await command(page, 'Confirmation of the session');
  await tabTo(page, /textbox "Stop waiting after/);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('0.05');
  await page.keyboard.press('Enter');
  await expect(transcript).toContainText('Understood.');
  await expect(transcript.getByRole('button', { name: 'Nobody answered within 3 s', exact: true })).toBeVisible();
  await expect(scripted.file('one.txt')).rejects.toThrow('ENOENT');
});

test('the confirmation of new sessions is set in the settings by keyboard [confirmation.default]', async ({
  scripted,
}) => {
  const { page } = await scripted.start();
  await expect(view(page).prompt).toBeVisible();
  await command(page, 'Permission rules');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await tabTo(page, /button "Change confirmation…"/);
  await page.keyboard.press('Enter');
  const form = dialog.getByRole('form', { name: 'Confirmation of new sessions' });
  await expect(form.getByRole('checkbox', { name: /^Ask me/ })).toBeFocused();
  await tabTo(page, /checkbox "Reading and searching"/);
  await page.keyboard.press('Space');
  await tabTo(page, /textbox "Stop waiting after/);
  await page.keyboard.type('5');
  await tabTo(page, /radio "Do not run it"/);
  await page.keyboard.press('ArrowDown');
  await expectAccessible(page, '[role="dialog"]');
  await tabTo(page, /button "Save"/);
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  await expect(dialog).toContainText(
    'Reading and searching need no question. A call waits 5 min for you and is then run if it only reads.',
  );
});

test('a policy file is looked at before it is taken over, and what is wrong with one is said [policy.file]', async ({
  scripted,
}) => {
  const { page, app } = await scripted.start();
  await expect(view(page).prompt).toBeVisible();
  const files = { good: join(scripted.workspace, 'policy.json'), bad: join(scripted.workspace, 'bad.json') };
  await writeFile(
    files.good,
    '{"deny":["Bash(rm:*)"],"ask":["Bash(git push *)"],"allow":["Read"],"default_decision":"ask"}',
  );
  await writeFile(files.bad, '{"deny":["Bash("]}');
  const choose = (path: string) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, path);
  await command(page, 'Permission rules');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await choose(files.bad);
  await tabTo(page, /button "Load from a file…"/);
  await page.keyboard.press('Enter');
  await expect(settings.getByRole('alert')).toContainText('deny[0] `Bash(`');
  await choose(files.good);
  await page.keyboard.press('Enter');
  const preview = settings.getByRole('group', { name: 'Policy from a file' });
  await expect(preview.getByRole('list', { name: 'Rules of the file' }).getByRole('listitem')).toHaveText([
    'denyBash(rm *)',
    'askBash(git push *)',
    'allowRead',
  ]);
  await expect(preview).toContainText('Ask rules outrank allow rules here.');
  await expectAccessible(page, '[role="dialog"]');
  await expect(preview).toBeFocused();
  await tabTo(page, /button "Add 3 rules"/);
  await page.keyboard.press('Enter');
  await expect(settings.getByRole('list', { name: 'Rules' }).getByRole('listitem')).toHaveCount(3);
});
