import { Button } from '../ui/button.tsx';
import type { CardAnswers } from './card-answers.ts';
import type { CardView } from './card-view.ts';

export interface CardButtonsProps {
  answers: CardAnswers;
  deferred: boolean;
  view: CardView;
  editing: boolean;
  busy: boolean;
  /** How many that wait are like this one, itself included. */
  likes: number;
  onLikes?: () => void;
  onAllow: () => void;
  onAllowIn: () => void;
  onAlways: () => void;
  onEdit: () => void;
  onDeny: () => void;
  onComment: () => void;
  onLater: () => void;
}

/** The answers, always in this order. */
export function CardButtons(props: CardButtonsProps) {
  const { answers, deferred, view, editing, busy, likes, onLikes } = props;
  return (
    <div className="flex flex-wrap items-center gap-1 [&>button]:px-1.5">
      {answers.allow !== undefined && (
        <Button size="sm" variant="primary" disabled={busy} data-answer="allow" {...byKey('A')} onClick={props.onAllow}>
          {answers.allow}
        </Button>
      )}
      {answers.allowIn && (
        <Button size="sm" disabled={busy} onClick={props.onAllowIn}>
          {answers.allowIn.label}
        </Button>
      )}
      {answers.grants && (
        <Button size="sm" disabled={busy} aria-expanded={view === 'grant'} onClick={props.onAlways}>
          Always allow…
        </Button>
      )}
      {answers.edits && (
        <Button size="sm" disabled={busy} aria-expanded={editing} {...byKey('E')} onClick={props.onEdit}>
          Edit
        </Button>
      )}
      <Button
        size="sm"
        disabled={busy}
        {...byKey('D')}
        {...(answers.why !== undefined ? { 'aria-expanded': view === 'deny' } : {})}
        onClick={props.onDeny}
      >
        {answers.deny}
      </Button>
      <Button size="sm" variant="ghost" disabled={busy} {...byKey('L')} onClick={props.onLater}>
        {deferred ? 'Bring back' : 'Later'}
      </Button>
      {answers.why !== undefined && answers.allow !== undefined && (
        <Button
          size="sm"
          variant="ghost"
          disabled={busy}
          aria-expanded={view === 'comment'}
          {...byKey('C')}
          onClick={props.onComment}
        >
          Comment
        </Button>
      )}
      {likes > 1 && (
        <Button size="sm" variant="ghost" disabled={busy} onClick={onLikes}>
          Answer the {likes} like this…
        </Button>
      )}
    </div>
  );
}

/** The key that does the same while the card has the focus. */
const byKey = (key: string) => ({ 'aria-keyshortcuts': key, title: `Key ${key}` });
