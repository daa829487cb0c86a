import clsx from 'clsx';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { setMode } from '../actions.ts';
import { CallArguments } from '../transcript/call-arguments.tsx';
import { keysText } from '../ui/key-names.ts';
import { Breadcrumb, CardTitle, ChangedMeanwhile, DockHeading, WhyAsked } from './approval-facts.tsx';
import { type CardPlace, cardId, useFocusWish } from './approval-focus.ts';
import { callIsChanged } from './call-form.ts';
import { answersOf } from './card-answers.ts';
import { CardButtons } from './card-buttons.tsx';
import { changeDraft, useCardDraft } from './card-draft.ts';
import type { CardView } from './card-view.ts';
import { CommentForm } from './comment-form.tsx';
import { EditForm } from './edit-form.tsx';
import { GrantForm } from './grant-form.tsx';
import { isInSight } from './in-sight.ts';
import { guardMs, queueKeyAction, takesText } from './queue-keys.ts';
import { toggleSelected } from './queue-view.ts';
import { useAnswer } from './use-answer.ts';
import { useEditing } from './use-editing.ts';
import { useFreshLook } from './use-fresh-look.ts';
import { useKept } from './use-kept.ts';

export interface ApprovalCardProps {
  approval: QueuedApproval;
  place: CardPlace;
  /** When the list around the card last changed; keys wait a moment after that. */
  changedAt: () => number;
  /** How many approvals wait in the session that shows the card above its composer. */
  waitingHere?: number;
  /** Can be picked for a batch. */
  selectable?: boolean;
  /** How many that wait are like this one, itself included, and how to answer them together. */
  likes?: number;
  onLikes?: () => void;
}

