import { homedir } from 'node:os';
import type { CallFacts } from './call-facts.ts';
import { isWithin } from './canonical-path.ts';
import { deniedPlaces } from './denied-places.ts';
import type { PathFact } from './path-facts.ts';
import type { Decision, DecisionContext, PolicyInput } from './policy.ts';

const ownTemp = process.platform === 'win32' ? homedir() : '/tmp';

/** Known to lead out of where a sandboxed command is at home. What an unknown program's words mean is left to the sandbox. */
const leaves = (fact: PathFact, workspace: string): boolean =>
  (fact.places ?? []).some((place) => !isWithin(workspace, place) && !isWithin(ownTemp, place));

/**
 * A command that the sandbox holds in, where the person wants no questions for those. One that is known to use places elsewhere still
 * asks: it would fail there, or read what nobody expects it to.
 */
export async function bySandbox(
  { shell, place }: CallFacts,
  policy: PolicyInput,
  { sandbox }: DecisionContext,
): Promise<Decision | undefined> {
  if (!shell || !sandbox?.autoAllow || sandbox.state.state !== 'on') return undefined;
  const known = shell.commands.flatMap((command) => (command.known ? command.named : []));
  if ([...known, ...shell.redirects].some((fact) => leaves(fact, place.workspace))) return undefined;
  const { open } = await deniedPlaces(policy.deny, place);
  if (open !== undefined) {
    const reason = `The sandbox cannot keep to the deny rule \`${open}\`, whose files are too many to find`;
    return { decision: 'ask', reason, rule: open };
  }
  return { decision: 'allow', reason: 'Runs in the sandbox, and your settings ask no question for that' };
}

/** Why a command that the setting would let through is asked about all the same. */
export const withoutSandbox = ({ sandbox }: DecisionContext): string =>
  sandbox?.autoAllow && sandbox.state.state === 'off' ? `Not in the sandbox, for ${sandbox.state.reason}. ` : '';
