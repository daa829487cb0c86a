import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { gate, say } from '../fakes/model-server.ts';
import { mountSmallDisk, mountWorks } from '../flow/mounted-disk.ts';
import { test, view } from './scripted.ts';

interface Asked {
  asked: string[];
}

test.skip(!mountWorks(), 'A disk that refuses needs root and mount on Linux.');

test('a store that cannot be written: banner, mark on the session, a question at quit; saved again once there is room, nothing lost [store.health] [disk.full] [S-W41] [S-W42]', async ({
  scripted,
}, testInfo) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-e2e-'));
  // The sessions alone lie on the small disk: what Chromium keeps beside them is not ours to test.
  const sessions = join(userDataDir, 'sessions');
  await mkdir(sessions);
  const disk = mountSmallDisk(sessions, '2m');
  try {
    const { server } = scripted;
    const hold = gate();
    server.script(say('saved'), say('Let me think. '.repeat(700), hold, 'and that is it'), say('gone on'));
    const { page, app, close } = await scripted.start({ userDataDir });
    const { transcript, send, tree } = view(page);
    // A question of the system's own cannot be answered from here: what it asks is noted, and the person stays.
    await app.evaluate(({ dialog }) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = (async (options: Electron.MessageBoxOptions) => {
        asked.push(`${options.message}: ${options.detail}`);
        return { response: options.cancelId ?? 0, checkboxChecked: false };
      }) as typeof dialog.showMessageBox;
    });
    const shoot = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`), animations: 'disabled' });
      }
    };
    await send('first');
    await expect(transcript.getByText('saved', { exact: true }).last()).toBeVisible();
    await expect(page.getByText('Not saving')).toHaveCount(0);
    await send('second');
    await hold.reached;
    await disk.fill();
    hold.open();

    await expect(page.getByText(/The data folder cannot be written: the disk is full/)).toBeVisible();
    await expect(page.getByText(/This session is not saved: the disk is full/)).toBeVisible();
    await expect(page.getByText('Not saving')).toBeVisible();
    await expect(tree.getByText('Unsaved', { exact: true })).toBeVisible();
    // The window still hears everything.
    await expect(transcript.getByText(/and that is it/).last()).toBeVisible();
    await shoot('unsaved');

    // Quitting asks, and staying stays.
    await app.evaluate(({ app: electron }) => electron.quit());
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as Asked).asked))
      .toEqual([expect.stringMatching(/is not saved.*the disk is full/)]);
    await expect(transcript.getByText(/and that is it/).last()).toBeVisible();

    await disk.makeRoom();
    await expect(page.getByText(/This session is not saved/)).toHaveCount(0, { timeout: 20_000 });
    await expect(page.getByText(/cannot be written/)).toHaveCount(0, { timeout: 20_000 });
    await expect(page.getByText('Not saving')).toHaveCount(0);
    await shoot('saved-again');
    await close();

    const again = await scripted.start({ userDataDir, args: [] });
    const after = view(again.page);
    await after.tree.getByRole('treeitem', { name: /first/ }).click();
    await expect(after.transcript.getByText(/and that is it/).last()).toBeVisible();
    await after.send('third');
    await expect(after.transcript.getByText('gone on').last()).toBeVisible();
    await again.close();
    const log = await readFile(join(userDataDir, 'logs', 'main.log'), 'utf8').catch(() => '');
    expect(log).not.toContain('was lost');
  } finally {
    await disk.makeRoom();
    disk.unmount();
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 3 });
  }
});
