import { type FormEvent, useState } from 'react';
import type { SessionSummary } from '../../shared/app/state.ts';
import { isBusy } from '../../shared/session/selectors.ts';
import { destroySession, renameSession } from '../actions.ts';
import { ConfirmationDialog } from '../confirmation/confirmation-dialog.tsx';
import { appState, useApp } from '../state/app-store.ts';
import { askAbout, useUi } from '../state/ui-store.ts';
import { plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import { CompactDialog } from './compact-dialog.tsx';

const close = () => askAbout(undefined);

/** The questions that rows and tabs ask about one session: its new name, its budget, or whether it shall really go. */
export function SessionDialogs() {
  const question = useUi((ui) => ui.question);
  const session = useApp((app) => (question ? app.sessions[question.sessionId] : undefined));
  if (!question || !session) return null;
  if (question.about === 'budget') return <BudgetDialog session={session} />;
  if (question.about === 'confirmation') return <ConfirmationDialog session={session} />;
  if (question.about === 'compact') return <CompactDialog session={session} onClose={close} />;
  return question.about === 'rename' ? <RenameDialog session={session} /> : <DeleteDialog session={session} />;
}

function RenameDialog({ session }: { session: SessionSummary }) {
  const [title, setTitle] = useState(session.title);
  const [busy, setBusy] = useState(false);
  const rename = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await renameSession(session.id, title.trim());
    setBusy(false);
    if (answer.ok) close();
  };
  return (
    <Dialog title="Rename session" open onOpenChange={close} className="max-w-sm">
      <form onSubmit={(event) => void rename(event)}>
        <div className="p-4">
          <TextField
            label="Title"
            value={title}
            maxLength={200}
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <DialogFooter>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={title.trim() === ''}>
            Rename
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ session }: { session: SessionSummary }) {
  const [children, setChildren] = useState<'destroy' | 'keep'>('destroy');
  const below = countBelow(session.id);
  return (
    <ConfirmDialog
      title="Delete session?"
      action={below > 0 && children === 'destroy' ? 'Delete all' : 'Delete'}
      danger
      onConfirm={() => destroySession(session.id, children)}
      onClose={close}
    >
      <p>
        <span className="font-medium text-text">{session.title}</span> will be deleted with its whole history. This
        cannot be undone. Files in the workspace stay as they are.
      </p>
      {below > 0 && <ChildrenChoice below={below} value={children} onChange={setChildren} />}
      {isBusy(session.status) && <p className="mt-2">It is still at work and will be stopped first.</p>}
    </ConfirmDialog>
  );
}

function ChildrenChoice(props: {
  below: number;
  value: 'destroy' | 'keep';
  onChange: (value: 'destroy' | 'keep') => void;
}) {
  const sessions = plural(props.below, 'child session');
  const choices = [
    { value: 'destroy', label: `Delete its ${sessions}, too` },
    { value: 'keep', label: `Keep its ${sessions}: up a place, with the same limits` },
  ] as const;
  return (
    <fieldset className="mt-3 flex flex-col gap-1.5">
      <legend className="sr-only">What becomes of its child sessions</legend>
      {choices.map(({ value, label }) => (
        <label key={value} className="flex items-center gap-2 text-text">
          <input
            type="radio"
            name="children"
            checked={props.value === value}
            onChange={() => props.onChange(value)}
            className="accent-accent"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function countBelow(id: string): number {
  const sessions = Object.values(appState().sessions);
  const children = sessions.filter((session) => session.parentId === id);
  return children.reduce((sum, child) => sum + 1 + countBelow(child.id), 0);
}
