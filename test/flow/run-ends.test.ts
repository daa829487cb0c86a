import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { RunResult } from '../../electron/session/runner.ts';
import type { Envelope } from '../../shared/session/events.ts';
import type { RunOutcome } from '../../shared/session/parts.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { call, cut, gate, hang, httpError, type Step, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';
import { uniqueSeconds } from './processes.ts';

/** A run that does not end by itself, with what its caller waits for where it has one. */
type Begun = { bench: Bench; id: string; result?: Promise<{ outcome?: string; status?: string }> };

const begunBy = async (begin: (bench: Bench, id: string) => Promise<RunResult>): Promise<Begun> => {
  const bench = await startBench();
  bench.server.script(say('Once upon', hang));
  const id = await bench.newSession();
  const result = begin(bench, id);
  await bench.server.request(0);
  return { bench, id, result };
};

const kinds: [string, () => Promise<Begun>][] = [
  [
    'of a prompt of the window',
    async () => {
      const bench = await startBench();
      bench.server.script(say('Once upon', hang));
      const id = await bench.newSession();
      await bench.send(id, 'go');
      await bench.server.request(0);
      return { bench, id };
    },
  ],
  ['of generate', () => begunBy(({ workbench }, id) => workbench.manager.generate(id, 'go'))],
  [
    'of generateStreaming',
    () => begunBy(({ workbench }, id) => workbench.manager.generateStreaming(id, 'go', { envelope: () => {} })),
  ],
  [
    'of a prompt that is sent again',
    async () => {
      const bench = await startBench();
      bench.server.script(say('one'), say('Once upon', hang));
      const id = await bench.newSession();
      const promptId = await bench.send(id, 'go');
      await bench.window.untilIdle(id);
      await bench.window.request('prompt.resend', { sessionId: id, promptId });
      await bench.server.request(1);
      return { bench, id };
    },
  ],
  [
    'of a single call without a model',
    async () => {
      const bench = await startBench();
      const id = await bench.newSession({ mode: 'bypass' });
      const args = { command: `echo begun; sleep ${uniqueSeconds()}` };
      const result = bench.workbench.manager.toolExecutor().run(id, { tool: 'bash', args });
      await bench.window.until(() => bench.window.calls(id)[0]?.liveOutput.includes('begun'));
      return { bench, id, result };
    },
  ],
  [
    'of a child',
    async () => {
      const bench = await startBench();
      const { window, server } = bench;
      server.when('child work', say('Once upon', hang));
      server.script(say(call('task', { description: 'Child', prompt: 'child work' })), say('so be it'));
      const parent = await bench.newSession();
      await bench.send(parent, 'go');
      const child = await window.until(() => Object.values(window.app.sessions).find((one) => one.parentId === parent));
      await window.openSession(child.id);
      await server.request(1);
      return { bench, id: child.id };
    },
  ],
  [
    'that was held by a pause',
    async () => {
      const bench = await startBench();
      const id = await bench.newSession();
      const hold = gate();
      bench.server.script(say('Looking.', hold, call('ls', { path: '.' })));
      await bench.send(id, 'go');
      await hold.reached;
      await bench.window.request('session.pause', { sessionId: id });
      hold.open();
      await bench.window.until(() => bench.window.session(id).head.run?.heldAt);
      return { bench, id };
    },
  ],
  [
    'that waits for a person, taken up after a restart',
    async () => {
      const first = await startBench();
      first.server.script(say(call('write', { file_path: 'a.txt', content: 'x' })));
      const id = await first.newSession();
      await first.send(id, 'go');
      await first.window.approval();
      const bench = await first.restart();
      await bench.window.openSession(id);
      return { bench, id };
    },
  ],
];

it.each(kinds)('a run %s can be cancelled, and then is not there any more [S-W01] [S-W04]', async (_kind, begin) => {
  const { bench, id, result } = await begin();
  const { manager } = bench.workbench;
  expect(await manager.cancelOperation(id)).toBe(true);
  expect(await manager.cancelOperation(id)).toBe(false);
  const given = await result;
  if (given) expect(given.outcome ?? given.status).toBe('cancelled');
  const { run } = (await manager.getSession(id)).state.head;
  expect(run?.outcome).toBe('cancelled');
  await bench.window.until(() => bench.window.session(id).head.run?.outcome);
  await expectLaws(bench, id);
});

it('of several runs that are waited for, whoever gives up ends his own and no other [S-W03]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  const { manager } = bench.workbench;
  server.script(say('one', hang), say('two', hang));
  const id = await bench.newSession();
  const [firstStop, secondStop, thirdStop] = [new AbortController(), new AbortController(), new AbortController()];
  const quietly = { envelope: () => {} };
  const first = manager.generateStreaming(id, 'first', quietly, firstStop.signal);
  const second = manager.generateStreaming(id, 'second', quietly, secondStop.signal);
  const isSaid = (text: string) =>
    window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text === text));
  const third = manager.generateStreaming(id, 'third', quietly, thirdStop.signal);
  await isSaid('one');
  thirdStop.abort();
  expect(await third).toMatchObject({ outcome: 'cancelled', text: '' });
  expect(window.session(id).head.run).not.toHaveProperty('outcome');
  firstStop.abort();
  expect(await first).toMatchObject({ outcome: 'cancelled', text: 'one' });
  // The first has gone and has taken nothing of the second along.
  await isSaid('two');
  expect(window.session(id).head.run).not.toHaveProperty('outcome');
  secondStop.abort();
  expect(await second).toMatchObject({ outcome: 'cancelled', text: 'two' });
  expect((await first).runId).not.toBe((await second).runId);
  expect(await manager.cancelOperation(id)).toBe(false);
  await window.untilIdle(id);
  await expectLaws(bench, id);
});

