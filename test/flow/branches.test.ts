import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { activeItems } from '../../shared/session/line.ts';
import { call, gate, say, usage } from '../fakes/model-server.ts';
import { type Bench, quiet, startBench, tempFolder } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const texts = (bench: Bench, id: string) =>
  activeItems(bench.window.session(id)).map((item) => ('text' in item ? item.text : item.title));

const sent = async (bench: Bench, n: number) =>
  (await bench.server.request(n)).body.messages.slice(1).map((message) => message.content);

/** A session with two exchanges: one → first, two → second. Returns its id and the ids of its prompts. */
async function talked(bench: Bench) {
  bench.server.script(
    say('first', usage({ input: 100, output: 10 })),
    say('second', usage({ input: 200, output: 10 })),
  );
  const id = await bench.newSession({ mode: 'accept-edits' });
  const one = await bench.send(id, 'one');
  await bench.window.untilIdle(id);
  const two = await bench.send(id, 'two');
  await bench.window.untilIdle(id);
  return { id, one, two };
}

/** The end of the run that a resend sets off. */
const resend = async (bench: Bench, sessionId: string, promptId: string, text?: string) => {
  const answer = await bench.window.request('prompt.resend', { sessionId, promptId, ...(text ? { text } : {}) });
  await bench.window.until(() => {
    const { head } = bench.window.session(sessionId);
    return head.run?.promptId === answer.promptId && head.run.outcome;
  });
};

describe('edit and retry in the same session [session.branches] [S-W78]', () => {
  it('goes on from where the prompt stood; what came after stays on disk and can be restored', async () => {
    const bench = await startBench();
    const { id, two } = await talked(bench);
    bench.server.script(say('other'));
    await resend(bench, id, two, 'two, but otherwise');
    expect(texts(bench, id)).toEqual(['one', 'first', 'two, but otherwise', 'other']);
    expect(await sent(bench, 2)).toEqual(['one', 'first', 'two, but otherwise']);
    const { head, items } = bench.window.session(id);
    expect(head.branches).toMatchObject([{ title: 'two', length: 4 }]);
    expect(items.map((item) => item.id)).toContain(two);
    await expectLaws(bench, id);

    await bench.window.request('branch.restore', { sessionId: id, branchId: head.branches?.[0]?.id ?? '' });
    await bench.window.until(() => texts(bench, id).includes('second'));
    expect(texts(bench, id)).toEqual(['one', 'first', 'two', 'second']);
    expect(bench.window.session(id).head.branches).toMatchObject([{ title: 'two, but otherwise', length: 4 }]);
    expect(bench.window.session(id).head.context?.used).toBe(210);
    bench.server.script(say('third'));
    await bench.send(id, 'three');
    await bench.window.untilIdle(id);
    expect(await sent(bench, 3)).toEqual(['one', 'first', 'two', 'second', 'three']);
    await expectLaws(bench, id);
  });

  it('restores a branch of a branch, and is the same after a restart', async () => {
    const before = await startBench();
    const { id, one, two } = await talked(before);
    before.server.script(say('b'), say('c'));
    await resend(before, id, two);
    await resend(before, id, one, 'anew');
    expect(texts(before, id)).toEqual(['anew', 'c']);
    const bench = await before.restart();
    await bench.window.openSession(id);
    expect(texts(bench, id)).toEqual(['anew', 'c']);
    const branches = bench.window.session(id).head.branches ?? [];
    expect(branches.map((branch) => branch.length)).toEqual([4, 4]);
    await bench.window.request('branch.restore', { sessionId: id, branchId: branches[1]?.id ?? '' });
    await bench.window.until(() => texts(bench, id).length === 4);
    expect(texts(bench, id)).toEqual(['one', 'first', 'two', 'b']);
    await bench.window.until(() => bench.window.app.sessions[id]?.activity === 'b');
    // What was restored and left again at once is there as well.
    await bench.window.request('session.clear', { sessionId: id });
    await bench.window.until(() => texts(bench, id).length === 0);
    expect(bench.window.session(id).head.branches).toMatchObject([
      { title: 'two' },
      { title: 'anew' },
      { title: 'one' },
    ]);
  });

  it('retries a prompt before what is queued', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.script(say('one', hold), say('again'), say('later'));
    const id = await bench.newSession();
    const prompt = await bench.send(id, 'go');
    await hold.reached;
    await bench.send(id, 'queued');
    await window.request('run.cancel', { sessionId: id });
    await window.request('prompt.resend', { sessionId: id, promptId: prompt });
    await window.until(() => texts(bench, id).includes('later'));
    expect(texts(bench, id)).toEqual(['go', 'again', 'queued', 'later']);
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('is refused in a run and for a prompt that is not in the conversation [S-W36]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const { id, two } = await talked(bench);
    server.script(say('other'));
    await resend(bench, id, two, 'otherwise');
    const refused = window.request('prompt.resend', { sessionId: id, promptId: two });
    await expect(refused).rejects.toMatchObject({ code: 'notFound' });
    const hold = gate();
    server.script(say('x', hold));
    const last = await bench.send(id, 'three');
    await hold.reached;
    for (const request of [
      window.request('prompt.resend', { sessionId: id, promptId: last }),
      window.request('session.clear', { sessionId: id }),
      window.request('branch.restore', {
        sessionId: id,
        branchId: window.session(id).head.branches?.[0]?.id ?? '',
      }),
    ]) {
      await expect(request).rejects.toMatchObject({ code: 'busy' });
    }
    hold.open();
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });
});

