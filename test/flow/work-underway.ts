import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Envelope, SessionEvent } from '../../shared/session/events.ts';
import { call, gate, hang, httpError, type ModelServerRequest, type Step, say } from '../fakes/model-server.ts';
import { fc } from '../properties.ts';
import { startBench } from './harness.ts';

/** What goes on in a session: a reply, a command with children, a question with a clock, a wait before the next try, a child, a title. */
type Work = 'stream' | 'command' | 'ask' | 'both' | 'retry' | 'child' | 'title';

export interface Plan {
  work: Work;
  childs: Exclude<Work, 'child' | 'title'>;
  queued: number;
  steered: boolean;
  paused: boolean;
  /** It is looked at so many turns of the event loop after its prompt was sent; absent: when all of the work goes on. */
  after: number | undefined;
}

export const plan: fc.Arbitrary<Plan> = fc.record({
  work: fc.constantFrom('stream', 'command', 'ask', 'both', 'retry', 'child', 'child', 'title'),
  childs: fc.constantFrom('stream', 'command', 'ask', 'both', 'retry'),
  queued: fc.nat(2),
  steered: fc.boolean(),
  paused: fc.boolean(),
  after: fc.option(fc.nat(400), { nil: undefined, freq: 2 }),
});

/** Children in the background, one of which writes all the time; the shell itself does not want to end. */
const script = `#!/bin/bash
trap '' TERM
(while :; do echo tick >> ticks; sleep 0.01; done) &
sleep "$1" &
echo begun
sleep "$1"
`;

function modelOf(plan: Plan, seconds: string) {
  const command = call('bash', { command: `./work.sh ${seconds}` });
  const ask = call('write', { file_path: 'asked.txt', content: 'x' });
  const task = call('task', { description: 'Child', prompt: 'work in the child' });
  return ({ lastUser, body }: ModelServerRequest): Step => {
    if (lastUser.endsWith('The title:')) return say('A', hang);
    const work = lastUser.includes('in the child') ? plan.childs : plan.work;
    if (work === 'stream') return say('Once ', 'upon ', hang);
    if (work === 'title' || body.messages.at(-1)?.role === 'tool') return say('All done.');
    if (work === 'retry') return httpError(503, { error: { message: 'busy' } }, { 'retry-after': '30' });
    if (work === 'command') return say('Let me. ', command);
    if (work === 'ask') return say(ask);
    if (work === 'both') return say('Both. ', command, ask);
    return say('Three things. ', task, ask, call('read', { file_path: 'work.sh' }));
  };
}

const signs: Record<Work, SessionEvent['type'][]> = {
  stream: ['message.delta'],
  command: ['call.output'],
  ask: ['approval.requested'],
  retry: ['turn.retrying'],
  both: ['call.output', 'approval.requested'],
  child: ['child.spawned', 'approval.requested'],
  title: ['run.ended'],
};

/** A workbench in which a session works beside another, which has to go on whatever becomes of the first. */
export async function startWork(plan: Plan, seconds: string) {
  const bench = await startBench({ files: { 'work.sh': script } });
  const { window, server, workbench, workspace } = bench;
  const { manager } = workbench;
  await chmod(join(workspace, 'work.sh'), 0o755);
  await window.request('settings.change', { changes: { modelTitles: plan.work === 'title' } });
  const everywhere = { source: 'user' } as const;
  await window.request('rules.add', { place: everywhere, kind: 'allow', rule: 'Bash(./work.sh *)', term: 'never' });
  const rest = gate();
  server.reply(modelOf(plan, seconds));
  server.when('look on', say('Meanwhile ', rest, 'all goes on.'));
  const bystander = await bench.newSession({ title: 'Bystander' });
  await bench.send(bystander, 'look on');
  await rest.reached;
  await window.until(() => window.app.sessions[bystander]?.activity.startsWith('Meanwhile'));

  const happened: Envelope[] = [];
  let look = () => {};
  manager.subscribeAll({
    envelope: (envelope) => {
      happened.push(envelope);
      look();
    },
  });
  const id = await bench.newSession();
  const policy = await manager.getConfirmationPolicy(id);
  await manager.setConfirmationPolicy(id, { ...policy, defaultTimeoutMs: 60_000 });

  const has = (types: SessionEvent['type'][], isChild: boolean) =>
    types.every((type) => happened.some(({ stream, event }) => event.type === type && (stream !== id) === isChild));
  const underway = new Promise<void>((resolve) => {
    look = () => {
      if (has(signs[plan.work], false) && (plan.work !== 'child' || has(signs[plan.childs], true))) resolve();
    };
  });
  const titling = new Promise<void>((resolve) => {
    server.when(({ lastUser }) => {
      if (lastUser.endsWith('The title:')) resolve();
      return false;
    }, say());
  });
  return {
    ...bench,
    id,
    rest,
    bystander,
    /** Of the session and those below it. */
    happened,
    /** Lets the work begin, until it is time. Tells what waits for results; none of it rejects. */
    async setOff(): Promise<{ waiting: Promise<unknown>[] }> {
      const settled = (waiting: Promise<unknown>) => waiting.catch((thrown) => thrown);
      const waiting = [settled(manager.generate(id, 'go'))];
      // Only the first exchange gets a title.
      const isAlone = plan.work === 'title';
      for (let n = 0; n < plan.queued && !isAlone; n += 1) waiting.push(settled(manager.generate(id, `go on ${n}`)));
      if (plan.steered && !isAlone) waiting.push(settled(manager.steer(id, 'go there')));
      if (plan.after === undefined) {
        await underway;
        if (isAlone) await titling;
      } else {
        for (let turn = 0; turn < plan.after; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      if (plan.paused) waiting.push(settled(manager.pauseSession(id)));
      return { waiting };
    },
  };
}
