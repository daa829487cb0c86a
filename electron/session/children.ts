import { WorkbenchError } from '../../shared/errors.ts';
import { openCalls } from '../../shared/session/selectors.ts';
import type { Stores } from '../storage/stores.ts';
import type { ChildrenPort } from '../tools/task.ts';
import { createChildPlaces } from './child-places.ts';
import type { Deletion } from './deletion.ts';
import type { Listing } from './listing.ts';
import { childConfigOf, type NewSession } from './new-session.ts';
import type { OpenSessions } from './open-sessions.ts';
import { type Runner, type RunResult, resultOfLastRun } from './runner.ts';
import { canonicalWorkspace } from './workspace.ts';

export interface ChildrenDeps {
  sessions: OpenSessions;
  listing: Listing;
  store: Stores;
  deletion: Pick<Deletion, 'destroy'>;
}

/** Makes the children of sessions, whoever asks for one, and runs those of the `task` tool. */
export class Children implements ChildrenPort {
  readonly #deps: ChildrenDeps;
  readonly #sessions: OpenSessions;
  readonly #places: ReturnType<typeof createChildPlaces>;

  constructor(deps: ChildrenDeps) {
    this.#deps = deps;
    this.#sessions = deps.sessions;
    this.#places = createChildPlaces((id) => deps.listing.children(id).length);
  }

  /**
   * Returns its id. `callId` is the call that it works for. Throws `limit` where a session may have no further child, `invalid` for
   * another workspace, and `busy` where the session is being closed.
   */
  async create(parentId: string, config: Partial<NewSession>, callId?: string): Promise<string> {
    const { session, runner } = await this.#sessions.activate(parentId);
    const { head } = session.state;
    const { workspace } = head.config;
    if (config.workspace && (await canonicalWorkspace(config.workspace)) !== workspace) {
      throw new WorkbenchError('invalid', 'A child works in the workspace of its parent.');
    }
    const parent = callId ? { sessionId: parentId, callId } : { sessionId: parentId };
    const childId = await this.#places.fill({ id: parentId, depth: head.depth }, () => {
      runner.refuseIfClosing();
      return this.#sessions.create(
        childConfigOf(head.config, { ...config, workspace }),
        { depth: head.depth + 1, parent },
        { store: this.#deps.store.storeOf(parentId) },
      );
    });
    if (runner.closing) await this.#deps.deletion.destroy(childId, 'destroy');
    runner.refuseIfClosing();
    const title = config.title ?? '';
    await session.saved(session.append({ type: 'child.spawned', childId, ...(callId ? { callId } : {}), title }));
    return childId;
  }

  readonly run: ChildrenPort['run'] = async ({ sessionId, callId }, { title, prompt }, signal) => {
    const parent = await this.#sessions.activate(sessionId);
    const call = openCalls(parent.session.state).find((open) => open.id === callId);
    const childId = call?.childId ?? (await this.create(sessionId, { title }, callId));
    const { runner } = await this.#sessions.open(childId);
    const result = call?.childId
      ? await resultFromBefore(runner, signal)
      : await runner.generate(prompt, 'parent', signal);
    return { outcome: result.outcome, text: result.text, ...(result.error ? { error: result.error.message } : {}) };
  };
}

/** The result of a child from before a restart, which is never asked again. */
async function resultFromBefore(runner: Runner, signal: AbortSignal): Promise<RunResult> {
  const { state } = runner.session;
  const promptId = state.head.run?.promptId;
  if (runner.running && promptId) return runner.resultOf(promptId, signal);
  return resultOfLastRun(state) ?? { runId: '', outcome: 'interrupted', text: '' };
}
