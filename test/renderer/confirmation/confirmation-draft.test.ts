import { describe, expect, it } from 'vitest';
import { draftOf, policyOfDraft, policyText } from '../../../renderer/confirmation/confirmation-draft.ts';
import { alwaysAsk, type ConfirmationPolicy } from '../../../shared/permissions/confirmation.ts';

const timed = (defaultTimeoutMs: number): ConfirmationPolicy => ({ ...alwaysAsk, defaultTimeoutMs });

describe('a confirmation policy in a form', () => {
  it('comes out as it went in [confirmation.set]', () => {
    for (const policy of [alwaysAsk, timed(90_000), timed(1000), { ...timed(300_000), enabled: false }]) {
      expect(policyOfDraft(draftOf(policy))).toEqual(policy);
    }
  });

  it('takes a decimal comma, and nothing that is no time [confirmation.set]', () => {
    const draft = draftOf(alwaysAsk);
    expect(policyOfDraft({ ...draft, minutes: ' 1,5 ' })).toEqual(timed(90_000));
    for (const minutes of ['0', '-1', 'soon', '0.001', '99999'])
      expect(policyOfDraft({ ...draft, minutes })).toBeUndefined();
  });

  it('is told in words [confirmation.off]', () => {
    expect(policyText(alwaysAsk)).toBe('A question waits as long as it takes.');
    expect(policyText({ ...alwaysAsk, enabled: false })).toContain('Nothing waits for you');
    expect(policyText({ ...timed(300_000), yoloLanes: ['query'], timeoutAction: 'approve-reads' })).toBe(
      'Reading and searching need no question. A call waits 5 min for you and is then run if it only reads.',
    );
  });
});
