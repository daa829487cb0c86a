import { TableVirtuoso } from 'react-virtuoso';
import type { DecisionEntry } from '../../shared/decisions/decision.ts';
import { makeVisible } from '../../shared/visible.ts';
import { openTab, showDialog } from '../state/ui-store.ts';
import { EditedTitle } from '../transcript/edited-title.tsx';
import { formatDuration } from '../ui/amounts.ts';
import { Chip } from '../ui/chip.tsx';
import { deciderWords, outcomeWords, rulesOf } from './decision-words.ts';

const head = 'border-b border-border bg-raised px-2 py-1.5 text-left text-sm font-medium text-muted';
const cell = 'max-w-0 truncate border-b border-border px-2 py-1 text-sm';

const columns: { name: string; width: string }[] = [
  { name: 'When', width: 'w-48' },
  { name: 'Call', width: '' },
  { name: 'Decision', width: 'w-24' },
  { name: 'By', width: 'w-44' },
  { name: 'Waited', width: 'w-20' },
  { name: 'Session', width: 'w-28' },
];

/** Made on first use: the first format of a page takes 10 ms, which its start can do without. */
let whenFormat: Intl.DateTimeFormat | undefined;

/** Day and second, in the person's own way, short enough for its column. */
function whenText(at: number): string {
  whenFormat ??= new Intl.DateTimeFormat(undefined, {
    year: '2-digit',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
  return whenFormat.format(at);
}

const Table = (props: object) => <table {...props} aria-label="Decisions" className="w-full border-collapse" />;

/** One row a decision, newest first; only what is in sight is built. */
export function DecisionTable({ decisions }: { decisions: DecisionEntry[] }) {
  return (
    <TableVirtuoso
      data={decisions}
      components={{ Table }}
      computeItemKey={(_index, entry) => `${entry.sessionId} ${entry.callId}`}
      fixedHeaderContent={() => (
        <tr>
          {columns.map(({ name, width }) => (
            <th key={name} scope="col" className={`${head} ${width} first:pl-4`}>
              {name}
            </th>
          ))}
        </tr>
      )}
      itemContent={(_index, entry) => <Cells entry={entry} />}
    />
  );
}

function Cells({ entry }: { entry: DecisionEntry }) {
  const { reason, comment, granted } = entry;
  const rules = [...rulesOf(entry).map(({ rule }) => rule), ...(granted?.rules ?? [])].join(' + ');
  return (
    <>
      <td className={`${cell} pl-4 text-muted`}>
        {<time dateTime={new Date(entry.at).toISOString()}>{whenText(entry.at)}</time>}
      </td>
      <td className={cell} title={makeVisible([entry.title, entry.editedTo].filter(Boolean).join(' → '))}>
        <span className="font-mono text-muted">{entry.tool}</span>{' '}
        <EditedTitle title={entry.title} to={entry.editedTo} />
      </td>
      <td className={cell}>
        <Chip tone={entry.outcome === 'allowed' ? 'neutral' : entry.outcome === 'denied' ? 'red' : 'amber'}>
          {entry.edited ? 'Edited' : outcomeWords[entry.outcome]}
        </Chip>
      </td>
      <td className={cell} title={[rules, reason, comment].filter(Boolean).join('\n')}>
        {deciderWords[entry.by]} <code className="font-mono text-muted">{rules}</code>
      </td>
      <td className={`${cell} text-muted`}>{entry.waitedMs > 0 && formatDuration(entry.waitedMs)}</td>
      <td className={cell}>
        <button
          type="button"
          className="max-w-full truncate rounded-sm hover:underline"
          onClick={() => {
            showDialog(undefined);
            openTab(entry.sessionId);
          }}
        >
          {entry.session || 'Untitled session'}
        </button>
      </td>
    </>
  );
}
