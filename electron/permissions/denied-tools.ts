import { forbidsTool } from './rule-match.ts';
import { parsedRules } from './rules.ts';

/** The tools of which deny rules leave something: of the others a model is not told. Should it call one all the same, it is denied. */
export function notDenied<T extends { name: string }>(tools: T[], deny: string[]): T[] {
  const rules = parsedRules(deny);
  return tools.filter(({ name }) => !rules.some((rule) => forbidsTool(rule, name)));
}
