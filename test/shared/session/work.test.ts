import { expect, it } from 'vitest';
import type { SessionEvent } from '../../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../../shared/session/reduce.ts';
import { workedMs } from '../../../shared/session/work.ts';

const call = (callId: string, kind: 'command' | 'task'): SessionEvent => ({
  type: 'call.requested',
  callId,
  runId: 'r1',
  turn: 1,
  index: 0,
  providerCallId: callId,
  tool: kind,
  args: {},
  title: '',
  kind,
  detail: { type: 'json' },
});
const ended = (callId: string, status: 'ok' | 'interrupted' = 'ok'): SessionEvent => ({
  type: 'call.ended',
  callId,
  status,
  output: '',
  durationMs: 0,
});
const start: SessionEvent = { type: 'run.started', runId: 'r1', promptId: 'p1' };
const end: SessionEvent = { type: 'run.ended', runId: 'r1', outcome: 'completed' };
const asked: SessionEvent = {
  type: 'approval.requested',
  approvalId: 'a1',
  kind: 'budget',
  tool: 'budget',
  title: '',
  toolKind: 'other',
  args: {},
  detail: { type: 'json' },
  hash: 'h',
  reason: '',
  risk: { level: 'low', reasons: [] },
};
const answered: SessionEvent = {
  type: 'approval.resolved',
  approvalId: 'a1',
  outcome: 'allowed',
  by: 'person',
  originalHash: 'h',
  finalHash: 'h',
};

const workAt = (now: number, ...events: [at: number, event: SessionEvent][]) => {
  const state = events.reduce(
    (before, [at, event], place) => reduceSession(before, { stream: 's', seq: place + 1, at, event }),
    emptySession('s'),
  );
  return workedMs(state.head.work, now);
};

it('counts the time of runs, and what is running until now', () => {
  expect(workAt(99, [10, start])).toBe(89);
  expect(workAt(99, [10, start], [30, end])).toBe(20);
  expect(workAt(99, [10, start], [30, end], [50, { ...start, runId: 'r2' }])).toBe(20 + 49);
});

it('leaves out the time in which the session waits for a person [budget.minutes]', () => {
  expect(workAt(999, [10, start], [20, asked])).toBe(10);
  expect(workAt(999, [10, start], [20, asked], [800, answered], [810, end])).toBe(20);
});

it('leaves out the time in which it only waits for its children, which count their own [budget.minutes]', () => {
  expect(workAt(999, [0, start], [10, call('c1', 'task')], [500, ended('c1')], [510, end])).toBe(20);
  expect(
    workAt(
      999,
      [0, start],
      [10, call('c1', 'task')],
      [10, call('c2', 'command')],
      [40, ended('c2')],
      [500, ended('c1')],
    ),
  ).toBe(10 + 30 + 499);
});

it('leaves out the time in which Switchyard was not there', () => {
  const notice: SessionEvent = { type: 'notice.posted', noticeId: 'n1', level: 'info', text: '' };
  const interrupted: SessionEvent = { type: 'run.ended', runId: 'r1', outcome: 'interrupted' };
  expect(
    workAt(
      9999,
      [0, start],
      [10, call('c1', 'command')],
      [5000, notice],
      [5000, ended('c1', 'interrupted')],
      [5000, interrupted],
    ),
  ).toBe(10);
});
