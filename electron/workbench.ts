import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { orThrow, toFailure } from '../shared/errors.ts';
import type { EventBatch } from '../shared/ipc/types.ts';
import { alwaysAsk, isSameConfirmation } from '../shared/permissions/confirmation.ts';
import { AppStream, firstState, runtimeOf } from './app-stream.ts';
import { createBroker } from './approvals/broker.ts';
import { createNotices } from './approvals/notices.ts';
import { createAssets } from './assets.ts';
import { createHandlers } from './ipc/handlers.ts';
import { noHost } from './ipc/host.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { createWindowStreams } from './ipc/window-streams.ts';
import { wirePermissions } from './ipc/wire-permissions.ts';
import { wireMemory } from './memory/wire-memory.ts';
import { findLocalServers } from './model/discovery.ts';
import { createModelSource } from './model/model-source.ts';
import { createProfiles } from './model/profiles.ts';
import { newId as generateId } from './new-id.ts';
import { createPermissions } from './permissions/permissions.ts';
import { createPolicies } from './permissions/policies.ts';
import { createRedactor, redact as redactSecrets } from './redact.ts';
import { redactBytes, redactEvent } from './redact-event.ts';
import { createSandbox } from './sandbox/sandbox.ts';
import { wireSearch } from './search/wire-search.ts';
import { type Countdown, countdown, type UnsavedSession } from './session/closing.ts';
import { modelName } from './session/configure.ts';
import { loopPorts } from './session/loop-ports.ts';
import { createOpener } from './session/opener.ts';
import { followOutside } from './session/outside.ts';
import { SessionManager } from './session/session-manager.ts';
import { sessionTools } from './session/session-tools.ts';
import { createTitler } from './session/titler.ts';
import { wireSkills } from './skills/wire-skills.ts';
import { within } from './storage/deadline.ts';
import { createDeletedCosts } from './storage/deleted-costs.ts';
import { createLayoutStore } from './storage/layout.ts';
import { createRuleUses } from './storage/rule-uses.ts';
import { createSessionIndex } from './storage/session-index.ts';
import { createSettings } from './storage/settings.ts';
import { answerMs } from './storage/stores.ts';
import { wireStores } from './storage/wire-stores.ts';
import { builtInTools } from './tools/built-in.ts';
import { childEnvironment } from './tools/child-env.ts';
import { createRegistry } from './tools/registry.ts';
import type { WorkbenchDeps } from './workbench-deps.ts';

/**
 * Wires everything, free of Electron: the same for the window, the command line and the tests. It returns at once; what takes time goes
 * on behind `ready`.
 */
