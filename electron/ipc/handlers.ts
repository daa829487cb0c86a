import { orThrow } from '../../shared/errors.ts';
import type { Answer, Layout, SavedGrant } from '../../shared/ipc/contract.ts';
import { newestWindow } from '../../shared/session/replica.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import type { AppStream } from '../app-stream.ts';
import type { Broker } from '../approvals/broker.ts';
import type { CallInspector } from '../approvals/call-inspector.ts';
import type { MemoryDesk } from '../memory/memory-desk.ts';
import type { Profiles } from '../model/profiles.ts';
import type { Grants } from '../permissions/grants.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { summarizeCosts } from '../session/costs.ts';
import type { SessionManager } from '../session/session-manager.ts';
import { canonicalWorkspace } from '../session/workspace.ts';
import type { DeletedCosts } from '../storage/deleted-costs.ts';
import type { Host } from './host.ts';
import { createMemoryHandlers } from './memory-handlers.ts';
import { createPermissionHandlers, type PermissionHandlerDeps } from './permission-handlers.ts';
import type { Handlers } from './router.ts';
import { createSkillHandlers, type SkillHandlerDeps } from './skill-handlers.ts';
import type { WindowStreamsRegistry } from './window-streams.ts';

export interface HandlerDeps {
  manager: SessionManager;
  broker: Broker;
  streams: WindowStreamsRegistry;
  app: AppStream;
  grants: Grants;
  inspector: CallInspector;
  permission: PermissionHandlerDeps;
  skills: SkillHandlerDeps['skills'];
  memory: MemoryDesk;
  profiles: Profiles;
  settings: { current(): Settings; change(mutate: (settings: Settings) => Settings): Promise<Settings> };
  layout: { load(): Promise<Layout>; save(layout: Layout): Promise<void> };
  search: SearchIndex;
  deletedCosts?: Pick<DeletedCosts, 'rows'>;
  sandbox: { check(): Promise<unknown> };
  host: Host;
  /** Resolves when the index is filled: a window shows nothing half. */
  ready: Promise<void>;
}