describe('a compaction and branches', () => {
  it('holds only on the lines that it lies on', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const long = (word: string) => `${word} `.repeat(3000);
    server.script(say(long('first')), say(long('second')), say(long('third')), say('SUMMARY'));
    const id = await bench.newSession();
    const prompts: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      prompts.push(await bench.send(id, text));
      await window.untilIdle(id);
    }
    await window.request('context.compact', { sessionId: id });
    await window.until(() => window.session(id).head.contextPlan?.compactions.length === 1);
    const { sessionId } = await window.request('session.fork', { sessionId: id });

    server.script(say('other'));
    await resend(bench, id, prompts[2] ?? '', 'three, otherwise');
    const whole = JSON.stringify(await sent(bench, 4));
    for (const word of ['one', 'first first', 'two', 'second second', 'three, otherwise'])
      expect(whole).toContain(word);
    expect(whole).not.toContain('SUMMARY');

    const [branch] = window.session(id).head.branches ?? [];
    await window.request('branch.restore', { sessionId: id, branchId: branch?.id ?? '' });
    server.script(say('next'), say('in the fork'));
    await bench.send(id, 'four');
    await window.untilIdle(id);
    expect(JSON.stringify(await sent(bench, 5))).toContain('SUMMARY');
    expect(JSON.stringify(await sent(bench, 5))).not.toContain('first first');
    await expectLaws(bench, id);

    await window.openSession(sessionId);
    await bench.send(sessionId, 'four, elsewhere');
    await window.untilIdle(sessionId);
    expect(JSON.stringify(await sent(bench, 6))).toContain('SUMMARY');
    expect(JSON.stringify(await sent(bench, 6))).not.toContain('first first');
  });
});

describe('clear [session.clear] [S-W36]', () => {
  it('begins anew, keeps sums, limits and mode, and what was can be restored', async () => {
    const bench = await startBench();
    const { id } = await talked(bench);
    await bench.workbench.manager.configure(id, { maxContext: 30_000 });
    await bench.window.request('session.clear', { sessionId: id });
    await bench.window.until(() => texts(bench, id).length === 0);
    const { head, items } = bench.window.session(id);
    expect(items).toHaveLength(4);
    const config = { mode: 'accept-edits', maxTurns: 50, maxContext: 30_000 };
    expect(head).toMatchObject({ config, totals: { modelCalls: 2, input: 300, output: 20 } });
    expect(head.context?.source).not.toBe('reported');
    const context = await bench.window.until(() => bench.window.session(id).head.context);
    expect(context).toMatchObject({ source: 'estimated', used: expect.any(Number), window: 30_000 });
    expect(context.used).toBeGreaterThan(0);
    await bench.window.until(() => bench.window.app.sessions[id]?.status === 'idle');
    expect(bench.window.app.sessions[id]?.activity).toBe('');
    await bench.window.request('session.clear', { sessionId: id });
    expect(bench.window.session(id).head.branches).toHaveLength(1);
    bench.server.script(say('hello'));
    await bench.send(id, 'anew');
    await bench.window.untilIdle(id);
    expect(await sent(bench, 2)).toEqual(['anew']);
    expect((await onDisk(bench.userDataDir, id)).state.items).toHaveLength(6);
    await bench.window.request('branch.restore', { sessionId: id, branchId: head.branches?.[0]?.id ?? '' });
    await bench.window.until(() => texts(bench, id).length === 4);
    expect(texts(bench, id)).toEqual(['one', 'first', 'two', 'second']);
    await expectLaws(bench, id);
  });
});

