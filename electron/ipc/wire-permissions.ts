import { orThrow } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Broker } from '../approvals/broker.ts';
import { createCallInspector } from '../approvals/call-inspector.ts';
import { followPolicy } from '../approvals/follow-policy.ts';
import { createDecisionLog } from '../decisions/decision-log.ts';
import { createCallTest } from '../permissions/call-test.ts';
import { createGrants } from '../permissions/grants.ts';
import type { Permissions } from '../permissions/permissions.ts';
import type { Policies } from '../permissions/policies.ts';
import { createRecentCalls } from '../permissions/recent-calls.ts';
import { createRuleBook, type RuleBookDeps } from '../permissions/rule-book.ts';
import { plainName } from '../permissions/rules.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { wantsOutside } from '../session/command-sandbox.ts';
import type { SessionManager } from '../session/session-manager.ts';
import { rulesInSessions } from '../session/session-rules.ts';
import type { RuleUses } from '../storage/rule-uses.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import type { Host } from './host.ts';
import type { PermissionHandlerDeps } from './permission-handlers.ts';

export interface PermissionWiring {
  manager: SessionManager;
  broker: Broker;
  engine: Permissions;
  policies: Policies;
  sandbox: Pick<Sandbox, 'stateFor'>;
  settings: RuleBookDeps['settings'] & { onChange(listener: (settings: Settings) => void): () => void };
  /** Absent where nobody looks at them. */
  uses?: RuleUses;
  registry: ToolRegistry;
  /** What skills add to them in a session of this folder. */
  toolsOfSkills(workspace: string): Promise<Tool[]>;
  /** Takes our own keys out. */
  redact(text: string): string;
  host: Pick<Host, 'saveText' | 'openText'>;
  home: string;
  now(): number;
}

/** What a person decides, and changes their rules, with. What waits is judged again from here on when rules change. */
export function wirePermissions(deps: PermissionWiring) {
  const { manager, broker, engine, policies, settings, uses, registry, home, now } = deps;
  const { listing } = manager;
  const pending = (id: string) => {
    const { home: session, approval } = orThrow(broker.pending(id));
    return { session, approval, state: session.state() };
  };
  const declared = (tool: string) => {
    const { effects, mainArgument } = registry.get(tool) ?? {};
    return { ...(effects ? { effects } : {}), ...(mainArgument === undefined ? {} : { mainArgument }) };
  };
  const book = createRuleBook({
    settings,
    brought: policies.brought,
    sessions: rulesInSessions(manager),
    uses: (rule) => uses?.of(rule),
    now,
  });
  const recent = createRecentCalls({
    decide: engine.decide,
    workspaceOf: (id) => listing.get(id)?.workspace,
    declared,
    home,
  });
  if (uses) manager.subscribeAll(uses);
  manager.subscribeAll(recent);
  followPolicy({ settings, sessions: manager, changed: broker.policyChanged, paused: broker.clocksChanged });

  const permission: PermissionHandlerDeps = {
    book,
    recent,
    decisions: createDecisionLog({
      sessionIds: () => manager.getAllSessions().map(({ id }) => id),
      state: manager.reader.state,
    }),
    placeOf: (id) => {
      const { session, state } = pending(id);
      return { sessionId: session.id, workspace: state.head.config.workspace };
    },
    test: createCallTest({
      session: async (id) => {
        const { state } = await manager.getSession(id);
        await policies.look(state);
        return { state, ancestors: manager.reader.ancestors(id) };
      },
      bare: () => ({ workspace: home, settings: settings.current() }),
      policy: policies.of,
      ruleSource: policies.sourceOf,
      sandbox: async ({ tool, args }, workspace) =>
        plainName(tool) === 'bash'
          ? {
              state: await deps.sandbox.stateFor(workspace, wantsOutside(args)),
              autoAllow: settings.current().sandbox.autoAllow,
            }
          : undefined,
      decideInTree: engine.decideInTree,
      declared,
      home,
      now,
    }),
    saveText: (...what) => deps.host.saveText(...what),
    openText: (...what) => deps.host.openText(...what),
  };

  return {
    grants: createGrants({
      pending: (id) => {
        const { approval, state } = pending(id);
        return { state, call: { tool: approval.tool, args: approval.args } };
      },
      declared,
      policy: policies.of,
      book,
      suggestRule: engine.suggestRule,
      findCovered: engine.findCovered,
      home,
      now,
    }),
    inspector: createCallInspector({
      pending: (id) => {
        const { approval, state } = pending(id);
        return { approval, workspace: state.head.config.workspace };
      },
      tools: async (workspace) => [...registry.list(), ...(await deps.toolsOfSkills(workspace))],
      redact: deps.redact,
      assessRisk: (call, about) => engine.assessRisk(call, { ...about, home }),
    }),
    permission,
  };
}
