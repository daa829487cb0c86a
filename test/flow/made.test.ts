import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../electron/storage/memory-store.ts';
import { treeUse } from '../../shared/app/tree.ts';
import { call, say, usage } from '../fakes/model-server.ts';
import { type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';

const folders = async ({ userDataDir }: Bench) => (await readdir(join(userDataDir, 'sessions'))).sort();

/** What the disk has of a session in this very tick. */
const writtenOf = ({ userDataDir }: Bench, id: string): string => {
  const journal = join(userDataDir, 'sessions', id, 'journal');
  return readdirSync(journal)
    .map((name) => readFileSync(join(journal, name), 'utf8'))
    .join('');
};

describe('a new session', () => {
  it('is on disk in the moment its id is known, however it is made [S-W15]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await manager.createSession({ workspace: bench.workspace, title: 'first' });
    expect(writtenOf(bench, id)).toContain('"session.created"');
    const child = await manager.createChildSession(id, { title: 'child' });
    expect(writtenOf(bench, child)).toContain('"session.created"');
    bench.server.script(say('well'));
    await manager.generate(id, 'go');
    const fork = await manager.forkSession(id);
    expect(writtenOf(bench, fork)).toContain('"history.copied"');
    const imported = await manager.importSession(await manager.exportSession(id, 'json'));
    expect(writtenOf(bench, imported)).toContain('"run.ended"');
  });

  it('whose id is taken in another store is refused, and the one that has it stays where it is [S-W13] [S-W14]', async () => {
    let forced: string | undefined;
    let count = 0;
    const newId = () => {
      count += 1;
      return forced ?? `id${String(count).padStart(6, '0')}`;
    };
    const shelf = { ...createMemoryStore(), name: 'shelf' };
    const bench = await startBench({ newId, stores: [shelf] });
    const { window, server, workspace } = bench;
    const id = await bench.newSession();
    server.script(say('mine'), say('still mine'));
    await bench.send(id, 'go');
    await window.untilIdle(id);
    forced = id;
    await expect(window.request('session.create', { workspace, store: 'shelf' })).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('exists already'),
    });
    forced = undefined;
    expect(await shelf.list()).toEqual([]);
    await bench.send(id, 'more');
    expect((await window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'still mine' });
    await expectLaws(bench, id);
    const again = await bench.restart();
    expect(again.window.app.sessions[id]).toMatchObject({ title: 'go' });
    expect(again.window.app.sessions[id]?.store).toBeUndefined();
  });

  it('that is refused for its folder, its store or its parent leaves neither file nor row [S-W14]', async () => {
    const bench = await startBench();
    const { workspace, workbench } = bench;
    const { manager } = workbench;
    const id = await bench.newSession();
    const rows = () => manager.getAllSessions().map((session) => session.id);
    const before = { files: await folders(bench), rows: rows() };
    await expect(manager.createSession({ workspace: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(manager.createSession({ workspace, store: 'tape' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(manager.createChildSession('nowhere', {})).rejects.toMatchObject({ code: 'notFound' });
    await expect(manager.createChildSession(id, { workspace: '/nowhere' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(manager.forkSession(id, 'noprompt')).rejects.toMatchObject({ code: 'notFound' });
    expect({ files: await folders(bench), rows: rows() }).toEqual(before);
    expect(manager.getChildSessions(id)).toEqual([]);
  });
});

describe('a child', () => {
  it('works in the workspace of its parent and in no other [S-W18] [I8]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    const below = join(bench.workspace, 'below');
    await mkdir(below);
    for (const workspace of [await tempFolder(), join(bench.workspace, '..'), below]) {
      await expect(manager.createChildSession(id, { workspace })).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('workspace of its parent'),
      });
    }
    const child = await manager.createChildSession(id, { workspace: `${bench.workspace}/.` });
    expect((await manager.getSession(child)).state.head.config.workspace).toBe(bench.workspace);
  });

  it('is one of at most 64, never its own parent, and what was destroyed makes room [S-W20]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    const asked = await Promise.allSettled(Array.from({ length: 66 }, () => manager.createChildSession(id, {})));
    const made = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(new Set([...made, id]).size).toBe(65);
    await expect(manager.createChildSession(id, {})).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining('64'),
    });
    expect(manager.getChildSessions(id)).toHaveLength(64);
    await manager.destroySession(made[0] as string);
    expect(await manager.createChildSession(id, {})).toEqual(expect.any(String));
  });

  it('is billed by the model that served it, and its tree knows the sum [S-W21] [I10]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const million = (input: number) => usage({ input: input * 1_000_000, output: 0 });
    const save = (name: string, input: number) =>
      window.request('profile.save', {
        profile: {
          name,
          model: name.toLowerCase(),
          baseUrl: server.baseUrl,
          contextWindow: 100_000_000,
          prices: { input, output: 0 },
        },
      });
    // The first one is the default.
    await save('Cheap', 1);
    const { id: profileId } = await save('Dear', 3);
    server.when('child work', say('half', million(2)));
    server.script(
      say(call('task', { description: 'Child', prompt: 'child work' }), million(1)),
      say('done', million(1)),
    );
    const id = await bench.newSession({ profileId });
    await bench.send(id, 'go');
    const state = await window.untilIdle(id);
    const child = await window.until(() => Object.values(window.app.sessions).find((one) => one.parentId === id));
    expect(state.head.totals).toMatchObject({ cost: 6, modelCalls: 2, unpriced: 0 });
    expect(child.totals).toMatchObject({ cost: 6, modelCalls: 1, unpriced: 0 });
    await window.until(() => window.app.sessions[id]?.totals.cost === 6);
    expect(treeUse(window.app.sessions, id, 0)).toMatchObject({
      descendants: 1,
      totals: { cost: 12, modelCalls: 3, input: 4_000_000 },
    });
    const costs = await window.request('costs.summary', {});
    expect(costs.models).toMatchObject([{ name: 'dear', cost: 12, calls: 3 }]);
  });
});
