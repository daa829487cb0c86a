import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import type { SessionState } from '../../shared/session/state.ts';
import {
  call,
  cut,
  delta,
  finish,
  gate,
  hang,
  httpError,
  noFinish,
  raw,
  type Step,
  say,
  usage,
} from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const soon = { 'retry-after-ms': '1' };

/** Sends one prompt to a model that answers with these steps, and waits for the end of the run. */
async function run(bench: Bench, ...steps: Step[]): Promise<{ id: string; state: SessionState }> {
  bench.server.script(...steps);
  const id = await bench.newSession();
  await bench.send(id, 'go');
  return { id, state: await bench.window.untilIdle(id) };
}

/** After whatever went wrong: the next prompt works, the history is kept, the request is valid and all laws hold. */
async function expectGoesOn(bench: Bench, id: string): Promise<void> {
  const before = bench.window.session(id).items;
  bench.server.script(say('Fine again.'));
  await bench.send(id, 'and now?');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(state.items.slice(0, before.length)).toEqual(before);
  expect(state.items.at(-1)).toMatchObject({ kind: 'message', text: 'Fine again.' });
  const last = bench.server.requests.at(-1)?.body.messages ?? [];
  const users = last.filter((message) => message.role === 'user').map((message) => message.content);
  expect(users.join('\n')).toContain('go');
  expect(users.join('\n')).toContain('and now?');
  expect(bench.server.errors).toEqual([]);
  await expectLaws(bench, id);
}

/** What the model was told of its calls in the request after its first reply. */
async function told(bench: Bench): Promise<string[]> {
  const { messages } = (await bench.server.request(1)).body;
  return messages.filter((message) => message.role === 'tool').map((message) => String(message.content));
}

describe('a call that makes no sense', () => {
  it.each([
    ['is not JSON', call('ls', '{"path": '), /not valid JSON.*nothing was run/is],
    ['names no tool', call('teleport', { to: 'mars' }), /no tool "teleport".*bash.*write/is],
    ['names nothing', call('', {}), /no tool ""/i],
    ['lacks an argument', call('read', {}), /wrong arguments for read.*file_path/is],
    ['has an unknown argument', call('ls', { path: '.', colour: 'red' }), /wrong arguments for ls.*colour/is],
    ['has an argument of another type', call('read', { file_path: 7 }), /wrong arguments for read.*file_path/is],
    ['is no object', call('ls', '[1,2]'), /wrong arguments for ls/i],
    ['is null', call('ls', 'null'), /wrong arguments for ls/i],
    ['is nested without end', call('ls', `${'['.repeat(1e5)}${']'.repeat(1e5)}`), /levels deep.*nothing was run/is],
    ['has a path of a million parts', call('read', { file_path: 'a/'.repeat(1e6) }), /longer than \d+ characters/],
    ['has a path with a NUL', call('ls', { path: 'a\0' }), /NUL/],
  ])('that %s is answered with the reason and not run [bad.call] [T3]', async (_name, made, expected) => {
    const bench = await startBench();
    const { id, state } = await run(bench, say(made), say('I see.'));
    expect(state.head.run?.outcome).toBe('completed');
    expect(await told(bench)).toEqual([expect.stringMatching(expected)]);
    expect(bench.window.calls(id)[0]).toMatchObject({ state: 'error' });
    expect(bench.window.heard.some(({ event }) => event.type === 'call.started')).toBe(false);
    expect(bench.window.app.approvals).toEqual([]);
    await expectGoesOn(bench, id);
  });

  it('does not keep the good calls of the same reply from running [bad.call]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const { id } = await run(
      bench,
      say(call('ls', '{'), call('read', { file_path: 'a.txt' }), call('nothing', {})),
      say('I see.'),
    );
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['error', 'ok', 'error']);
    await expectGoesOn(bench, id);
  });

  it('three turns in a row ends the run as failed and says what to do [bad.call] [L6]', async () => {
    const bench = await startBench();
    const broken = (n: number) => say(call('ls', `{"path": ${n}`));
    const { id, state } = await run(bench, broken(1), broken(2), broken(3));
    expect(state.head.run).toMatchObject({
      outcome: 'failed',
      turn: 3,
      error: { code: 'provider', message: expect.stringContaining('not JSON'), hint: expect.any(String) },
    });
    await expectGoesOn(bench, id);
  });
});

