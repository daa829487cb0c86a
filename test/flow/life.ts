// One life of a process that works on stored sessions until it is killed: node life.cjs '{"userDataDir": …}'. It prints a line for each
// thing that it was told is on disk, and works on, so that whoever reads can end it at any byte.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { createWorkbench } from '../../electron/workbench.ts';
import type { QueuedApproval, SessionSummary } from '../../shared/app/state.ts';
import type { Input, Output, Route } from '../../shared/ipc/contract.ts';
import { isDurable } from '../../shared/session/durability.ts';
import type { Envelope } from '../../shared/session/events.ts';

export interface LifePlan {
  userDataDir: string;
  workspace: string;
  seed: number;
  /** Sessions to begin, beside one of an earlier life that is gone on with. */
  sessions: number;
}

/** What was acknowledged, in the order in which it was. */
export type LifeLine =
  /** What the start found, before anything else was done. */
  | { kind: 'listed'; sessions: Pick<SessionSummary, 'id' | 'parentId' | 'status' | 'damaged' | 'unsaved'>[] }
  | { kind: 'fact'; envelope: Envelope }
  | { kind: 'created'; id: string }
  /** A deletion is asked for: from here on the session may be gone or not, until the answer says so. */
  | { kind: 'destroying'; id: string }
  | { kind: 'destroyed'; id: string }
  /** A session's facts wait in memory; from here on no fact is printed. */
  | { kind: 'refused' }
  /** Nothing is left to do. */
  | { kind: 'idle' }
  /** An ordered quit has ended. */
  | { kind: 'quit'; unsaved: number };

const say = (line: LifeLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const plan = JSON.parse(process.argv[2] ?? '{}') as LifePlan;

/** mulberry32 */
let seed = plan.seed;
function random(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function live(): Promise<void> {
  const workbench = await createWorkbench({
    kind: 'window',
    userDataDir: plan.userDataDir,
    assetsDir: join(__dirname, 'assets'),
    env: process.env,
    log: quiet,
    secrets: createSecrets({ path: join(plan.userDataDir, 'secrets.json'), log: quiet }),
  });
  const ended = new Map<string, (how: 'ended' | 'left waiting') => void>();
  let unsaved = false;
  workbench.manager.subscribeAll({
    envelope(envelope) {
      if (!unsaved && isDurable(envelope.event.type)) say({ kind: 'fact', envelope });
      if (envelope.event.type === 'run.ended') ended.get(envelope.stream)?.('ended');
    },
    unsaved(reason) {
      if (reason === undefined || unsaved) return;
      unsaved = true;
      say({ kind: 'refused' });
    },
  });
  process.stdin.once('data', () => {
    // Time is for others to measure: here a quit may take what a busy machine needs.
    void workbench.shutdown(30_000).then((unsaved) => {
      say({ kind: 'quit', unsaved: unsaved.length });
      process.exit(0);
    });
  });
  await workbench.ready;
  const all = Object.values(workbench.app.snapshot().state.sessions);
  const listed = all.map(({ id, parentId, status, damaged, unsaved }) => ({
    id,
    status,
    ...(parentId ? { parentId } : {}),
    ...(damaged ? { damaged } : {}),
    ...(unsaved ? { unsaved } : {}),
  }));
  say({ kind: 'listed', sessions: listed });

  workbench.attachWindow(1, () => {});
  async function ask<R extends Route>(route: R, input: Input<R>): Promise<Output<R>> {
    const result = await workbench.router.handle({ windowId: 1 }, route, input);
    if (!result.ok) throw new Error(`${route}: ${result.error.message}`);
    return result.value as Output<R>;
  }

  /** What waits is answered one way or the other, or left for the next life. */
  const answer = async (approval: QueuedApproval) => {
    const decision = (['allow', 'allow', 'deny', undefined] as const)[random(4)];
    if (!decision) for (const { id } of approval.path) ended.get(id)?.('left waiting');
    if (!decision) return;
    await ask('approval.answer', { id: approval.id, shownHash: approval.hash, decision }).catch(() => undefined);
  };
  const answered = new Set<string>();
  for (const approval of workbench.app.snapshot().state.approvals) void answer(approval);
  workbench.app.subscribe(({ event }) => {
    if (event.type !== 'approval.listed' || answered.has(event.approval.id)) return;
    answered.add(event.approval.id);
    void answer(event.approval);
  });

  /** While the disk refuses, what is made is shown as unsaved: nobody was promised that it outlives us. */
  const created = (id: string) => {
    if (!unsaved) say({ kind: 'created', id });
  };

  async function prompt(sessionId: string, text: string): Promise<'ended' | 'left waiting'> {
    const end = new Promise<'ended' | 'left waiting'>((resolve) => ended.set(sessionId, resolve));
    await ask('prompt.send', { sessionId, text });
    return end;
  }

  /** Something that a person does beside prompting. */
  async function touch(sessionId: string): Promise<void> {
    switch (random(6)) {
      case 0:
        return void (await ask('session.configure', { sessionId, changes: { title: `Named ${random(1000)}` } }));
      case 1:
        return void (await ask('session.clear', { sessionId }));
      case 2:
        return created((await ask('session.fork', { sessionId })).sessionId);
      case 3:
        return void (await ask('session.archive', { sessionId, archived: true }));
      case 4:
        say({ kind: 'destroying', id: sessionId });
        await ask('session.destroy', { sessionId });
        return say({ kind: 'destroyed', id: sessionId });
      default:
        return void (await prompt(sessionId, `again ${plan.seed}`));
    }
  }

  const goOn = async (sessionId: string, name: string) => {
    if ((await prompt(sessionId, `${name} of ${plan.seed}`)) === 'ended') await touch(sessionId);
  };
  const begin = async (name: string) => {
    const mode = random(2) === 0 ? 'manual' : 'bypass';
    const { sessionId } = await ask('session.create', { workspace: plan.workspace, mode });
    created(sessionId);
    await goOn(sessionId, name);
  };
  const resting = all.filter(({ status }) => status === 'interrupted' || status === 'completed');
  const old = resting.at(random(Math.max(1, resting.length)));
  const work = Array.from({ length: plan.sessions }, (_, index) => begin(`begun ${index}`));
  if (old) work.push(goOn(old.id, 'gone on'));
  await Promise.allSettled(work);
  say({ kind: 'idle' });
}

void live();
