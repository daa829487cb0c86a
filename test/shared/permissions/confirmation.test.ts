import { describe, expect, it } from 'vitest';
import {
  alwaysAsk,
  asksNothing,
  type ConfirmationPolicy,
  confirmationInForce,
  exemptLanes,
  lanes,
  spanText,
} from '../../../shared/permissions/confirmation.ts';
import { confirmationPolicySchema } from '../../../shared/permissions/confirmation-schema.ts';
import { fc } from '../../properties.ts';

const off: ConfirmationPolicy = { ...alwaysAsk, enabled: false };
const queryFree: ConfirmationPolicy = { ...alwaysAsk, yoloLanes: ['query'] };
const reads = (defaultTimeoutMs: number): ConfirmationPolicy => ({
  ...alwaysAsk,
  defaultTimeoutMs,
  timeoutAction: 'approve-reads',
});

const policy: fc.Arbitrary<ConfirmationPolicy> = fc.record(
  {
    enabled: fc.boolean(),
    defaultTimeoutMs: fc.integer({ min: 1000, max: 9000 }),
    timeoutAction: fc.constantFrom('reject', 'approve-reads'),
    yoloLanes: fc.subarray([...lanes]),
  },
  { requiredKeys: ['enabled', 'timeoutAction', 'yoloLanes'] },
);

/** After how long nobody is needed for a call: at once, after the silence, or never. */
const unattendedAfter = (of: ConfirmationPolicy, lane: (typeof lanes)[number]): number => {
  if (exemptLanes(of).includes(lane)) return 0;
  return of.timeoutAction === 'approve-reads' ? (of.defaultTimeoutMs ?? Infinity) : Infinity;
};

describe('the confirmation policy in force', () => {
  it('asks and waits as long as it takes where nothing is said [confirmation.default] [H2]', () => {
    expect(confirmationInForce(undefined, [])).toEqual(alwaysAsk);
    expect(alwaysAsk.defaultTimeoutMs).toBeUndefined();
    expect(asksNothing(alwaysAsk)).toBe(false);
  });

  it('is that of the session above where a child says nothing [confirmation.child]', () => {
    expect(confirmationInForce(undefined, [undefined, off])).toEqual(off);
    expect(confirmationInForce(undefined, [undefined, undefined])).toEqual(alwaysAsk);
  });

  it('keeps only the lanes and the silence that all above share [confirmation.child]', () => {
    expect(confirmationInForce(off, [alwaysAsk])).toEqual({ ...alwaysAsk, yoloLanes: [] });
    expect(confirmationInForce(off, [queryFree])).toMatchObject({ enabled: true, yoloLanes: ['query'] });
    expect(confirmationInForce(off, [off])).toMatchObject({ enabled: false });
    expect(confirmationInForce(reads(1000), [alwaysAsk])).toMatchObject({ timeoutAction: 'reject' });
    expect(confirmationInForce(reads(1000), [reads(5000)])).toEqual(reads(5000));
    expect(confirmationInForce({ ...alwaysAsk, defaultTimeoutMs: 4000 }, [alwaysAsk])).toMatchObject({
      defaultTimeoutMs: 4000,
    });
  });

  it('never lets run without a person what one above would not, whatever they say [confirmation.child] [I8]', () => {
    fc.assert(
      fc.property(fc.array(fc.option(policy, { nil: undefined }), { minLength: 2, maxLength: 5 }), (chain) => {
        const [own, ...above] = chain;
        const inForce = confirmationInForce(own, above);
        const parent = confirmationInForce(above[0], above.slice(1));
        for (const lane of lanes)
          expect(unattendedAfter(inForce, lane)).toBeGreaterThanOrEqual(unattendedAfter(parent, lane));
      }),
    );
  });
});

describe('a confirmation policy', () => {
  it('is refused when its time makes no sense [confirmation.set]', () => {
    expect(confirmationPolicySchema.safeParse({ ...alwaysAsk, defaultTimeoutMs: 0 }).success).toBe(false);
    expect(confirmationPolicySchema.safeParse({ ...alwaysAsk, defaultTimeoutMs: 1e12 }).success).toBe(false);
    expect(confirmationPolicySchema.safeParse({ ...alwaysAsk, timeoutAction: 'auto_approve' }).success).toBe(false);
  });

  it('says its time as a person would', () => {
    expect([1500, 90_000, 5_400_000].map(spanText)).toEqual(['1.5 s', '1.5 min', '1.5 h']);
  });
});
