import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Description, defineTool, type Tool, type ToolResult } from '../../electron/tools/tool.ts';
import { call, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const chart = { type: 'chart', points: [1, 2] } as unknown as Description['detail'];

const added = (name: string, changes: Partial<Tool>): Tool =>
  defineTool({
    name,
    description: name,
    schema: z.record(z.string(), z.unknown()),
    kind: 'other',
    effects: { reads: true, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async () => ({ title: name, detail: { type: 'json' } }),
    execute: async () => ({ status: 'ok', output: 'fine' }),
    ...changes,
  });

it('what an added tool says that cannot be recorded is a tool error, and all that is stored can be read back [tool.invalid]', async () => {
  const bench = await startBench({
    tools: [
      added('mcp__a__shows_odd', { describe: async () => ({ title: 7 as unknown as string, detail: chart }) }),
      added('mcp__a__never_shows', { describe: () => new Promise(() => {}) }),
      added('mcp__a__returns_odd', { execute: async () => ({ status: 'ok', output: 'x', detail: chart }) }),
      added('mcp__a__returns_nothing', { execute: async () => undefined as unknown as ToolResult }),
      added('mcp__a__starts_odd', {
        execute: async (_args, { processStarted }) => {
          await processStarted(Number.NaN, 'now');
          return { status: 'ok', output: 'x' };
        },
      }),
    ],
  });
  const { window, server } = bench;
  server.script(
    say(
      call('mcp__a__shows_odd', {}),
      call('mcp__a__never_shows', {}),
      call('mcp__a__returns_odd', {}),
      call('mcp__a__returns_nothing', {}),
      call('mcp__a__starts_odd', {}),
    ),
    say('done'),
  );
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  const calls = window.calls(id);
  expect(calls.map(({ title, state: how }) => `${title} ${how}`)).toEqual([
    'mcp__a__shows_odd ok',
    'mcp__a__never_shows ok',
    'mcp__a__returns_odd error',
    'mcp__a__returns_nothing error',
    'mcp__a__starts_odd error',
  ]);
  expect(calls[2]?.result?.output).toMatch(/cannot be recorded.*detail/s);
  await expectLaws(bench, id);

  const again = await bench.restart();
  expect(again.window.app.sessions[id]?.damaged).toBeUndefined();
  expect((await again.window.openSession(id)).items).toEqual(state.items);
});
