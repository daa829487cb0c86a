import { expect, it } from 'vitest';
import type { PreviewMessage } from '../../shared/app/context-preview.ts';
import type { CallItem, SummaryItem } from '../../shared/session/state.ts';
import { call, gate, httpError, type ModelServerRequest, say, usage } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const isSummaryRequest = ({ body }: ModelServerRequest) =>
  String(body.messages[0]?.content).includes('the memory of a coding agent');
const textOf = ({ body }: ModelServerRequest) => JSON.stringify(body.messages);
const summaries = (bench: Bench, id: string): SummaryItem[] =>
  bench.window.session(id).items.filter((item) => item.kind === 'summary');
const big = (letter: string) => `${`${letter.repeat(5)} `.repeat(10)}\n`.repeat(150);

/** A session after some exchanges, each with a read of a file. */
async function talk(bench: Bench, exchanges: number): Promise<string> {
  const id = await bench.newSession();
  for (let n = 1; n <= exchanges; n += 1) {
    bench.server.script(say(`Reading ${n}.`, call('read', { file_path: 'a.txt' })), say(`Answer ${n}.`));
    await bench.send(id, `question ${n}`);
    await bench.window.untilIdle(id);
  }
  return id;
}

/** Compacts, and waits until the window has heard of it. */
async function compact(bench: Bench, sessionId: string, instructions?: string) {
  const input = instructions === undefined ? { sessionId } : { sessionId, instructions };
  const before = summaries(bench, sessionId).length;
  const done = await bench.window.request('context.compact', input);
  await bench.window.until(() => summaries(bench, sessionId).length > before);
  return done;
}

it('sums up what goes, tool traces included, keeps the first prompt and the tail, and is billed and measured at once [compact.summary] [C2] [C4] [C7] [C8] [C9] [S-W34]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a') } });
  const id = await talk(bench, 4);
  const { head, items } = bench.window.session(id);
  const before = bench.server.requests.length;
  bench.server.when(/.*/, say('The gist of it.', usage({ input: 500, output: 20 })));
  const done = await compact(bench, id, 'keep the file names');

  const asked = await bench.server.request(before);
  expect(isSummaryRequest(asked)).toBe(true);
  for (const part of ['question 1', 'Call of read: a.txt', 'Answer 1.', 'keep the file names'])
    expect(textOf(asked)).toContain(part);
  expect(done.tokensAfter).toBeLessThan(done.tokensBefore);
  const state = bench.window.session(id);
  expect(state.head.totals.input).toBe(head.totals.input + 500);
  expect(state.head.totals.modelCalls).toBe(head.totals.modelCalls + 1);
  expect(state.head.context).toMatchObject({ used: done.tokensAfter, source: 'estimated' });
  // The transcript stays whole.
  expect(state.items.slice(0, items.length)).toEqual(items);

  bench.server.script(say('Answer 5.'));
  await bench.send(id, 'question 5');
  await bench.window.untilIdle(id);
  const next = await bench.server.request(before + 1);
  const user = String(next.body.messages[1]?.content);
  expect(user).toMatch(/^question 1[\s\S]*The gist of it\./);
  expect(textOf(next)).not.toContain('Answer 1.');
  expect(textOf(next)).toContain('Answer 4.');
  expect(bench.server.errors).toEqual([]);
  await expectLaws(bench, id);
});

it('a second summary takes the first one over [compact.rolling] [C10]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'small\n' } });
  const id = await talk(bench, 4);
  bench.server.when(isSummaryRequest, say('FIRST SUMMARY'), say('SECOND SUMMARY'));
  await compact(bench, id);
  for (const n of [5, 6, 7]) {
    bench.server.script(say(`Answer ${n}. ${big('b')}`));
    await bench.send(id, `question ${n}`);
    await bench.window.untilIdle(id);
  }
  await compact(bench, id);
  const asked = bench.server.requests.filter(isSummaryRequest);
  expect(textOf(asked[1] as ModelServerRequest)).toContain('FIRST SUMMARY');
  bench.server.script(say('Answer 8.'));
  await bench.send(id, 'question 8');
  await bench.window.untilIdle(id);
  const last = textOf(bench.server.requests.at(-1) as ModelServerRequest);
  expect(last).toContain('SECOND SUMMARY');
  expect(last).not.toContain('FIRST SUMMARY');
  expect(last).toContain('question 1');
  await expectLaws(bench, id);
});

