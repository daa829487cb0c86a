import { expect, test } from 'vitest';
import { callGroup, isTight } from '../../../renderer/transcript/call-groups.ts';
import type { CallItem, Item, MessageItem } from '../../../shared/session/state.ts';
import { callItem } from './call-item.ts';

const call = (id: string, more: Partial<CallItem> = {}): CallItem =>
  callItem({ id, providerCallId: id, tool: 'read', title: id, toolKind: 'read', ...more });

const message = (id: string, text: string, reasoning = ''): MessageItem => ({
  kind: 'message',
  id,
  at: 0,
  runId: 'r',
  turn: 1,
  model: 'm',
  text,
  reasoning,
  streaming: false,
  partial: false,
  drafts: [],
});

const items: Item[] = [
  message('m1', 'I look.'),
  call('a'),
  call('b', { toolKind: 'edit' }),
  message('m2', '', 'a thought'),
  call('c', { state: 'error' }),
  call('d', { state: 'waiting' }),
  message('m3', ''),
  call('e'),
];

test('calls stand close to each other, also over a reply that said nothing', () => {
  expect(items.map((_, place) => isTight(items, place))).toEqual([false, false, true, false, false, true, false, true]);
});

test('settled calls without a word between them are one group, named on its first call', () => {
  expect(callGroup(items, 1)).toEqual({ id: 'a', text: '2 reads, 1 edit, 1 did not succeed' });
  expect(callGroup(items, 2)).toEqual({ id: 'a' });
  expect(callGroup(items, 4)).toEqual({ id: 'a' });
});

test('what waits for a person, and what stands alone, is in no group', () => {
  expect(callGroup(items, 5)).toBeUndefined();
  expect(callGroup(items, 7)).toBeUndefined();
  expect(callGroup(items, 0)).toBeUndefined();
});
