import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { it } from 'vitest';
import { createBashTool } from '../../electron/tools/bash.ts';
import { findBash } from '../../electron/tools/find-bash.ts';
import { inTurn, report, timed } from './measure.ts';

// In a file of its own: a fork costs more the larger its process is.
it('bash -c true, against a bare spawn', async () => {
  const bash = findBash(process.env) ?? 'bash';
  const tool = createBashTool(bash);
  const env = { PATH: process.env.PATH ?? '' };
  const context = {
    sessionId: 's1',
    callId: 'c1',
    workspace: tmpdir(),
    approvedPlaces: undefined,
    signal: new AbortController().signal,
    output: () => {},
    processStarted: async () => {},
    saveBlob: async () => '',
    env,
  };
  const args = tool.schema.parse({ command: 'true' });
  const run = async () => {
    const { exitCode, output } = await tool.execute(args, context);
    if (exitCode !== 0) throw new Error(output);
  };
  const bare = () =>
    timed(
      () =>
        new Promise((resolve) =>
          spawn(bash, ['-c', 'true'], { env, stdio: ['ignore', 'pipe', 'pipe'] }).once('close', resolve),
        ),
    );
  const [ours, floor] = await inTurn(100, () => timed(run), bare);
  report(
    'bash -c true ÷ a bare spawn',
    `${(ours / floor).toFixed(2)} × (${ours.toFixed(2)} of ${floor.toFixed(2)} ms)`,
    '≤ 1.5 ×',
  );
});
