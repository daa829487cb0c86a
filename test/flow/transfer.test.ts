import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../electron/ipc/host.ts';
import { parseExport } from '../../electron/session/transfer.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

/** A bench whose dialogs for files all answer with this path. */
async function withFile(files?: Record<string, string>): Promise<Bench & { path: string }> {
  const path = join(await tempFolder(), 'exported');
  const saveText = async (_window: number, _name: string, text: string) => {
    await writeFile(path, text);
    return path;
  };
  const host = { saveText, openText: () => readFile(path, 'utf8') } as Partial<Host> as Host;
  return { ...(await startBench({ files, host })), path };
}

const big = `${'0123456789 '.repeat(20_000)}end`;

describe('a session', () => {
  it('exported and imported is the same but for its id, with its stored outputs [session.export]', async () => {
    const bench = await withFile({ 'big.txt': big });
    const { window, server, path } = bench;
    server.script(say('Looking.', call('bash', { command: 'cat big.txt' })), say('Done.'));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await window.untilIdle(id);
    await window.request('session.export', { sessionId: id, format: 'json' });
    expect(Object.keys(parseExport(await readFile(path, 'utf8')).blobs)).toHaveLength(1);

    const { sessionId = '' } = await window.request('session.import', {});
    expect(sessionId).not.toBe(id);
    const [before, after] = [await onDisk(bench.userDataDir, id), await onDisk(bench.userDataDir, sessionId)];
    expect(after.envelopes.slice(0, before.envelopes.length)).toEqual(
      before.envelopes.map((envelope) => ({ ...envelope, stream: sessionId })),
    );
    // It is trusted with nothing that the origin was.
    expect(after.state.head.config).toMatchObject({ mode: 'manual', rules: { allow: [] } });
    await window.until(() => window.app.sessions[sessionId]?.title === 'go');
    const copy = await window.openSession(sessionId);
    expect(copy.items).toEqual(window.session(id).items);
    const hash = window.calls(sessionId)[0]?.result?.blob ?? '';
    expect((await window.request('session.blob', { sessionId, hash })).text).toContain('end');
    server.script(say('Still here.'));
    await bench.send(sessionId, 'and on');
    await window.until(() => window.session(sessionId).items.length === 6 && window.untilIdle(sessionId));
    await expectLaws(bench, sessionId);
  });

  it('exported in mid-run is imported at rest: nothing of it runs or waits [session.import]', async () => {
    const bench = await withFile();
    const { window, server, path } = bench;
    server.script(say(call('bash', { command: 'touch never' })));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.approval();
    await bench.send(id, 'queued');
    await window.request('session.export', { sessionId: id, format: 'json' });
    const { sessionId = '' } = await window.request('session.import', {});
    const state = await window.openSession(sessionId);
    expect(state.head).toMatchObject({ approvals: [], queue: [], run: { outcome: 'interrupted' } });
    expect(window.calls(sessionId)[0]?.state).toBe('interrupted');
    expect(window.app.approvals.map((approval) => approval.sessionId)).toEqual([id]);
    await expectLaws({ ...bench, server: { ...server, requests: [] } } as Bench, sessionId);
    await writeFile(path, '{"format":"other"}');
    await expect(window.request('session.import', {})).rejects.toMatchObject({ code: 'invalid' });
    await writeFile(path, 'not json');
    await expect(window.request('session.import', {})).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is exported without secrets, as JSON and as Markdown that reads in order [session.export]', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const bench = await withFile({ 'env.txt': `GITHUB_TOKEN=${token}\n` });
    const { window, server, path } = bench;
    server.script(say('Reading.', call('read', { file_path: 'env.txt' })), say('It holds a token.'));
    const id = await bench.newSession();
    await bench.send(id, 'what is in env.txt?');
    await window.untilIdle(id);
    await window.request('session.export', { sessionId: id, format: 'json' });
    const json = await readFile(path, 'utf8');
    expect(json).not.toContain(token);
    expect(json).toContain('GITHUB_TOKEN');
    await window.request('session.export', { sessionId: id, format: 'markdown' });
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(token);
    const order = ['# what is in', '## You', 'Reading.', '**read**', 'GITHUB_TOKEN', 'It holds a token.'];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
