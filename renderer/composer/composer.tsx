import { ArrowUp, Lock, Square } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Mode } from '../../shared/session/config.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import { cancelRun, sendPrompt, steerRun } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { setDraft, useDraft, useUi } from '../state/ui-store.ts';
import { wishForEnd } from '../transcript/end-wish.ts';
import { Button } from '../ui/button.tsx';
import { keysText } from '../ui/key-names.ts';
import { isComposing } from '../ui/text-area.ts';
import { GaugeRing } from './gauge-ring.tsx';
import { ModeMenu } from './mode-menu.tsx';
import { ModelMenu } from './model-menu.tsx';
import { PauseBar, PauseButton } from './pause-bar.tsx';
import { QueuedPrompts } from './queued-prompts.tsx';
import { readOnlyReason } from './read-only.ts';
import { runSlashCommand } from './slash-commands.ts';
import { useSlashMenu } from './slash-menu.tsx';
import { useNextMode } from './use-next-mode.ts';
import { useRecall } from './use-recall.ts';

/** Where prompts are written. While a run is under way a prompt queues behind it. */
export function Composer({ sessionId }: { sessionId: string }) {
  const head = useSession(sessionId, (state) => state.head);
  const session = useApp((app) => app.sessions[sessionId]);
  if (!head) return null;
  const reason = readOnlyReason(session, head.destroyed);
  const running = isRunning(head);
  return (
    <div className="px-5 pt-2 pb-3">
      <div className="mx-auto max-w-[800px]">
        {reason === undefined && <PauseBar sessionId={sessionId} head={head} />}
        <QueuedPrompts
          sessionId={sessionId}
          queue={head.queue}
          running={running}
          held={!running && reason === undefined && head.pausedAt === undefined}
        />
        {reason === undefined ? (
          <div className="relative rounded-lg border border-border-strong bg-raised focus-within:border-accent">
            <PromptField sessionId={sessionId} running={running} mode={head.config.mode} />
            <div className="flex min-w-0 items-center gap-0.5 px-1.5 pb-1.5">
              <ModeMenu sessionId={sessionId} mode={head.config.mode} disabled={false} />
              <ModelMenu
                sessionId={sessionId}
                profileId={head.config.profileId}
                thinking={head.config.thinking}
                disabled={false}
              />
              <span className="flex-1" />
              <GaugeRing sessionId={sessionId} />
              {running && head.pausedAt === undefined && <PauseButton sessionId={sessionId} />}
              <SendAndStop sessionId={sessionId} running={running} />
            </div>
          </div>
        ) : (
          <p className="flex items-center gap-2 rounded-lg border border-border bg-panel px-3 py-2.5 text-sm text-muted">
            <Lock aria-hidden="true" className="size-3.5 shrink-0" />
            {reason}
          </p>
        )}
      </div>
    </div>
  );
}

/** Sends the draft; it comes back when the workbench did not take it. */
async function send(sessionId: string, draft: string, how: typeof sendPrompt = sendPrompt): Promise<void> {
  if (draft.trim() === '') return;
  setDraft(sessionId, '');
  if (runSlashCommand(sessionId, draft)) return;
  wishForEnd(sessionId);
  const answer = await how(sessionId, draft);
  if (!answer.ok && (useUi.getState().drafts[sessionId] ?? '') === '') setDraft(sessionId, draft);
}

interface PromptFieldProps {
  sessionId: string;
  running: boolean;
  mode: Mode;
}

function PromptField({ sessionId, running, mode }: PromptFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(sessionId);
  const recall = useRecall(sessionId);
  const slash = useSlashMenu(sessionId, draft);
  const stepMode = useNextMode(sessionId, mode);
  useGrowth(field, draft);
  useFocusWhenAsked(field);

  const walk = (step: 'older' | 'newer', event: KeyboardEvent) => {
    const text = recall(step, draft);
    if (text === undefined) return;
    event.preventDefault();
    setDraft(sessionId, text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      void send(sessionId, draft, steerRun);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (slash.onKeyDown(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send(sessionId, draft);
    } else if (event.key === 'Tab' && event.shiftKey) {
      event.preventDefault();
      stepMode();
    } else if (event.key === 'Escape' && running) {
      event.preventDefault();
      void cancelRun(sessionId);
    } else if (event.key === 'ArrowUp') walk('older', event);
    else if (event.key === 'ArrowDown') walk('newer', event);
  };

  return (
    <>
      {slash.menu}
      <textarea
        ref={field}
        aria-label="Prompt"
        {...slash.field}
        rows={1}
        value={draft}
        onChange={(event) => setDraft(sessionId, event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={
          running
            ? `Write the next prompt; it queues, or goes into this run with ${keysText('Mod+Enter')}`
            : 'Ask for something to be done'
        }
        className="block max-h-[40vh] w-full resize-none bg-transparent px-3 pt-2.5 pb-1.5 outline-none"
      />
    </>
  );
}

function SendAndStop({ sessionId, running }: { sessionId: string; running: boolean }) {
  const draft = useDraft(sessionId);
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    if (!running) setStopping(false);
  }, [running]);
  const stop = async () => {
    setStopping(true);
    const answer = await cancelRun(sessionId);
    if (!answer.ok) setStopping(false);
  };
  return (
    <span className="flex items-center gap-1.5 pl-1">
      {running && (
        <Button size="sm" busy={stopping} onClick={() => void stop()}>
          {!stopping && <Square aria-hidden="true" className="size-2.5 fill-current" />}
          Stop
        </Button>
      )}
      <Button size="sm" variant="primary" disabled={draft.trim() === ''} onClick={() => void send(sessionId, draft)}>
        <ArrowUp aria-hidden="true" className="size-3.5" />
        Send
      </Button>
    </span>
  );
}

/** Grows with its text: the browser has no property for it yet. */
function useGrowth(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  const grow = useCallback(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [field]);
  const mounted = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what the height follows
  useLayoutEffect(() => {
    // The observer below measures first, once the page is laid out anyway.
    if (mounted.current) grow();
    mounted.current = true;
  }, [grow, text]);
  useEffect(() => {
    // A pane that changes its width breaks the lines elsewhere.
    let width = 0;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width !== width) grow();
      width = entry?.contentRect.width ?? width;
    });
    if (field.current) observer.observe(field.current);
    return () => observer.disconnect();
  }, [field, grow]);
}

/** Takes the focus when it is first shown and whenever the person asked to write, but never from a place where they already work. */
function useFocusWhenAsked(field: React.RefObject<HTMLTextAreaElement | null>): void {
  const wish = useUi((ui) => ui.composerFocus);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is a new number
  useEffect(() => {
    const shownFirst = first.current;
    first.current = false;
    if (!shownFirst || document.activeElement === document.body || document.activeElement === null)
      field.current?.focus();
  }, [field, wish]);
}
