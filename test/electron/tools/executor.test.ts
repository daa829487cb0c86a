import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type ExecutionHome, executeTool } from '../../../electron/tools/executor.ts';
import { defineTool, type ToolContext, type ToolResult } from '../../../electron/tools/tool.ts';
import type { SessionEvent } from '../../../shared/session/events.ts';
import type { CallItem } from '../../../shared/session/state.ts';

const call = { kind: 'call', id: 'c1' } as CallItem;

function homeOf(events: SessionEvent[]): ExecutionHome {
  return {
    sessionId: 's1',
    workspace: '/w',
    append: (event) => {
      events.push(event);
      return { flushed: Promise.resolve() };
    },
    saveBlob: async () => '',
    env: () => ({}),
    approvedPlaces: undefined,
  };
}

const toolThat = (execute: (context: ToolContext) => Promise<ToolResult>) =>
  defineTool({
    name: 'x',
    description: '',
    schema: z.object({}),
    kind: 'other',
    effects: { reads: false, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async () => ({ title: 'x', detail: { type: 'json' } }),
    execute: (_args, context) => execute(context),
  });

const signal = new AbortController().signal;

it('gathers live output into few events, and hears nothing of a tool that is done [L8]', async () => {
  vi.useFakeTimers();
  const events: SessionEvent[] = [];
  let late: ToolContext['output'] = () => {};
  const tool = toolThat(async ({ output }) => {
    late = output;
    for (let n = 0; n < 100; n += 1) output('x');
    await vi.advanceTimersByTimeAsync(60);
    output('in the result');
    return { status: 'ok', output: 'done' };
  });
  expect(await executeTool(homeOf(events), tool, call, {}, signal)).toEqual({ status: 'ok', output: 'done' });
  late('too late');
  await vi.advanceTimersByTimeAsync(1000);
  expect(events).toEqual([{ type: 'call.output', callId: 'c1', text: 'x'.repeat(100) }]);
  vi.useRealTimers();
});

it('turns a defect of a tool into a result', async () => {
  const tool = toolThat(() => Promise.reject(new Error('oops')));
  expect(await executeTool(homeOf([]), tool, call, {}, signal)).toEqual({ status: 'error', output: 'oops' });
});

it.each([
  ['nothing', undefined, /status/],
  ['a detail of no kind', { status: 'ok', output: 'x', detail: { type: 'chart' } }, /detail/],
  ['half a detail', { status: 'ok', output: 'x', detail: { type: 'diff', path: 'a' } }, /detail\.patch/],
  ['an output that is no text', { status: 'ok', output: { a: 1 } }, /output/],
  ['an exit code that is no number', { status: 'ok', output: '', exitCode: Number.NaN }, /exitCode/],
])(
  'a result that could not be read back is an error that says why: %s [tool.invalid]',
  async (_what, result, reason) => {
    const tool = toolThat(async () => result as unknown as ToolResult);
    const told = await executeTool(homeOf([]), tool, call, {}, signal);
    expect(told.status).toBe('error');
    expect(told.output).toMatch(/The tool x ran, but its result cannot be recorded/);
    expect(told.output).toMatch(reason);
  },
);

it('of a result only what is known is recorded, and an output that is too long is kept whole and told cut [tool.invalid]', async () => {
  const kept: string[] = [];
  const home = { ...homeOf([]), saveBlob: async (bytes: Uint8Array) => `${kept.push(Buffer.from(bytes).toString())}` };
  const long = 'line\n'.repeat(100_000);
  const tool = toolThat(
    async () => ({ status: 'ok', output: long, callId: 'other', huge: 1n }) as unknown as ToolResult,
  );
  const told = await executeTool(home, tool, call, {}, signal);
  expect(told).toEqual({ status: 'ok', output: expect.stringMatching(/bytes left out here/), blob: '1' });
  expect(Buffer.byteLength(told.output)).toBeLessThanOrEqual(102_400);
  expect(kept).toEqual([long]);
});

it('a tool that does not heed a stop is left behind [cancel.tool]', async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  const ended = executeTool(
    homeOf([]),
    toolThat(() => new Promise(() => {})),
    call,
    {},
    stop.signal,
  );
  stop.abort();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await ended).toEqual({ status: 'cancelled', output: expect.stringMatching(/x did not end.*may go on/) });
  vi.useRealTimers();
});
