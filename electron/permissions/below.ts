import type { CallFacts } from './call-facts.ts';
import { exists, isWithin } from './canonical-path.ts';
import { deniedPlaces } from './denied-places.ts';
import { walkFolder } from './folder-walk.ts';
import { coversPath, plainPlace } from './path-pattern.ts';
import type { Decision, DecisionContext, PolicyInput } from './policy.ts';
import { protectedReason } from './protected-paths.ts';
import { parsedRules, type Rule } from './rules.ts';

/** Questions about what a call reads in folders without naming it. */
export interface Below {
  denied?: Decision;
  secret?: Decision;
  asked?: Decision;
}

type PathRule = Extract<Rule, { kind: 'path' }>;

const maxEntries = 20_000;

const readRules = (texts: string[]): PathRule[] =>
  parsedRules(texts).filter((rule): rule is PathRule => rule.kind === 'path' && rule.tool === 'read');

/** Walks each folder once, however many rules ask. */
function walker() {
  const walks = new Map<string, ReturnType<typeof walkFolder>>();
  return (folder: string) => {
    const walk = walks.get(folder) ?? walkFolder(folder, maxEntries);
    walks.set(folder, walk);
    return walk;
  };
}

/** Something in the folders that a rule names; the folder itself where there is too much in it to tell. */
async function foundBelow(
  rule: PathRule,
  folders: string[],
  facts: CallFacts,
  walk: ReturnType<typeof walker>,
): Promise<string | undefined> {
  const plain = plainPlace(rule.pattern, facts.place);
  for (const folder of folders) {
    if (plain !== undefined) {
      if (isWithin(folder, plain) && (await exists(plain))) return plain;
      continue;
    }
    const entries = await walk(folder);
    if (!entries) return folder;
    const hit = entries.find(({ path }) =>
      coversPath(rule.pattern, path, facts.place, { anyCase: true, folder: false }),
    );
    if (hit) return hit.path;
  }
  return undefined;
}

const shown = (path: string, { place }: CallFacts): string =>
  isWithin(place.workspace, path) ? path.slice(place.workspace.length + 1) || '.' : path;

/** Looks into the folders that a call goes through. A search tool leaves out what deny rules name by itself, so only ask rules count there. */
export async function findBelow(facts: CallFacts, policy: PolicyInput, context: DecisionContext): Promise<Below> {
  const reaching = facts.shell?.commands.flatMap(({ reach }) => (reach ? [reach] : [])) ?? [];
  const inLine = reaching.flatMap(({ facts: reached }) => reached.flatMap(({ places }) => places ?? []));
  const searches = facts.tool === 'grep' || facts.tool === 'glob';
  const folders = searches ? facts.paths.flatMap(({ places }) => places ?? []) : inLine;
  if (folders.length === 0) return {};
  const walk = walker();
  const below: Below = {};
  if (inLine.length > 0 && !(await heldBack(facts, policy, context))) {
    for (const rule of readRules(policy.deny)) {
      const hit = await foundBelow(rule, inLine, facts, walk);
      if (hit === undefined) continue;
      const reason = `Deny rule \`${rule.text}\` may cover what this reads in folders, such as \`${shown(hit, facts)}\``;
      below.denied ??= { decision: 'ask', reason, rule: rule.text };
    }
  }
  for (const rule of readRules(policy.ask)) {
    if ((await foundBelow(rule, folders, facts, walk)) === undefined) continue;
    below.asked ??= { decision: 'ask', reason: `Ask rule \`${rule.text}\``, rule: rule.text };
  }
  const opened = reaching.filter(({ contents }) => contents).flatMap(({ facts: reached }) => reached);
  for (const folder of opened.flatMap(({ places }) => places ?? [])) {
    for (const { path } of (await walk(folder)) ?? []) {
      const reason = protectedReason(path, 'read', facts.place);
      if (reason) return { ...below, secret: { decision: 'ask', reason: `Reads all in a folder, and ${reason}` } };
    }
  }
  return below;
}

/** The sandbox hides what deny rules name, where it could be found. */
async function heldBack({ place }: CallFacts, policy: PolicyInput, { sandbox }: DecisionContext): Promise<boolean> {
  return sandbox?.state.state === 'on' && (await deniedPlaces(policy.deny, place)).open === undefined;
}
