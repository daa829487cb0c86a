import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from 'react';
import { type StateSnapshot, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { activeBefore, activeItems } from '../../shared/session/line.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import type { Item } from '../../shared/session/state.ts';
import { cancelRun } from '../actions.ts';
import { prepareMarkdown } from '../markdown/lazy-markdown.tsx';
import { useWishedPlace } from '../search/use-wished-place.ts';
import { loadOlderItems } from '../state/older-items.ts';
import { sessionState, useHasOlder, useIsPaging, useSession } from '../state/replicas.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { type CallGroup, callGroup, isTight } from './call-groups.ts';
import { EmptySession } from './empty-session.tsx';
import { useEndWishes } from './end-wish.ts';
import { RunStatus } from './run-status.tsx';
import { TranscriptAnnouncer } from './transcript-announcer.tsx';
import { TranscriptRow } from './transcript-row.tsx';
import { useFollowEnd } from './use-follow-end.ts';

interface ListContext {
  sessionId: string;
}

/** Where each session was scrolled to when it was last left; absent means at its end. */
const leftAt = new Map<string, StateSnapshot>();

const noItems: readonly Item[] = [];

/** A session's history: follows its end while the person is there, stays put while they read, loads older pages at its beginning. */
export function Transcript({ sessionId }: { sessionId: string }) {
  useEffect(prepareMarkdown, []);
  const isEmpty = useSession(
    sessionId,
    (state) => activeBefore(state) + activeItems(state).length === 0 && state.head.run === undefined,
  );
  // Another line is another list: places in it mean other items.
  const lineStart = useSession(sessionId, (state) => state.head.line?.at(-1)?.from ?? 0) ?? 0;
  const stopOnEscape = (event: KeyboardEvent<HTMLElement>) => {
    // A menu or popover opened from a row is a child in React's eyes but lies elsewhere in the page.
    if (event.key !== 'Escape' || event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
    const state = sessionState(sessionId);
    if (state && isRunning(state.head)) void cancelRun(sessionId);
  };
  return (
    <div role="log" aria-label="Transcript" className="relative h-full" onKeyDown={stopOnEscape}>
      <TranscriptAnnouncer sessionId={sessionId} />
      <div aria-live="off" className="h-full">
        {isEmpty ? (
          <EmptySession sessionId={sessionId} />
        ) : (
          <ItemList key={`${sessionId} ${lineStart}`} sessionId={sessionId} />
        )}
      </div>
    </div>
  );
}

function ItemList({ sessionId }: { sessionId: string }) {
  const list = useRef<VirtuosoHandle>(null);
  const snapshot = leftAt.get(sessionId);
  const { items, firstItem } = useConversation(sessionId);
  const grouped = useUi((ui) => ui.density === 'summary');
  const { attach, away, toEnd, stay } = useFollowEnd(snapshot !== undefined);
  useKeepPlace(sessionId, list, away);
  useWishedEnd(sessionId, toEnd);
  const found = useWishedPlace(sessionId, list, stay);
  const jump = () => {
    list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
    toEnd();
  };
  return (
    <>
      <Virtuoso<Item, ListContext>
        ref={list}
        scrollerRef={attach}
        data={items as Item[]}
        context={{ sessionId }}
        firstItemIndex={firstItem}
        initialTopMostItemIndex={snapshot ? undefined : { index: 'LAST', align: 'end' }}
        restoreStateFrom={snapshot}
        computeItemKey={(_index, item) => item.id}
        itemContent={(index, item) => (
          <TranscriptRow
            sessionId={sessionId}
            item={item}
            tight={isTight(items, index - firstItem)}
            found={item.id === found}
            {...(grouped && groupProps(callGroup(items, index - firstItem)))}
          />
        )}
        components={{ Header, Footer }}
        startReached={() => void loadOlderItems(sessionId)}
        increaseViewportBy={{ top: 600, bottom: 300 }}
        tabIndex={0}
        className="h-full outline-offset-[-2px] [scrollbar-gutter:stable_both-edges]"
      />
      {away && (
        <Button
          size="sm"
          className="fade absolute bottom-3 left-1/2 -translate-x-1/2 bg-raised shadow-pop"
          onClick={jump}
        >
          <ArrowDown aria-hidden="true" className="size-3.5" />
          Jump to latest
        </Button>
      )}
    </>
  );
}

/** What is shown of the window: the items of the conversation, and how many of them stand before it. */
function useConversation(sessionId: string): { items: readonly Item[]; firstItem: number } {
  const items = useSession(sessionId, (state) => state.items);
  const firstItem = useSession(sessionId, (state) => state.firstItem);
  const line = useSession(sessionId, (state) => state.head.line);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state is what these three are parts of
  return useMemo(() => {
    const state = sessionState(sessionId);
    return state ? { items: activeItems(state), firstItem: activeBefore(state) } : { items: noItems, firstItem: 0 };
  }, [sessionId, items, firstItem, line]);
}

const groupProps = (group: CallGroup | undefined) => ({ groupId: group?.id, groupText: group?.text });

/** Remembers where the person left a session in the middle. */
function useKeepPlace(sessionId: string, list: RefObject<VirtuosoHandle | null>, away: boolean): void {
  const left = useRef(away);
  left.current = away;
  useEffect(() => {
    const handle = list.current;
    return () => {
      if (left.current) handle?.getState((state) => leftAt.set(sessionId, state));
      else leftAt.delete(sessionId);
    };
  }, [sessionId, list]);
}

function useWishedEnd(sessionId: string, toEnd: () => void): void {
  const wishes = useEndWishes(({ counts }) => counts[sessionId] ?? 0);
  const seen = useRef(wishes);
  useEffect(() => {
    if (seen.current !== wishes) toEnd();
    seen.current = wishes;
  }, [wishes, toEnd]);
}

function Header({ context }: { context?: ListContext }) {
  const sessionId = context?.sessionId ?? '';
  const hasOlder = useHasOlder(sessionId);
  const paging = useIsPaging(sessionId);
  return (
    <div className="flex h-8 items-center justify-center gap-2 text-xs text-faint">
      {paging && (
        <>
          <Spinner size={10} /> Loading earlier items
        </>
      )}
      {!paging && hasOlder && (
        <button type="button" className="hover:text-text" onClick={() => void loadOlderItems(sessionId)}>
          Show earlier items
        </button>
      )}
    </div>
  );
}

const Footer = ({ context }: { context?: ListContext }) => (
  <div className="px-2.5 pb-5">
    <RunStatus sessionId={context?.sessionId ?? ''} />
  </div>
);
