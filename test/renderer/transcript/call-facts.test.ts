import { expect, test } from 'vitest';
import { callSummary, decisionRecord } from '../../../renderer/transcript/call-facts.ts';
import type { CallItem } from '../../../shared/session/state.ts';
import { callItem } from './call-item.ts';

test.each<[string, Partial<CallItem>, string | undefined]>([
  ['mode', { decision: { decision: 'allow', reason: 'reads are allowed' } }, 'Allowed by mode'],
  ['rule', { decision: { decision: 'allow', reason: 'x', rule: 'Bash(ls *)' } }, 'Allowed by rule Bash(ls *)'],
  ['deny rule', { decision: { decision: 'deny', reason: 'a deny rule' } }, 'Denied: a deny rule'],
  ['still open', { decision: { decision: 'ask', reason: 'manual' }, approval: { id: 'a' } }, undefined],
  ['person', { approval: { id: 'a', outcome: 'allowed', by: 'person' } }, 'Allowed once by you'],
  [
    'a person who saved a rule',
    { approval: { id: 'a', outcome: 'allowed', by: 'person', granted: { rules: ['Bash(ls)'], scope: 'user' } } },
    'Allowed by you, with a rule',
  ],
  ['edited', { approval: { id: 'a', outcome: 'allowed', by: 'person', finalArgs: {} } }, 'Edited by you'],
  ['denied', { approval: { id: 'a', outcome: 'denied', by: 'person', comment: 'no' } }, 'Denied by you: no'],
  ['not the person', { approval: { id: 'a', outcome: 'denied', by: 'workbench' } }, 'Denied'],
  ['time', { approval: { id: 'a', outcome: 'timedOut', by: 'workbench' } }, 'Nobody answered in time'],
  ['restart', { approval: { id: 'a', outcome: 'interrupted', by: 'workbench' } }, 'Interrupted before an answer'],
])('%s: the record says who decided', (_what, more, text) => {
  expect(decisionRecord(callItem(more))?.text).toBe(text);
});

test('a running call shows the newest line of what it prints', () => {
  expect(callSummary(callItem({ state: 'running', liveOutput: 'one\ntwo\n' }))).toBe('two');
});

test('a failed call without a summary shows the first line of what went wrong', () => {
  const result = { output: 'No such file\nmore', durationMs: 1 };
  expect(callSummary(callItem({ state: 'error', result }))).toBe('No such file');
  expect(callSummary(callItem({ state: 'error', result: { ...result, summary: 'exit 1' } }))).toBe('exit 1');
  expect(callSummary(callItem({ state: 'ok', result }))).toBe('');
  const announced = { ...result, output: 'Wrong arguments for bash:\n  Unrecognized key\nmore' };
  expect(callSummary(callItem({ state: 'error', result: announced }))).toBe(
    'Wrong arguments for bash: Unrecognized key',
  );
});
