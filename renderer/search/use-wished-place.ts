import { type RefObject, useEffect, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { loadOlderItems } from '../state/older-items.ts';
import { sessionState } from '../state/replicas.ts';
import { usePlaceWish } from './place-wish.ts';

/** How long the place stays marked, in milliseconds. */
const markMs = 2500;

const attempts = 20;
const attemptMs = 60;

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
      setMarked(wish.itemId);
      await scrollTo(sessionId, wish.itemId, list, stay, () => gone);
      if (!gone) usePlaceWish.setState({ wish: undefined });
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

/** A list that has just taken older items moves itself for some frames: asks again until the row is seen. */
async function scrollTo(
  sessionId: string,
  itemId: string,
  list: RefObject<VirtuosoHandle | null>,
  stay: () => void,
  isGone: () => boolean,
): Promise<void> {
  for (let attempt = 0; attempt < attempts && !isGone(); attempt += 1) {
    const index = sessionState(sessionId)?.items.findIndex((item) => item.id === itemId) ?? -1;
    if (index < 0) return;
    // Being at the end is taken for the wish to stay there.
    stay();
    list.current?.scrollToIndex({ index, align: 'center' });
    await new Promise((resolve) => setTimeout(resolve, attemptMs));
    const row = document.querySelector('[data-found]')?.getBoundingClientRect();
    if (attempt > 0 && row && row.bottom > 0 && row.top < window.innerHeight) return;
  }
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
