import {
  asksNothing,
  type ConfirmationPolicy,
  exemptLanes,
  type Lane,
  spanText,
  timeoutLimits,
} from '../../shared/permissions/confirmation.ts';

/** A confirmation policy as it is set in a form; an empty time is none. */
export interface ConfirmationDraft {
  enabled: boolean;
  yoloLanes: Lane[];
  minutes: string;
  timeoutAction: ConfirmationPolicy['timeoutAction'];
}

export const draftOf = ({
  enabled,
  yoloLanes,
  defaultTimeoutMs,
  timeoutAction,
}: ConfirmationPolicy): ConfirmationDraft => ({
  enabled,
  yoloLanes,
  minutes: defaultTimeoutMs === undefined ? '' : String(Number((defaultTimeoutMs / 60_000).toFixed(6))),
  timeoutAction,
});

/** The policy, absent while the time is no time. */
export function policyOfDraft({ minutes, ...draft }: ConfirmationDraft): ConfirmationPolicy | undefined {
  const text = minutes.trim().replace(',', '.');
  if (text === '') return draft;
  const defaultTimeoutMs = Math.round(Number(text) * 60_000);
  const isTime = defaultTimeoutMs >= timeoutLimits.least && defaultTimeoutMs <= timeoutLimits.most;
  return isTime ? { ...draft, defaultTimeoutMs } : undefined;
}

const exempt: Record<Lane, string> = {
  query: 'Reading and searching need no question.',
  execute: 'Changing and running need no question.',
};

/** What a policy does, in two or three short sentences. */
export function policyText(policy: ConfirmationPolicy): string {
  if (asksNothing(policy)) return 'Nothing waits for you. Deny rules, Plan mode and protected paths still hold.';
  const { defaultTimeoutMs: time, timeoutAction } = policy;
  const then = timeoutAction === 'reject' ? 'is then not run' : 'is then run if it only reads';
  return [
    ...exemptLanes(policy).map((lane) => exempt[lane]),
    time === undefined
      ? 'A question waits as long as it takes.'
      : `A call waits ${spanText(time)} for you and ${then}.`,
  ].join(' ');
}
