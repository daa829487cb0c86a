import type { SessionSummary } from '../../shared/app/state.ts';
import type { Totals } from '../../shared/session/state.ts';
import { workedMs } from '../../shared/session/work.ts';

/** What a session and all below it have used. */
export interface TreeUse {
  descendants: number;
  totals: Totals;
  turns: number;
  workedMs: number;
}

/** Sums over the listed sessions of a tree; undefined when its root is not listed. */
export function treeUse(sessions: Record<string, SessionSummary>, id: string, now: number): TreeUse | undefined {
  const root = sessions[id];
  if (!root) return undefined;
  const members = [root];
  const all = Object.values(sessions);
  for (let place = 0; place < members.length; place += 1) {
    members.push(...all.filter((session) => session.parentId === members[place]?.id && !members.includes(session)));
  }
  return {
    descendants: members.length - 1,
    totals: members.map((member) => member.totals).reduce(addTotals),
    turns: members.reduce((sum, { work }) => sum + (work?.turns ?? 0), 0),
    workedMs: members.reduce((sum, { work }) => sum + workedMs(work, now), 0),
  };
}

const addTotals = (a: Totals, b: Totals): Totals => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cachedInput: a.cachedInput + b.cachedInput,
  modelCalls: a.modelCalls + b.modelCalls,
  cost: a.cost + b.cost,
  unpriced: a.unpriced + b.unpriced,
});