/** One request for a decision: whose, what exactly, why asked, and the answers. The same in every place it is shown. */
export function ApprovalCard(props: ApprovalCardProps) {
  const { approval, place, changedAt, waitingHere, selectable = false, likes = 1, onLikes } = props;
  const card = useRef<HTMLElement | null>(null);
  const [view, setView] = useKept<CardView>(approval.id, `view ${place}`, () => 'facts');
  const draft = useCardDraft(approval.id);
  const { editing, form, comment, refused } = draft;
  const [armed, arm] = useArmed();
  const answers = answersOf(approval.kind);
  const edit = useEditing(approval, place);
  const { busy, answer, defer } = useAnswer(approval, place);
  useWishedFocus(approval.id, place, card);
  const fresh = useFreshLook(approval);

  const said = comment.trim() === '' ? {} : { comment: comment.trim() };
  const setComment = (text: string) => changeDraft(approval.id, { comment: text });
  const failure = refused?.place === place ? refused.failure : undefined;
  // A form takes the focus on the card on which somebody works, not where it appears as well.
  const hasFocus = card.current?.contains(document.activeElement) ?? false;
  const backToFacts = () => {
    setView('facts');
    card.current?.focus();
  };
  const setEditing = (next: boolean) => {
    if (view === 'grant') setView('facts');
    changeDraft(approval.id, { editing: next });
    if (!next) card.current?.focus();
  };
  const turnTo = (next: CardView) => {
    if (view === next) return backToFacts();
    // A rule is about the call as it was asked.
    if (next === 'grant') changeDraft(approval.id, { editing: false });
    setView(next);
  };
  const allow = () => {
    if (busy) return;
    const edited = editing ? edit.finish() : {};
    if (edited) void answer({ decision: 'allow', ...edited, ...said });
  };
  /** The mode first: what the call does then finds it set. */
  const allowIn = async () => {
    if (busy || !answers.allowIn || (editing && !edit.finish())) return;
    const set = await setMode(approval.sessionId, answers.allowIn.mode);
    if (set.ok) allow();
  };
  const deny = () => {
    if (busy) return;
    if (answers.why !== undefined && view !== 'deny') return setView('deny');
    void answer({ decision: 'deny', ...said });
  };
  const allowByKey = async (key: string) => {
    // A high risk takes a second press, on the button itself or in the form; so does what the person cannot have looked at just now.
    const unseen = card.current !== null && !isInSight(card.current);
    if (armed || (!unseen && (await edit.riskNow()).level !== 'high')) return allow();
    arm(`${unseen ? 'It was out of sight' : 'High risk'}: press ${key} again to allow it.`);
    if (unseen) card.current?.scrollIntoView({ block: 'nearest' });
    if (takesText(document.activeElement)) return;
    card.current?.querySelector<HTMLElement>('[data-answer="allow"]')?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.target as Node) || event.defaultPrevented) return;
    const inTextField = takesText(document.activeElement);
    const action = queueKeyAction(event, {
      inTextField,
      changedAt: Math.max(changedAt(), fresh?.seenAt ?? 0),
      // When it was pressed: a busy page hears of it later.
      now: event.timeStamp,
    });
    const act = {
      allow: answers.allow !== undefined && (() => void allowByKey('A')),
      deny,
      edit: answers.edits && (() => setEditing(!editing)),
      comment: answers.why !== undefined && (() => turnTo('comment')),
      later: () => void defer(!approval.deferred),
      select: selectable && (() => toggleSelected(approval.id)),
    };
    const run = action && action in act ? act[action as keyof typeof act] : undefined;
    if (!run) return;
    event.preventDefault();
    run();
  };

  /** The second half of a double click on the card that was here a moment ago. */
  const stopSecondClick = (event: MouseEvent<HTMLElement>) => {
    if (event.detail > 1 && event.timeStamp - changedAt() < 2 * guardMs) event.stopPropagation();
  };

  // The queue's list is made of articles; above the composer the same card is one group of controls.
  const Card = place === 'queue' ? 'article' : 'fieldset';

  return (
    <Card
      ref={(element: HTMLElement | null) => {
        card.current = element;
      }}
      id={cardId(approval.id, place)}
      data-approval={approval.id}
      tabIndex={-1}
      aria-label={`${approval.tool}: ${approval.title}`}
      onKeyDown={onKeyDown}
      onClickCapture={stopSecondClick}
      className={clsx(
        'relative flex min-w-0 flex-col gap-2 rounded-lg border bg-raised p-3 outline-offset-[-1px]',
        approval.deferred ? 'border-border' : 'border-amber-fill/60',
      )}
    >
      {waitingHere === undefined ? <Breadcrumb path={approval.path} /> : <DockHeading count={waitingHere} />}
      <CardTitle approval={approval} selectable={selectable} />
      <WhyAsked approval={approval} risk={edit.risk} />
      {answers.edits && (
        <div className={clsx('flex min-w-0 flex-col gap-2', editing && 'hidden')}>
          {fresh && <ChangedMeanwhile />}
          <CallArguments
            detail={fresh?.detail ?? approval.detail}
            args={approval.args}
            maxHeight={place === 'docked' ? 'max-h-[24vh]' : 'max-h-72'}
          />
        </div>
      )}
      {editing && (
        <EditForm
          form={form}
          problems={refused?.fields ?? none}
          focus={hasFocus}
          refusedHere={refused?.place === place}
          change={edit.change}
          allow={answers.allow ?? ''}
          onAllow={() => void allowByKey(keysText('Mod+Enter'))}
          onBack={() => setEditing(false)}
        />
      )}
      {!editing && form && callIsChanged(form, approval.args) && <EditKept />}
      {view === 'deny' && (
        <CommentForm
          label={answers.why ?? ''}
          enter="denies"
          focus={hasFocus}
          value={comment}
          onChange={setComment}
          onSend={deny}
          onBack={backToFacts}
        />
      )}
      {view === 'comment' && (
        <CommentForm
          label="Comment for the model (optional)"
          enter="allows"
          focus={hasFocus}
          value={comment}
          onChange={setComment}
          onSend={() => void allowByKey('Enter')}
          onBack={backToFacts}
        />
      )}
      {view !== 'deny' && view !== 'comment' && said.comment !== undefined && (
        <p className="text-sm text-muted wrap-anywhere">
          Goes to the model with your answer: <q>{said.comment}</q>
        </p>
      )}
      {view === 'grant' && (
        <GrantForm
          approvalId={approval.id}
          isChild={approval.path.length > 1}
          busy={busy}
          onGrant={(grant) => void answer({ decision: 'allow', grant, ...said })}
          onBack={backToFacts}
        />
      )}
      {failure && (
        <p role="alert" className="rounded-md bg-red-soft px-2 py-1 text-sm text-red wrap-anywhere">
          {editing && failure.fields ? 'Nothing was run: the arguments need a change.' : failure.message} {failure.hint}
        </p>
      )}
      {armed && (
        <p role="status" className="text-sm text-red">
          {armed}
        </p>
      )}
      {/* However small the window: the answers stay in sight, and what they are about scrolls. */}
      <div
        className={clsx(place === 'docked' && 'sticky -bottom-px -mx-3 -mb-3 rounded-b-lg bg-raised px-3 pt-1.5 pb-3')}
      >
        <CardButtons
          answers={answers}
          deferred={approval.deferred}
          view={view}
          editing={editing}
          busy={busy}
          likes={likes}
          onLikes={onLikes}
          onAllow={allow}
          onAllowIn={() => void allowIn()}
          onAlways={() => turnTo('grant')}
          onComment={() => turnTo('comment')}
          onEdit={() => setEditing(!editing)}
          onDeny={deny}
          onLater={() => void defer(!approval.deferred)}
        />
      </div>
    </Card>
  );
}

const none: readonly never[] = [];

/** What was changed and left again does not hold, and is not lost. */
const EditKept = () => (
  <p className="text-sm text-muted">Above is the call as it was asked. “Edit” goes on with what you changed.</p>
);

/** Takes the focus when a person asked to go to this approval before its card was there. */
function useWishedFocus(approvalId: string, place: CardPlace, card: React.RefObject<HTMLElement | null>): void {
  const wished = useFocusWish((wish) => wish.approvalId === approvalId) && place === 'queue';
  useEffect(() => {
    if (!wished) return;
    card.current?.scrollIntoView({ block: 'nearest' });
    card.current?.focus();
    useFocusWish.setState({ approvalId: undefined });
  }, [wished, card]);
}

/** How long a first press on a high risk counts, in milliseconds. */
const armedMs = 3000;

/** Ends by the clock and not with the focus: what goes when the focus leaves moves the buttons away under the pointer. */
function useArmed(): [armed: string | undefined, arm: (why: string) => void] {
  const [armed, setArmed] = useState<string>();
  useEffect(() => {
    if (armed === undefined) return;
    const timer = setTimeout(() => setArmed(undefined), armedMs);
    return () => clearTimeout(timer);
  }, [armed]);
  return [armed, setArmed];
}
