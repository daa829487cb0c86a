import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../electron/storage/memory-store.ts';
import { call, say, usage } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';

describe('the session manager [session.api]', () => {
  it('works in memory alone, and over any store it is given', async () => {
    const bench = await startBench({ store: createMemoryStore() });
    const { window, server, workbench } = bench;
    server.script(say('hello', usage({ input: 10, output: 5 })));
    const id = await bench.newSession();
    await bench.send(id, 'hi');
    await window.untilIdle(id);
    const { manager } = workbench;
    expect((await manager.history(id)).map((item) => item.kind)).toEqual(['prompt', 'message']);
    expect(await manager.contextUsage(id)).toMatchObject({ used: 15, source: 'reported' });
    expect(await manager.storeHealth()).toEqual([{ store: 'memory' }]);
    await expect(
      import('node:fs/promises').then((fs) => fs.stat(join(bench.userDataDir, 'sessions', id))),
    ).rejects.toThrow('ENOENT');
  });

  it('restores by id once however often it is asked, and says what is not there', async () => {
    const before = await startBench();
    const id = await before.newSession({ title: 'Stored' });
    const { workbench } = await before.restart();
    const { manager } = workbench;
    await Promise.all([manager.restoreSessionById(id), manager.restoreSessionById(id), manager.restoreSessionById(id)]);
    expect(await manager.getSession(id)).toBe(await manager.getSession(id));
    await expect(manager.restoreSessionById('notthere')).rejects.toMatchObject({ code: 'notFound' });
  });

  it('loads all without touching what is live, and counts', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    const live = await manager.getSession(id);
    const before = manager.sessionCount();
    await manager.loadAllSessions();
    expect(manager.sessionCount()).toBe(before);
    expect(await manager.getSession(id)).toBe(live);
    const { workbench: second } = await bench.restart();
    expect(second.manager.sessionCount()).toBe(before);
    expect(second.manager.getAllSessions().map((session) => session.id)).toContain(id);
  });

  it('answers by call, and knows when there is nothing to answer', async () => {
    const bench = await startBench();
    const { window, server, workbench } = bench;
    const { manager } = workbench;
    server.script(say(call('write', { file_path: 'a.txt', content: 'a' })), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    expect(manager.listPendingApprovals()).toMatchObject([{ id: approval.id }]);
    expect(await manager.confirmTool(id, approval.callId ?? '', true)).toBe(true);
    expect(await manager.confirmTool(id, approval.callId ?? '', true)).toBe(false);
    await window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('a');
    expect(manager.listTools().map((tool) => tool.name)).toContain('write');
  });

  it('shows what the disk refuses as a problem of the store', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    expect((await manager.storeHealth())[0]?.problem).toBeUndefined();
    await rm(join(bench.userDataDir, 'sessions'), { recursive: true, force: true });
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(bench.userDataDir, 'sessions'), 'a file in the way');
    expect((await manager.storeHealth())[0]?.problem).toBeDefined();
    await rm(join(bench.userDataDir, 'sessions'));
  });
});
