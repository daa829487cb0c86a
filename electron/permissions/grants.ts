import { orThrow } from '../../shared/errors.ts';
import type { Grant, GrantChoices } from '../../shared/ipc/contract.ts';
import { endOfTerm, type RulePlace, writeTimedRule } from '../../shared/permissions/rules.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { FindCovered } from './covered.ts';
import type { Declared, PolicyInput, SuggestRule } from './policy.ts';
import type { RuleBook } from './rule-book.ts';
import { formatRule, parseRuleFor } from './rules.ts';

export interface GrantsDeps {
  pending(approvalId: string): { state: SessionState; call: { tool: string; args: unknown } };
  /** What the tool declares about itself. */
  declared(tool: string): Declared;
  policy(state: SessionState): PolicyInput;
  book: Pick<RuleBook, 'addAll'>;
  suggestRule: SuggestRule;
  findCovered: FindCovered;
  home: string;
  now(): number;
}

/** More sub-commands than this nobody ticks one by one. */
const maxRules = 20;

/** "Always allow…": proposes the narrowest rules, one for each part that needs one, and saves those that the person settled on. */
export function createGrants({ pending, declared, policy, book, suggestRule, findCovered, home, now }: GrantsDeps) {
  return {
    /** Each rule is taken for given before the next is looked for, so that together they cover the call. */
    async suggest(approvalId: string): Promise<GrantChoices> {
      const { state, call } = pending(approvalId);
      const context = { workspace: state.head.config.workspace, home, ...declared(call.tool) };
      const own = policy(state);
      const rules: string[] = [];
      let reason: string | undefined;
      let pairs: string[] | undefined;
      while (rules.length < maxRules) {
        const next = await suggestRule(call, { ...own, allow: [...own.allow, ...rules] }, context);
        if (next.rule === undefined || rules.includes(next.rule)) {
          if (rules.length === 0) reason = next.reason;
          break;
        }
        rules.push(next.rule);
        pairs = next.pairs;
        reason = next.reason;
      }
      const covered = rules.length === 0 ? [] : await findCovered(call, own, context);
      return {
        rules,
        ...(pairs ? { pairs } : {}),
        ...(reason ? { reason } : {}),
        ...(covered.length > 0 ? { covered } : {}),
      };
    },

    /** Throws `invalid` at once for a rule that does not parse; the returned function saves them and says what was saved. */
    prepare(approvalId: string, grant: Grant): () => Promise<{ place: RulePlace; texts: string[] }> {
      const rules = grant.rules.map((rule) => formatRule(orThrow(parseRuleFor('allow', rule))));
      const { state } = pending(approvalId);
      const { workspace } = state.head.config;
      const places: Record<typeof grant.scope, RulePlace> = {
        session: { source: 'session', sessionId: state.id },
        workspace: { source: 'workspace', workspace },
        user: { source: 'user' },
      };
      const place = places[grant.scope];
      return async () => {
        const until = endOfTerm(grant.term ?? 'never', now());
        const texts = rules.map((rule) => writeTimedRule({ rule, ...(until === undefined ? {} : { until }) }));
        await book.addAll(place, 'allow', texts);
        return { place, texts };
      };
    },
  };
}

export type Grants = ReturnType<typeof createGrants>;
