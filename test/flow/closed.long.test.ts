import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fc } from '../properties.ts';
import { processesWith, uniqueSeconds } from './processes.ts';
import { openFilesWith, watchResources } from './resources.ts';
import { type Plan, plan, startWork } from './work-underway.ts';

/**
 * What belongs to the workbench or a window and not to a session: files written some time after a change, how the stores are, batches,
 * looks around.
 */
const ofTheWorkbench = [
  ...['storage/session-index.ts', 'storage/deleted-costs.ts', 'storage/rule-uses.ts'],
  ...['storage/store-health.ts', 'storage/stores.ts'],
  ...['ipc/event-batcher.ts', 'session/outside.ts', 'search/search-index.ts'],
];

/** Every file below a folder with its size and the time of its last change. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const described = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return [name, `${size} ${mtimeMs}`];
    }),
  );
  return Object.fromEntries(described);
}

it('a session that is deleted at any moment of any work leaves no process, timer, request, question, open file or write behind, nor do its children; others go on [I6] [destroy] [S-W08] [S-W09] [S-W10] [S-W12]', async () => {
  async function play(plan: Plan): Promise<void> {
    const seconds = uniqueSeconds();
    const started = await startWork(plan, seconds);
    const { workbench, window, server, workspace, userDataDir, id, bystander, happened } = started;
    const { manager } = workbench;
    const resources = watchResources();
    const { waiting } = await started.setOff();
    const ofOthers = ({ lastUser }: { lastUser: string }) => lastUser.includes('look on');

    await manager.destroySession(id);
    const tree = new Set(happened.map(({ stream }) => stream).filter((stream) => stream !== bystander));
    const told = happened.length;
    expect(processesWith(seconds)).toEqual([]);
    expect(await resources.left(ofTheWorkbench)).toEqual([]);
    expect(manager.listPendingApprovals()).toEqual([]);
    const isOfTree = (path: string) => [...tree].some((one) => path.includes(one));
    expect([...tree].flatMap(openFilesWith)).toEqual([]);
    expect((await readdir(join(userDataDir, 'sessions'))).filter(isOfTree)).toEqual([]);
    await Promise.all(server.requests.filter((request) => !ofOthers(request)).map((request) => request.ended));
    await Promise.all(waiting);
    const work = await filesIn(workspace);
    const requests = server.requests.length;
    expect(tree).toContain(id);

    // A whole turn of another session later nothing has moved.
    started.rest.open();
    expect((await window.untilIdle(bystander)).head.run?.outcome).toBe('completed');
    const ofTree = happened.slice(told).filter(({ stream }) => tree.has(stream));
    expect(ofTree).toEqual([]);
    expect(await filesIn(workspace)).toEqual(work);
    expect(server.requests).toHaveLength(requests);
    expect(Object.keys(window.app.sessions).filter((one) => tree.has(one))).toEqual([]);
    resources.stop();
    await workbench.shutdown(2000);
    await server.close();
  }
  await fc.assert(fc.asyncProperty(plan, play), { numRuns: 20, endOnFailure: true });
}, 240_000);

it('a quit at any moment of any work leaves no process, timer, request, lock, open file or write behind [I6] [S-W76]', async () => {
  async function play(plan: Plan): Promise<void> {
    const seconds = uniqueSeconds();
    const resources = watchResources();
    const started = await startWork(plan, seconds);
    const { workbench, server, workspace, userDataDir } = started;
    const { waiting } = await started.setOff();

    expect(await workbench.shutdown(60_000)).toEqual([]);
    expect(processesWith(seconds)).toEqual([]);
    // What the window was still to be sent goes with the window.
    workbench.detachWindow(1);
    expect(await resources.left()).toEqual([]);
    expect(openFilesWith(userDataDir)).toEqual([]);
    await Promise.all(server.requests.map((request) => request.ended));
    const before = { ...(await filesIn(userDataDir)), ...(await filesIn(workspace)) };
    expect(Object.keys(before).filter((name) => name.endsWith('/lock'))).toEqual([]);
    resources.stop();

    const other = await startWork({ ...plan, work: 'title', after: undefined }, seconds);
    await other.setOff();
    await other.workbench.shutdown(2000);
    await other.server.close();
    expect({ ...(await filesIn(userDataDir)), ...(await filesIn(workspace)) }).toEqual(before);
    expect(server.requests.filter((request) => request.endedAt === undefined)).toEqual([]);
    void waiting;
    await server.close();
  }
  await fc.assert(fc.asyncProperty(plan, play), { numRuns: 12, endOnFailure: true });
}, 240_000);
