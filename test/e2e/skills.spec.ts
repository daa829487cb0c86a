import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

async function put(workspace: string, name: string, content: string): Promise<void> {
  await mkdir(join(workspace, '.claude/skills', name), { recursive: true });
  await writeFile(join(workspace, '.claude/skills', name, 'SKILL.md'), content);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a skill is made, chosen by keys, sent with a prompt, loaded by the model, and switched off, in ${colorScheme} [skills.slash] [skills.list]`, async ({
    scripted,
  }, testInfo) => {
    const shot = (name: string) => page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`) });
    await put(
      scripted.workspace,
      'review',
      '---\nname: review\ndescription: Reviews a change\nallowed-tools: Read, Grep\n---\nLook twice.\n',
    );
    await put(scripted.workspace, 'broken', 'no front matter');
    await put(scripted.workspace, 'turned\u202eround', 'no front matter');
    const { page } = await scripted.start({ colorScheme });
    const { send, transcript, prompt } = view(page);
    await expect(prompt).toBeVisible();

    await page.keyboard.press('ControlOrMeta+,');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Skills' }).click();
    await expect(dialog).toContainText('You have no skills yet.');
    const ofWorkspace = dialog.getByRole('list', { name: 'Skills of this workspace' });
    await expect(ofWorkspace).toContainText('Permits only Read, Grep while in use.');
    await expect(ofWorkspace).toContainText('does not begin with front matter');
    await expect(ofWorkspace.getByRole('checkbox', { name: 'Use turned\\u{202e}round' })).toBeVisible();
    await expect(ofWorkspace).not.toContainText('\u202e');
    await shot('1-page');
    await dialog.getByRole('button', { name: 'New skill…' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).press('Escape');
    await expect(dialog.getByRole('form', { name: 'New skill' })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'New skill…' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Release Notes');
    await dialog.getByRole('textbox', { name: 'When to use it' }).fill('Writes release notes');
    await dialog.getByRole('textbox', { name: 'Instructions' }).fill('List what a user can see.');
    await dialog.getByRole('button', { name: 'Create skill' }).click();
    await expect(dialog.getByRole('alert')).toContainText('lower-case');
    await shot('2-form');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('release-notes');
    await dialog.getByRole('button', { name: 'Create skill' }).click();
    await expect(dialog.getByRole('list', { name: 'Your skills' })).toContainText('Writes release notes');
    await shot('3-made');
    await page.keyboard.press('Escape');

    await prompt.fill('/');
    const menu = page.getByRole('listbox', { name: 'Commands and skills' });
    await expect(menu.getByRole('option')).toHaveCount(4);
    await shot('4-menu');
    await prompt.press('ArrowDown');
    await prompt.press('ArrowDown');
    await expect(menu.getByRole('option', { selected: true })).toContainText('/release-notes');
    await prompt.press('Enter');
    await expect(prompt).toHaveValue('/release-notes ');
    await expect(menu).toHaveCount(0);
    scripted.server.script(say('Notes are written.'), say(call('skill', { name: 'review' })), say('Reviewed.'));
    await prompt.pressSequentially('for 2.0');
    await prompt.press('Enter');
    await expect(transcript).toContainText('Notes are written.');
    expect(JSON.stringify(scripted.server.requests[0]?.body.messages)).toContain('List what a user can see.');
    await send('look at it');
    await expect(transcript).toContainText('Reviewed.');
    await page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Context' }).click();
    await expect(page.getByRole('list', { name: 'Parts of the context' })).toContainText('Skills');
    await shot('5-used');

    await page.keyboard.press('ControlOrMeta+,');
    await dialog.getByRole('checkbox', { name: 'Use review' }).click();
    await expect(dialog.getByRole('checkbox', { name: 'Use review' })).not.toBeChecked();
    await page.keyboard.press('Escape');
    scripted.server.script(say('Without it.'));
    await send('again');
    await expect(transcript).toContainText('Without it.');
    expect(JSON.stringify(scripted.server.requests.at(-1)?.body.messages[0])).not.toContain('review');
  });
}
