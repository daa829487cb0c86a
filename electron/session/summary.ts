import type { QueuedApproval, SessionSummary } from '../../shared/app/state.ts';
import type { Rules } from '../../shared/session/config.ts';
import { activeItems } from '../../shared/session/line.ts';
import { sessionStatus } from '../../shared/session/selectors.ts';
import type { ContextMeasure, Item, SessionState } from '../../shared/session/state.ts';

/** What a title is until the first prompt gives one. */
const untitled = 'New session';

/** The index row of a session: all that lists and tabs show without its body. */
export function summarize(state: SessionState, unsaved?: string): SessionSummary {
  const { head } = state;
  return {
    id: state.id,
    title: head.config.title || untitled,
    workspace: head.config.workspace,
    ...(head.parent ? { parentId: head.parent.sessionId } : {}),
    depth: head.depth,
    status: sessionStatus(head),
    mode: head.config.mode,
    ...(hasRules(head.config.rules) ? { rules: head.config.rules } : {}),
    ...(head.config.confirmation ? { confirmation: head.config.confirmation } : {}),
    ...(head.config.profileId ? { profileId: head.config.profileId } : {}),
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    waiting: head.approvals.filter((approval) => !approval.deferred).length,
    setAside: head.approvals.filter((approval) => approval.deferred).length,
    queued: head.queue.length,
    ...(head.context ? { context: shownMeasure(head.context) } : {}),
    totals: head.totals,
    ...(head.pausedAt === undefined ? {} : { paused: true }),
    ...(head.work ? { work: head.work } : {}),
    ...(head.archivedAt === undefined ? {} : { archived: true }),
    ...(head.destroyed ? { destroyed: true } : {}),
    activity: activityOf(state),
    ...(unsaved ? { unsaved } : {}),
  };
}

/** The scale serves estimates only; no list shows it. */
const shownMeasure = ({ scale: _scale, ...context }: ContextMeasure): ContextMeasure => context;

const hasRules = ({ allow, ask, deny }: Rules): boolean => allow.length + ask.length + deny.length > 0;

/** Pending approvals as the queue shows them; `path` leads from the root session here. */
export const queuedApprovals = (state: SessionState, path: QueuedApproval['path']): QueuedApproval[] =>
  state.head.approvals.map((approval) => ({
    ...approval,
    sessionId: state.id,
    path,
    workspace: state.head.config.workspace,
  }));

function activityOf(state: SessionState): string {
  const items = activeItems(state);
  for (let place = items.length - 1; place >= 0; place -= 1) {
    const line = lineOf(items[place] as Item);
    if (line) return line;
  }
  return '';
}

function lineOf(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return firstLine(item.text);
    case 'message':
      return firstLine(item.text);
    case 'call':
      return `${item.tool}: ${firstLine(item.title)}`;
    case 'notice':
    case 'summary':
      return '';
  }
}

/** Marks of Markdown mean nothing in a row of the index. */
const firstLine = (text: string): string =>
  text
    .trim()
    .split('\n', 1)[0]
    ?.replace(/[*_`#>]+/g, '')
    .trim()
    .slice(0, 120) ?? '';
