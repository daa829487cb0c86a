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
