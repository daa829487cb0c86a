import { useCallback, useEffect, useRef, useState } from 'react';

/** This close to the end counts as being there, in pixels. */
const nearEnd = 32;

/** For so long after a press, what grows or moves does so because of that press, in milliseconds. */
const pressEffectMs = 500;

/** For so long after a list has swapped its rows, its moving up is no person's doing, in milliseconds. */
const swapEffectMs = 500;

export interface FollowEnd {
  /** Give it to the list as its scroller's ref. */
  attach: (scroller: HTMLElement | Window | null) => void;
  /** The person has gone up to read; nothing moves under them. Never while all there is can be seen. */
  away: boolean;
  /** Goes to the end and stays there. */
  toEnd: () => void;
  /** Stops following, for a place that is gone to. */
  stay: () => void;
}

/**
 * Keeps a scrolling list at its end while the person is there, whatever changes height: items, the footer, or the view itself when
 * something is docked below it. Only the person's own hand ends that: scrolling up, or unfolding something.
 */
export function useFollowEnd(startsAway: boolean): FollowEnd {
  const scroller = useRef<HTMLElement | null>(null);
  const detach = useRef<() => void>(undefined);
  const following = useRef(!startsAway);
  const [away, setAway] = useState(startsAway);
  const [fits, setFits] = useState(false);

  const follow = useCallback((yes: boolean) => {
    following.current = yes;
    setAway(!yes);
  }, []);

  const attach = useCallback(
    (element: HTMLElement | Window | null) => {
      detach.current?.();
      detach.current = undefined;
      scroller.current = element instanceof HTMLElement ? element : null;
      if (scroller.current) detach.current = watch(scroller.current, () => following.current, follow, setFits);
    },
    [follow],
  );
  useEffect(() => () => detach.current?.(), []);

  const toEnd = useCallback(() => {
    follow(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [follow]);

  const stay = useCallback(() => follow(false), [follow]);

  return { attach, away: away && !fits, toEnd, stay };
}

function watch(
  element: HTMLElement,
  isFollowing: () => boolean,
  follow: (yes: boolean) => void,
  setFits: (yes: boolean) => void,
): () => void {
  let hasOverflowed = false;
  let pressed = false;
  let touchedAt = Number.NEGATIVE_INFINITY;
  let lastTop = element.scrollTop;
  let lastSize = sizeOf(element);
  const touch = () => {
    touchedAt = performance.now();
  };
  const press = () => {
    pressed = true;
    touch();
  };
  const release = () => {
    if (pressed) touch();
    pressed = false;
  };
  const byHand = () => pressed || performance.now() - touchedAt < pressEffectMs;
  // The list moves itself by these when it has measured what it had guessed; that is nobody's wish.
  let movedItself = false;
  for (const name of ['scrollBy', 'scrollTo'] as const) {
    const move = element[name].bind(element);
    element[name] = (...how: [ScrollToOptions?] | [number, number]) => {
      const before = element.scrollTop;
      move(...(how as [ScrollToOptions]));
      movedItself ||= element.scrollTop !== before;
    };
  }
  // While it swaps its rows it may for a moment have no height to be scrolled in.
  let swappedAt = Number.NEGATIVE_INFINITY;
  const swaps = new MutationObserver(() => {
    swappedAt = performance.now();
  });
  const byItself = () => movedItself || performance.now() - swappedAt < swapEffectMs;
  const atEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight <= nearEnd;

  const onScroll = () => {
    const wentUp = element.scrollTop < lastTop;
    const size = sizeOf(element);
    // Going up while nothing changed its size is meant: by a hand, by find-in-page, by assistive technology.
    const meant = byHand() || (size === lastSize && !byItself());
    lastTop = element.scrollTop;
    lastSize = size;
    if (atEnd()) follow(true);
    else if (wentUp && meant) follow(false);
    else if (isFollowing() && byItself()) element.scrollTop = element.scrollHeight;
    movedItself = false;
  };
  const onResize = () => {
    lastSize = sizeOf(element);
    const fits = element.clientHeight > 0 && element.scrollHeight <= element.clientHeight;
    hasOverflowed ||= element.scrollHeight > element.clientHeight;
    setFits(fits);
    // A list that never overflowed may still be on its way to the place it was left at.
    if (fits && hasOverflowed) {
      // Everything is in sight: what a hand did before has no effect any more.
      touchedAt = Number.NEGATIVE_INFINITY;
      if (!isFollowing()) follow(true);
    }
    if (!isFollowing()) return;
    if (byHand()) follow(atEnd());
    else element.scrollTop = element.scrollHeight;
  };

  const observer = new ResizeObserver(onResize);
  observer.observe(element);
  // The list's own parts, header, items and footer, come after their scroller.
  const view = element.firstElementChild;
  const observeParts = () => {
    for (const part of view?.children ?? []) {
      observer.observe(part, { box: 'border-box' });
      swaps.observe(part, { childList: true, attributeFilter: ['style'] });
    }
  };
  const arrivals = new MutationObserver(observeParts);
  if (view) arrivals.observe(view, { childList: true });
  observeParts();
  const passive = { passive: true };
  element.addEventListener('scroll', onScroll, passive);
  element.addEventListener('wheel', touch, passive);
  element.addEventListener('touchmove', touch, passive);
  element.addEventListener('keydown', touch);
  element.addEventListener('pointerdown', press);
  window.addEventListener('pointerup', release);
  window.addEventListener('pointercancel', release);
  return () => {
    for (const name of ['scrollBy', 'scrollTo']) Reflect.deleteProperty(element, name);
    observer.disconnect();
    arrivals.disconnect();
    swaps.disconnect();
    element.removeEventListener('scroll', onScroll);
    element.removeEventListener('wheel', touch);
    element.removeEventListener('touchmove', touch);
    element.removeEventListener('keydown', touch);
    element.removeEventListener('pointerdown', press);
    window.removeEventListener('pointerup', release);
    window.removeEventListener('pointercancel', release);
  };
}

const sizeOf = (element: HTMLElement): string => `${element.scrollHeight} ${element.clientHeight}`;
