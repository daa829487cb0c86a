import { useEffect, useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import type { Grant, MatchedCall } from '../../shared/ipc/contract.ts';
import { makeVisible } from '../../shared/visible.ts';
import { previewRules } from '../actions.ts';
import { Disclosure } from '../ui/disclosure.tsx';

type Preview = { matched: MatchedCall[]; of: number } | { failure: Failure };

/** Typing is followed with this delay, in milliseconds. */
const restMs = 200;

/** Which earlier calls the rules would have let through: how far they really reach. */
export function GrantPreview(props: { approvalId: string; rules: string[]; scope: Grant['scope'] }) {
  const { approvalId, scope } = props;
  const key = JSON.stringify(props.rules);
  const [preview, setPreview] = useState<Preview>();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await previewRules({ id: approvalId, rules: JSON.parse(key), scope });
      if (current) setPreview(answer.ok ? answer.value : { failure: answer.error });
    }, restMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [approvalId, key, scope]);
  if (!preview) return <p className="h-[18px]" />;
  if ('failure' in preview) {
    return (
      <p role="alert" className="text-sm text-red wrap-anywhere">
        {preview.failure.message} {preview.failure.hint}
      </p>
    );
  }
  const { matched, of } = preview;
  const text = `Would have matched ${matched.length} of your last ${of === 1 ? 'call' : `${of} calls`}`;
  if (matched.length === 0) return <p className="text-sm text-muted">{text}</p>;
  return (
    <Disclosure label={text}>
      <ul className="selectable max-h-32 overflow-y-auto rounded-md border border-border bg-bg px-2 py-1 font-mono text-sm">
        {matched.map((call) => (
          <li key={`${call.sessionId} ${call.at} ${call.title}`} className="truncate" title={makeVisible(call.title)}>
            <span className="text-muted">{call.tool}</span> {makeVisible(call.title)}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
