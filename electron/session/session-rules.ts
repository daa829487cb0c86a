import type { RuleBookDeps } from '../permissions/rule-book.ts';
import type { SessionManager } from './session-manager.ts';

/** Rules that sessions keep, for the rule book. */
export const rulesInSessions = (manager: SessionManager): RuleBookDeps['sessions'] => ({
  withRules: () =>
    manager.listing.all().flatMap(({ id, title, rules }) => (rules === undefined ? [] : [{ id, title, rules }])),
  rules: async (id) => (await manager.getSession(id)).state.head.config.rules,
  setRules: (id, rules) => manager.configure(id, { rules }),
});