it('reads a middle that is larger than the window in parts [compact.chunks] [C5]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'x\n' } });
  const id = await bench.newSession();
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 6000, autoCompact: false } });
  for (let n = 1; n <= 8; n += 1) {
    bench.server.script(say(`Answer ${n}. ${`word${n} `.repeat(900)}`));
    await bench.send(id, `question ${n}`);
    await bench.window.untilIdle(id);
  }
  bench.server.when(
    isSummaryRequest,
    say('part 1'),
    say('part 2'),
    say('part 3'),
    say('part 4'),
    say('part 5'),
    say('part 6'),
  );
  await compact(bench, id);
  const asked = bench.server.requests.filter(isSummaryRequest);
  expect(asked.length).toBeGreaterThan(1);
  asked.slice(1).forEach((request, n) => {
    expect(textOf(request)).toContain(`part ${n + 1}`);
  });
  expect(summaries(bench, id)[0]?.text).toBe(`part ${asked.length}`);
  await expectLaws(bench, id);
});

it('compacts by itself between two turns of a run, and the run goes on [compact.auto] [S-W33] [S-W34]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a'), 'b.txt': big('b'), 'c.txt': big('c') } });
  const id = await bench.newSession();
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 8000 } });
  bench.server.when(isSummaryRequest, say('SUMMED UP'), say('SUMMED UP AGAIN'), say('AND AGAIN'));
  bench.server.script(
    say('First.', call('read', { file_path: 'a.txt' })),
    say('Second.', call('read', { file_path: 'b.txt' })),
    say('Third.', call('read', { file_path: 'c.txt' })),
    say('All read.'),
  );
  await bench.send(id, 'read them all');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(summaries(bench, id).some(({ auto }) => auto)).toBe(true);
  expect(bench.window.calls(id).map((one: CallItem) => one.state)).toEqual(['ok', 'ok', 'ok']);
  const turns = bench.server.requests.filter((request) => !isSummaryRequest(request));
  expect(turns).toHaveLength(4);
  expect(textOf(turns.at(-1) as ModelServerRequest)).toContain('SUMMED UP');
  expect(String(turns.at(-1)?.body.messages[1]?.content)).toMatch(/^read them all/);
  await expectLaws(bench, id);
});

it('does not try again and again what does not help, and says so [compact.loop] [field.26]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a') } });
  const id = await bench.newSession();
  // Smaller than system prompt and tools: nothing can make it fit.
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 600 } });
  bench.server.when(isSummaryRequest, say('s1'), say('s2'), say('s3'), say('s4'), say('s5'), say('s6'));
  const reads = Array.from({ length: 8 }, (_, n) =>
    say(`Turn ${n}. ${'more '.repeat(30)}`, call('bash', { command: `echo ${n}` })),
  );
  bench.server.script(...reads, say('Done.'));
  await bench.window.request('session.configure', { sessionId: id, changes: { mode: 'bypass' } });
  await bench.send(id, 'go');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  const events = bench.window.heard.filter(({ event }) => event.type === 'context.compacted');
  expect(events.length).toBeGreaterThan(0);
  expect(events.length).toBeLessThan(5);
  expect(events[0]?.event).toMatchObject({ insufficient: true });
  await expectLaws(bench, id);
});

it('when the summary fails, old outputs are taken out or the rest is cut and listed, never a broken pair [compact.fallback] [S-W35] [C5]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 4);
  bench.server.when(isSummaryRequest, httpError(400, { error: { message: 'no summaries today' } }));
  await compact(bench, id);
  const [summary] = summaries(bench, id);
  expect(summary).toMatchObject({ method: 'truncate' });
  expect(summary?.reason).toMatch(/no summaries today/);
  expect(summary?.text).toContain('question 2');
  expect(summary?.text).toContain('a.txt');
  bench.server.script(say('Answer 5.'));
  await bench.send(id, 'question 5');
  await bench.window.untilIdle(id);
  expect(textOf(bench.server.requests.at(-1) as ModelServerRequest)).toContain('question 2');
  await expectLaws(bench, id);
});

