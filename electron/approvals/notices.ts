import type { AppEnvelope, AppState, QueuedApproval } from '../../shared/app/state.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import { makeVisible } from '../../shared/visible.ts';

/** What the system is asked to show. A platform without buttons shows the text alone, and a click reviews. */
export interface Notice {
  title: string;
  body: string;
  /** Low risk can be answered from the notice itself, where that shows all of the call. */
  answers: boolean;
  onAnswer(decision: 'allow' | 'deny'): void;
  onReview(): void;
}

/** The part of the host that tells of approvals outside of the window. */
export interface NoticeHost {
  isLookedAt(): boolean;
  /** Shows a notice; the returned function takes it away. */
  notify(notice: Notice): () => void;
  setBadge(count: number): void;
  bringToFront(): void;
}

export interface NoticesDeps {
  app: { state: AppState; subscribe(listener: (envelope: AppEnvelope) => void): () => void };
  host: NoticeHost;
  /** Takes out what looks like a secret: a notice may be seen by others and kept by the system. */
  redact(text: string): string;
  answer(answer: Answer): Promise<{ ok: true } | { ok: false; error: Failure }>;
  review(approval: QueuedApproval): void;
}

const longest = 200;
/** As many as systems show of a notice. */
const mostLines = 3;

/** Tells of what begins to wait while no window is looked at, and keeps the badge at the number of what waits. */
export function createNotices({ app, host, redact, answer, review }: NoticesDeps): () => void {
  const shown = new Map<string, () => void>();
  let badge = -1;

  const keepBadge = () => {
    const waiting = app.state.approvals.filter((approval) => !approval.deferred).length;
    if (waiting !== badge) host.setBadge(waiting);
    badge = waiting;
  };
  const takeAway = (id: string) => {
    shown.get(id)?.();
    shown.delete(id);
  };
  const goTo = (approval: QueuedApproval) => {
    takeAway(approval.id);
    host.bringToFront();
    review(approval);
  };
  const tell = (approval: QueuedApproval) => {
    const session = approval.path.at(-1)?.title || 'A session';
    const { detail, tool, title } = approval;
    const asked = `${tool}: ${detail.type === 'command' ? detail.command : title}`;
    const body = redact(makeVisible(asked));
    // What is allowed must have been in sight, as it is.
    const isWhole = body === asked && body.length <= longest && body.split('\n').length <= mostLines;
    const close = host.notify({
      title: `${session} waits for you`,
      body: body.length > longest ? `${body.slice(0, longest)}…` : body,
      answers: isWhole && approval.kind === 'call' && approval.risk.level === 'low',
      onAnswer: (decision) => {
        takeAway(approval.id);
        // What cannot be answered from here is looked at.
        void answer({ id: approval.id, shownHash: approval.hash, decision }).then(({ ok }) => ok || goTo(approval));
      },
      onReview: () => goTo(approval),
    });
    shown.set(approval.id, close);
  };

  keepBadge();
  const known = new Set(app.state.approvals.map(({ id }) => id));
  return app.subscribe(({ event }) => {
    if (event.type === 'approval.unlisted') {
      known.delete(event.id);
      takeAway(event.id);
    } else if (event.type === 'approval.listed') {
      const { approval } = event;
      const isNew = !known.has(approval.id) && !approval.deferred;
      known.add(approval.id);
      if (approval.deferred) takeAway(approval.id);
      if (isNew && app.state.settings.notifications && !host.isLookedAt()) tell(approval);
    } else return;
    keepBadge();
  });
}