export async function createWorkbench(deps: WorkbenchDeps) {
  const { userDataDir, env, log, secrets } = deps;
  const now = deps.now ?? Date.now;
  const newId = deps.newId ?? generateId;
  const isWindow = deps.kind === 'window';
  mkdirSync(userDataDir, { recursive: true, mode: 0o700 });

  const settings = createSettings({ path: join(userDataDir, 'settings.json'), log });
  const index = createSessionIndex({ path: join(userDataDir, 'index.json'), readOnly: !isWindow, log });
  const indexed = isWindow ? index.load() : undefined;
  const [loaded, keysProblem] = await Promise.all([
    settings.load({ readOnly: !isWindow }),
    secrets.load().catch((thrown: unknown) => {
      log.warn('Stored keys could not be read', { reason: String(thrown) });
      return `Stored keys could not be read. ${toFailure(thrown).message}`;
    }),
  ]);
  const models = createModelSource({
    kind: deps.kind,
    env,
    settings: settings.current,
    keys: secrets,
    probe: findLocalServers,
    // With what it needs of Node, which a start can do without.
    startDemo: async () => (await import('./model/demo/server.ts')).startDemoServer(),
    flags: deps.model,
  });
  const app = new AppStream(
    newId(),
    firstState({
      settings: settings.current(),
      model: models.status(),
      secrets: secrets.home(),
      runtime: runtimeOf(userDataDir, deps.versions),
    }),
  );
  const tell = (text: string, hint?: string) =>
    app.emit({ type: 'notice.listed', notice: { id: newId(), level: 'warning', text, ...(hint ? { hint } : {}) } });
  if (loaded.problem) tell(loaded.problem);
  if (keysProblem) tell(keysProblem, 'Enter the keys that are missing again in Settings, Models.');

  const redact = createRedactor(secrets.known, env.OPENAI_API_KEY);
  const { store, health } = wireStores({
    ...{ userDataDir, store: deps.store, stores: deps.stores, emit: app.emit, log },
    onRecovered: () => void manager.finder.lookAtStores().catch(() => undefined),
  });
  const deletedCosts = createDeletedCosts({
    path: join(userDataDir, 'deleted-costs.json'),
    log,
    isListed: (id) => manager.listing.get(id) !== undefined,
  });
  const layout = createLayoutStore({ path: join(userDataDir, 'workbench.json'), log });
  const broker = createBroker(newId, now);
  const assets = createAssets(deps.assetsDir);
  const permissions = createPermissions({ loadWasm: assets.wasm, protectedFolders: [userDataDir] });
  const policies = createPolicies({ settings, changed: () => void broker.policyChanged(), now });
  const uses = isWindow ? createRuleUses({ path: join(userDataDir, 'rule-uses.json'), log }) : undefined;

  const skills = wireSkills({ userDataDir, settings, session: (id) => manager.getSession(id), tell, now, log });
  const sandbox =
    deps.sandbox ??
    createSandbox({
      env,
      home: homedir(),
      protectedFolders: [userDataDir],
      settings: () => settings.current().sandbox,
      onStatus: (status) => app.emit({ type: 'sandbox.changed', sandbox: status }),
    });

  const remembered = wireMemory({
    ...{ userDataDir, settings, redactOwn: redact, tell, now, newId, log },
    leftOut: async (id) => (await manager.getSession(id)).state.head.config.memoryLeftOut,
  });
  const ours = [...builtInTools({ rg: assets.rg }), ...sessionTools(() => manager)];
  const registry = createRegistry([...ours, ...(deps.tools ?? [])], ['skill', 'manage_skill', 'remember', 'recall']);
  const manager: SessionManager = new SessionManager({
    store,
    onUnsaved: health.report,
    onStoreAdded: () => void health.check(),
    broker,
    tools: registry.list,
    ports: (session, ancestors) =>
      loopPorts(session, ancestors, {
        tools: registry.list,
        model: models.resolve,
        permissions,
        policy: (of) => policies.of(of.state),
        lookAtPolicy: (of) => policies.look(of.state),
        followPolicy: (of) => policies.follow(of.state),
        ruleSource: (rule, of) => policies.sourceOf(rule, of.state),
        broker,
        skills: (workspace) => skills.desk.forWorkspace(workspace),
        memory: (workspace, leftOut) => remembered.forSession(workspace, leftOut),
        tree: manager.reader.usedInTree,
        someoneAnswers: isWindow,
        home: homedir(),
        protectedFolders: [userDataDir],
        sandbox: { of: sandbox, settings: () => settings.current().sandbox },
        childEnvironment: () => childEnvironment(env, settings.current().environment),
        blobs: (of) => {
          const { read, write } = manager.blobs(of.id);
          return { read, write: (bytes) => write(redactBytes(bytes, redact)) };
        },
        now,
        newId,
      }),
    models: {
      resolve: models.resolve,
      name: (id) => modelName(models.status(), id),
      setDefault: async (defaultProfileId) => {
        await settings.change((now) => ({ ...now, defaultProfileId }));
      },
    },
    skills: skills.desk,
    memory: remembered,
    compactsWhenIdle: isWindow,
    redact: (event) => redactEvent(event, redact),
    emit: app.emit,
    ...(isWindow ? { cache: index, deletedCosts } : {}),
    defaultMode: () => settings.current().defaultMode,
    defaultConfirmation: () => {
      const policy = settings.current().defaultConfirmation;
      return isWindow && !isSameConfirmation(policy, alwaysAsk) ? policy : undefined;
    },
    someoneAnswers: isWindow,
    now,
    newId,
    log,
  });

  models.onChange((model) => app.emit({ type: 'model.changed', model }));
  settings.onChange((changed, problem) => {
    app.emit({ type: 'settings.changed', settings: changed });
    if (problem) tell(problem);
    skills.follow();
    void models.refresh();
  });
  const host = deps.host ?? noHost;
  const deciding = wirePermissions({
    ...{ manager, broker, engine: permissions, policies, sandbox, settings, redact, host, now },
    ...(uses ? { uses } : {}),
    registry,
    toolsOfSkills: async (workspace) => (await skills.desk.forWorkspace(workspace)).tools,
    home: homedir(),
  });
  secrets.onHome((home) => app.emit({ type: 'secrets.changed', secrets: home }));

  const opener = createOpener({ manager, emit: app.emit, tell, sample: assets.sample, userDataDir });
  const begin = async () => {
    if (!indexed) return;
    await manager.loadAllSessions(await indexed);
    if (deps.folderToOpen) await within(opener.folder(deps.folderToOpen), answerMs);
    else if (manager.sessionCount() === 0 && !store.isSilent()) await within(opener.sample(), answerMs);
  };
  const ready = begin().catch((thrown: unknown) => {
    log.error('start failed', { error: String((thrown as Error)?.stack ?? thrown) });
    tell(`Stored sessions could not be listed: ${thrown instanceof Error ? thrown.message : thrown}`);
  });

  const notices = deps.host?.notices;
  if (notices) {
    createNotices({
      app,
      host: notices,
      redact: (text) => redactSecrets(redact(text)),
      answer: (answer) => manager.answerApproval(answer),
      review: ({ sessionId, id }) => opener.focus(sessionId, id),
    });
  }
  if (isWindow) void ready.then(health.check);

  const streams = createWindowStreams(app);
  let unfollow = () => {};
  if (isWindow && !deps.store) {
    void ready.then(() => {
      unfollow = followOutside(join(userDataDir, 'sessions'), manager, streams.poke);
    });
  }
  const search = wireSearch({
    app,
    sessions: manager.reader.versions,
    state: manager.reader.state,
    log,
    ...(isWindow && !deps.store ? { folder: join(userDataDir, 'search') } : {}),
  });
  const handlers = createHandlers({
    manager,
    broker,
    streams,
    app,
    ...deciding,
    skills,
    sandbox,
    memory: remembered,
    profiles: createProfiles({ settings, secrets, newId }),
    settings,
    layout,
    search,
    deletedCosts,
    host,
    ready,
  });
  const titler = isWindow
    ? createTitler({
        subscribeAll: (subscriber) => manager.subscribeAll(subscriber),
        session: (id) => manager.getSession(id),
        model: models.resolve,
        enabled: () => settings.current().modelTitles,
        log,
      })
    : undefined;
  let ending: Promise<UnsavedSession[]> | undefined;
  const router: Router = createRouter(handlers, log, () => ending === undefined);

  async function end(time: Countdown): Promise<UnsavedSession[]> {
    const written = layout.flush();
    await time.wait(ready);
    unfollow();
    broker.stop();
    policies.close();
    const asked = health.stop();
    await time.wait(titler?.close() ?? Promise.resolve());
    const unsaved = await manager.shutdown(time.left() * 0.9);
    await time.wait(
      Promise.all([
        asked,
        index.flush(),
        search.close(),
        deletedCosts.flush(),
        uses?.flush(),
        written,
        models.close(),
        sandbox.close(),
      ]),
    );
    return unsaved;
  }

  return {
    manager,
    router,
    app,
    /** Resolves when stored sessions are listed and unfinished runs are taken up or closed. */
    ready,
    /** What was wrong with the stored settings when it started, and whether what is left of them is enough to run by. */
    settingsProblem:
      loaded.problem === undefined ? undefined : { text: loaded.problem, usable: loaded.usable === true },
    /** Throws `notConfigured` with what to do when no model can be had. */
    async requireModel(): Promise<void> {
      orThrow(await models.resolve());
    },
    openFolder: opener.folder,
    /** Asks every store now whether it takes facts. */
    checkStores: health.check,
    attachWindow: (windowId: number, send: (batch: EventBatch) => void) => streams.attach(windowId, send),
    detachWindow: streams.detach,
    saveBounds: layout.saveBounds,
    /**
     * Ordered: requests are refused, runs end or go on waiting, journals are written and closed, then the caches. Resolves by the
     * deadline with the sessions whose newest facts are in memory alone; empty when nothing is lost. Asked again, it is the same one.
     */
    shutdown(deadlineMs: number): Promise<UnsavedSession[]> {
      ending ??= end(countdown(deadlineMs));
      return ending;
    },
  };
}

export type Workbench = Awaited<ReturnType<typeof createWorkbench>>;
