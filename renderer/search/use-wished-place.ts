import { type RefObject, useEffect, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { loadOlderItems } from '../state/older-items.ts';
import { sessionState } from '../state/replicas.ts';
import { usePlaceWish } from './place-wish.ts';

/** How long the place stays marked, in milliseconds. */
const markMs = 2500;

/** Scrolls to the place that is wished for, loading older pages until it is there. Returns the item to mark as found. */
export function useWishedPlace(
  sessionId: string,
  list: RefObject<VirtuosoHandle | null>,
  stay: () => void,
): string | undefined {
  const wish = usePlaceWish(({ wish }) => (wish?.sessionId === sessionId ? wish : undefined));
  const [marked, setMarked] = useState<string>();
  useEffect(() => {
    if (!wish) return;
    let gone = false;
    const go = async () => {
      stay();
      if (!(await loadUntil(sessionId, wish.place)) || gone) return;
      const state = sessionState(sessionId);
      const index = state?.items.findIndex((item) => item.id === wish.itemId) ?? -1;
      usePlaceWish.setState({ wish: undefined });
      if (index < 0) return;
      setMarked(wish.itemId);
      // The list has to have taken the older items first.
      requestAnimationFrame(() => list.current?.scrollToIndex({ index, align: 'center' }));
    };
    void go();
    return () => {
      gone = true;
    };
  }, [wish, sessionId, list, stay]);
  useEffect(() => {
    if (marked === undefined) return;
    const timer = setTimeout(() => setMarked(undefined), markMs);
    return () => clearTimeout(timer);
  }, [marked]);
  return marked;
}

/** False when the place cannot be had. */
async function loadUntil(sessionId: string, place: number): Promise<boolean> {
  for (;;) {
    const state = sessionState(sessionId);
    if (!state) return false;
    if (state.firstItem <= place) return true;
    const loaded = await loadOlderItems(sessionId);
    if (!loaded.ok) return false;
    // Another part of the window fetches the same page: wait for it.
    if (loaded.value === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
