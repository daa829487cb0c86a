import { BookOpen, GitFork, MoreHorizontal, Pencil, RotateCcw } from 'lucide-react';
import { memo, useState } from 'react';
import { isRunning } from '../../shared/session/selectors.ts';
import type { PromptItem } from '../../shared/session/state.ts';
import { forkSession, resendPrompt } from '../actions.ts';
import { readOnlyReason } from '../composer/read-only.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { setDraft } from '../state/ui-store.ts';
import { formatClock } from '../ui/amounts.ts';
import { Chip } from '../ui/chip.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { nameDate } from '../ui/relative-time.tsx';
import { dropEdit, PromptEdit, useEdit } from './prompt-edit.tsx';

const whoAndHow = ({ by, steered }: PromptItem): string => {
  const who = by === 'person' ? 'You' : 'Parent session';
  return steered ? `${who}, into this run` : who;
};

/** What the person, or the parent session, asked for; it can be asked again, changed or not, here or in a session of its own. */
export const PromptRow = memo(function PromptRow({ sessionId, prompt }: { sessionId: string; prompt: PromptItem }) {
  const [edit, setEdit] = useEdit(prompt);
  return (
    <div className="group rounded-lg border border-border bg-panel px-3 py-2">
      <div className="flex items-center gap-2 text-xs text-faint">
        <span className="font-medium text-muted">{whoAndHow(prompt)}</span>
        {prompt.skill && (
          <Chip
            tone="accent"
            title={`With the skill ${prompt.skill.name}, whose text the agent is given before this prompt`}
          >
            <BookOpen aria-hidden="true" /> {prompt.skill.name}
          </Chip>
        )}
        <span className="flex-1" />
        {edit === undefined && <PromptMenu sessionId={sessionId} prompt={prompt} onEdit={() => setEdit(prompt.text)} />}
        <time dateTime={new Date(prompt.at).toISOString()} onPointerEnter={nameDate(prompt.at)}>
          {formatClock(prompt.at)}
        </time>
      </div>
      {edit === undefined ? (
        <p className="selectable mt-0.5 whitespace-pre-wrap wrap-anywhere">{prompt.text}</p>
      ) : (
        <PromptEdit
          text={edit}
          onChange={setEdit}
          onBack={() => setEdit(undefined)}
          onSend={async () => {
            const answer = await resendPrompt(sessionId, prompt.id, edit);
            if (answer.ok) dropEdit(prompt.id);
          }}
        />
      )}
    </div>
  );
});

function PromptMenu({ sessionId, prompt, onEdit }: { sessionId: string; prompt: PromptItem; onEdit: () => void }) {
  const [open, setOpen] = useState(false);
  const readOnly = useApp((app) => readOnlyReason(app.sessions[sessionId], false) !== undefined);
  const running = useSession(sessionId, (state) => isRunning(state.head)) ?? false;
  if (readOnly) return null;
  const fork = async () => {
    const answer = await forkSession(sessionId, prompt.id);
    if (answer.ok) setDraft(answer.value.sessionId, prompt.text);
  };
  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      align="end"
      trigger={
        <IconButton
          label="Prompt actions"
          size="sm"
          className={open ? '' : 'opacity-0 group-hover:opacity-100 focus-visible:opacity-100'}
        >
          <MoreHorizontal />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil />} disabled={running} onSelect={onEdit}>
        Edit and resend…
      </MenuItem>
      <MenuItem icon={<RotateCcw />} disabled={running} onSelect={() => void resendPrompt(sessionId, prompt.id)}>
        Retry from here
      </MenuItem>
      <MenuItem icon={<GitFork />} onSelect={() => void fork()}>
        Fork into new session
      </MenuItem>
    </Menu>
  );
}