describe('what a server must take back with the next request', () => {
  it('is an id and a name that it takes, whatever the model made up [bad.ids]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const read = (id: string) => call('read', { file_path: 'a.txt' }, id);
    const odd = [
      read('i'.repeat(1e6)),
      call('ls', {}, 'a\0\n\u{1F600}'),
      call('my tool\n'.repeat(1e5), {}),
      call('', {}),
    ];
    const { id } = await run(bench, say(...odd), say('ok'));
    const { messages } = (await bench.server.request(1)).body;
    const sent = messages.flatMap((message) => message.tool_calls ?? []);
    expect(sent).toHaveLength(4);
    for (const one of sent) {
      expect(one.id).toMatch(/^[!-~]{1,64}$/);
      expect(one.function.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    }
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['ok', 'ok', 'error', 'error']);
    await expectGoesOn(bench, id);
  });

  it('is a long id, too, as it came: some hold what the model must see again [bad.ids]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const signed = `call_1__thought__${'Ab+/'.repeat(2500)}==`;
    await run(bench, say(call('read', { file_path: 'a.txt' }, signed)), say('ok'));
    const { messages } = (await bench.server.request(1)).body;
    expect(messages.flatMap((message) => message.tool_calls ?? []).map(({ id }) => id)).toEqual([signed]);
    expect(messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: signed });
  });
});

describe('a reply without end', () => {
  const piece = `data: ${JSON.stringify({ choices: [{ delta: { content: 'abcd '.repeat(100_000) } }] })}\n\n`;
  const calls = Array.from({ length: 1_500 }, (_, n) => call('ls', { n }, `c${n}`));

  it.each([
    ['of text', say('It begins. ', raw(piece.repeat(20)), hang), /more than 8 MiB/],
    ['of calls', say('It begins. ', ...calls, hang), /more than 1000 calls/],
    ['in one line', say('It begins. ', raw(`data: ${'x'.repeat(30e6)}`), hang), /more than 24 MiB in one piece/],
  ])('%s is stopped; what came is kept and none of its calls is run [bad.endless]', async (_what, step, expected) => {
    const bench = await startBench();
    const { id, state } = await run(bench, step);
    expect(state.head.run).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(expected) } });
    const reply = state.items.find((item) => item.kind === 'message');
    expect(reply).toMatchObject({ text: expect.stringMatching(/^It begins/), partial: true });
    expect(bench.window.calls(id)).toEqual([]);
    await expectLaws(bench, id);
  });
});

describe('usage that cannot be', () => {
  it.each(['1e999', '1e300', '-5', '"many"', 'null', '[]'])(
    '%s counts as none and is never written [bad.usage]',
    async (n) => {
      const bench = await startBench();
      const odd = `{"prompt_tokens":${n},"completion_tokens":${n},"prompt_tokens_details":{"cached_tokens":${n}}}`;
      const { id, state } = await run(bench, say('Hi.', usage(null), raw(`data: {"choices":[],"usage":${odd}}\n\n`)));
      expect(state.head.run?.outcome).toBe('completed');
      expect(state.head.context?.source).toBe('estimated');
      await expectGoesOn(bench, id);
      const again = await bench.restart();
      expect(again.window.app.sessions[id]?.damaged).toBeUndefined();
    },
  );
});

