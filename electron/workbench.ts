import { cpSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { customAlphabet } from 'nanoid';
import type { AppState, ModelStatus } from '../shared/app/state.ts';
import { orThrow, WorkbenchError } from '../shared/errors.ts';
import type { EventBatch } from '../shared/ipc/types.ts';
import { alwaysAsk, isSameConfirmation } from '../shared/permissions/confirmation.ts';
import type { SessionState } from '../shared/session/state.ts';
import { AppStream } from './app-stream.ts';
import { createBroker } from './approvals/broker.ts';
import { createCallInspector } from './approvals/call-inspector.ts';
import { followPolicy } from './approvals/follow-policy.ts';
import { createNotices } from './approvals/notices.ts';
import { createAssets } from './assets.ts';
import { createDecisionLog } from './decisions/decision-log.ts';
import { createHandlers, type Host } from './ipc/handlers.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { createWindowStreams } from './ipc/window-streams.ts';
import type { Log } from './log.ts';
import { wireMemory } from './memory/wire-memory.ts';
import { findLocalServers } from './model/discovery.ts';
import { createModelSource } from './model/model-source.ts';
import { createProfiles } from './model/profiles.ts';
import { createCallTest } from './permissions/call-test.ts';
import { createGrants } from './permissions/grants.ts';
import { createPermissions } from './permissions/permissions.ts';
import type { PolicyInput } from './permissions/policy.ts';
import { createPolicyWatch } from './permissions/policy-watch.ts';
import { createRecentCalls } from './permissions/recent-calls.ts';
import { createRuleBook } from './permissions/rule-book.ts';
import { policyOf, rulesOfSession } from './permissions/rule-sources.ts';
import { plainName } from './permissions/rules.ts';
import { createWorkspacePolicies } from './permissions/workspace-policies.ts';
import { createRedactor, redact as redactSecrets } from './redact.ts';
import { redactBytes, redactEvent } from './redact-event.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { type Countdown, countdown, type UnsavedSession } from './session/closing.ts';
import { wantsOutside } from './session/command-sandbox.ts';
import { loopPorts } from './session/loop-ports.ts';
import { followOutside } from './session/outside.ts';
import { createSearchIndex } from './session/search-index.ts';
import { SessionManager } from './session/session-manager.ts';
import { rulesInSessions } from './session/session-rules.ts';
import { createTitler } from './session/titler.ts';
import { wireSkills } from './skills/wire-skills.ts';
import { createDeletedCosts } from './storage/deleted-costs.ts';
import { createFileStore } from './storage/file-store.ts';
import { createLayoutStore } from './storage/layout.ts';
import { createMemoryStore } from './storage/memory-store.ts';
import { createRuleUses } from './storage/rule-uses.ts';
import { createSearchFiles } from './storage/search-files.ts';
import type { Secrets } from './storage/secrets.ts';
import { createSessionIndex } from './storage/session-index.ts';
import type { SessionStore } from './storage/session-store.ts';
import { createSettings } from './storage/settings.ts';
import { watchHealth } from './storage/store-health.ts';
import { createStores } from './storage/stores.ts';
import { builtInTools } from './tools/built-in.ts';
import { childEnvironment } from './tools/child-env.ts';
import { createPlanTool } from './tools/plan.ts';
import { createRegistry } from './tools/registry.ts';
import { createTaskTool } from './tools/task.ts';
import type { Tool } from './tools/tool.ts';

export interface WorkbenchDeps {
  /** The window owns the index and the layout, and has a person to ask; the command line has neither. */
  kind: 'window' | 'cli';
  userDataDir: string;
  /** Folder of programs and grammars; undefined when running from sources. */
  assetsDir: string | undefined;
  env: NodeJS.ProcessEnv;
  log: Log;
  secrets: Secrets;
  host?: Host;
  folderToOpen?: string;
  /** From flags of the command line; stands above every other model. */
  model?: { baseUrl?: string; model?: string };
  versions?: { app: string; electron?: string };
  store?: SessionStore;
  /** Further places where sessions can be kept, by their names. */
  stores?: SessionStore[];
  /** Further tools for agents, such as those of MCP servers, named `mcp__server__tool`. */
  tools?: Tool[];
  /** Found on this machine when absent. */
  sandbox?: Sandbox;
  now?: () => number;
  newId?: () => string;
}

const newIdOfRun = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16);

/** Electron older than this is the runtime that development falls back to, never what a user gets. */
const oldestShippedElectron = 40;

/**
 * Wires everything, free of Electron: the same for the window, the command line and the tests. It returns at once; what takes time goes
 * on behind `ready`.
 */