it('is taken back whole, also after a restart, and does not come again at once [compact.undo] [field.W12]', async () => {
  const first = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(first, 4);
  const whole = await first.window.request('context.preview', { sessionId: id });
  first.server.when(isSummaryRequest, say('GIST'));
  await compact(first, id);
  const shorter = await first.window.request('context.preview', { sessionId: id });
  expect(shorter.messages.length).toBeLessThan(whole.messages.length);

  const bench = await first.restart();
  await bench.window.openSession(id);
  expect((await bench.window.request('context.preview', { sessionId: id })).messages).toEqual(shorter.messages);
  const [summary] = summaries(bench, id);
  await bench.window.request('context.restore', { sessionId: id, compactionId: summary?.id ?? '' });
  expect((await bench.window.request('context.preview', { sessionId: id })).messages).toEqual(whole.messages);
  await expect(
    bench.window.request('context.restore', { sessionId: id, compactionId: summary?.id ?? '' }),
  ).rejects.toMatchObject({ code: 'notFound' });
  const { state } = await onDisk(bench.userDataDir, id);
  expect(state.head.contextPlan?.compactions).toEqual([]);
});

it('sends the summary as the person left it [compact.edit] [field.W12]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 4);
  bench.server.when(isSummaryRequest, say('GIST'));
  await compact(bench, id);
  const compactionId = summaries(bench, id)[0]?.id ?? '';
  await bench.window.request('context.editSummary', { sessionId: id, compactionId, text: 'BETTER GIST' });
  await bench.window.until(() => summaries(bench, id)[0]?.edited);
  expect(summaries(bench, id)[0]).toMatchObject({ text: 'BETTER GIST', edited: true });
  bench.server.script(say('Answer 5.'));
  await bench.send(id, 'question 5');
  await bench.window.untilIdle(id);
  expect(textOf(bench.server.requests.at(-1) as ModelServerRequest)).toContain('BETTER GIST');
  await expectLaws(bench, id);
});

it('pinned items survive a compaction, dropped ones are not sent [context.pin] [context.drop] [field.W12]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 4);
  const items = bench.window.session(id).items;
  const pinned = items.find((item) => item.kind === 'message' && item.text === 'Answer 2.');
  const dropped = items.findLast((item) => item.kind === 'message' && item.text === 'Answer 4.');
  await bench.window.request('context.pin', { sessionId: id, itemId: pinned?.id ?? '', pinned: true });
  await bench.window.request('context.drop', { sessionId: id, itemId: dropped?.id ?? '', dropped: true });
  await expect(
    bench.window.request('context.drop', { sessionId: id, itemId: items[0]?.id ?? '', dropped: true }),
  ).rejects.toMatchObject({ code: 'invalid' });
  bench.server.when(isSummaryRequest, say('GIST'));
  await compact(bench, id);
  bench.server.script(say('Answer 5.'));
  await bench.send(id, 'question 5');
  await bench.window.untilIdle(id);
  const sent = textOf(bench.server.requests.at(-1) as ModelServerRequest);
  expect(sent).toContain('Answer 2.');
  expect(sent).not.toContain('Answer 1.');
  expect(sent).not.toContain('Answer 4.');
  await expectLaws(bench, id);
});

it('the session goes on while its summary is written; nothing is replaced if what it sums up has changed [compact.unlocked] [C6] [S-W32]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 4);
  const hold = gate();
  bench.server.when(isSummaryRequest, say(hold, 'LATE GIST', usage({ input: 50, output: 5 })));
  const waiting = compact(bench, id);
  await hold.reached;
  // Everything else is answered meanwhile.
  await bench.window.request('session.configure', { sessionId: id, changes: { title: 'Renamed' } });
  const answer = bench.window.session(id).items.find((item) => item.kind === 'message' && item.text === 'Answer 1.');
  await bench.window.request('context.drop', { sessionId: id, itemId: answer?.id ?? '', dropped: true });
  const before = bench.window.session(id).head.totals;
  hold.open();
  await expect(waiting).rejects.toMatchObject({ code: 'stale' });
  const { totals } = await bench.window.until(() => {
    const { head } = bench.window.session(id);
    return head.totals.modelCalls > before.modelCalls && head;
  });
  expect(totals.input).toBe(before.input + 50);
  expect(summaries(bench, id)).toEqual([]);
});

