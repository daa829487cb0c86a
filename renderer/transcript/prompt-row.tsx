import { memo } from 'react';
import type { PromptItem } from '../../shared/session/state.ts';
import { formatClock } from './amounts.ts';

const whoAndHow = ({ by, steered }: PromptItem): string => {
  const who = by === 'person' ? 'You' : 'Parent session';
  return steered ? `${who}, into this run` : who;
};

/** What the person, or the parent session, asked for. */
export const PromptRow = memo(function PromptRow({ prompt }: { prompt: PromptItem }) {
  return (
    <div className="rounded-lg border border-border bg-panel px-3 py-2">
      <p className="flex items-baseline justify-between gap-3 text-xs text-faint">
        <span className="font-medium text-muted">{whoAndHow(prompt)}</span>
        <time dateTime={new Date(prompt.at).toISOString()} title={new Date(prompt.at).toLocaleString()}>
          {formatClock(prompt.at)}
        </time>
      </p>
      <p className="selectable mt-0.5 whitespace-pre-wrap wrap-anywhere">{prompt.text}</p>
    </div>
  );
});
