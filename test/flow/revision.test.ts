import { expect, it } from 'vitest';
import { isDurable } from '../../shared/session/durability.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import { call, hang, say, usage } from '../fakes/model-server.ts';
import { fc } from '../properties.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';
import { mountWorks } from './mounted-disk.ts';
import { RevisionWatch } from './revision-watch.ts';
import { smallDisk } from './small-disk.ts';

const acts = [
  ...['prompt', 'prompt', 'prompt', 'begin', 'queue', 'stop', 'rewind', 'retry', 'clear', 'restoreBranch', 'compact'],
  ...['configure', 'snapshot', 'restart', 'restart', 'fill', 'makeRoom', 'archive'],
] as const;
type Act = (typeof acts)[number];

const canFail = mountWorks();
const runs = 1;

/** What a person, the disk and a quit do to one session. What is refused is refused, and that is all it may do. */
async function act(bench: Bench, id: string, does: Act, disk: Awaited<ReturnType<typeof smallDisk>> | undefined) {
  const { window, workbench } = bench;
  const { manager } = workbench;
  const lenient = (request: Promise<unknown>) =>
    request.then(
      () => undefined,
      (error) => expect(error.code, error.message).not.toBe('internal'),
    );
  const lastPrompt = () => window.session(id).items.findLast((item) => item.kind === 'prompt');
  // On a full disk a run may wait for room, and what was queued before may be one that hangs.
  const rest = () =>
    window.until(() => {
      const { head, items } = window.session(id);
      const last = items.at(-1);
      const hangs = last?.kind === 'message' && last.streaming && last.text.endsWith('and more');
      return hangs || !isRunning(head) || window.app.sessions[id]?.unsaved;
    });
  switch (does) {
    case 'prompt':
      await window.request('run.cancel', { sessionId: id });
      await lenient(window.request('prompt.send', { sessionId: id, text: 'go on with it' }));
      return rest();
    case 'begin':
      return lenient(window.request('prompt.send', { sessionId: id, text: 'begin and hang' }));
    case 'queue':
      return lenient(window.request('prompt.send', { sessionId: id, text: 'another' }));
    case 'stop':
      return lenient(window.request('run.cancel', { sessionId: id }));
    case 'rewind':
    case 'retry': {
      const prompt = lastPrompt();
      if (!prompt) return;
      return lenient(manager.resendPrompt(id, prompt.id, does === 'rewind' ? 'rather this' : undefined));
    }
    case 'clear':
      return lenient(window.request('session.clear', { sessionId: id }));
    case 'restoreBranch': {
      const branch = window.session(id).head.branches?.[0];
      return branch && lenient(manager.restoreBranch(id, branch.id));
    }
    case 'compact':
      return lenient(manager.compact(id));
    case 'configure':
      return lenient(manager.configure(id, { title: 'x'.repeat(3000) }));
    case 'snapshot':
      return manager.getSession(id).then((session) => session.snapshotIfDue('closing'));
    case 'archive':
      return lenient(manager.archiveSession(id, true));
    case 'fill':
      return disk?.fill();
    case 'makeRoom':
      return disk?.makeRoom();
    case 'restart':
      return;
  }
}

it('whatever is done with a session, through quits and on a disk that fills up, what any process could once read of it stays [I5] [S-W40] [S-W41] [S-W42]', async () => {
  const disk = canFail ? await smallDisk('2m') : undefined;
  let compactions = 0;

  async function play(steps: Act[]): Promise<void> {
    await disk?.makeRoom();
    let bench = await startBench(disk ? { userDataDir: disk.folder } : {});
    bench.server.reply(({ lastUser, body }) => {
      // One that was cut off stands before the one that follows, in the same message.
      const newest = lastUser.trimEnd().split('\n').at(-1);
      if (newest === 'begin and hang') return say('Some words', ' and more', hang);
      if (newest === 'another' && body.messages.at(-1)?.role === 'user') {
        return say('Let me see. ', call('write', { file_path: 'a.txt', content: 'A' }));
      }
      return say('word '.repeat(300), 'and ', 'more', usage({ input: 900, output: 300 }));
    });
    const id = await bench.newSession({ mode: 'bypass' });
    const watch = new RevisionWatch(bench.userDataDir, id);
    let acknowledged = 0;
    const follow = async () => {
      const session = await bench.workbench.manager.getSession(id);
      session.subscribe({
        envelope: ({ seq, event }) => {
          if (isDurable(event.type) && !session.unsaved) acknowledged = Math.max(acknowledged, seq);
          if (event.type === 'context.compacted') compactions += 1;
        },
      });
    };
    await follow();
    for (const does of steps) {
      if (does === 'restart') {
        // A quit on a full disk loses what it says it loses; the start wants room for its lock.
        const restarting = bench.workbench.shutdown(300).then(async () => {
          await disk?.makeRoom();
          bench = await bench.restart();
        });
        await watch.during(restarting);
        await bench.window.openSession(id);
        await follow();
      } else await watch.during(act(bench, id, does, disk) ?? Promise.resolve());
      await watch.look(acknowledged);
    }
    await disk?.makeRoom();
    await bench.window.request('run.cancel', { sessionId: id });
    await watch.during(bench.window.until(() => !isRunning(bench.window.session(id).head)));
    await watch.during(expectLaws(bench, id));
    await watch.look(acknowledged);
    await watch.during(bench.workbench.shutdown(3000));
    await watch.look(acknowledged);
    expect(watch.revisions.size).toBeGreaterThan(0);
  }

  const steps = fc.array(fc.constantFrom(...acts), { minLength: 4, maxLength: 14 });
  await fc.assert(fc.asyncProperty(steps, play), {
    numRuns: runs,
    endOnFailure: true,
    examples: [
      [
        [
          ...Array.from({ length: 8 }, () => 'prompt' as const),
          'compact',
          'restart',
          'rewind',
          'snapshot',
          'clear',
          'restart',
          'restoreBranch',
        ],
      ],
    ],
  });
  expect(compactions).toBeGreaterThan(0);
}, 240_000);
