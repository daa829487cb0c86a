import type { SessionSummary } from '../../shared/app/state.ts';
import type { ListFilter, ListOrder } from '../../shared/ipc/contract.ts';
import { isBusy } from '../../shared/session/selectors.ts';

/** Which of two roots stands first. Equals stand newest first. */
export function compareBy(order: ListOrder): (a: SessionSummary, b: SessionSummary) => number {
  const newest = (a: SessionSummary, b: SessionSummary) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
  switch (order) {
    case 'created':
      return newest;
    case 'updated':
      return (a, b) => b.updatedAt - a.updatedAt || newest(a, b);
    case 'title':
      return (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true }) || newest(a, b);
    case 'cost':
      return (a, b) => b.totals.cost - a.totals.cost || newest(a, b);
  }
}

/** Whether a session itself is what the filter is for; `archived` tells whether it or one above it is archived. */
export function isWanted(session: SessionSummary, filter: ListFilter, archived: boolean): boolean {
  if (archived || filter === 'archived') return archived && filter === 'archived';
  switch (filter) {
    case 'all':
      return true;
    case 'working':
      return isBusy(session.status);
    case 'waiting':
      return session.waiting + session.setAside > 0;
    case 'done':
      return !isBusy(session.status) && session.status !== 'idle';
  }
}
