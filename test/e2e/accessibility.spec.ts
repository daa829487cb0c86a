import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

/** What axe finds against WCAG in the page as it stands, in few words. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the main states, ${colorScheme}`, async ({ scripted }) => {
    scripted.server.script(
      say('Some **text**.\n\n```js\nconst a = 1;\n```', call('bash', { command: 'touch made.txt' })),
      say('Done.'),
    );
    const { page } = await scripted.start({ colorScheme });
    const { send, card, transcript, prompt } = view(page);
    await expect(prompt).toBeVisible();
    expect(await violations(page)).toEqual([]);

    await send('make a file');
    await expect(card('bash: touch made.txt')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await card('bash: touch made.txt').getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await card('bash: touch made.txt').getByRole('button', { name: 'Allow once' }).click();
    await expect(transcript).toContainText('Done.');
    expect(await violations(page)).toEqual([]);

    await page.keyboard.press('ControlOrMeta+,');
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    for (const name of ['Skills', 'Memory']) {
      await page.getByRole('dialog', { name: 'Settings' }).getByRole('tab', { name }).click();
      await expect(page.getByRole('tabpanel', { name })).toContainText(
        name === 'Skills' ? 'no skills' : 'Nothing is noted',
      );
      expect(await violations(page)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await prompt.fill('/');
    await expect(page.getByRole('listbox', { name: 'Commands and skills' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await prompt.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
