import { describe, expect, it } from 'vitest';
import { confirmed, endOfSilence, laneOf } from '../../../electron/approvals/confirmation-policy.ts';
import type { Judgement } from '../../../electron/permissions/policy.ts';
import { alwaysAsk, type ConfirmationPolicy } from '../../../shared/permissions/confirmation.ts';

const asks: Judgement = { decision: 'ask', reason: 'Manual mode asks', waivable: true, readsOnly: false };
const off: ConfirmationPolicy = { ...alwaysAsk, enabled: false };
const lane = (yoloLanes: ConfirmationPolicy['yoloLanes']): ConfirmationPolicy => ({ ...alwaysAsk, yoloLanes });

describe('the lane of a tool', () => {
  it('is query for what looks things up, and execute for every other name [confirmation.lanes]', () => {
    const queries = ['read', 'glob', 'ls', 'grep', 'list_files', 'search', 'web_fetch', 'web_search', 'Read'];
    for (const tool of queries) expect(laneOf(tool)).toBe('query');
    const others = [
      'bash',
      'write',
      'edit',
      'patch',
      'task',
      'delete',
      'mcp__files__read',
      'mcp__x__search',
      'new_tool',
    ];
    for (const tool of others) expect(laneOf(tool)).toBe('execute');
    const effects = { reads: true, writes: false, runs: false, network: true };
    expect(laneOf('search', effects)).toBe('query');
    expect(laneOf('search', { ...effects, writes: true })).toBe('execute');
    expect(laneOf('search', { ...effects, runs: true })).toBe('execute');
  });
});

describe('the confirmation policy', () => {
  it('answers for its lanes only, and says what would have been asked [confirmation.lanes]', () => {
    expect(confirmed(asks, 'read', lane(['query']))).toMatchObject({ decision: 'allow', by: 'confirmation' });
    expect(confirmed(asks, 'bash', lane(['query']))).toEqual(asks);
    expect(confirmed(asks, 'bash', lane(['execute'])).reason).toContain('Manual mode asks');
    expect(confirmed(asks, 'bash', alwaysAsk)).toEqual(asks);
  });

  it('keeps what was judged of the call, but not the rule that asked [confirmation.lanes]', () => {
    const judged: Judgement = { ...asks, rule: 'Read(/x)', places: ['/x'] };
    const { decision, places, rule } = confirmed(judged, 'read', lane(['query']));
    expect({ decision, places, rule }).toEqual({ decision: 'allow', places: ['/x'], rule: undefined });
  });

  it('when off answers everything that it may [confirmation.off]', () => {
    expect(confirmed(asks, 'bash', off)).toMatchObject({ decision: 'allow', by: 'confirmation' });
  });

  it('never answers for protected paths and doubts, never turns a denial, and leaves what is allowed alone [confirmation.order]', () => {
    for (const policy of [off, lane(['query', 'execute'])]) {
      const firm: Judgement = { ...asks, waivable: false };
      const denied: Judgement = { ...firm, decision: 'deny' };
      const allowed: Judgement = { ...asks, decision: 'allow' };
      for (const judged of [firm, denied, allowed]) expect(confirmed(judged, 'bash', policy)).toBe(judged);
    }
  });

  it('lets silence approve what only reads, when told so, and nothing else [H3] [confirmation.timeout]', () => {
    const approves: ConfirmationPolicy = { ...alwaysAsk, timeoutAction: 'approve-reads' };
    const reads = { waivable: true, readsOnly: true };
    expect(endOfSilence(reads, approves, 5000)).toMatchObject({ outcome: 'allowed' });
    expect(endOfSilence(reads, alwaysAsk, 5000)).toEqual({ outcome: 'timedOut', reason: 'Nobody answered within 5 s' });
    expect(endOfSilence({ ...reads, readsOnly: false }, approves, 5000).outcome).toBe('timedOut');
    expect(endOfSilence({ ...reads, waivable: false }, approves, 5000).outcome).toBe('timedOut');
  });
});
