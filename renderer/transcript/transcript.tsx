import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type StateSnapshot, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { isRunning } from '../../shared/session/selectors.ts';
import type { Item } from '../../shared/session/state.ts';
import { cancelRun } from '../actions.ts';
import { loadOlderItems } from '../state/older-items.ts';
import { sessionState, useHasOlder, useIsPaging, useSession } from '../state/replicas.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { type CallGroup, callGroup, isTight } from './call-groups.ts';
import { EmptySession } from './empty-session.tsx';
import { RunStatus } from './run-status.tsx';
import { TranscriptAnnouncer } from './transcript-announcer.tsx';
import { TranscriptRow } from './transcript-row.tsx';

interface ListContext {
  sessionId: string;
}

/** Where each session was scrolled to when it was last left; absent means at its end. */
const leftAt = new Map<string, StateSnapshot>();

const noItems: readonly Item[] = [];

/** A session's history: follows its end while the person is there, stays put while they read, loads older pages at its beginning. */
export function Transcript({ sessionId }: { sessionId: string }) {
  const isEmpty = useSession(sessionId, (state) => state.items.length === 0 && state.head.run === undefined);
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
        {isEmpty ? <EmptySession sessionId={sessionId} /> : <ItemList key={sessionId} sessionId={sessionId} />}
      </div>
    </div>
  );
}

function ItemList({ sessionId }: { sessionId: string }) {
  const list = useRef<VirtuosoHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const items = useSession(sessionId, (state) => state.items) ?? noItems;
  const firstItem = useSession(sessionId, (state) => state.firstItem) ?? 0;
  const grouped = useUi((ui) => ui.density === 'summary');
  useKeepPlace(sessionId, list, atEnd);
  const snapshot = leftAt.get(sessionId);
  return (
    <>
      <Virtuoso<Item, ListContext>
        ref={list}
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
            {...(grouped && groupProps(callGroup(items, index - firstItem)))}
          />
        )}
        components={{ Header, Footer }}
        followOutput="auto"
        atBottomThreshold={32}
        atBottomStateChange={setAtEnd}
        startReached={() => void loadOlderItems(sessionId)}
        increaseViewportBy={{ top: 600, bottom: 300 }}
        tabIndex={0}
        className="h-full outline-offset-[-2px] [scrollbar-gutter:stable_both-edges]"
      />
      {!atEnd && (
        <Button
          size="sm"
          className="fade absolute bottom-3 left-1/2 -translate-x-1/2 bg-raised shadow-pop"
          onClick={() => list.current?.scrollToIndex({ index: 'LAST', align: 'end' })}
        >
          <ArrowDown aria-hidden="true" className="size-3.5" />
          Jump to latest
        </Button>
      )}
    </>
  );
}

const groupProps = (group: CallGroup | undefined) => ({ groupId: group?.id, groupText: group?.text });

/** Remembers where the person left a session in the middle. */
function useKeepPlace(sessionId: string, list: React.RefObject<VirtuosoHandle | null>, atEnd: boolean): void {
  const end = useRef(atEnd);
  end.current = atEnd;
  useEffect(() => {
    const handle = list.current;
    return () => {
      if (end.current) leftAt.delete(sessionId);
      else handle?.getState((state) => leftAt.set(sessionId, state));
    };
  }, [sessionId, list]);
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
