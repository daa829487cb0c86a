import { useState } from 'react';

const kept = new Map<string, Map<string, unknown>>();

/** State of a card that outlives its leaving the screen: what was typed into it is there again when it comes back. */
export function useKept<T>(approvalId: string, name: string, first: () => T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const of = kept.get(approvalId);
    return of?.has(name) ? (of.get(name) as T) : first();
  });
  const keep = (next: T) => {
    kept.set(approvalId, (kept.get(approvalId) ?? new Map()).set(name, next));
    setValue(next);
  };
  return [value, keep];
}

/** Lets go of what belonged to approvals that are no more. */
export function forgetKept(isThere: (approvalId: string) => boolean): void {
  for (const id of kept.keys()) if (!isThere(id)) kept.delete(id);
}
