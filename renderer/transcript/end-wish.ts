import { create } from 'zustand';

/** Rises each time the person sends a prompt: then they want to see what comes of it. By session id. */
export const useEndWishes = create<{ counts: Record<string, number> }>()(() => ({ counts: {} }));

export const wishForEnd = (sessionId: string): void =>
  useEndWishes.setState(({ counts }) => ({ counts: { ...counts, [sessionId]: (counts[sessionId] ?? 0) + 1 } }));