it('an approval is answered and its call run while the summary of its session is being written [H5] [S-W61] [compact.unlocked]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const { window } = bench;
  const id = await talk(bench, 4);
  bench.server.script(say(call('write', { file_path: 'b.txt', content: 'b' })), say('Written.'));
  await bench.send(id, 'write b');
  const approval = await window.approval();
  const hold = gate();
  bench.server.when(isSummaryRequest, say(hold, 'LATE GIST'));
  const waiting = bench.window.request('context.compact', { sessionId: id }).catch(() => undefined);
  await hold.reached;
  expect(await bench.workbench.manager.confirmTool(id, approval.callId ?? '', true)).toBe(true);
  await window.until(() => window.calls(id).at(-1)?.state === 'ok');
  expect(await bench.file('b.txt')).toBe('b');
  hold.open();
  await waiting;
  await window.untilIdle(id);
  await expectLaws(bench, id);
});

it('a run is stopped, and its question with it, while the summary of its session is being written [S-W61] [compact.unlocked]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const { window } = bench;
  const id = await talk(bench, 4);
  bench.server.script(say(call('write', { file_path: 'b.txt', content: 'b' })));
  await bench.send(id, 'write b');
  await window.approval();
  const hold = gate();
  bench.server.when(isSummaryRequest, say(hold, 'LATE GIST'));
  const waiting = bench.window.request('context.compact', { sessionId: id }).catch(() => undefined);
  await hold.reached;
  expect(await bench.workbench.manager.cancelOperation(id)).toBe(true);
  expect((await window.untilIdle(id)).head.run?.outcome).toBe('cancelled');
  expect(bench.workbench.manager.listPendingApprovals(id)).toEqual([]);
  hold.open();
  await waiting;
  await expectLaws(bench, id);
});

it('the preview is what the next request sends [context.preview]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 2);
  const preview = await bench.window.request('context.preview', { sessionId: id });
  bench.server.script(say('Answer 3.'));
  await bench.send(id, 'question 3');
  await bench.window.untilIdle(id);
  const sent = (bench.server.requests.at(-1) as ModelServerRequest).body.messages;
  expect(preview.messages.map(({ role, text }) => [role, text])).toEqual(
    sent.slice(0, -1).map(({ role, content }) => [role, content ?? '']),
  );
  const { parts, used } = preview;
  expect(used).toBeGreaterThan(0);
  expect(Math.abs(parts.system + parts.tools + parts.history + parts.results + parts.summary - used)).toBeLessThan(5);
});

it('of a long message the preview holds the beginning, and the whole is given for itself [context.preview]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  const id = await bench.newSession();
  const long = 'a long story '.repeat(2000);
  server.script(say('Well.'));
  await bench.send(id, long);
  await window.untilIdle(id);
  const { messages } = await window.request('context.preview', { sessionId: id });
  const [, prompt, reply] = messages;
  expect(prompt?.text).toBe(long.slice(0, 4000));
  expect(prompt?.more).toBe(long.length - 4000);
  expect(reply).not.toHaveProperty('more');
  const { more: _more, ...shown } = prompt as PreviewMessage;
  const whole = { ...shown, text: long };
  expect(await window.request('context.message', { sessionId: id, place: 1 })).toEqual(whole);
  await expect(window.request('context.message', { sessionId: id, place: 9 })).rejects.toMatchObject({
    code: 'notFound',
  });
});

