import clsx from 'clsx';
import type { ContextParts, ContextPreview } from '../../shared/app/context-preview.ts';
import { compactNumber } from '../ui/amounts.ts';
import { CompactMark } from '../ui/compact-mark.tsx';

const looks: Record<keyof ContextParts, { name: string; color: string }> = {
  system: { name: 'System prompt', color: 'bg-muted' },
  tools: { name: 'Tools', color: 'bg-faint/60' },
  skills: {
    name: 'Skills',
    color: 'bg-[repeating-linear-gradient(45deg,var(--muted)_0_2px,var(--hover)_2px_4px)]',
  },
  memory: {
    name: 'Memory',
    color: 'bg-[repeating-linear-gradient(90deg,var(--muted)_0_2px,var(--hover)_2px_4px)]',
  },
  summary: {
    name: 'Summary',
    color: 'bg-[repeating-linear-gradient(45deg,var(--accent)_0_2px,var(--accent-soft)_2px_4px)]',
  },
  history: { name: 'Prompts and replies', color: 'bg-accent' },
  results: { name: 'Files and results', color: 'bg-accent/45' },
};
const order = ['system', 'tools', 'skills', 'memory', 'summary', 'history', 'results'] as const;

/** What fills the context: a stacked bar with the mark where it is compacted, and the same as a list. `compactAt` is a share. */
export function ContextPartsView({ preview, compactAt }: { preview: ContextPreview; compactAt: number | undefined }) {
  const { parts, used, window } = preview;
  const whole = Math.max(window ?? used, used, 1);
  const share = (tokens: number) => `${(tokens / whole) * 100}%`;
  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <div aria-hidden="true" className="flex h-2.5 gap-px overflow-hidden rounded-full bg-selected">
          {order.map((part) => (
            <span
              key={part}
              style={{ width: share(parts[part]) }}
              className={clsx('h-full forced-colors:bg-[CanvasText]', looks[part].color)}
            />
          ))}
        </div>
        {window !== undefined && compactAt !== undefined && <CompactMark at={compactAt} />}
      </div>
      <ul aria-label="Parts of the context" className="flex flex-col gap-0.5 text-sm">
        {order
          .filter((part) => parts[part] > 0)
          .map((part) => (
            <PartLine key={part} {...looks[part]} tokens={parts[part]} whole={window} />
          ))}
        {window !== undefined && (
          <PartLine name="Free" color="bg-selected" tokens={Math.max(0, window - used)} whole={window} />
        )}
      </ul>
    </div>
  );
}

function PartLine(props: { name: string; color: string; tokens: number; whole: number | undefined }) {
  const { name, color, tokens, whole } = props;
  return (
    <li className="flex items-center gap-2">
      <span aria-hidden="true" className={clsx('size-2 shrink-0 rounded-xs', color)} />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="text-muted">{compactNumber(tokens)}</span>
      {whole !== undefined && <span className="w-9 text-right text-faint">{Math.round((tokens / whole) * 100)}%</span>}
    </li>
  );
}
