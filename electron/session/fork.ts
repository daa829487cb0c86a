import type { SessionConfig } from '../../shared/session/config.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import { activeItems } from '../../shared/session/line.ts';
import { isCall, isRunning } from '../../shared/session/selectors.ts';
import type { CallItem, ContextPlan, Item, SessionState } from '../../shared/session/state.ts';
import type { SessionLog } from '../storage/session-store.ts';
import { promptOf } from './rewind.ts';

/** One line of the journal holds at most so many copied items. */
const copiedAtOnce = 100;

/** What a fork begins with: a session of its own that only remembers where it came from. */
export interface Fork {
  config: SessionConfig;
  forkedFrom: { sessionId: string; promptId?: string; title: string };
  items: readonly Item[];
  contextPlan?: ContextPlan;
}

/**
 * The conversation before a prompt, or all of it but a run under way, with the configuration as it is now. Items keep their ids; sums,
 * children and approvals stay with the session they belong to. Throws `notFound` for a prompt that is not in the conversation.
 */
export function forkOf(state: SessionState, promptId?: string): Fork {
  const { config, contextPlan } = state.head;
  const items = itemsBefore(state, promptId);
  const title = config.title || 'New session';
  return {
    config: { ...config, title: `${title} (fork)` },
    forkedFrom: { sessionId: state.id, ...(promptId === undefined ? {} : { promptId }), title },
    items,
    ...(contextPlan ? { contextPlan: planFor(items, contextPlan) } : {}),
  };
}

/** What of a plan is about these items. */
function planFor(items: readonly Item[], { compactions, pinned, dropped }: ContextPlan): ContextPlan {
  const copied = new Set(items.map((item) => item.id));
  const has = (id: string) => copied.has(id);
  return {
    compactions: compactions.filter(({ id }) => has(id)),
    pinned: pinned.filter(has),
    dropped: dropped.filter(has),
  };
}

function itemsBefore(state: SessionState, promptId?: string): readonly Item[] {
  const items = activeItems(state);
  if (promptId !== undefined) return items.slice(0, items.indexOf(promptOf(state, promptId)));
  if (!isRunning(state.head)) return items;
  const begun = items.findIndex((item) => item.kind === 'prompt' && item.id === state.head.run?.promptId);
  return begun < 0 ? items : items.slice(0, begun);
}

/** The copied items as facts of the new session. */
export function* copies({ items, contextPlan }: Pick<Fork, 'items' | 'contextPlan'>): Generator<SessionEvent> {
  for (let from = 0; from < items.length; from += copiedAtOnce) {
    const isLast = from + copiedAtOnce >= items.length;
    const plan = isLast && contextPlan ? { contextPlan } : {};
    yield { type: 'history.copied', items: items.slice(from, from + copiedAtOnce), ...plan };
  }
}

/** The stored outputs and images that the copied items show, so that the fork outlives its origin. */
export async function copyBlobs({ items }: Fork, from: SessionLog, to: SessionLog): Promise<void> {
  for (const hash of new Set(items.filter(isCall).flatMap(blobsOf))) await to.writeBlob(await from.readBlob(hash));
}

const blobsOf = ({ result }: CallItem): string[] => [
  ...(result?.blob ? [result.blob] : []),
  ...(result?.images ?? []).map((image) => image.blob),
];
