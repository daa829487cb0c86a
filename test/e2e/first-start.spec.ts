import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './launch.ts';
import { view } from './scripted.ts';

test('the first start works offline: sample workspace, demo model, an approval on the way', async ({ launch }) => {
  const { page, userDataDir } = await launch();
  const { prompt, transcript, tabs, card, queue, gauge } = view(page);
  await expect(prompt).toBeFocused();
  await expect(tabs).toHaveCount(1);
  await expect(queue).toContainText('Nothing waits for you');
  await expect(page.getByText(/not a language model/i).first()).toBeVisible();

  await page.getByRole('button', { name: /Fix the typo/ }).click();
  const article = card('edit: README.md');
  await expect(article).toBeVisible();
  await article.getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText(/not a language model/i);
  expect(await readFile(join(userDataDir, 'sample', 'README.md'), 'utf8')).not.toContain('teh');
  await expect(gauge).toHaveAttribute('aria-valuetext', /tokens/);
});

test('in parallel: the demo hands work to children, which stand in the tree', async ({ launch }) => {
  const { page } = await launch();
  const { transcript, tree } = view(page);
  await page.getByRole('button', { name: /In parallel/ }).click();
  await expect(tree.getByRole('treeitem')).toHaveCount(4);
  await expect(transcript).toContainText(/not a language model/i);
});
