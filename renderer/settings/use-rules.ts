import { useCallback, useEffect, useState } from 'react';
import type { ListedRule } from '../../shared/permissions/rules.ts';
import { listRules } from '../actions.ts';
import { useApp } from '../state/app-store.ts';

/** All rules with their uses, read again when a rule changes anywhere; undefined until they are there. */
export function useRules(): ListedRule[] | undefined {
  const [rules, setRules] = useState<ListedRule[]>();
  const changes = useApp(({ settings, sessions }) =>
    JSON.stringify([settings.rules, settings.workspaceRules, Object.values(sessions).map((session) => session.rules)]),
  );
  const read = useCallback(async () => {
    const answer = await listRules();
    if (answer.ok) setRules(answer.value.rules);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change is what this answers
  useEffect(() => void read(), [read, changes]);
  return rules;
}
