import { orThrow, WorkbenchError } from '../../shared/errors.ts';
import {
  endOfTerm,
  hasEnded,
  type ListedRule,
  type RuleKind,
  type RulePlace,
  type RuleTerm,
  readTimedRule,
  ruleKinds,
  writeTimedRule,
} from '../../shared/permissions/rules.ts';
import type { Rules } from '../../shared/session/config.ts';
import type { Settings } from '../../shared/settings.ts';
import type { RuleUse } from '../storage/rule-uses.ts';
import { noRules, rulesAt } from './rule-sources.ts';
import { formatRule, parseRuleFor } from './rules.ts';
import { type WorkspacePolicies, workspacePolicyFile } from './workspace-policies.ts';

export interface RuleBookDeps {
  settings: { current(): Settings; change(mutate: (settings: Settings) => Settings): Promise<Settings> };
  sessions: {
    /** Sessions with rules of their own. */
    withRules(): { id: string; title: string; rules: Rules }[];
    rules(sessionId: string): Promise<Rules>;
    setRules(sessionId: string, rules: Rules): Promise<void>;
  };
  /** Rules of files in workspaces, which are changed there. */
  brought: Pick<WorkspacePolicies, 'rules' | 'workspaces'>;
  uses(rule: string): RuleUse | undefined;
  now(): number;
}

type Change = (rules: Rules) => Rules;

const without = (rules: Rules, kind: RuleKind, text: string): Rules => ({
  ...rules,
  [kind]: rules[kind].filter((other) => other !== text),
});

const withAll = (rules: Rules, kind: RuleKind, texts: string[]): Rules => ({
  ...rules,
  [kind]: [...rules[kind], ...texts.filter((text) => !rules[kind].includes(text))],
});

const countRules = (rules: Rules): number => rules.allow.length + rules.ask.length + rules.deny.length;

const isEmpty = (rules: Rules): boolean => countRules(rules) === 0;

/** All rules of all places: lists them with how often they decided, and changes them. */
export function createRuleBook({ settings, sessions, brought, uses, now }: RuleBookDeps) {
  const changeAt = async (place: RulePlace, change: Change): Promise<void> => {
    if (place.source === 'session') {
      await sessions.setRules(place.sessionId, change(await sessions.rules(place.sessionId)));
    } else if (place.source === 'user') {
      await settings.change((current) => ({ ...current, rules: change(current.rules) }));
    } else {
      await settings.change((current) => {
        const { [place.workspace]: old = noRules, ...others } = current.workspaceRules;
        const changed = change(old);
        return { ...current, workspaceRules: isEmpty(changed) ? others : { ...others, [place.workspace]: changed } };
      });
    }
  };

  const listAt = (rules: Rules, place: RulePlace, where?: string): ListedRule[] =>
    rulesAt(rules, place).map((rule) => {
      const parsed = parseRuleFor(rule.kind, rule.rule);
      const use = uses(rule.rule);
      return {
        ...rule,
        ended: hasEnded(rule, now()),
        ...(parsed.ok ? {} : { problem: parsed.error.message }),
        hits: use?.hits ?? 0,
        ...(use ? { lastUsedAt: use.lastAt } : {}),
        ...(where ? { where } : {}),
      };
    });

  /** As it will be stored. Throws `invalid` with what is wrong and how to write it. */
  const checked = (kind: RuleKind, rule: string, term: RuleTerm): string => {
    const until = endOfTerm(term, now());
    return writeTimedRule({
      rule: formatRule(orThrow(parseRuleFor(kind, rule))),
      ...(until === undefined ? {} : { until }),
    });
  };

  return {
    list(): ListedRule[] {
      const { rules, workspaceRules } = settings.current();
      return [
        ...listAt(rules, { source: 'user' }),
        ...Object.entries(workspaceRules).flatMap(([workspace, own]) =>
          listAt(own, { source: 'workspace', workspace }, workspace),
        ),
        ...brought.workspaces().flatMap((workspace) =>
          listAt(brought.rules(workspace), { source: 'workspace', workspace }, workspace).map((rule) => ({
            ...rule,
            file: workspacePolicyFile,
          })),
        ),
        ...sessions
          .withRules()
          .flatMap(({ id, title, rules: own }) => listAt(own, { source: 'session', sessionId: id }, title)),
      ];
    },

    addAll: (place: RulePlace, kind: RuleKind, texts: string[]) =>
      changeAt(place, (rules) => withAll(rules, kind, texts)),

    /** Rules of every kind at once, each checked before any is added. Tells how many were not there before. */
    async addRules(place: RulePlace, rules: Rules): Promise<{ added: number }> {
      const all = ruleKinds.flatMap((kind) =>
        rules[kind].map((rule) => ({ kind, text: checked(kind, rule, 'never') })),
      );
      let added = 0;
      await changeAt(place, (before) => {
        const after = all.reduce((now, { kind, text }) => withAll(now, kind, [text]), before);
        added = countRules(after) - countRules(before);
        return after;
      });
      return { added };
    },

    async add(place: RulePlace, kind: RuleKind, rule: string, term: RuleTerm): Promise<{ text: string }> {
      const text = checked(kind, rule, term);
      await changeAt(place, (rules) => withAll(rules, kind, [text]));
      return { text };
    },

    /** Puts another rule in the place of one, which keeps its end. Throws `notFound` when that one is gone. */
    async change(
      place: RulePlace,
      kind: RuleKind,
      text: string,
      next: { kind: RuleKind; rule: string },
    ): Promise<void> {
      const { until } = readTimedRule(text);
      const rule = formatRule(orThrow(parseRuleFor(next.kind, next.rule)));
      const written = writeTimedRule({ rule, ...(until === undefined ? {} : { until }) });
      await changeAt(place, (rules) => {
        if (!rules[kind].includes(text)) throw new WorkbenchError('notFound', 'This rule is no longer there.');
        return withAll(without(rules, kind, text), next.kind, [written]);
      });
    },

    remove: (place: RulePlace, kind: RuleKind, texts: string[]): Promise<void> =>
      changeAt(place, (rules) => texts.reduce((left, text) => without(left, kind, text), rules)),
  };
}

export type RuleBook = ReturnType<typeof createRuleBook>;
