import type { Failure } from '../../shared/errors.ts';
import {
  addUse,
  type BudgetUse,
  budgetAmount,
  type Crossing,
  crossingOf,
  noUse,
  scopeWords,
} from '../../shared/session/budget.ts';
import type { PendingApproval, SessionHead, Totals } from '../../shared/session/state.ts';
import { type Work, workedMs } from '../../shared/session/work.ts';
import type { Broker } from '../approvals/broker.ts';
import type { Session } from './session.ts';

/** What a session and the sessions below it have used; `work` and `totals` as its summary or its live state has them. */
export interface Used {
  totals: Totals;
  work?: Work;
}

export interface BudgetGateDeps {
  broker: Pick<Broker, 'askAbout'>;
  /** Every session of the tree under this one, itself included. */
  tree(id: string): Used[];
  someoneAnswers: boolean;
  now(): number;
}

interface Owned extends Crossing {
  owner: Session;
}

/**
 * Lets the next turn begin, or asks first when a budget of the session or of one above it is used up. Resolves with the reason why no
 * turn may begin, undefined when it may, or when `signal` aborts. The question is withdrawn when another answer has made room.
 */
export async function budgetGate(
  session: Session,
  ancestors: Session[],
  deps: BudgetGateDeps,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  for (;;) {
    const crossed = firstCrossing(session, ancestors, deps);
    const asked = session.state.head.approvals.find((approval) => approval.kind === 'budget');
    if (!crossed && !asked) return undefined;
    if (!crossed || !deps.someoneAnswers) {
      if (asked) await withdraw(session, asked, deps);
      return crossed && usedUp(crossed);
    }
    const outcome = await askWhileCrossed(session, ancestors, crossed, asked, deps, signal);
    if (signal.aborted) return undefined;
    if (outcome === 'allowed') {
      const { scope, measure, more } = crossed;
      await crossed.owner.append({ type: 'budget.extended', scope, measure, more }).flushed;
    } else if (outcome === 'denied') return usedUp(crossed);
  }
}

function firstCrossing(session: Session, ancestors: Session[], deps: BudgetGateDeps): Owned | undefined {
  const now = deps.now();
  const { head } = session.state;
  const own = crossingOf('session', head.config.budget, head.budgetGrants, amountsOf(head, now));
  if (own) return { ...own, owner: session };
  for (const owner of [session, ...ancestors]) {
    const { config, budgetGrants }: SessionHead = owner.state.head;
    if (!config.budget?.tree) continue;
    const used = deps.tree(owner.id).reduce((sum, member) => addUse(sum, amountsOf(member, now)), noUse);
    const crossed = crossingOf('tree', config.budget, budgetGrants, used);
    if (crossed) return { ...crossed, owner };
  }
  return undefined;
}

const amountsOf = ({ totals, work }: Used, now: number): BudgetUse => ({
  tokens: totals.input + totals.output,
  cost: totals.cost,
  turns: work?.turns ?? 0,
  minutes: workedMs(work, now) / 60_000,
});

/** Asks until there is an answer, the run ends, or the limit is no longer crossed: then the outcome is `cancelled`. */
async function askWhileCrossed(
  session: Session,
  ancestors: Session[],
  crossed: Owned,
  asked: PendingApproval | undefined,
  deps: BudgetGateDeps,
  signal: AbortSignal,
): Promise<string> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const unsubscribe = crossed.owner.subscribe({
    envelope: ({ event }) => {
      if (event.type !== 'budget.extended' && event.type !== 'session.configured') return;
      const still = firstCrossing(session, ancestors, deps);
      if (still?.measure !== crossed.measure || still.scope !== crossed.scope || still.limit !== crossed.limit)
        stop.abort();
    },
  });
  try {
    return await ask(session, asked ?? questionOf(crossed), deps, stop.signal);
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Takes back a question from before a restart that needs no answer any more, or can have none here. */
async function withdraw(session: Session, asked: PendingApproval, deps: BudgetGateDeps): Promise<void> {
  const stale = new AbortController();
  stale.abort();
  await ask(session, asked, deps, stale.signal);
}

async function ask(
  session: Session,
  { title, args, reason }: Pick<PendingApproval, 'title' | 'args' | 'reason'>,
  deps: BudgetGateDeps,
  signal: AbortSignal,
): Promise<string> {
  const home = { id: session.id, state: () => session.state, append: session.append.bind(session) };
  return (await deps.broker.askAbout(home, { kind: 'budget', title, args, reason }, signal)).outcome;
}

function questionOf(crossed: Owned) {
  const { scope, measure, used, limit, more } = crossed;
  const unpriced = crossed.owner.state.head.totals.unpriced;
  const known = measure === 'cost' && unpriced > 0 ? `; ${unpriced} calls of unknown price are not in it` : '';
  return {
    title: `Continue with +${budgetAmount(measure, more)}?`,
    args: { scope, measure, used, limit, more, owner: crossed.owner.id },
    reason: `the budget of ${scopeWords[scope]} is used up: ${budgetAmount(measure, used)} of ${budgetAmount(measure, limit)}${known}`,
  };
}

const usedUp = ({ scope, measure, used, limit }: Crossing): Failure => ({
  code: 'limit',
  message: `Stopped: the budget of ${scopeWords[scope]} is used up (${budgetAmount(measure, used)} of ${budgetAmount(measure, limit)}).`,
  hint: 'Raise the budget, then send "continue".',
});
