import { expect, test } from 'vitest';
import { changedFiles } from '../../../renderer/inspector/changes.ts';
import { timelineOf } from '../../../renderer/inspector/timeline.ts';
import type { CallItem, Item } from '../../../shared/session/state.ts';

const base = {
  runId: 'r1',
  turn: 1,
  index: 0,
  providerCallId: 'x',
  tool: 'edit',
  malformed: false,
  liveOutput: '',
} as const;

const edit = (id: string, path: string, state: CallItem['state'], more: Partial<CallItem> = {}): CallItem => ({
  ...base,
  kind: 'call',
  id,
  at: 1000,
  title: `Edit ${path}`,
  toolKind: 'edit',
  args: {},
  state,
  detail: { type: 'diff', path, patch: `asked ${id}`, added: 1, removed: 0 },
  ...more,
});

test('lists the files of edits that succeeded, last changed first, with what was done', () => {
  const done = { type: 'diff', path: 'a', patch: 'done', added: 2, removed: 1 } as const;
  const items: Item[] = [
    edit('1', 'a', 'ok'),
    edit('2', 'b', 'ok'),
    edit('3', 'c', 'denied'),
    edit('4', 'a', 'ok', { result: { output: '', durationMs: 1, detail: done } }),
  ];
  const files = changedFiles(items);
  expect(files.map((file) => [file.path, file.added, file.removed, file.changes.map((c) => c.patch)])).toEqual([
    ['a', 3, 1, ['done', 'asked 1']],
    ['b', 1, 0, ['asked 2']],
  ]);
});

test('keeps the time a call waited for a person apart from the time it ran', () => {
  const items: Item[] = [
    { kind: 'prompt', id: 'p', at: 0, runId: 'r1', text: 'go', by: 'person' },
    {
      kind: 'message',
      id: 'm',
      at: 1,
      runId: 'r1',
      turn: 1,
      model: 'x',
      text: '',
      reasoning: '',
      streaming: false,
      partial: false,
      drafts: [],
    },
    edit('1', 'a', 'ok', {
      approval: { id: 'q', outcome: 'allowed', by: 'person' },
      startedAt: 61_000,
      result: { output: '', durationMs: 40 },
    }),
    edit('2', 'b', 'ok', { startedAt: 1005, result: { output: '', durationMs: 10 } }),
  ];
  const [run] = timelineOf(items);
  expect(run).toMatchObject({ waitedMs: 60_000, ranMs: 50 });
  expect(run?.turns[0]?.calls.map((entry) => entry.waitedMs)).toEqual([60_000, undefined]);
});