describe('a fork into a new session [session.fork] [S-W78]', () => {
  it('begins with the conversation before the prompt, under the same ids, and leaves the first as it was', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const { id, two } = await talked(bench);
    const { sessionId } = await window.request('session.fork', { sessionId: id, promptId: two });
    await window.openSession(sessionId);
    const { head, items } = window.session(sessionId);
    expect(texts(bench, sessionId)).toEqual(['one', 'first']);
    expect(items.map((item) => item.id)).toEqual(
      window
        .session(id)
        .items.slice(0, 2)
        .map((item) => item.id),
    );
    expect(head).toMatchObject({
      forkedFrom: { sessionId: id, promptId: two, title: 'one' },
      config: { title: 'one (fork)', mode: 'accept-edits' },
      totals: { modelCalls: 0, input: 0 },
      depth: 0,
    });
    server.script(say('forked'));
    await bench.send(sessionId, 'two, elsewhere');
    await window.untilIdle(sessionId);
    expect(await sent(bench, 2)).toEqual(['one', 'first', 'two, elsewhere']);
    expect(texts(bench, id)).toEqual(['one', 'first', 'two', 'second']);
    await expectLaws({ ...bench, server }, id);
    const restarted = await bench.restart();
    await restarted.window.openSession(sessionId);
    expect(texts(restarted, sessionId)).toEqual(['one', 'first', 'two, elsewhere', 'forked']);
    expect((await onDisk(bench.userDataDir, sessionId)).state.head.forkedFrom?.sessionId).toBe(id);
  });

  it('takes calls, their results and their stored outputs along, and outlives its origin', async () => {
    const long = `${'a long line of words\n'.repeat(12_000)}`;
    const bench = await startBench({ files: { 'long.txt': long } });
    const { window, server } = bench;
    server.script(say(call('bash', { command: 'cat long.txt' })), say('read it'), say('well'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.untilIdle(id);
    const blob = window.calls(id)[0]?.result?.blob;
    expect(blob).toBeDefined();
    const { sessionId } = await window.request('session.fork', { sessionId: id });
    await window.request('session.destroy', { sessionId: id });
    await window.openSession(sessionId);
    expect(window.calls(sessionId)[0]?.result?.blob).toBe(blob);
    const { text } = await window.request('session.blob', { sessionId, hash: blob ?? '' });
    expect(text).toContain(long.slice(0, 1000));
    await bench.send(sessionId, 'and now?');
    await window.untilIdle(sessionId);
    const roles = (await server.request(2)).body.messages.map((message) => message.role);
    expect(roles).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'user']);
  });

  it('that cannot be made whole leaves no folder, no lock and no row, and says why [S-W14] [disk.full]', async () => {
    const userDataDir = await tempFolder();
    const inner = createFileStore({ root: userDataDir, log: quiet });
    let full = false;
    const store: SessionStore = {
      ...inner,
      create: async (id) => {
        const log = await inner.create(id);
        const refuse = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
        return { ...log, writeBlob: (bytes) => (full ? refuse() : log.writeBlob(bytes)) };
      },
    };
    const bench = await startBench({ userDataDir, store, files: { 'long.txt': 'a long line\n'.repeat(12_000) } });
    const { window, server } = bench;
    server.script(say(call('bash', { command: 'cat long.txt' })), say('read it'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.untilIdle(id);
    const before = await readdir(join(userDataDir, 'sessions'));
    const rows = Object.keys(window.app.sessions);
    full = true;
    await expect(window.request('session.fork', { sessionId: id })).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('the disk is full'),
    });
    expect(await readdir(join(userDataDir, 'sessions'))).toEqual(before);
    expect(Object.keys(window.app.sessions)).toEqual(rows);
    full = false;
    const { sessionId } = await window.request('session.fork', { sessionId: id });
    await window.until(() => window.app.sessions[sessionId]);
  });

  it('of a session in a run leaves the run out', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const { id } = await talked(bench);
    const hold = gate();
    server.script(say('x', hold));
    await bench.send(id, 'three');
    await hold.reached;
    const { sessionId } = await window.request('session.fork', { sessionId: id });
    await window.openSession(sessionId);
    expect(texts(bench, sessionId)).toEqual(['one', 'first', 'two', 'second']);
    hold.open();
    await window.untilIdle(id);
  });
});
