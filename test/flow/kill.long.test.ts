import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { isDurable } from '../../shared/session/durability.ts';
import { type Envelope, envelopeSchema } from '../../shared/session/events.ts';
import {
  call,
  type ModelServer,
  type ModelServerRequest,
  type Step,
  say,
  startModelServer,
} from '../fakes/model-server.ts';
import { bundleCli, startCli } from './cli-process.ts';
import { startBench, tempFolder } from './harness.ts';
import { expectCallLaws, expectLaws, expectRunLaws, onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

let cli = '';
beforeAll(async () => {
  cli = await bundleCli();
}, 120_000);

const killPoints = 40;
/** About as many lines as an undisturbed run prints. */
const linesOfARun = 60;

/** A run of four turns with commands, a file, a child and streamed text. Every command leaves a mark of its own in `log`. */
function nextStep(request: ModelServerRequest): Step {
  const mark = /run \d+/.exec(JSON.stringify(request.body.messages))?.[0].replace(' ', '') ?? '';
  const turn = request.body.messages.filter((message) => message.role === 'assistant').length;
  const command = (name: string) => call('bash', { command: `echo ${mark}-${name} >> log` });
  if (request.lastUser.includes('as a child')) return turn === 0 ? say('child', command('child')) : say('child done');
  switch (turn) {
    case 0:
      return say('First', command('a'), call('write', { file_path: `${mark}.txt`, content: mark }), command('b'));
    case 1:
      return say('Then', call('task', { description: 'child', prompt: `${mark.replace('run', 'run ')} as a child` }));
    case 2:
      return say('And', call('ls', {}), command('c'));
    default:
      return say(...Array.from({ length: 20 }, (_, n) => `word ${n} `));
  }
}

interface Killed {
  id: string;
  printed: Envelope[];
}

/** Runs the command line and kills it without warning when it has printed so many lines. */
async function killAt(
  lines: number,
  server: ModelServer,
  dataDir: string,
  workspace: string,
  n: number,
): Promise<Killed> {
  const args = ['run', `run ${n}`, '--mode', 'bypass', '--output', 'json', '--user-data-dir', dataDir];
  const running = startCli(cli, args, { server, cwd: workspace });
  const whole = () => running.stdout().split('\n').slice(0, -1);
  await running.until(() => whole().length >= lines);
  running.child.kill('SIGKILL');
  await running.ended;
  const printed = whole().map((line) => envelopeSchema.parse(JSON.parse(line)));
  return { id: printed[0]?.stream ?? '', printed };
}

it(`kill -9 at ${killPoints} points loses nothing that was printed, shows nothing as running and runs nothing again [restart.kill] [L2] [S-W05] [S-W15] [S-W28] [S-W40]`, async () => {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  server.reply(nextStep);
  const [dataDir, workspace] = [await tempFolder(), await tempFolder()];
  const atOnce = pLimit(4);
  const killed = await Promise.all(
    Array.from({ length: killPoints }, (_, n) =>
      atOnce(() => killAt(1 + Math.floor((n * linesOfARun) / killPoints), server, dataDir, workspace, n)),
    ),
  );
  const log = async () => (await readFile(join(workspace, 'log'), 'utf8').catch(() => '')).trimEnd().split('\n');
  const before = await log();
  expect(new Set(before).size).toBe(before.length);
  const requests = server.requests.length;

  const bench = await startBench({ userDataDir: dataDir });
  const { window } = bench;
  const statuses = Object.values(window.app.sessions).map((session) => session.status);
  expect(statuses.filter((status) => !/completed|interrupted|idle/.test(status))).toEqual([]);
  expect(statuses).toContain('interrupted');
  const printed = killed.flatMap((one) => one.printed);
  const streams = new Set(printed.map((envelope) => envelope.stream));
  const started = new Set<string>();
  for (const id of streams) {
    const { state, envelopes } = await onDisk(dataDir, id);
    const durable = printed.filter((envelope) => envelope.stream === id && isDurable(envelope.event.type));
    expect(envelopes.slice(0, durable.length)).toEqual(durable);
    expectRunLaws(envelopes);
    expectCallLaws(state, envelopes);
    for (const item of state.items) {
      if (item.kind === 'call' && item.startedAt !== undefined) started.add(JSON.stringify(item.args));
    }
  }
  // What has left a mark was on record as started before.
  for (const mark of before.filter(Boolean)) {
    expect([...started].filter((args) => args.includes(`echo ${mark} >>`))).toHaveLength(1);
  }
  expect(await log()).toEqual(before);
  expect(server.requests).toHaveLength(requests);

  // And they all go on.
  const some = killed.filter(({ id }) => id !== '').slice(-3);
  bench.server.reply(() => say('Going on.'));
  for (const { id } of some) {
    await window.openSession(id);
    await bench.send(id, 'go on');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    await expectLaws(bench, id);
  }
}, 240_000);

it('kill -9 in the middle of a command: the next start ends what is left of it, says so, and does not run it again [restart.kill] [restart.leftovers] [T2] [I6]', async () => {
  const seconds = uniqueSeconds();
  const server = await startModelServer();
  onTestFinished(() => server.close());
  const [dataDir, workspace] = [await tempFolder(), await tempFolder()];
  server.script(
    say(
      call('bash', { command: `echo ran >> log; echo begun; sleep ${seconds} & sleep ${seconds}; sleep ${seconds}` }),
    ),
  );
  const args = ['run', 'go', '--mode', 'bypass', '--output', 'json', '--user-data-dir', dataDir];
  const running = startCli(cli, args, { server, cwd: workspace });
  await running.until((stdout) => stdout.includes('"call.output"'));
  running.child.kill('SIGKILL');
  await running.ended;
  const left = processesWith(seconds);
  expect(left.length).toBeGreaterThan(0);
  onTestFinished(() => {
    for (const pid of processesWith(seconds)) process.kill(pid, 'SIGKILL');
  });

  const bench = await startBench({ userDataDir: dataDir });
  const { window } = bench;
  const [summary] = Object.values(window.app.sessions);
  expect(summary?.status).toBe('interrupted');
  const id = summary?.id ?? '';
  await window.openSession(id);
  await window.until(() =>
    window.session(id).items.some((item) => item.kind === 'notice' && /still running.*ended/.test(item.text)),
  );
  expect(processesWith(seconds)).toEqual([]);
  expect(window.calls(id)[0]).toMatchObject({ state: 'interrupted' });
  expect(await readFile(join(workspace, 'log'), 'utf8')).toBe('ran\n');
  await expectLaws(bench, id);
});
