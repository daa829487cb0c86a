import { WorkbenchError } from '../../shared/errors.ts';
import type { LedgerRow } from '../../shared/session/ledger.ts';
import type { Log } from '../log.ts';
import type { DeletedCosts } from '../storage/deleted-costs.ts';
import type { Stores } from '../storage/stores.ts';
import type { ContextKeeper } from './context-keeper.ts';
import type { Listing } from './listing.ts';
import type { OpenSessions, SessionSurroundings } from './open-sessions.ts';
import { moveUp, takePlaceOf } from './reparent.ts';

export interface DeletionDeps {
  sessions: OpenSessions;
  listing: Listing;
  context: Pick<ContextKeeper, 'stop'>;
  store: Stores;
  onUnsaved: SessionSurroundings['onUnsaved'];
  /** Where costs stay when their session goes. */
  deletedCosts: Pick<DeletedCosts, 'record'> | undefined;
  log: Log;
}

/** Takes sessions away for good: refuse, cancel, await, close, delete; children first. */
export class Deletion {
  readonly #deps: DeletionDeps;
  readonly #destroying = new Map<string, Promise<void>>();

  constructor(deps: DeletionDeps) {
    this.#deps = deps;
  }

  /**
   * Asked again meanwhile, it is the same deletion. Throws `notFound`, `elsewhere`, what the disk says when it would not let go of it,
   * and `busy` from a shutdown on.
   */
  destroy(id: string, children: 'destroy' | 'keep'): Promise<void> {
    const destroying = this.#destroying.get(id) ?? this.#destroy(id, children);
    this.#destroying.set(id, destroying);
    return destroying.finally(() => this.#destroying.delete(id));
  }

  async #destroy(id: string, children: 'destroy' | 'keep'): Promise<void> {
    const { sessions, listing } = this.#deps;
    listing.require(id);
    if (children === 'keep') await this.#releaseChildren(id);
    const live = await sessions.open(id).catch((thrown) => {
      if (thrown instanceof WorkbenchError && ['elsewhere', 'busy'].includes(thrown.code)) throw thrown;
      return undefined;
    });
    live?.runner.refuse();
    // Before its children go: its run would make others in their place.
    await live?.runner.cancel();
    for (const childId of listing.children(id)) await this.destroy(childId, 'destroy');
    await this.#deps.context.stop(id);
    if (live) await live.session.saved(live.session.append({ type: 'session.destroyed' }));
    await sessions.leave(id, async () => {
      live?.unsubscribe();
      await live?.log.close(2000);
      if (live) this.#deps.onUnsaved?.(this.#deps.store.storeOf(id), id, undefined);
      await this.#remove(id, live?.session.state.head.ledger ?? listing.ledger(id));
    });
    listing.remove(id);
  }

  /**
   * Ends a deletion that was cut off. That it is deleted is a fact already, so it is not listed, whether the disk lets go of it now or
   * at a later start. Never throws.
   */
  async finish(id: string, ledger: LedgerRow[]): Promise<void> {
    this.#deps.listing.remove(id);
    await this.#remove(id, ledger).catch((thrown: unknown) => {
      this.#deps.log.warn('A deleted session could not be removed yet', { session: id, reason: String(thrown) });
    });
  }

  /** Its costs are noted before it goes; what lives in memory alone is to leave nothing on disk. */
  async #remove(id: string, ledger: LedgerRow[]): Promise<void> {
    if (this.#deps.store.storeOf(id) !== 'memory') await this.#deps.deletedCosts?.record(id, ledger);
    await this.#deps.store.remove(id);
  }

  /** Those below a session move up a place, no freer than before. What they did for its run ends with that run. */
  async #releaseChildren(id: string): Promise<void> {
    const { sessions, listing } = this.#deps;
    const { session, runner } = await sessions.activate(id);
    const children = new Set(listing.children(id));
    const [, ...members] = listing.tree(id);
    const below = await Promise.all(members.map((member) => sessions.open(member)));
    runner.refuse();
    await runner.cancel();
    const moved = below.map((live) => {
      const appended = children.has(live.session.id) ? takePlaceOf(live.session, session) : moveUp(live.session);
      sessions.list(live.session);
      return live.session.saved(appended);
    });
    await Promise.all(moved);
  }
}
