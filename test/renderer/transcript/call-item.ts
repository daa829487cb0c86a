import type { CallItem } from '../../../shared/session/state.ts';

/** A call that went well, but for what is named. */
export const callItem = (more: Partial<CallItem> = {}): CallItem => ({
  kind: 'call',
  id: 'c',
  at: 0,
  runId: 'r',
  turn: 1,
  index: 0,
  providerCallId: 'x',
  tool: 'bash',
  title: 'ls',
  toolKind: 'command',
  args: {},
  malformed: false,
  detail: { type: 'json' },
  state: 'ok',
  liveOutput: '',
  ...more,
});
