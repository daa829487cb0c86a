import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

test('deleting a session can keep its children', async ({ scripted }, testInfo) => {
  scripted.server.when(
    'please delegate',
    say(call('task', { description: 'Look around', prompt: 'child work' })),
    say('All done.'),
  );
  scripted.server.when('child work', say('Looked.'));
  const { page } = await scripted.start();
  const { send, transcript, tree } = view(page);
  await send('please delegate');
  await expect(transcript).toContainText('All done.');
  await tree.getByRole('treeitem', { name: 'please delegate' }).focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('alertdialog', { name: 'Delete session?' });
  await dialog.getByRole('radio', { name: /^Keep its 1 child session/ }).check();
  await page.screenshot({ path: testInfo.outputPath('delete.png') });
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(tree.getByRole('treeitem', { name: 'please delegate' })).toHaveCount(0);
  await expect(tree.getByRole('treeitem', { name: 'Look around' })).toHaveAttribute('aria-level', '1');
});
