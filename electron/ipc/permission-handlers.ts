import { orThrow } from '../../shared/errors.ts';
import type { TestedCall } from '../../shared/ipc/contract.ts';
import { asCsv, asJsonLines, type DecisionLog } from '../decisions/decision-log.ts';
import { readPolicyFile } from '../permissions/policy-file.ts';
import type { RecentCalls } from '../permissions/recent-calls.ts';
import type { RuleBook } from '../permissions/rule-book.ts';
import { parseRule } from '../permissions/rules.ts';
import type { Handlers } from './router.ts';

export interface PermissionHandlerDeps {
  book: RuleBook;
  recent: RecentCalls;
  decisions: DecisionLog;
  /** The session and workspace that a pending approval belongs to. Throws `stale`. */
  placeOf(approvalId: string): { sessionId: string; workspace: string };
  test(call: string, sessionId: string | undefined): Promise<TestedCall>;
  saveText(windowId: number, name: string, text: string): Promise<string | undefined>;
  openText(windowId: number, extensions: string[]): Promise<string | undefined>;
}

type PermissionRoutes = Extract<keyof Handlers, `rules.${string}` | `policy.${string}` | `decisions.${string}`>;

/** Rules, the decision log. */
export function createPermissionHandlers(deps: PermissionHandlerDeps): Pick<Handlers, PermissionRoutes> {
  const { book, recent, decisions } = deps;
  return {
    'rules.list': () => ({ rules: book.list() }),
    'rules.add': ({ place, kind, rule, term }) => book.add(place, kind, rule, term),
    'rules.addAll': ({ place, rules }) => book.addRules(place, rules),
    'policy.read': async (_input, { windowId }) => {
      const text = await deps.openText(windowId, ['json']);
      return text === undefined ? {} : { file: readPolicyFile(text) };
    },
    'rules.change': ({ place, kind, text, next }) => book.change(place, kind, text, next),
    'rules.remove': ({ place, kind, texts }) => book.remove(place, kind, texts),
    'rules.test': ({ call, sessionId }) => deps.test(call, sessionId),
    'rules.preview': ({ id, rules, scope }) => {
      for (const rule of rules) orThrow(parseRule(rule));
      const here = deps.placeOf(id);
      return recent.matching(rules, (sessionId, workspace) => {
        if (scope === 'session') return sessionId === here.sessionId;
        return scope === 'user' || workspace === here.workspace;
      });
    },
    'decisions.list': async () => ({ decisions: await decisions.list() }),
    'decisions.export': async ({ format }, { windowId }) => {
      const entries = await decisions.list();
      const text = format === 'csv' ? asCsv(entries) : asJsonLines(entries);
      const path = await deps.saveText(windowId, `decisions.${format}`, text);
      return path === undefined ? {} : { path };
    },
  };
}
