import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, it } from 'vitest';
import { ROOT } from '../../scripts/paths.mjs';
import { say, startModelServer } from '../fakes/model-server.ts';
import { inTurn, median, report, timed } from './measure.ts';
import { startTurnServer } from './turn-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  await writeFile(join(folder, 'a.txt'), 'a small file\n'.repeat(20));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const runCli = (server: { baseUrl: string }, args: string[]) => runNode('dist/cli.cjs', server, args);

function runNode(script: string, server: { baseUrl: string }, args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'bench', OPENAI_MODEL: 'scripted' },
  });
  return new Promise((resolve) => child.once('exit', resolve));
}

it('start to first request', async () => {
  const starts: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    const server = await startModelServer();
    server.script(say('Done.'));
    const started = performance.now();
    const ended = runCli(server, ['run', 'hi', '--user-data-dir', join(folder, `start-${run}`)]);
    starts.push((await server.request(0)).at - started);
    await ended;
    await server.close();
  }
  const node = await timed(() => new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve)));
  report(
    'command line: start to first request',
    `${median(starts).toFixed(0)} ms (bare node: ${node.toFixed(0)})`,
    '≤ 500 ms',
  );
});

/** The median of the first 50 turns. */
async function firstTurns(loop: (server: { baseUrl: string }) => Promise<unknown>): Promise<number> {
  const server = await startTurnServer(50);
  await loop(server);
  await server.close();
  return median(server.gaps);
}

it('overhead of a turn', async () => {
  let run = 0;
  const [ours, bare] = await inTurn(
    9,
    () =>
      firstTurns((server) =>
        runCli(server, ['run', 'go', '--max-turns', '60', '--user-data-dir', join(folder, `turns-${++run}`)]),
      ),
    () =>
      firstTurns((server) =>
        runNode('test/bench/bare-loop.mjs', server, [server.baseUrl, folder, join(folder, 'notes')]),
      ),
  );
  report(
    'turn overhead, first 50 turns, median',
    `${ours.toFixed(2)} ms (a bare loop: ${bare.toFixed(2)}, ${(ours / bare).toFixed(2)} ×)`,
    '≤ 5 ms',
  );
});

it('the 1,000th turn', async () => {
  const gapsOf = async (turns: number, name: string) => {
    const server = await startTurnServer(turns);
    await runCli(server, ['run', 'go', '--max-turns', '1100', '--user-data-dir', join(folder, name)]);
    await server.close();
    return server.gaps;
  };
  const ratios: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const late = median((await gapsOf(1010, `long-${run}`)).slice(990, 1010));
    // Of a session begun right then: in the seconds between its own 10th and 1,000th turn the machine's speed changes.
    ratios.push(late / median((await gapsOf(25, `short-${run}`)).slice(5, 25)));
  }
  report(
    '1,000th turn ÷ 10th',
    `${median(ratios).toFixed(2)} × (${ratios.map((one) => one.toFixed(2)).join(', ')})`,
    '≤ 1.2 ×',
  );
});
