import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { tabTo } from './keyboard.ts';
import { test, view } from './scripted.ts';

const bash = (command: string) => call('bash', { command });

async function openPage(page: Page) {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Permission rules');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  const status = dialog.getByText(/^(Works here|Not available)/);
  await expect(status).toBeVisible();
  const works = (await status.innerText()).includes('Works here');
  if (!works) console.warn(`SKIPPED in part: ${await status.innerText()}`);
  return { dialog, works };
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SWITCHYARD_SANDBOX_SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

test('the card and the call say whether a command is sandboxed; the page says what that means', async ({
  scripted,
}) => {
  scripted.server.script(say(bash('touch made')), say('Done.'), say(bash('touch again')), say('Once more.'));
  const { page } = await scripted.start();
  const { send, card, transcript } = view(page);
  await expect(view(page).prompt).toBeVisible();
  const { dialog, works } = await openPage(page);
  await dialog.getByRole('checkbox', { name: 'Run commands in the sandbox' }).scrollIntoViewIfNeeded();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `settings-${colorScheme}`);
  }
  await page.keyboard.press('Escape');

  await send('go');
  const chip = works ? 'Sandboxed, no network' : 'Not sandboxed';
  await expect(card(/^bash:/)).toContainText(chip);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `card-${colorScheme}`);
  }
  await card(/^bash:/)
    .getByRole('button', { name: 'Allow once' })
    .click();
  await expect(transcript).toContainText('Done.');
  await expect(transcript).toContainText(works ? 'sandboxed' : 'not sandboxed');
  await transcript.getByRole('button', { name: /touch made/ }).click();
  await expect(transcript).toContainText(chip);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `call-${colorScheme}`);
  }

  // Off by the setting: nothing on the line, and the reason behind it.
  await openPage(page);
  // A setting is shown as main has it, a moment after the click.
  await dialog.getByRole('checkbox', { name: 'Run commands in the sandbox' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Commands in the sandbox need no question' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await send('go');
  await expect(card(/^bash:/)).toContainText('Not sandboxed: it is turned off in the settings');
  await card(/^bash:/)
    .getByRole('button', { name: 'Allow once' })
    .click();
  await expect(transcript).toContainText('Once more.');
});

test('domains and folders by keyboard; what is no domain is said and not saved', async ({ scripted }) => {
  const { page } = await scripted.start();
  await expect(view(page).prompt).toBeVisible();
  const { dialog, works } = await openPage(page);
  const domains = dialog.getByRole('textbox', { name: 'Allowed domains' });
  await domains.focus();
  await page.keyboard.type('https://example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('is no domain');
  // What is not saved is there again, until it is saved or let go of.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await openPage(page);
  await expect(domains).toHaveValue('https://example.com');
  await tabTo(page, 'Discard unsaved allowed domains');
  await page.keyboard.press('Enter');
  await expect(domains).toHaveValue('');
  await expect(domains).toBeFocused();
  await expect(dialog.getByRole('button', { name: 'Discard unsaved allowed domains' })).toHaveCount(0);
  await domains.fill('example.com\n*.example.org\n');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Save allowed domains' })).toBeDisabled();
  const spare = dialog.getByRole('checkbox', { name: 'Commands in the sandbox need no question' });
  await spare.click();
  await expect(spare).toBeChecked();
  await page.keyboard.press('Escape');

  scripted.server.script(say(bash('touch made')), say('Done.'));
  const { send, card, transcript } = view(page);
  await send('go');
  if (!works) {
    await expect(card(/^bash:/)).toContainText('Not in the sandbox');
    return;
  }
  await expect(transcript).toContainText('Done.');
  expect(await scripted.file('made')).toBe('');
});
