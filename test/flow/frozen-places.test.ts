import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';

const write = (path: string) => call('write', { file_path: path, content: 'new' });

async function asked(bench: Bench, ...calls: ReturnType<typeof call>[]): Promise<string> {
  bench.server.script(say(...calls), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await bench.window.approval();
  return id;
}

async function outsideFolder(): Promise<string> {
  const folder = await tempFolder();
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'a.txt'), 'old');
  }
  return folder;
}

const textOf = (folder: string, name: string) => readFile(join(folder, name, 'a.txt'), 'utf8');

describe('the file that was approved is the file that is used', () => {
  it('an approved path outside is written, and no other after its link was swapped [approval.frozen-places] [I7]', async () => {
    for (const swap of [false, true]) {
      const bench = await startBench();
      const outside = await outsideFolder();
      const link = join(bench.workspace, 'link');
      await symlink(join(outside, 'one'), link);
      const id = await asked(bench, write('link/a.txt'));
      if (swap) {
        await rm(link);
        await symlink(join(outside, 'two'), link);
      }
      await bench.window.answer(await bench.window.approval(), 'allow');
      await bench.window.untilIdle(id);
      expect(await textOf(outside, 'one')).toBe(swap ? 'old' : 'new');
      expect(await textOf(outside, 'two')).toBe('old');
      if (swap) expect(bench.window.calls(id)[0]?.result?.output).toContain('leads elsewhere');
      await expectLaws(bench, id);
    }
  });

  it('a path inside that leads to a protected place by then is not written [approval.frozen-places]', async () => {
    const bench = await startBench({ files: { 'notes.md': 'notes' } });
    await mkdir(join(bench.workspace, '.git'));
    await writeFile(join(bench.workspace, '.git', 'config'), 'old');
    const id = await asked(bench, write('fresh.md'));
    await symlink('.git/config', join(bench.workspace, 'fresh.md'));
    await bench.window.answer(await bench.window.approval(), 'allow');
    await bench.window.untilIdle(id);
    expect(await bench.file('.git/config')).toBe('old');
  });

  it('an edited call that waits for its turn over a restart is the one that was approved [approval.frozen-places]', async () => {
    for (const swap of [false, true]) {
      const bench = await startBench();
      const outside = await outsideFolder();
      const link = join(bench.workspace, 'link');
      await symlink(join(outside, 'one'), link);
      const id = await asked(bench, write('first.txt'), write('second.txt'));
      await bench.window.until(() => bench.window.app.approvals.length === 2);
      const [first, second] = bench.window.app.approvals;
      const args = { file_path: 'link/a.txt', content: 'edited' };
      await bench.window.answer(second!, 'allow', { args });
      const again = await bench.restart();
      await again.window.openSession(id);
      if (swap) {
        await rm(link);
        await symlink(join(outside, 'two'), link);
      }
      expect((await again.window.approval()).id).toBe(first!.id);
      await again.window.answer(first!, 'allow');
      await again.window.untilIdle(id);
      expect(await textOf(outside, 'one')).toBe(swap ? 'old' : 'edited');
      expect(await textOf(outside, 'two')).toBe('old');
      expect(again.window.calls(id)[1]?.state).toBe(swap ? 'error' : 'ok');
      await expectLaws(again, id);
    }
  });

  it('holds for edited arguments, and over a restart [approval.frozen-places]', async () => {
    const bench = await startBench();
    const outside = await outsideFolder();
    const id = await asked(bench, write('a.txt'));
    const again = await bench.restart();
    await again.window.openSession(id);
    const args = { file_path: join(outside, 'two', 'a.txt'), content: 'edited' };
    await again.window.answer(await again.window.approval(), 'allow', { args });
    await again.window.untilIdle(id);
    expect(await textOf(outside, 'two')).toBe('edited');
    expect(again.window.calls(id)[0]?.state).toBe('ok');
  });
});
