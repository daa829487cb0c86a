import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`memory is switched on, written by person and agent, searched, left out and deleted, in ${colorScheme} [memory.manage] [memory.context]`, async ({
    scripted,
  }, testInfo) => {
    const shot = (name: string) => page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`) });
    const { page } = await scripted.start({ colorScheme });
    const { send, transcript, prompt, card } = view(page);
    await expect(prompt).toBeVisible();

    await page.keyboard.press('ControlOrMeta+,');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Memory' }).click();
    await expect(dialog).toContainText('Nothing is noted yet.');
    await shot('1-empty');
    await dialog.getByRole('checkbox', { name: 'Use memory' }).click();
    await expect(dialog.getByRole('checkbox', { name: 'Use memory' })).toBeChecked();
    await dialog.getByRole('button', { name: 'Add note…' }).click();
    const note = dialog.getByRole('textbox', { name: 'Note' });
    await note.fill(`The token is ghp_${'a1B2'.repeat(9)}`);
    await dialog.getByRole('button', { name: 'Save note' }).click();
    await expect(dialog.getByRole('alert')).toContainText('secret');
    await shot('2-refused');
    await note.fill('Answers are short.');
    await dialog.getByRole('button', { name: 'Save note' }).click();
    await expect(dialog.getByRole('list', { name: 'Notes' })).toContainText('Answers are short.');
    await page.keyboard.press('Escape');

    scripted.server.script(
      say(call('remember', { content: 'Deployments happen on Tuesdays' })),
      say('Noted.'),
      say('Hi.'),
    );
    await send('we deploy on Tuesdays');
    await card(/^remember/)
      .getByRole('button', { name: 'Allow once' })
      .click();
    await expect(transcript).toContainText('Noted.');
    await page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Context' }).click();
    const told = page.getByRole('list', { name: 'Items of memory' });
    await expect(told).toContainText('Deployments happen on Tuesdays');
    await expect(page.getByRole('list', { name: 'Parts of the context' })).toContainText('Memory');
    await told.getByRole('listitem').filter({ hasText: 'short' }).getByRole('button').click();
    await expect(told.getByRole('button', { name: 'Put back into this session' })).toHaveCount(1);
    await shot('3-context');
    await send('hello');
    await expect(transcript).toContainText('Hi.');
    const system = JSON.stringify(scripted.server.requests.at(-1)?.body.messages[0]);
    expect(system).toContain('Tuesdays');
    expect(system).not.toContain('Answers are short');

    await page.keyboard.press('ControlOrMeta+,');
    await expect(dialog.getByRole('list', { name: 'Notes' }).getByRole('listitem')).toHaveCount(2);
    await shot('4-notes');
    await dialog.getByRole('searchbox', { name: 'Search notes' }).fill('deploy');
    await expect(dialog.getByRole('list', { name: 'Notes' }).getByRole('listitem')).toHaveCount(1);
    await dialog.getByRole('button', { name: /^Delete Deployments/ }).click();
    await expect(dialog).toContainText('No note has these words.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(dialog.getByRole('list', { name: 'Notes' })).toContainText('Tuesdays');
  });
}