describe('calls that repeat', () => {
  it('in one reply run once [bad.repeat] [L6]', async () => {
    const bench = await startBench();
    const { id } = await run(bench, say(call('ls', { path: '.' }), call('ls', { path: '.' })), say('ok'));
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['ok', 'error']);
    expect((await told(bench))[1]).toMatch(/same call twice/i);
    await expectGoesOn(bench, id);
  });

  it('over turns stop being run, the model is told, and the turn limit ends it [bad.repeat] [L6]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const same = say(call('read', { file_path: 'a.txt' }));
    const { id, state } = await run(bench, same, same, same, same, say('ok'));
    expect(state.head.run?.outcome).toBe('completed');
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['ok', 'ok', 'ok', 'error']);
    expect(bench.window.calls(id)[3]?.result?.output).toMatch(/3 times already/);
    await expectGoesOn(bench, id);
  });

  it('by id are told apart, and each gets its own result [bad.ids] [H1]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A', 'b.txt': 'B' } });
    const read = (path: string, id: string) => call('read', { file_path: path }, id);
    const { id } = await run(
      bench,
      say(read('a.txt', 'same'), read('b.txt', 'same')),
      say(read('a.txt', 'same'), read('b.txt', '')),
      say('ok'),
    );
    const ids = bench.window.calls(id).map((one) => one.id);
    expect(new Set(ids).size).toBe(4);
    const results = await told(bench);
    expect(results[0]).toContain('A');
    expect(results[1]).toContain('B');
    await expectGoesOn(bench, id);
  });
});

describe('a stream that breaks', () => {
  it('before anything was seen is tried again, visibly [bad.stream]', async () => {
    const bench = await startBench();
    const { id, state } = await run(bench, say(cut), say('At last.'));
    expect(state.head.run?.outcome).toBe('completed');
    expect(bench.window.heard.map(({ event }) => event.type)).toContain('turn.retrying');
    expect(state.items.at(-1)).toMatchObject({ text: 'At last.' });
    await expectGoesOn(bench, id);
  });

  it.each([
    ['cut', say('Half a sen', cut)],
    ['closed without an end', say('Half a sen', noFinish)],
  ])('in mid-text (%s) fails the run and keeps what came [bad.stream]', async (_name, step) => {
    const bench = await startBench();
    const { id, state } = await run(bench, step);
    expect(state.head.run).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(/broke off/) } });
    expect(state.items.at(-1)).toMatchObject({ kind: 'message', text: 'Half a sen', partial: true, streaming: false });
    await expectGoesOn(bench, id);
    const sent = JSON.stringify(bench.server.requests.at(-1)?.body.messages);
    expect(sent).toContain('Half a sen');
  });

  it('in the middle of a call runs nothing of it [bad.stream]', async () => {
    const bench = await startBench();
    const begun = delta({
      tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'bash', arguments: '{"comm' } }],
    });
    const { id, state } = await run(bench, say('I will', begun, cut));
    expect(state.head.run?.outcome).toBe('failed');
    expect(bench.window.calls(id)).toEqual([]);
    await expectGoesOn(bench, id);
  });

  it('with chunks that are not JSON ends with a clear text [bad.stream]', async () => {
    const bench = await startBench();
    const { id, state } = await run(bench, say('So', raw('data: {oops\n\n'), 'me'));
    expect(state.head.run?.outcome).toBe('failed');
    expect(state.head.run?.error?.message).toMatch(/127\.0\.0\.1/);
    await expectGoesOn(bench, id);
  });
});

describe('an HTTP error', () => {
  it.each([
    [400, /400/],
    [401, /key/i],
    [403, /403|refus|allow/i],
    [404, /404.*test-model/],
  ])('%i fails the run at once and says why [bad.http]', async (status, text) => {
    const bench = await startBench();
    const { id, state } = await run(bench, httpError(status, { error: { message: `refused with ${status}` } }));
    expect(state.head.run?.outcome).toBe('failed');
    expect(bench.server.requests).toHaveLength(1);
    const { message = '', hint = '' } = state.head.run?.error ?? {};
    expect(`${message} ${hint}`).toMatch(text);
    await expectGoesOn(bench, id);
  });

  it.each([429, 500, 503])('%i is tried again, visibly, and then works [bad.http] [L5]', async (status) => {
    const bench = await startBench();
    const { id, state } = await run(bench, httpError(status, { error: { message: 'busy' } }, soon), say('Yes.'));
    expect(state.head.run?.outcome).toBe('completed');
    expect(state.head.run?.retry).toBeUndefined();
    expect(bench.window.heard.some(({ event }) => event.type === 'turn.retrying')).toBe(true);
    await expectGoesOn(bench, id);
  });

  it('that does not go away fails the run after a few tries [bad.http] [L5]', async () => {
    const bench = await startBench();
    const busy = httpError(500, { error: { message: 'the model fell over' } }, soon);
    const { id, state } = await run(bench, busy, busy, busy, busy);
    expect(state.head.run).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('fell over') },
    });
    expect(bench.server.requests).toHaveLength(4);
    await expectGoesOn(bench, id);
  });

  it('can be stopped while it waits to try again [cancel.retry]', async () => {
    const bench = await startBench();
    const { window } = bench;
    bench.server.script(httpError(429, { error: { message: 'slow down' } }, { 'retry-after': '60' }));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.until(() => window.session(id).head.run?.retry);
    await window.request('run.cancel', { sessionId: id });
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('cancelled');
    await expectGoesOn(bench, id);
  });
});

