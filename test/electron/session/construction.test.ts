import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customAlphabet } from 'nanoid';
import { expect, it, onTestFinished } from 'vitest';
import { createBroker } from '../../../electron/approvals/broker.ts';
import type { ManagerDeps } from '../../../electron/session/manager-deps.ts';
import { SessionManager } from '../../../electron/session/session-manager.ts';
import { createMemoryStore } from '../../../electron/storage/memory-store.ts';
import { fail } from '../../../shared/errors.ts';

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16);
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** All that a manager needs beside a place for its sessions; nothing runs in these. */
const deps = (): Omit<ManagerDeps, 'store'> => ({
  broker: createBroker(newId, Date.now),
  tools: () => [],
  ports: async () => fail('notConfigured', 'Nothing runs here.'),
  models: {
    resolve: async () => fail('notConfigured', 'There is no model.'),
    name: () => 'none',
    setDefault: async () => {},
  },
  skills: {} as ManagerDeps['skills'],
  memory: {} as ManagerDeps['memory'],
  compactsWhenIdle: false,
  emit: () => {},
  defaultMode: () => 'manual',
  defaultConfirmation: () => undefined,
  redact: (event) => event,
  someoneAnswers: true,
  now: Date.now,
  newId,
  log,
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'switchyard-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function oneSession(manager: SessionManager): Promise<string> {
  const id = await manager.createSession({ workspace: await folder(), title: 'kept' });
  expect(manager.sessionCount()).toBe(1);
  await manager.shutdown(2000);
  return id;
}

it('in memory: sessions end with the manager [session.construct]', async () => {
  await oneSession(SessionManager.inMemory(deps()));
  expect(SessionManager.inMemory(deps()).sessionCount()).toBe(0);
});

it('with persistence: the folder is made, and what it holds is listed at once [session.construct]', async () => {
  const place = join(await folder(), 'not', 'there');
  const id = await oneSession(await SessionManager.withPersistence(deps(), place));
  const again = await SessionManager.withPersistence(deps(), place);
  expect(again.getAllSessions()).toMatchObject([{ id, title: 'kept' }]);
  await again.shutdown(2000);
});

it('with persistence in a folder that cannot be made says so [session.construct]', async () => {
  const file = join(await folder(), 'file');
  await writeFile(file, '');
  await expect(SessionManager.withPersistence(deps(), join(file, 'below'))).rejects.toMatchObject({ code: 'storage' });
});

it('with a custom store: sessions are made there [session.construct]', async () => {
  const store = createMemoryStore();
  const id = await oneSession(SessionManager.withStore(deps(), { ...store, name: 'mine' }));
  expect(await store.list()).toMatchObject([{ id }]);
});
