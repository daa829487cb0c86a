import { describe, expect, it } from 'vitest';
import { whyNobodyAnswers } from '../../../electron/permissions/nobody-answers.ts';

describe('a question that nobody answers', () => {
  it.each([
    [{ reason: 'Manual mode asks before files change' }, true, /approve it\. Run with --allow RULE or another --mode/],
    [
      { reason: '`.git/config` is protected' },
      false,
      /approve it\. No rule and no mode permits it without a person\.$/,
    ],
    [{ reason: 'Ask rule `Bash`', rule: 'Bash' }, true, /approve it\. No allow rule outranks that one: change it/],
    [{ reason: 'Deny rule `Edit(x)` may cover it', rule: 'Edit(x)' }, false, /No allow rule outranks that one/],
    [
      { reason: 'Correct it: no.', rule: '(.switchyard/permissions.json: no.)' },
      false,
      /no\. Nobody is here to approve it\.$/,
    ],
  ])('says what would permit it: %j', (decision, waivable, expected) => {
    const told = whyNobodyAnswers(decision, waivable);
    expect(told).toMatch(expected);
    expect(told.includes('--allow')).toBe(waivable && !('rule' in decision));
  });
});