describe('a reply', () => {
  it.each([
    ['nothing at all', say()],
    ['nothing, and a reason', say(finish('stop'))],
    ['blanks', say(' \n')],
  ])('of %s is said to be empty, not taken for an answer [bad.empty]', async (_name, step) => {
    const bench = await startBench();
    const { id, state } = await run(bench, step);
    expect(state.head.run).toMatchObject({
      outcome: 'failed',
      error: { code: 'provider', message: expect.stringMatching(/empty/i), hint: expect.any(String) },
    });
    await expectGoesOn(bench, id);
  });

  it('after a call may not be empty either; what the calls did is kept [bad.empty]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const { id, state } = await run(bench, say(call('read', { file_path: 'a.txt' })), say());
    expect(state.head.run?.outcome).toBe('failed');
    expect(bench.window.calls(id)[0]?.state).toBe('ok');
    await expectGoesOn(bench, id);
  });

  it('that hit the output limit is shown as cut short [bad.length]', async () => {
    const bench = await startBench();
    const { id, state } = await run(bench, say('Once upon a', finish('length')));
    expect(state.items.at(-1)).toMatchObject({ text: 'Once upon a', partial: true });
    await expectGoesOn(bench, id);
  });

  it('whose call was cut by the output limit does not run it [bad.length]', async () => {
    const bench = await startBench();
    const { id } = await run(
      bench,
      say(call('write', '{"file_path":"a.txt","content":"On'), finish('length')),
      say('ok'),
    );
    expect((await told(bench))[0]).toMatch(/not valid JSON/);
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await expectGoesOn(bench, id);
  });

  it('of two megabytes arrives whole and stays quick [bad.giant] [L8]', async () => {
    const bench = await startBench();
    const piece = `${'word '.repeat(399)}word\n`;
    const started = performance.now();
    const { id, state } = await run(bench, say(...Array.from({ length: 1000 }, () => piece)));
    expect(state.items.at(-1)).toMatchObject({ kind: 'message', text: piece.repeat(1000) });
    const deltas = bench.window.heard.filter(({ event }) => event.type === 'message.delta').length;
    expect(deltas).toBeLessThan((performance.now() - started) / 16 + 10);
    await expectGoesOn(bench, id);
  });
});

describe('a model that hangs', () => {
  it.each([
    ['before its first byte', [hang]],
    ['in mid-text', ['Let me th', hang]],
  ])('%s is stopped in less than 2 s [cancel.stream] [L1]', async (_name, parts) => {
    const bench = await startBench();
    const { window } = bench;
    const arrived = gate();
    bench.server.script(say(...parts.slice(0, -1), arrived, ...parts.slice(-1)));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const request = await bench.server.request(0);
    await arrived.reached;
    arrived.open();
    const started = performance.now();
    expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: true });
    const state = await window.untilIdle(id);
    expect(performance.now() - started).toBeLessThan(8000);
    expect(state.head.run?.outcome).toBe('cancelled');
    expect(await request.ended).toBe('aborted');
    await expectGoesOn(bench, id);
  });
});
