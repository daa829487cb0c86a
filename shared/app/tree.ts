import { isBusy } from '../session/selectors.ts';
import type { Totals } from '../session/state.ts';
import { workedMs } from '../session/work.ts';
import type { SessionSummary } from './state.ts';

/** Sums over a session and all its descendants. */
export interface Rollup {
  waiting: number;
  setAside: number;
  tokens: number;
  cost: number;
  descendants: number;
  /** How many of the descendants are at work. */
  working: number;
}

/** Children by parent id, oldest first; roots, and those whose parent is no longer listed, under ''. */
export function childrenOf(sessions: Record<string, SessionSummary>): Map<string, SessionSummary[]> {
  const children = new Map<string, SessionSummary[]>();
  const inOrder = Object.values(sessions).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  for (const session of inOrder) {
    const parent = session.parentId !== undefined && sessions[session.parentId] ? session.parentId : '';
    const siblings = children.get(parent);
    if (siblings) siblings.push(session);
    else children.set(parent, [session]);
  }
  return children;
}

export function rollupOf(session: SessionSummary, children: ReadonlyMap<string, SessionSummary[]>): Rollup {
  const own = {
    waiting: session.waiting,
    setAside: session.setAside,
    tokens: session.totals.input + session.totals.output,
    cost: session.totals.cost,
    descendants: 0,
    working: 0,
  };
  return (children.get(session.id) ?? []).reduce((sum, child) => {
    const below = rollupOf(child, children);
    return {
      waiting: sum.waiting + below.waiting,
      setAside: sum.setAside + below.setAside,
      tokens: sum.tokens + below.tokens,
      cost: sum.cost + below.cost,
      descendants: sum.descendants + below.descendants + 1,
      working: sum.working + below.working + (isBusy(child.status) ? 1 : 0),
    };
  }, own);
}

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
