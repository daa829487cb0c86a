import type { CallDecision, CallItem, CallState } from '../../shared/session/state.ts';

/** The state of a call in a word; `done` needs none beside what it did. */
export const stateWords: Record<CallState, string> = {
  requested: 'Preparing',
  waiting: 'Waiting for you',
  setAside: 'Set aside',
  approved: 'Queued',
  running: 'Running',
  ok: 'Done',
  error: 'Failed',
  denied: 'Denied',
  cancelled: 'Stopped',
  timedOut: 'Timed out',
  interrupted: 'Interrupted',
};

export interface DecisionRecord {
  text: string;
  /** What stands behind it: the rule, the reason of the policy, the person's words. */
  detail?: string;
  tone: 'neutral' | 'amber' | 'red';
  /** A person or something out of the ordinary decided: worth a place on the collapsed line. */
  notable: boolean;
}

/** Why a call was allowed or not, in a few words; nothing while that is still open. */
export function decisionRecord(call: CallItem): DecisionRecord | undefined {
  return answerRecord(call) ?? policyRecord(call);
}

function answerRecord({ approval }: CallItem): DecisionRecord | undefined {
  if (!approval?.outcome) return undefined;
  const { outcome, by, comment, finalArgs, granted, reason } = approval;
  const note = comment === undefined || comment === '' ? undefined : comment;
  switch (outcome) {
    case 'allowed':
      if (finalArgs !== undefined) return { text: 'Edited by you', detail: note, tone: 'neutral', notable: true };
      if (granted) return { text: 'Allowed by you, with a rule', detail: note, tone: 'neutral', notable: true };
      if (by === 'person') return { text: 'Allowed once by you', detail: note, tone: 'neutral', notable: true };
      if (by === 'rule') {
        return { text: allowedBy(approval), detail: reason, tone: 'neutral', notable: true };
      }
      return {
        text: by === 'confirmation' ? byConfirmation : 'Allowed',
        detail: note ?? reason,
        tone: 'neutral',
        notable: true,
      };
    case 'denied':
      return { text: denied(by === 'person' ? 'Denied by you' : 'Denied', note ?? reason), tone: 'red', notable: true };
    case 'timedOut':
      return { text: reason ?? 'Nobody answered in time', detail: note, tone: 'amber', notable: true };
    case 'cancelled':
      return { text: reason ?? 'Stopped before an answer', detail: note, tone: 'neutral', notable: true };
    case 'interrupted':
      return { text: 'Interrupted before an answer', detail: note, tone: 'amber', notable: true };
  }
}

function policyRecord({ decision }: CallItem): DecisionRecord | undefined {
  if (!decision || decision.decision === 'ask') return undefined;
  const { reason, rule } = decision;
  if (decision.decision === 'deny') return { text: denied('Denied', reason), detail: rule, tone: 'red', notable: true };
  if (decision.by === 'confirmation') return { text: byConfirmation, detail: reason, tone: 'neutral', notable: false };
  return { text: allowedBy(decision), detail: reason, tone: 'neutral', notable: false };
}

const byConfirmation = 'Allowed by confirmation policy';

function allowedBy({ rule, rules }: Pick<CallDecision, 'rule' | 'rules'>): string {
  if (rule === undefined) return 'Allowed by mode';
  if (rules === undefined) return `Allowed by rule ${rule}`;
  return `Allowed by ${rules.length} rules: ${rules.map((one) => one.rule).join(', ')}`;
}

const denied = (what: string, why: string | undefined): string => (why === undefined ? what : `${what}: ${why}`);

/** The one line beside a call's title: what came of it, or what it is doing. */
export function callSummary(call: CallItem): string {
  if (call.result?.summary !== undefined) return call.result.summary;
  if (call.state === 'running') return lastLine(call.liveOutput);
  if (call.result && call.state !== 'ok' && call.state !== 'denied') return firstLine(call.result.output);
  return '';
}

/** A line that announces the next one says nothing alone. */
function firstLine(text: string): string {
  const [first = '', second = ''] = text.trim().split('\n', 2);
  return first.endsWith(':') ? `${first} ${second.trim()}` : first;
}

function lastLine(text: string): string {
  const end = text.trimEnd();
  return end.slice(end.lastIndexOf('\n') + 1).slice(-200);
}

/** Whether a call waits for a person: then it is never shown folded. */
export const waitsForPerson = (call: CallItem): boolean => call.state === 'waiting' || call.state === 'setAside';
