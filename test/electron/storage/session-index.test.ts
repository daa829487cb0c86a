import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../../electron/storage/index-entry.ts';
import { createSessionIndex } from '../../../electron/storage/session-index.ts';
import { silentLog, temporaryFolder } from './storage-fixture.ts';

const entry = (id: string, title = `Session ${id}`): IndexEntry => ({
  summary: {
    id,
    title,
    workspace: '/w',
    depth: 0,
    status: 'idle',
    mode: 'manual',
    createdAt: 1,
    updatedAt: 2,
    waiting: 1,
    setAside: 0,
    queued: 0,
    context: { used: 10, source: 'estimated' },
    totals: { input: 1, output: 2, cachedInput: 0, modelCalls: 1, cost: 0, unpriced: 1 },
    activity: 'idle',
  },
  journalBytes: 123,
  ledger: [{ hour: 0, model: 'm', kind: 'turn', calls: 1, input: 1, output: 2, cachedInput: 0, cost: 0, unpriced: 1 }],
  approvals: [
    {
      id: 'a1',
      at: 1,
      kind: 'call',
      callId: 'c1',
      tool: 'bash',
      title: 'ls',
      toolKind: 'command',
      args: { command: 'ls', nested: [1, null] },
      detail: { type: 'command', command: 'ls' },
      hash: 'h',
      reason: 'it runs',
      risk: { level: 'low', reasons: [] },
      deferred: false,
      sessionId: id,
      path: [{ id, title }],
      workspace: '/w',
    },
  ],
});

const indexIn = async () => {
  const path = join(await temporaryFolder(), 'index.json');
  const open = (readOnly = false) => createSessionIndex({ path, log: silentLog, readOnly });
  return { path, open, index: open() };
};

describe('session index', () => {
  it('gives back what was put, without what was removed', async () => {
    const { open, index } = await indexIn();
    expect(await index.load()).toEqual({});
    index.put('s1', entry('s1'));
    index.put('s2', entry('s2'));
    index.put('s1', entry('s1', 'renamed'));
    index.remove('s2');
    await index.flush();
    expect(await open().load()).toEqual({ s1: entry('s1', 'renamed') });
  });

  it('writes once for many changes, and by itself', async () => {
    const { path } = await indexIn();
    const index = createSessionIndex({ path, log: silentLog, delayMs: 1 });
    for (let change = 0; change < 50; change++) index.put('s1', entry('s1', `title ${change}`));
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('title 49');
    expect(await readdir(join(path, '..'))).toEqual(['index.json']);
  });

  it('flushes nothing when nothing changed', async () => {
    const { path, index } = await indexIn();
    index.put('s1', entry('s1'));
    await index.flush();
    const { ino } = await stat(path);
    index.remove('unknown');
    await index.flush();
    expect((await stat(path)).ino).toBe(ino);
  });

  it('leaves out entries that do not fit, and all of another version', async () => {
    const { path, open } = await indexIn();
    const sessions = { s1: entry('s1'), s2: { summary: {} }, s3: entry('s1') };
    await writeFile(path, JSON.stringify({ version: 1, sessions }));
    expect(await open().load()).toEqual({ s1: entry('s1') });
    await writeFile(path, JSON.stringify({ version: 99, sessions }));
    expect(await open().load()).toEqual({});
  });

  it('is empty when its file is damaged or cannot be read, and is rebuilt', async () => {
    const { path, open } = await indexIn();
    await writeFile(path, Buffer.alloc(300));
    const index = open();
    expect(await index.load()).toEqual({});
    index.put('s1', entry('s1'));
    await index.flush();
    expect(await open().load()).toEqual({ s1: entry('s1') });

    const folder = join(await temporaryFolder(), 'index.json');
    await mkdir(folder);
    const blocked = createSessionIndex({ path: folder, log: silentLog });
    expect(await blocked.load()).toEqual({});
    blocked.put('s1', entry('s1'));
    await blocked.flush();
  });

  it('is never written by a process that only reads it', async () => {
    const { path, open } = await indexIn();
    const index = open(true);
    await writeFile(path, 'damaged');
    expect(await index.load()).toEqual({});
    index.put('s1', entry('s1'));
    await index.flush();
    expect(await readFile(path, 'utf8')).toBe('damaged');
    expect(await readdir(join(path, '..'))).toEqual(['index.json']);
  });
});
