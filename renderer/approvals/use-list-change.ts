import { useRef } from 'react';

/** When the list of cards last changed under the person, in milliseconds of the page's clock; the first showing counts as a change. */
export function useListChange(ids: string): () => number {
  const seen = useRef<{ ids: string; at: number }>(undefined);
  if (seen.current?.ids !== ids) seen.current = { ids, at: performance.now() };
  return () => seen.current?.at ?? 0;
}
