import type { ReactNode } from 'react';
import type { CallDecisionFacts, Decider } from '../../shared/decisions/decision.ts';
import { CodeText } from '../code/code-text.tsx';
import { showRule } from '../settings/shown-rule.ts';
import { formatDuration } from '../ui/amounts.ts';
import { outcomeWords, rulesOf, sourceText } from './decision-words.ts';

/** Why a call was allowed or not: who or what decided, by which rule, when, and how long it had waited. */
export function Explanation({ decision }: { decision: CallDecisionFacts }) {
  const rules = rulesOf(decision);
  const { by, outcome, reason, comment, edited, granted, waitedMs, at } = decision;
  const question = outcome === 'allowed' ? 'Why was this allowed?' : 'Why did this not run?';
  return (
    <div className="flex w-80 flex-col gap-2 text-sm">
      <h3 className="text-base font-semibold">{question}</h3>
      <dl className="selectable grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 wrap-anywhere">
        <Fact name={outcomeWords[outcome]}>
          by {byWords[by]}
          {edited && ', after you edited it'}
        </Fact>
        {rules.length > 0 && (
          <Fact name={rules.length === 1 ? 'Rule' : 'Rules'}>
            <ul className="flex flex-col gap-1">
              {rules.map((one) => (
                <li key={one.rule}>
                  <RuleLink rule={one.rule} />
                  {sourceText(one) && <span className="text-muted">, from {sourceText(one)}</span>}
                </li>
              ))}
            </ul>
            {rules.length > 1 && <p className="text-muted">Together: each covers a part of the line.</p>}
          </Fact>
        )}
        {reason !== '' && (
          <Fact name={by === 'person' ? 'Asked because' : 'Reason'}>
            <CodeText text={reason} />
          </Fact>
        )}
        {granted && (
          <Fact name={granted.rules.length === 1 ? 'Rule saved' : 'Rules saved'}>
            <ul className="flex flex-col gap-1">
              {granted.rules.map((rule) => (
                <li key={rule}>
                  <RuleLink rule={rule} />
                </li>
              ))}
            </ul>
            <p className="text-muted">{grantedWhere[granted.scope]}</p>
          </Fact>
        )}
        {comment !== undefined && <Fact name="You said">{comment}</Fact>}
        <Fact name="When">{new Date(at).toLocaleString()}</Fact>
        {waitedMs > 0 && <Fact name="Waited">{formatDuration(waitedMs)}</Fact>}
      </dl>
    </div>
  );
}

const grantedWhere = { session: 'For this session', workspace: 'For the workspace', user: 'For everywhere' };

const byWords: Record<Decider, string> = {
  person: 'you',
  rule: 'a rule',
  mode: 'the mode',
  confirmation: 'the confirmation policy',
  workbench: 'Switchyard',
};

const RuleLink = ({ rule }: { rule: string }) => (
  <button type="button" className="rounded-sm text-left text-accent hover:underline" onClick={() => showRule(rule)}>
    <span className="sr-only">Show rule </span>
    <code className="font-mono">{rule}</code>
  </button>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);
