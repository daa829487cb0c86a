import type { AppEvent, QueuedApproval, SessionSummary } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import type { LedgerRow } from '../../shared/session/ledger.ts';
import type { IndexEntry } from '../storage/index-entry.ts';

/** Where the listing is kept between starts; only a cache, so nothing here may be the only copy of a fact. */
export interface ListingCache {
  put(id: string, entry: IndexEntry): void;
  remove(id: string): void;
}

/**
 * All sessions without their bodies, and all pending approvals. Tells of a change only when a row really differs, so that a stream of
 * deltas does not become a stream of equal rows.
 */
export class Listing {
  readonly #entries = new Map<string, IndexEntry>();
  readonly #emit: (event: AppEvent) => void;
  readonly #cache: ListingCache | undefined;

  constructor(emit: (event: AppEvent) => void, cache?: ListingCache) {
    this.#emit = emit;
    this.#cache = cache;
  }

  get(id: string): SessionSummary | undefined {
    return this.#entries.get(id)?.summary;
  }

  /** Throws `notFound`. */
  require(id: string): SessionSummary {
    const summary = this.get(id);
    if (!summary) throw new WorkbenchError('notFound', `There is no session ${id}.`);
    return summary;
  }

  journalBytes(id: string): number | undefined {
    return this.#entries.get(id)?.journalBytes;
  }

  all(): SessionSummary[] {
    return [...this.#entries.values()].map((entry) => entry.summary);
  }

  count(): number {
    return this.#entries.size;
  }

  ledger(id: string): LedgerRow[] {
    return this.#entries.get(id)?.ledger ?? [];
  }

  ledgers(): LedgerRow[][] {
    return [...this.#entries.values()].map((entry) => entry.ledger);
  }

  approvals(): QueuedApproval[] {
    return [...this.#entries.values()].flatMap((entry) => entry.approvals).sort((a, b) => a.at - b.at);
  }

  put(entry: IndexEntry): void {
    const { id } = entry.summary;
    const before = this.#entries.get(id);
    this.#entries.set(id, entry);
    this.#cache?.put(id, entry);
    if (!before || !isSame(before.summary, entry.summary))
      this.#emit({ type: 'session.listed', session: entry.summary });
    const now = new Set(entry.approvals.map((approval) => approval.id));
    for (const gone of before?.approvals.filter((approval) => !now.has(approval.id)) ?? []) {
      this.#emit({ type: 'approval.unlisted', id: gone.id });
    }
    for (const approval of entry.approvals) {
      const known = before?.approvals.find((old) => old.id === approval.id);
      if (!known || !isSame(known, approval)) this.#emit({ type: 'approval.listed', approval });
    }
  }

  /** What a start found: told as one event, for telling of each would cost the square of their number. */
  fill(entries: IndexEntry[]): void {
    const fresh = entries.filter(({ summary }) => !this.#entries.has(summary.id));
    for (const entry of entries) {
      if (this.#entries.has(entry.summary.id)) this.put(entry);
    }
    for (const entry of fresh) {
      this.#entries.set(entry.summary.id, entry);
      this.#cache?.put(entry.summary.id, entry);
    }
    const sessions = fresh.map((entry) => entry.summary);
    const approvals = fresh.flatMap((entry) => entry.approvals);
    if (sessions.length > 0) this.#emit({ type: 'sessions.listed', sessions, approvals });
  }

  /** Changes parts of a row, such as who owns the session. */
  mark(id: string, changes: Partial<SessionSummary>): void {
    const entry = this.#entries.get(id);
    if (entry) this.put({ ...entry, summary: { ...entry.summary, ...changes } });
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#cache?.remove(id);
    for (const approval of entry.approvals) this.#emit({ type: 'approval.unlisted', id: approval.id });
    this.#emit({ type: 'session.unlisted', id });
  }

  /** From the root session to this one. A parent that is not there ends the way. */
  path(id: string): { id: string; title: string }[] {
    const path: { id: string; title: string }[] = [];
    for (
      let next = this.get(id);
      next && path.length < 32;
      next = next.parentId ? this.get(next.parentId) : undefined
    ) {
      path.unshift({ id: next.id, title: next.title });
    }
    return path;
  }

  children(id: string): string[] {
    return this.all()
      .filter((summary) => summary.parentId === id)
      .map((summary) => summary.id);
  }

  /** The session and everything below it, each after the one above it. */
  tree(id: string): string[] {
    return [id, ...this.children(id).flatMap((child) => this.tree(child))];
  }
}

/** Part by part, for most of a row are the very same values as before. */
function isSame<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(b) as (keyof T)[];
  return Object.keys(a).length === keys.length && keys.every((key) => isSameValue(a[key], b[key]));
}

const isSameValue = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
