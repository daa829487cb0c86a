import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { call, gate, say } from '../fakes/model-server.ts';
import { test, view } from './scripted.ts';

const descendants = async (pattern: string): Promise<number> => {
  const { readdir, readFile } = await import('node:fs/promises');
  let count = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.split('\0').join(' ').trim() === pattern) count += 1;
  }
  return count;
};

test('two sessions stream at once in two tabs', async ({ scripted }) => {
  const one = gate();
  const two = gate();
  scripted.server.when('alpha prompt', say('Alpha begins', one, ' and Alpha ends.'));
  scripted.server.when('beta prompt', say('Beta begins', two, ' and Beta ends.'));
  const { page } = await scripted.start();
  const { send, transcript, tabs } = view(page);
  await send('alpha prompt');
  await expect(transcript).toContainText('Alpha begins');
  await page.keyboard.press('ControlOrMeta+n');
  const dialog = page.getByRole('dialog', { name: 'New session' });
  await dialog.getByRole('textbox').first().fill(scripted.workspace);
  await dialog.getByRole('textbox').first().press('Enter');
  await expect(tabs).toHaveCount(2);
  await send('beta prompt');
  await expect(transcript).toContainText('Beta begins');
  one.open();
  await page.getByRole('tab', { name: 'alpha prompt' }).click();
  await expect(transcript).toContainText('and Alpha ends.');
  two.open();
  await page.getByRole('tab', { name: 'beta prompt' }).click();
  await expect(transcript).toContainText('and Beta ends.');
});

test('tabs take another place by mouse and by keyboard, and keep it', async ({ scripted }) => {
  const { page } = await scripted.start();
  const { send, tabs } = view(page);
  for (const name of ['first', 'second', 'third']) {
    scripted.server.when(name, say(`The ${name} answer.`));
    if (name !== 'first') {
      await page.keyboard.press('ControlOrMeta+n');
      await page.getByRole('dialog', { name: 'New session' }).getByRole('textbox').first().fill(scripted.workspace);
      await page.keyboard.press('Enter');
    }
    await send(name);
    await expect(page.getByRole('tab', { name, exact: true })).toBeVisible();
  }
  await expect(tabs).toHaveText(['first', 'second', 'third']);
  const middleOf = async (name: string) => {
    const box = await page.getByRole('tab', { name, exact: true }).boundingBox();
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  const [from, to] = [await middleOf('third'), await middleOf('first')];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - 3, from.y);
  await expect(tabs).toHaveText(['first', 'second', 'third']);
  await page.mouse.move(to.x - 5, to.y, { steps: 8 });
  await page.mouse.up();
  await expect(tabs).toHaveText(['third', 'first', 'second']);
  await expect(page.getByRole('tab', { name: 'third', exact: true })).toHaveAttribute('aria-selected', 'true');
  await page.mouse.move(from.x, from.y);
  await expect(tabs).toHaveText(['third', 'first', 'second']);

  await page.keyboard.press('Control+Shift+PageDown');
  await expect(tabs).toHaveText(['first', 'third', 'second']);
  await page.keyboard.press('Control+Shift+PageUp');
  await page.keyboard.press('Control+Shift+PageUp');
  await expect(tabs).toHaveText(['third', 'first', 'second']);
  await page.keyboard.press('Control+Shift+PageDown');
  await page.keyboard.press('Control+Shift+PageDown');
  await expect(tabs).toHaveText(['first', 'second', 'third']);
  await page.keyboard.press('Control+Shift+PageUp');
  await page.reload();
  await expect(tabs).toHaveText(['first', 'third', 'second']);
});

test("a child's approval is answered in the queue and its path is shown", async ({ scripted }) => {
  scripted.server.when(
    'please delegate',
    say(call('task', { description: 'Write the file', prompt: 'child work' })),
    say('All done.'),
  );
  scripted.server.when(
    'child work',
    say(call('write', { file_path: 'made.txt', content: 'by a child\n' })),
    say('Wrote it.'),
  );
  const { page } = await scripted.start();
  const { send, card, transcript, tree, queue } = view(page);
  await send('please delegate');
  await expect(card('write: made.txt')).toBeVisible();
  await expect(queue).toContainText('please delegate');
  await expect(queue).toContainText('Write the file');
  await expect(tree.getByRole('treeitem', { name: /please delegate/ }).first()).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await expect(tree.getByRole('treeitem', { name: /Write the file/ })).toHaveAttribute('aria-level', '2');
  await card('write: made.txt').getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('All done.');
  expect(await scripted.file('made.txt')).toBe('by a child\n');
});

test('Stop ends a command and its children', async ({ scripted }) => {
  const marker = `${61_000 + Math.floor(Math.random() * 900)}`;
  scripted.server.script(say(call('bash', { command: `sleep ${marker} & sleep ${marker}; wait` })), say('never'));
  const { page } = await scripted.start();
  const { send, card, stop, transcript } = view(page);
  await send('sleep');
  await card(/^bash: /)
    .getByRole('button', { name: 'Allow once' })
    .click();
  await expect.poll(() => descendants(`sleep ${marker}`)).toBe(2);
  await stop.click();
  await expect(transcript).toContainText(/stopped|cancelled/i);
  expect(await descendants(`sleep ${marker}`)).toBe(0);
  await expect(stop).toHaveCount(0);
});

test('a reload in mid-stream misses nothing', async ({ scripted }) => {
  const hold = gate();
  scripted.server.script(say('Before the reload', hold, ' and after it.'));
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await send('go on');
  await expect(transcript).toContainText('Before the reload');
  await page.reload();
  await expect(transcript).toContainText('Before the reload');
  hold.open();
  await expect(transcript).toContainText('Before the reload and after it.');
});

test('after kill -9 in mid-run the next start shows all that happened and says interrupted', async ({ scripted }) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-e2e-'));
  const marker = `${62_000 + Math.floor(Math.random() * 900)}`;
  scripted.server.script(say('Starting the command.', call('bash', { command: `sleep ${marker}` })));
  const first = await scripted.start({ userDataDir });
  const before = view(first.page);
  await before.send('run something long');
  await before
    .card(/^bash: /)
    .getByRole('button', { name: 'Allow once' })
    .click();
  await expect.poll(() => descendants(`sleep ${marker}`)).toBe(1);
  await first.kill();

  const second = await scripted.start({ userDataDir, args: [] });
  const after = view(second.page);
  await expect(after.transcript).toContainText('run something long');
  await expect(after.transcript).toContainText('Starting the command.');
  await expect(after.transcript).toContainText(/interrupted/i);
  await expect(after.stop).toHaveCount(0);
  await expect.poll(() => descendants(`sleep ${marker}`)).toBe(0);
  expect(scripted.server.requests).toHaveLength(1);
  await second.close();
  await rm(userDataDir, { recursive: true, force: true });
});

test('a pending approval survives a quit and is answered after the next start', async ({ scripted }) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-e2e-'));
  scripted.server.script(say(call('write', { file_path: 'late.txt', content: 'late\n' })), say('Written at last.'));
  const first = await scripted.start({ userDataDir });
  await view(first.page).send('write it');
  await expect(view(first.page).card('write: late.txt')).toBeVisible();
  await first.close();

  const second = await scripted.start({ userDataDir, args: [] });
  const { card, transcript } = view(second.page);
  await card('write: late.txt').getByRole('button', { name: 'Allow once' }).click();
  await expect(transcript).toContainText('Written at last.');
  expect(await scripted.file('late.txt')).toBe('late\n');
  await second.close();
  await rm(userDataDir, { recursive: true, force: true });
});