it('a request that the model refuses for its length is compacted once and sent again [compact.overflow]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(bench, 4);
  bench.server.when(isSummaryRequest, say('GIST'));
  bench.server.script(
    httpError(400, { error: { message: 'maximum context length is 4096 tokens', code: 'context_length_exceeded' } }),
    say('Answer 5.'),
  );
  await bench.send(id, 'question 5');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(summaries(bench, id)).toHaveLength(1);
  await expectLaws(bench, id);
});

it('compacts after a run that left it nearly full, before anybody asks again [compact.idle]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a') } });
  const id = await talk(bench, 4);
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 20_000 } });
  bench.server.when(isSummaryRequest, say('SUMMED UP'));
  bench.server.script(say('Answer 5.', usage({ input: 17_000, output: 20 })));
  await bench.send(id, 'question 5');
  await bench.window.untilIdle(id);
  await bench.window.until(() => summaries(bench, id).length === 1);
  expect(summaries(bench, id)[0]).toMatchObject({ auto: true, method: 'summary' });
  const { head } = bench.window.session(id);
  expect(head.context).toMatchObject({ source: 'estimated', window: 20_000 });
  expect(head.context?.used).toBeLessThan(16_000);
  // Nothing more to gain.
  expect(await bench.workbench.manager.maybeAutoCompact(id)).toBe(false);
  await expectLaws(bench, id);
});

it('goes by its own estimate where a model counts no tokens [compact.local] [field.27]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a'), 'b.txt': big('b'), 'c.txt': big('c') } });
  const id = await bench.newSession();
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 8000 } });
  bench.server.when(isSummaryRequest, say('SUMMED UP', usage(null)), say('AGAIN', usage(null)));
  bench.server.script(
    say('First.', call('read', { file_path: 'a.txt' }), usage({ input: 0, output: 0 })),
    say('Second.', call('read', { file_path: 'b.txt' }), usage(null)),
    say('Third.', call('read', { file_path: 'c.txt' }), usage({ input: 0, output: 0 })),
    say('All read.', usage(null)),
  );
  await bench.send(id, 'read them all');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(state.head.context).toMatchObject({ source: 'estimated', window: 8000 });
  expect(state.head.context?.used).toBeGreaterThan(1000);
  expect(summaries(bench, id).length).toBeGreaterThan(0);
  await expectLaws(bench, id);
});

it('a Stop ends the compaction under way and with it the run; nothing is replaced [compact.restart] [S-W33]', async () => {
  const bench = await startBench({ files: { 'a.txt': big('a'), 'b.txt': big('b'), 'c.txt': big('c') } });
  const id = await bench.newSession();
  await bench.window.request('session.configure', { sessionId: id, changes: { maxContext: 8000 } });
  const hold = gate();
  bench.server.when(isSummaryRequest, say('never', hold));
  bench.server.script(
    say('First.', call('read', { file_path: 'a.txt' })),
    say('Second.', call('read', { file_path: 'b.txt' })),
    say('Third.', call('read', { file_path: 'c.txt' })),
  );
  await bench.send(id, 'read them all');
  await hold.reached;
  await bench.window.until(() => bench.window.session(id).head.run?.compacting);
  const begun = performance.now();
  await bench.window.request('run.cancel', { sessionId: id });
  expect(performance.now() - begun).toBeLessThan(2000);
  const state = await bench.window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('cancelled');
  expect(summaries(bench, id)).toEqual([]);
  await bench.window.until(() => bench.window.heard.some(({ event }) => event.type === 'context.compactionFailed'));
  await expectLaws(bench, id);
});

it('a quit in the middle of a summary leaves the context as it was [compact.restart]', async () => {
  const first = await startBench({ files: { 'a.txt': 'hello\n' } });
  const id = await talk(first, 4);
  const whole = await first.window.request('context.preview', { sessionId: id });
  const hold = gate();
  first.server.when(isSummaryRequest, say('half a summ', hold));
  const waiting = first.window.request('context.compact', { sessionId: id }).catch((thrown: unknown) => thrown);
  await hold.reached;
  const bench = await first.restart();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  await bench.window.openSession(id);
  expect((await bench.window.request('context.preview', { sessionId: id })).messages).toEqual(whole.messages);
  expect(summaries(bench, id)).toEqual([]);
});
