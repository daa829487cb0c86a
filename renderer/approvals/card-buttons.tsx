import { Button } from '../ui/button.tsx';
import type { CardView } from './card-view.ts';

export interface CardButtonsProps {
  /** Calls have five answers; what we do not know can only be denied or put off. */
  isCall: boolean;
  deferred: boolean;
  view: CardView;
  busy: boolean;
  onAllow: () => void;
  onAlways: () => void;
  onEdit: () => void;
  onDeny: () => void;
  onLater: () => void;
}

/** The answers, always in this order, and in sight however long the card and small the window. */
export function CardButtons(props: CardButtonsProps) {
  const { isCall, deferred, view, busy } = props;
  return (
    <div className="sticky bottom-0 -mx-3 -mb-3 flex flex-wrap items-center gap-1 rounded-b-lg bg-raised px-3 pt-1 pb-3 [&>button]:px-1.5">
      {isCall && (
        <>
          <Button size="sm" variant="primary" disabled={busy} data-answer="allow" onClick={props.onAllow}>
            Allow once
          </Button>
          <Button size="sm" disabled={busy} aria-expanded={view === 'grant'} onClick={props.onAlways}>
            Always allow…
          </Button>
          <Button size="sm" disabled={busy} aria-expanded={view === 'edit'} onClick={props.onEdit}>
            Edit
          </Button>
        </>
      )}
      <Button size="sm" disabled={busy} aria-expanded={view === 'deny'} onClick={props.onDeny}>
        Deny
      </Button>
      <Button size="sm" variant="ghost" disabled={busy} onClick={props.onLater}>
        {deferred ? 'Bring back' : 'Later'}
      </Button>
    </div>
  );
}
