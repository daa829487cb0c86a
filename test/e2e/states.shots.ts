import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ROOT } from '../../scripts/paths.mjs';
import { test } from './launch.ts';
import { view } from './scripted.ts';

/** Pictures of the main states, taken from the real app with the embedded demo model. */
const folder = process.env.SWITCHYARD_SHOTS ?? join(ROOT, 'docs', 'screenshots');

async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Caret and spinners stand still, so that two runs differ only where the app does.
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

async function resize(page: Page, app: import('@playwright/test').ElectronApplication, width: number, height: number) {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size[0] as number, size[1] as number),
    [width, height],
  );
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight].join('x'))).toBe(`${width}x${height}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`main states, ${colorScheme}`, async ({ launch }) => {
    const { page, app } = await launch({ env: { OPENAI_BASE_URL: undefined } });
    const { transcript, card, tree, send } = view(page);
    await page.emulateMedia({ colorScheme });
    await resize(page, app, 1280, 820);
    await expect(page.getByRole('button', { name: /Fix the typo/ })).toBeVisible();
    await shoot(page, `empty-${colorScheme}`);

    await page.getByRole('button', { name: /In parallel/ }).click();
    await expect(transcript.getByText(/not a language model/i).last()).toBeVisible();
    await expect(tree.getByRole('treeitem')).toHaveCount(4);
    await shoot(page, `tree-${colorScheme}`);

    await send('Summarise the structure of this project');
    await shoot(page, `streaming-${colorScheme}`);
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);

    await send('Fix the typo in README.md');
    await expect(card('edit: README.md')).toBeVisible();
    await shoot(page, `approval-${colorScheme}`);
    await resize(page, app, 900, 600);
    await shoot(page, `approval-small-${colorScheme}`);
    await resize(page, app, 1280, 820);
    await card('edit: README.md').getByRole('button', { name: 'Allow once' }).click();
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
    await shoot(page, `diff-${colorScheme}`);

    await page.keyboard.press('ControlOrMeta+,');
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    await shoot(page, `settings-${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await shoot(page, `palette-${colorScheme}`);
  });
}
