import { expect, it } from 'vitest';
import type { Mode } from '../../shared/session/config.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import { call, cut, finish, httpError, noFinish, type Part, type Step, say, usage } from '../fakes/model-server.ts';
import { fc } from '../properties.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const runs = 40;

const file = fc.constantFrom('a.txt', 'b.txt', 'folder/c.txt', '../outside.txt', 'missing.txt');
const words = fc.constantFrom('one', 'two\nlines', 'ümläut', '');

const made: fc.Arbitrary<Part> = fc.oneof(
  { weight: 3, arbitrary: file.map((file_path) => call('read', { file_path })) },
  { weight: 3, arbitrary: fc.tuple(file, words).map(([file_path, content]) => call('write', { file_path, content })) },
  { weight: 1, arbitrary: file.map((file_path) => call('edit', { file_path, old_string: 'one', new_string: 'two' })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('touch t', 'echo out', 'false', 'sleep 0.05')
      .map((command) => call('bash', { command })),
  },
  { weight: 1, arbitrary: fc.constant(call('task', { description: 'help', prompt: 'please help' })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(call('ls', {}), call('glob', { pattern: '*' }), call('grep', { pattern: 'o' })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(call('ls', '{"path'), call('nothing', {}), call('read', { path: 1 }), call('', 'x')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(call('ls', {}, 'same'), call('glob', { pattern: 'x' }, 'same'), call('ls', {}, '')),
  },
);

const soon = { 'retry-after-ms': '1' };
const reply: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(words, fc.array(made, { minLength: 1, maxLength: 4 }))
      .map(([text, calls]) => say(text, ...calls)),
  },
  { weight: 3, arbitrary: words.map((text) => say(text, usage({ input: 100, output: 5 }))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      say('half', cut),
      say(cut),
      say('half', noFinish),
      say('long', finish('length')),
      say(),
      say(usage(null)),
      httpError(400, { error: { message: 'no' } }),
      httpError(500, { error: { message: 'busy' } }, soon),
    ),
  },
);

/** What the person does once so many envelopes were heard, or before that when nothing moves without them. */
interface Action {
  after: number;
  does:
    | 'allow'
    | 'deny'
    | 'edit'
    | 'spoil'
    | 'defer'
    | 'cancel'
    | 'queue'
    | 'steer'
    | 'pause'
    | 'resume'
    | 'restart'
    | 'mode';
}
const action: fc.Arbitrary<Action> = fc.record({
  after: fc.nat(25),
  does: fc.constantFrom(
    'allow',
    'allow',
    'allow',
    'deny',
    'edit',
    'spoil',
    'defer',
    'cancel',
    'queue',
    'steer',
    'pause',
    'resume',
    'restart',
    'mode',
  ),
});

const needsPerson = ({ window }: Bench, id: string): boolean => {
  const { head } = window.session(id);
  // A pause may hold a child of a child, while all above it wait for their calls.
  const isHeld = Object.values(window.app.sessions).some(({ status }) => status === 'paused');
  return window.app.approvals.length > 0 || !isRunning(head) || isHeld;
};

async function act(bench: Bench, id: string, does: Action['does']): Promise<Bench> {
  const { window } = bench;
  const [approval] = window.app.approvals;
  // What comes too late is refused, and that is all it may do.
  const lenient = (request: Promise<unknown>) => request.catch((error) => expect(error.code).not.toBe('internal'));
  switch (does) {
    case 'allow':
    case 'deny':
      if (approval) await lenient(window.answer(approval, does));
      break;
    case 'edit': {
      const args = { ...(approval?.args as object), ...(approval?.tool === 'write' ? { content: 'edited' } : {}) };
      if (approval) await lenient(window.answer(approval, 'allow', { args }));
      break;
    }
    case 'spoil':
      if (approval) await lenient(window.answer(approval, 'allow', { args: { nonsense: true } }));
      break;
    case 'defer':
      if (approval) await lenient(window.request('approval.defer', { id: approval.id, deferred: true }));
      break;
    case 'cancel':
      await window.request('run.cancel', { sessionId: id });
      break;
    case 'queue':
      await window.request('prompt.send', { sessionId: id, text: 'another' });
      break;
    case 'steer':
      await window.request('prompt.steer', { sessionId: id, text: 'rather this' });
      break;
    case 'pause':
      await window.request('session.pause', { sessionId: id });
      break;
    case 'resume':
      await window.request('session.resume', { sessionId: id });
      break;
    case 'mode':
      await window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
      break;
    case 'restart': {
      const again = await bench.restart();
      await again.window.openSession(id);
      return again;
    }
  }
  return bench;
}

/** The window has heard of all that has happened by now. */
async function caughtUp({ workbench, window }: Bench, id: string): Promise<void> {
  const session = await workbench.manager.getSession(id);
  await session.allSaved();
  const { seq } = session.state;
  await window.until(() => window.session(id).seq >= seq);
}

/** Brings the session to rest: answers what waits, resumes, runs the queue. */
async function settle(bench: Bench, id: string): Promise<void> {
  const { window } = bench;
  await window.request('session.resume', { sessionId: id });
  for (;;) {
    await caughtUp(bench, id);
    const approval = await window.until(
      () => window.app.approvals[0] ?? (!isRunning(window.session(id).head) && 'idle'),
    );
    if (approval !== 'idle') {
      await window.answer(approval, 'allow').catch((error) => expect(error.code).toBe('stale'));
      await window.until(() => !window.app.approvals.some((one) => one.id === approval.id));
    } else if (window.session(id).head.queue.length === 0) return;
    else await window.request('run.start', { sessionId: id });
  }
}

async function play(mode: Mode, replies: Step[], actions: Action[]): Promise<void> {
  let bench = await startBench({ files: { 'a.txt': 'one\ntwo\n', 'b.txt': 'one' } });
  const { server } = bench;
  server.script(...replies);
  server.reply(() => say('done'));
  const id = await bench.newSession({ mode });
  await bench.send(id, 'go');
  for (const { after, does } of actions) {
    const { window } = bench;
    const target = window.heard.length + after;
    await window.until(() => window.heard.length >= target || needsPerson(bench, id));
    bench = await act(bench, id, does);
  }
  await settle(bench, id);
  const { window, workbench } = bench;
  for (const { id: each } of Object.values(window.app.sessions)) {
    if (each !== id) await window.openSession(each);
    await expectLaws(bench, each);
  }
  expect(window.app.approvals).toEqual([]);
  expect(server.errors).toEqual([]);
  await workbench.shutdown(2000);
  await server.close();
}

it('whatever the model sends and the person does, every law holds once it is quiet [generated] [L1] [L3] [H7] [I1] [I2] [I3] [I4] [I9]', async () => {
  const mode = fc.constantFrom<Mode>('manual', 'manual', 'accept-edits', 'bypass', 'plan');
  const replies = fc.array(reply, { minLength: 1, maxLength: 6 });
  const actions = fc.array(action, { maxLength: 8 });
  await fc.assert(fc.asyncProperty(mode, replies, actions, play), {
    numRuns: runs,
    endOnFailure: true,
    timeout: 60_000,
  });
}, 120_000);
