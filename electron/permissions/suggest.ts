import { makeVisible } from '../../shared/visible.ts';
import { type ArgumentRule, argumentRule } from './argument-rule.ts';
import { type CallFacts, type FactSources, gatherFacts } from './call-facts.ts';
import { patternFor } from './path-pattern.ts';
import type { Decide, Decision, SuggestRule } from './policy.ts';
import { parsedRules, parseRule, type Rule } from './rules.ts';
import { programName } from './shell/file-programs.ts';
import { firstEscape } from './shell/program-escapes.ts';
import { literal, type Word } from './shell/shell-word.ts';
import { coverLine, isInside } from './shell-judge.ts';

/** Programs whose next word, or two, says what they do. */
const subcommands: Record<string, number> = Object.fromEntries([
  ...'git npm pnpm yarn bun cargo go docker podman kubectl helm terraform make just task gh pip pip3 uv poetry pipenv apt apt-get brew'
    .split(' ')
    .map((name) => [name, 1]),
  ...'dotnet rustup deno composer bundle rails rake mvn gradle ./gradlew ./mvnw npx bunx uvx systemctl conda turbo nx'
    .split(' ')
    .map((name) => [name, 1]),
]);

const twoWords =
  /^(npm|pnpm|yarn|bun) (run|exec|dlx)$|^(docker|podman) compose$|^gh (pr|issue|run|repo|workflow|api)$|^python3? -m$|^uv run$/;

const asWritten = (words: Word[]): string => words.map((word) => word.source).join(' ');

/** The words that a rule for the command should name; undefined when only the exact command is narrow enough. */
function prefixOf(words: Word[]): Word[] | undefined {
  const name = literal(words[0]) ?? '';
  const second = literal(words[1]);
  if (second === undefined) return undefined;
  let length = 0;
  if (twoWords.test(`${programName(words)} ${second}`)) length = 3;
  else if (Object.hasOwn(subcommands, name) && !second.startsWith('-')) length = 2;
  if (length === 0 || words.length < length) return undefined;
  const prefix = words.slice(0, length);
  if (prefix.some((word) => literal(word) === undefined)) return undefined;
  const escapes = firstEscape(words, length);
  return escapes === undefined ? prefix : undefined;
}

/** Prefixes that allow too much to be offered. */
const tooWide =
  /^(git (push|reset|clean|checkout|restore|config)|docker run|kubectl (delete|exec)|npm (exec|publish)|npx|python3? -c)/;

function commandRule(words: Word[]): string | undefined {
  const named = prefixOf(words);
  const prefix = named && asWritten(named);
  const text = prefix !== undefined && !tooWide.test(prefix) ? `Bash(${prefix} *)` : `Bash(${asWritten(words)})`;
  return parseRule(text).ok ? text : undefined;
}

function lineRules(facts: CallFacts, allow: Rule[], mayWrite: boolean): string[] {
  const { shell } = facts;
  if (!shell) return [];
  const rules: string[] = [];
  // Each rule is taken for given before the next gap is looked for, so that the list is complete.
  for (let round = 0; round < 20; round += 1) {
    const granted = [...allow, ...parsedRules(rules)];
    const coverage = coverLine(shell, facts, { allow: granted, mayWrite });
    if (coverage.covered) return rules;
    const redirect = shell.redirects.find(
      (fact) => fact.places && !(mayWrite && isInside(fact, facts.place.workspace)),
    );
    const next = coverage.missing
      ? commandRule(coverage.missing)
      : redirect?.places?.[0] &&
        `${redirect.access === 'write' ? 'Edit' : 'Read'}(${patternFor(redirect.places[0], facts.place)})`;
    if (!next || rules.includes(next)) return [];
    rules.push(next);
  }
  return [];
}

/** A line that only exactly this rule covers. */
function exactLine(facts: CallFacts): string | undefined {
  const text = `Bash(${facts.shell?.line.source.trim() ?? ''})`;
  const rule = parseRule(text);
  return rule.ok && rule.value.kind === 'command' && !rule.value.rest ? text : undefined;
}

/** For a tool that rules know nothing of but its name and its arguments. */
const byArguments = ({ shell, paths, host, tool, name, args }: CallFacts): ArgumentRule | undefined =>
  shell || paths.length > 0 || host || tool === 'webfetch' ? undefined : argumentRule(name, args);

function callRule(facts: CallFacts): string | undefined {
  if (facts.host) return `WebFetch(domain:${facts.host})`;
  const outside = facts.paths.find((fact) => !isInside(fact, facts.place.workspace)) ?? facts.paths[0];
  if (!outside) return byArguments(facts)?.rule;
  const place = outside.settled ? outside.places?.[0] : undefined;
  if (place === undefined) return undefined;
  const pattern = patternFor(place, facts.place);
  return `${outside.access === 'write' ? 'Edit' : 'Read'}(${outside.folder && !pattern.endsWith('**') ? `${pattern}/**` : pattern})`;
}

function ofAnyValue(left: string[]): string {
  const names = left.slice(0, 10).map((name) => `\`${makeVisible(name)}\``);
  const all =
    left.length > names.length ? `${names.join(', ')} and ${left.length - names.length} more` : names.join(', ');
  return `No rule can name ${all} (a list, an object, a long text, or characters that cannot be seen): any value is let through`;
}

const noHelp = ({ decision, reason, rule }: Decision): string => {
  if (decision === 'allow') return 'The call is allowed already';
  if (decision === 'deny') return `An allow rule would not help: ${reason}`;
  return rule
    ? `An allow rule would not help: the rule \`${rule}\` asks first`
    : `An allow rule would not help: ${reason}`;
};

/** A rule is offered only when it would really have let this call through. */
export const createSuggestRule =
  (decide: Decide, sources: FactSources): SuggestRule =>
  async (call, policy, context) => {
    const now = await decide(call, policy, context);
    // The tool's bare name is the widest rule there is for it.
    const widest = await decide(call, { ...policy, allow: [...policy.allow, call.tool] }, context);
    if (now.decision !== 'ask' || widest.decision !== 'allow')
      return { reason: noHelp(now.decision === 'ask' ? widest : now) };
    const facts = await gatherFacts(call, context, sources);
    const allow = parsedRules(policy.allow);
    const rules = facts.shell ? lineRules(facts, allow, policy.mode === 'accept-edits') : [];
    const first = facts.shell ? rules[0] : callRule(facts);
    if (rules.length > 1) return { rule: first! };
    if (first && (await helps(first))) {
      const { pairs = [], left = [] } = byArguments(facts) ?? {};
      return {
        rule: first,
        ...(pairs.length > 0 ? { pairs } : {}),
        ...(left.length > 0 ? { reason: ofAnyValue(left) } : {}),
      };
    }
    const exact = exactLine(facts);
    if (exact && (await helps(exact)))
      return { rule: exact, reason: 'Only this exact line: its parts cannot be judged on their own' };
    return { reason: `No rule is narrow enough: ${now.reason}` };

    async function helps(rule: string): Promise<boolean> {
      return (await decide(call, { ...policy, allow: [...policy.allow, rule] }, context)).decision === 'allow';
    }
  };