export async function createWorkbench(deps: WorkbenchDeps) {
  const { userDataDir, env, log, secrets } = deps;
  const now = deps.now ?? Date.now;
  const newId = deps.newId ?? newIdOfRun;
  const isWindow = deps.kind === 'window';
  mkdirSync(userDataDir, { recursive: true, mode: 0o700 });

  const settings = createSettings({ path: join(userDataDir, 'settings.json'), log });
  const index = createSessionIndex({ path: join(userDataDir, 'index.json'), readOnly: !isWindow, log });
  const indexed = isWindow ? index.load() : undefined;
  const [loaded] = await Promise.all([
    settings.load({ readOnly: !isWindow }),
    secrets.load().catch((thrown: unknown) => log.warn('Stored keys could not be read', { reason: String(thrown) })),
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
  const app = new AppStream(newId(), firstState(deps, settings.current(), models.status()));
  const tell = (text: string, hint?: string) =>
    app.emit({ type: 'notice.listed', notice: { id: newId(), level: 'warning', text, ...(hint ? { hint } : {}) } });
  if (loaded.problem) tell(loaded.problem);

  const redact = createRedactor(() => [...secrets.known(), ...(env.OPENAI_API_KEY ? [env.OPENAI_API_KEY] : [])]);
  const memory = deps.store?.name === 'memory' ? [] : [createMemoryStore()];
  const store = createStores(deps.store ?? createFileStore({ root: userDataDir, log }), [
    ...memory,
    ...(deps.stores ?? []),
  ]);
  const health = watchHealth(store, ({ store, problem: reason }, before) => {
    app.emit(reason === undefined ? { type: 'store.healthy', store } : { type: 'persistence.failed', store, reason });
    if (reason === undefined && before?.problem !== undefined)
      void manager.finder.lookAtStores().catch(() => undefined);
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
  const brought = createWorkspacePolicies(() => void broker.policyChanged());
  const policyWatch = createPolicyWatch(brought.look);
  const policy = ({ id, head: { config } }: SessionState): PolicyInput =>
    policyOf(settings.current(), id, config, now(), brought.rules(config.workspace));
  const ruleSource = (rule: string, state: SessionState) =>
    rulesOfSession(settings.current(), state.id, state.head.config, brought.rules(state.head.config.workspace)).find(
      (one) => one.rule === rule,
    )?.place.source ?? 'parent';
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
  const registry = createRegistry([
    ...builtInTools({ rg: assets.rg }),
    createTaskTool({ run: (...call) => manager.children.run(...call) }),
    createPlanTool({
      leavePlanMode: async (id) => {
        const { mode } = (await manager.getSession(id)).state.head.config;
        if (mode !== 'plan') return mode;
        await manager.configure(id, { mode: 'manual' });
        return 'manual';
      },
    }),
    ...(deps.tools ?? []),
  ]);
  const declared = (name: string) => {
    const { effects, mainArgument } = registry.get(name) ?? {};
    return { ...(effects ? { effects } : {}), ...(mainArgument === undefined ? {} : { mainArgument }) };
  };
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
        policy: (of) => policy(of.state),
        lookAtPolicy: (of) => brought.look(of.state.head.config.workspace),
        followPolicy: (of) => policyWatch.hold(of.state.head.config.workspace),
        ruleSource: (rule, of) => ruleSource(rule, of.state),
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
  const book = createRuleBook({
    settings,
    brought,
    sessions: rulesInSessions(manager),
    uses: (rule) => uses?.of(rule),
    now,
  });
  const recent = createRecentCalls({
    decide: permissions.decide,
    workspaceOf: (id) => manager.listing.get(id)?.workspace,
    declared,
    home: homedir(),
  });
  if (uses) manager.subscribeAll(uses);
  manager.subscribeAll(recent);
  followPolicy({ settings, sessions: manager, changed: broker.policyChanged, paused: broker.clocksChanged });
  secrets.onHome((home) => app.emit({ type: 'secrets.changed', secrets: home }));

  let focused = 0;
  const focus = (id: string, approvalId?: string) => {
    focused += 1;
    app.emit({ type: 'session.focused', focus: { id, count: focused, ...(approvalId ? { approvalId } : {}) } });
  };
  const openFolder = async (folder: string) => {
    try {
      focus(await manager.createSession({ workspace: folder }));
    } catch (thrown) {
      const error = thrown instanceof WorkbenchError ? thrown : undefined;
      tell(error?.message ?? String(thrown), error?.hint);
    }
  };

  const begin = async () => {
    if (!indexed) return;
    await manager.loadAllSessions(await indexed);
    if (deps.folderToOpen) await openFolder(deps.folderToOpen);
    else if (manager.sessionCount() === 0) focus(await firstSession(manager, assets.sample, userDataDir));
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
      review: ({ sessionId, id }) => focus(sessionId, id),
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
  const search = createSearchIndex({
    sessions: manager.reader.versions,
    state: manager.reader.state,
    log,
    ...(isWindow && !deps.store ? { files: createSearchFiles({ folder: join(userDataDir, 'search'), log }) } : {}),
  });
  app.subscribe(({ event }) => {
    if (event.type === 'session.unlisted') void search.forget(event.id);
  });
  const handlers = createHandlers({
    manager,
    broker,
    streams,
    app,
    grants: createGrants({
      pending: (id) => {
        const { home, approval } = orThrow(broker.pending(id));
        return { state: home.state(), call: { tool: approval.tool, args: approval.args } };
      },
      declared,
      policy,
      book,
      suggestRule: permissions.suggestRule,
      findCovered: permissions.findCovered,
      home: homedir(),
      now,
    }),
    inspector: createCallInspector({
      pending: (id) => {
        const { home, approval } = orThrow(broker.pending(id));
        return { approval, workspace: home.state().head.config.workspace };
      },
      tools: async (workspace) => [...registry.list(), ...(await skills.desk.forWorkspace(workspace)).tools],
      redact,
    }),
    permission: {
      book,
      recent,
      decisions: createDecisionLog({
        sessionIds: () => manager.getAllSessions().map(({ id }) => id),
        state: manager.reader.state,
      }),
      placeOf: (id) => {
        const { home } = orThrow(broker.pending(id));
        return { sessionId: home.id, workspace: home.state().head.config.workspace };
      },
      test: createCallTest({
        session: async (id) => {
          const { state } = await manager.getSession(id);
          await brought.look(state.head.config.workspace);
          return { state, ancestors: manager.reader.ancestors(id) };
        },
        bare: () => ({ workspace: homedir(), settings: settings.current() }),
        policy,
        ruleSource,
        sandbox: async ({ tool, args }, workspace) =>
          plainName(tool) === 'bash'
            ? {
                state: await sandbox.stateFor(workspace, wantsOutside(args)),
                autoAllow: settings.current().sandbox.autoAllow,
              }
            : undefined,
        decideInTree: permissions.decideInTree,
        declared,
        home: homedir(),
        now,
      }),
      saveText: (...what) => (deps.host ?? noHost).saveText(...what),
      openText: (...what) => (deps.host ?? noHost).openText(...what),
    },
    skills,
    sandbox,
    memory: remembered,
    profiles: createProfiles({ settings, secrets, newId }),
    settings,
    layout,
    search,
    deletedCosts,
    host: deps.host ?? noHost,
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
    const written = [layout.flush(), uses?.flush()];
    await time.wait(ready);
    unfollow();
    broker.stop();
    policyWatch.close();
    health.stop();
    await time.wait(titler?.close() ?? Promise.resolve());
    const unsaved = await manager.shutdown(time.left() * 0.9);
    await time.wait(
      Promise.all([index.flush(), search.close(), deletedCosts.flush(), ...written, models.close(), sandbox.close()]),
    );
    return unsaved;
  }

  return {
    manager,
    router,
    app,
    /** Resolves when stored sessions are listed and unfinished runs are taken up or closed. */
    ready,
    /** What was wrong with the stored settings when it started: defaults stand for all of them then, rules too. */
    settingsProblem: loaded.problem,
    /** Throws `notConfigured` with what to do when no model can be had. */
    async requireModel(): Promise<void> {
      orThrow(await models.resolve());
    },
    openFolder,
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

/** A folder of its own with something to look at, so that the first session can show what the workbench does. */
async function firstSession(manager: SessionManager, sample: string, userDataDir: string): Promise<string> {
  const workspace = join(userDataDir, 'sample');
  // Once in a lifetime, a dozen small files: by turns with main's other work it would take ten times as long.
  cpSync(sample, workspace, { recursive: true, force: false, errorOnExist: false });
  return manager.createSession({ workspace, title: 'Sample workspace' });
}

function firstState(deps: WorkbenchDeps, settings: AppState['settings'], model: AppState['model']): AppState {
  const electron = deps.versions?.electron;
  return {
    sessions: {},
    approvals: [],
    settings,
    model,
    secrets: deps.secrets.home(),
    notices: [],
    stores: [],
    sandbox: { state: 'checking' },
    runtime: {
      version: deps.versions?.app ?? '',
      ...(electron ? { electron } : {}),
      testRuntime: electron !== undefined && Number.parseInt(electron, 10) < oldestShippedElectron,
      dataDir: deps.userDataDir,
      sampleDir: join(deps.userDataDir, 'sample'),
    },
  };
}

function modelName({ choices, defaultId }: ModelStatus, id: string | undefined): string {
  const choice = choices.find((one) => one.id === (id ?? defaultId));
  if (!choice) return id === undefined ? 'the default one' : 'one that is no longer set up';
  return id === undefined ? `the default one, ${choice.name}` : choice.name;
}

const needsWindow = async (): Promise<never> => {
  throw new WorkbenchError('unsupported', 'This needs the window.');
};
const noHost: Host = {
  openOutside: needsWindow,
  openFolder: needsWindow,
  chooseFolder: needsWindow,
  openText: needsWindow,
  saveText: needsWindow,
  setTheme: () => {},
};