/** One handler a route; each is a line or two over the part of the workbench that does it. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { manager, broker, streams, app, grants, profiles, settings, layout, host } = deps;
  return {
    'app.open': async (_input, { windowId }) => {
      await deps.ready;
      return streams.openApp(windowId);
    },
    'app.dismissNotice': ({ id }) => app.emit({ type: 'notice.unlisted', id }),

    'session.create': async (input) => ({ sessionId: await manager.createSession(input) }),
    'session.open': async ({ sessionId }, { windowId }) => {
      try {
        return streams.openSession(windowId, await manager.getSession(sessionId));
      } catch (thrown) {
        const state = await manager.reader.unopened(sessionId, thrown);
        streams.followOnceOpened(windowId, sessionId, (subscriber) => manager.subscribeAll(subscriber));
        return newestWindow(state);
      }
    },
    'session.close': ({ sessionId }, { windowId }) => streams.closeSession(windowId, sessionId),
    'session.items': async ({ sessionId, before, limit }) => {
      const { items, firstItem } = await stateOf(manager, sessionId);
      const end = Math.max(0, before - firstItem);
      return { items: items.slice(Math.max(0, end - limit), end) };
    },
    'session.blob': async ({ sessionId, hash }) => {
      return { text: new TextDecoder().decode(await manager.reader.blob(sessionId, hash)) };
    },
    'session.configure': ({ sessionId, changes, unset }) => manager.configure(sessionId, changes, unset),
    'session.fork': async ({ sessionId, promptId }) => ({ sessionId: await manager.forkSession(sessionId, promptId) }),
    'session.clear': ({ sessionId }) => manager.clear(sessionId),
    'branch.restore': ({ sessionId, branchId }) => manager.restoreBranch(sessionId, branchId),
    'session.pause': async ({ sessionId }) => ({ changed: await manager.pauseSession(sessionId) }),
    'session.resume': async ({ sessionId }) => ({ changed: await manager.resumeSession(sessionId) }),
    'session.archive': ({ sessionId, archived }) => manager.archiveSession(sessionId, archived),
    'session.export': async ({ sessionId, format }, { windowId }) => {
      const text = await manager.exportSession(sessionId, format);
      const path = await host.saveText(windowId, exportName(manager.listing.get(sessionId)?.title, format), text);
      return path === undefined ? {} : { path };
    },
    'session.import': async (_input, { windowId }) => {
      const text = await host.openText(windowId, ['json']);
      return text === undefined ? {} : { sessionId: await manager.importSession(text) };
    },
    'session.destroy': ({ sessionId, children }) => manager.destroySession(sessionId, children),

    'context.preview': ({ sessionId }) => manager.context.preview(sessionId),
    'context.message': ({ sessionId, place }) => manager.context.previewMessage(sessionId, place),
    'context.previewCompaction': ({ sessionId }) => manager.context.previewCompaction(sessionId),
    'context.compact': async ({ sessionId, instructions }) => {
      const { tokensBefore, tokensAfter } = await manager.context.compact(sessionId, instructions);
      return { tokensBefore, tokensAfter };
    },
    'context.restore': ({ sessionId, compactionId }) => manager.context.restore(sessionId, compactionId),
    'context.editSummary': ({ sessionId, compactionId, text }) =>
      manager.context.editSummary(sessionId, compactionId, text),
    'context.pin': ({ sessionId, itemId, pinned }) => manager.context.pin(sessionId, itemId, pinned),
    'context.drop': ({ sessionId, itemId, dropped }) => manager.context.drop(sessionId, itemId, dropped),

    'prompt.send': ({ sessionId, text }) => manager.send(sessionId, text),
    'prompt.change': ({ sessionId, promptId, text }) =>
      manager.changeQueue(sessionId, (queue) => queue.changePrompt(promptId, text)),
    'prompt.move': ({ sessionId, promptId, place }) =>
      manager.changeQueue(sessionId, (queue) => queue.movePrompt(promptId, place)),
    'prompt.sendNow': ({ sessionId, promptId }) => manager.changeQueue(sessionId, (queue) => queue.sendNow(promptId)),
    'prompt.steer': ({ sessionId, text }) => manager.steer(sessionId, text),
    'prompt.resend': ({ sessionId, promptId, text }) => manager.resendPrompt(sessionId, promptId, text),
    'prompt.remove': ({ sessionId, promptId }) =>
      manager.changeQueue(sessionId, (queue) => queue.removePrompt(promptId)),
    'run.start': async ({ sessionId }) => ({
      started: await manager.changeQueue(sessionId, (queue) => queue.startNext()),
    }),
    'run.cancel': async ({ sessionId }) => ({ cancelled: await manager.cancelOperation(sessionId) }),

    'approval.answer': async (answer) => {
      await broker.ready(answer.id);
      return answerAndGrant(manager, grants, answer);
    },
    'approval.defer': async ({ id, deferred }) => {
      await broker.ready(id);
      await manager.deferApproval(id, deferred);
    },
    'approval.editing': async ({ id }) => {
      await broker.ready(id);
      return deps.inspector.editing(id);
    },
    'approval.look': async ({ id }) => {
      await broker.ready(id);
      return deps.inspector.look(id);
    },
    'approval.assess': async ({ id, args }) => {
      await broker.ready(id);
      return deps.inspector.assess(id, args);
    },
    'approval.suggestRule': async ({ id }) => {
      await broker.ready(id);
      return grants.suggest(id);
    },

    'confirmation.set': async ({ sessionId, policy }) => ({
      inForce: await manager.setConfirmationPolicy(sessionId, policy),
    }),

    'search.query': async ({ text }) => {
      // Before all sessions are listed, those that are not would count as deleted.
      await deps.ready;
      return deps.search.query(text);
    },
    'costs.summary': async () => {
      const deleted = await deps.deletedCosts?.rows();
      return summarizeCosts(manager.listing.ledgers(), deleted);
    },
    ...createPermissionHandlers(deps.permission),
    ...createMemoryHandlers(deps.memory, (id) => manager.listing.get(id)?.workspace),
    ...createSkillHandlers({
      skills: deps.skills,
      workspaceOf: (id) => manager.listing.get(id)?.workspace,
      settings,
      openFolder: (path) => host.openFolder(path),
    }),

    'workspace.choose': async (_input, { windowId }) => {
      const path = await host.chooseFolder(windowId);
      return path === undefined ? {} : { path };
    },
    'workspace.check': async ({ path }) => ({ path: await canonicalWorkspace(path) }),

    'settings.change': async ({ changes }) => {
      const changed = await settings.change((current) => ({ ...current, ...changes }));
      host.setTheme(changed.theme);
    },
    'sandbox.check': async () => {
      await deps.sandbox.check();
    },
    'profile.save': (input) => profiles.save(input.profile, input.key),
    'profile.remove': ({ id }) => profiles.remove(id),
    'profile.models': async ({ baseUrl, key, profileId }) => ({
      models: await profiles.models(baseUrl, key, profileId),
    }),

    'layout.load': () => layout.load(),
    'layout.save': (input) => layout.save(input),
    'link.open': ({ url }) => host.openOutside(url),
  };
}

/** Also of a session that this process does not own. */
async function stateOf(manager: SessionManager, sessionId: string): Promise<SessionState> {
  try {
    return (await manager.getSession(sessionId)).state;
  } catch (thrown) {
    return manager.reader.unopened(sessionId, thrown);
  }
}

/** A rule is checked before the answer and saved after it, so that neither stands without the other. */
async function answerAndGrant(
  manager: SessionManager,
  grants: Grants,
  answer: Answer,
): Promise<{ granted?: SavedGrant }> {
  const save = answer.grant && answer.decision === 'allow' ? grants.prepare(answer.id, answer.grant) : undefined;
  orThrow(await manager.answerApproval(answer));
  return save ? { granted: await save() } : {};
}

/** A file name that every system takes. */
const exportName = (title = 'session', format: 'json' | 'markdown'): string =>
  `${
    title
      .replace(/[^\p{L}\p{N} _-]+/gu, '')
      .trim()
      .slice(0, 60) || 'session'
  }.${format === 'json' ? 'json' : 'md'}`;