const write = call('write', { file_path: 'a.txt', content: 'A' });
const gist = ({ items }: SessionState) =>
  items.map((item) => (item.kind === 'call' ? `${item.tool} ${item.state}` : 'text' in item ? item.text : ''));

it.each([
  ['fails', 'failed', httpError(400, { error: { message: 'no' } })],
  ['is broken off', 'failed', say('Now', cut)],
  ['is stopped', 'cancelled', say('Now', hang)],
])('what a run did is on disk as it happens, and stays when it %s [S-W05] [L2]', async (_how, outcome, last) => {
  const bench = await startBench();
  const { window, server, userDataDir } = bench;
  const hold = gate();
  server.script(say('Writing.', write), last.kind === 'reply' ? { ...last, parts: [hold, ...last.parts] } : last);
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  await server.request(1);
  if (last.kind === 'reply') {
    // What is heard is on disk, in the middle of the run.
    await window.until(() => gist(window.session(id)).includes('write ok'));
    expect(gist((await onDisk(userDataDir, id)).state).slice(0, 3)).toEqual(['go', 'Writing.', 'write ok']);
    hold.open();
    await window.until(() => gist(window.session(id)).at(-1) === 'Now');
  }
  if (outcome === 'cancelled') await window.request('run.cancel', { sessionId: id });
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe(outcome);
  const kept = ['go', 'Writing.', 'write ok', last.kind === 'reply' ? 'Now' : ''];
  expect(gist((await onDisk(userDataDir, id)).state)).toEqual(kept);
  expect(await bench.file('a.txt')).toBe('A');
  server.script(say('I see.'));
  await bench.send(id, 'what happened?');
  await window.untilIdle(id);
  const roles = (await server.request(2)).body.messages.map((message) => message.role);
  expect(roles.slice(0, 4)).toEqual(['system', 'user', 'assistant', 'tool']);
  await expectLaws(bench, id);
});

/** Each ends the run of one prompt in a way of its own. */
const endings: [string, RunOutcome, (bench: Bench) => Promise<string>][] = [
  ['completes', 'completed', async (bench) => ran(bench, say('done'))],
  ['fails at the model', 'failed', async (bench) => ran(bench, httpError(400, { error: { message: 'no' } }))],
  ['fails after text', 'failed', async (bench) => ran(bench, say('Once', cut))],
  [
    'has no workspace any more',
    'failed',
    async (bench) => {
      const id = await bench.newSession();
      await rm(bench.workspace, { recursive: true });
      await bench.send(id, 'go');
      return id;
    },
  ],
  [
    'reaches its limit of turns',
    'limit',
    async (bench) => {
      const id = await bench.newSession();
      await bench.workbench.manager.configure(id, { maxTurns: 1 });
      bench.server.script(say(call('ls', { path: '.' })));
      await bench.send(id, 'go');
      return id;
    },
  ],
  [
    'is stopped twice at once in mid-text',
    'cancelled',
    async (bench) => {
      const id = await ran(bench, say('Once', hang));
      await bench.server.request(0);
      await Promise.all([1, 2].map(() => bench.window.request('run.cancel', { sessionId: id })));
      return id;
    },
  ],
  [
    'is stopped while a person is asked',
    'cancelled',
    async (bench) => {
      const id = await ran(bench, say(write));
      await bench.window.approval();
      await bench.window.request('run.cancel', { sessionId: id });
      return id;
    },
  ],
  [
    'is cut off by a quit',
    'interrupted',
    async (bench) => {
      const id = await ran(bench, say('Once', hang));
      await bench.server.request(0);
      await bench.workbench.shutdown(2000);
      return id;
    },
  ],
];

async function ran(bench: Bench, step: Step): Promise<string> {
  bench.server.script(step);
  const id = await bench.newSession();
  await bench.send(id, 'go');
  return id;
}

it.each(endings)(
  'a run that %s is told to have ended once, and nothing is told of it after that [S-W06] [L1] [I2]',
  async (_how, outcome, go) => {
    const bench = await startBench();
    const { window, userDataDir } = bench;
    const id = await go(bench);
    await window.until(() => window.session(id).head.run?.outcome);
    const told = (envelopes: Envelope[]) => envelopes.filter(({ stream, event }) => stream === id && 'runId' in event);
    const { envelopes } = await onDisk(userDataDir, id);
    for (const heard of [told(window.heard), told(envelopes)]) {
      expect(heard.filter(({ event }) => event.type === 'run.ended')).toMatchObject([{ event: { outcome } }]);
      expect(heard.at(-1)?.event.type).toBe('run.ended');
    }
  },
);
