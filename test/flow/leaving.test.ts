import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { gate, hang, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';

/** A store in which the last step of every deletion waits at a gate. */
async function slowToRemove() {
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  const hold = gate();
  const store: SessionStore = {
    ...inner,
    async remove(id) {
      await hold.wait();
      await inner.remove(id);
    },
  };
  return { userDataDir, store, hold };
}

describe('a session that is being deleted', () => {
  it('is not opened again by what still asks for it, and goes all the same [destroy] [S-W10] [I6]', async () => {
    const { userDataDir, store, hold } = await slowToRemove();
    const bench = await startBench({ userDataDir, store });
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    const destroying = manager.destroySession(id);
    await hold.reached;
    await expect(manager.getSession(id)).rejects.toMatchObject({ code: 'notFound' });
    await expect(manager.send(id, 'still there?')).rejects.toMatchObject({ code: 'notFound' });
    hold.open();
    await destroying;
    expect(await readdir(join(userDataDir, 'sessions'))).not.toContain(id);
    expect(manager.getAllSessions().map((session) => session.id)).not.toContain(id);
    expect(bench.server.requests).toEqual([]);
  });

  it('is deleted once, however many ask for it [destroy] [S-W10]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    bench.server.script(say('Once', hang));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await bench.server.request(0);
    await Promise.all([manager.destroySession(id), manager.destroySession(id), manager.destroySession(id)]);
    await bench.window.until(() => !bench.window.app.sessions[id]);
    expect(bench.window.heard.filter(({ event }) => event.type === 'session.destroyed')).toHaveLength(1);
    await expect(manager.destroySession(id)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('stays when the quit came first, and the person is told [destroy] [S-W76]', async () => {
    const first = await startBench();
    first.server.script(say('kept'));
    const id = await first.newSession();
    await first.send(id, 'go');
    await first.window.untilIdle(id);
    const quitting = first.workbench.shutdown(2000);
    await expect(quitting.then(() => first.workbench.manager.destroySession(id))).rejects.toMatchObject({
      code: 'busy',
    });
    const { window } = await first.restart();
    expect(window.app.sessions).toHaveProperty(id);
  });

  it('does not come back into the list with a look that began before [destroy] [window.elsewhere]', async () => {
    const userDataDir = await tempFolder();
    const inner = createFileStore({ root: userDataDir, log: quiet });
    const hold = gate();
    let slow = false;
    const store: SessionStore = {
      ...inner,
      async read(id, options) {
        const loaded = await inner.read(id, options);
        if (slow) await hold.wait();
        return loaded;
      },
    };
    const first = await startBench({ userDataDir, store });
    const id = await first.newSession();
    const { workbench } = await first.restart();
    const { manager } = workbench;
    manager.listing.mark(id, { elsewhere: true });
    slow = true;
    const looking = manager.finder.lookAtOutside(id);
    await hold.reached;
    slow = false;
    await manager.destroySession(id);
    hold.open();
    await looking;
    expect(manager.listing.get(id)).toBeUndefined();
  });
});

it('a session that is gone is not kept in memory by what listens to all sessions [S-W12]', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const bench = await startBench();
  const { manager } = bench.workbench;
  bench.server.script(say('done'));
  const session = await (async () => {
    const id = await manager.createSession({ workspace: bench.workspace });
    await manager.generate(id, 'go');
    const held = new WeakRef(await manager.getSession(id));
    await manager.destroySession(id);
    return held;
  })();
  while (session.deref() !== undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
});

it('a session that is made while its folder is looked at from outside stays listed [window.elsewhere]', async () => {
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  const [made, seen] = [gate(), gate()];
  let slow = false;
  const store: SessionStore = {
    ...inner,
    async create(id) {
      const log = await inner.create(id);
      if (slow) await made.wait();
      return log;
    },
    async list(ids, known) {
      const found = await inner.list(ids, known);
      if (slow && ids) await seen.wait();
      return found;
    },
  };
  let ids = 0;
  const nextId = () => {
    ids += 1;
    return `made${ids}`;
  };
  const bench = await startBench({ userDataDir, store, newId: nextId });
  const { manager } = bench.workbench;
  slow = true;
  const creating = manager.createSession({ workspace: bench.workspace });
  await made.reached;
  const id = `made${ids}`;
  // Its folder is there, its first fact is not.
  const looking = manager.finder.lookAtOutside(id);
  await seen.reached;
  made.open();
  await creating;
  seen.open();
  await looking;
  expect(manager.listing.get(id)).toBeDefined();
});

it('a quit waits for what the stores were asked, for that may write [S-W76] [I6]', async () => {
  const inner = createFileStore({ root: await tempFolder(), log: quiet });
  const hold = gate();
  const bench = await startBench({ store: { ...inner, checkHealth: () => hold.wait().then(inner.checkHealth) } });
  await hold.reached;
  const order: string[] = [];
  const quitting = bench.workbench.shutdown(10_000).then(() => order.push('quit'));
  // Longer than a quit takes.
  const other = await startBench();
  await other.newSession();
  await other.workbench.shutdown(2000);
  order.push('answered');
  hold.open();
  await quitting;
  expect(order).toEqual(['answered', 'quit']);
});
