/** What a budget counts: tokens in and out, US dollars, turns, and minutes of work. */
export const budgetMeasures = ['tokens', 'cost', 'turns', 'minutes'] as const;
export type BudgetMeasure = (typeof budgetMeasures)[number];

/** Over the session alone, or over it and everything below it. */
export const budgetScopes = ['session', 'tree'] as const;
export type BudgetScope = (typeof budgetScopes)[number];

export type BudgetLimits = { [measure in BudgetMeasure]?: number | undefined };

/** An absent number is no limit. */
export type Budget = { [scope in BudgetScope]?: BudgetLimits | undefined };

/** More than nothing, and turns are whole. */
export const isLimit = (measure: BudgetMeasure, value: number): boolean =>
  Number.isFinite(value) && value > 0 && (measure !== 'turns' || Number.isSafeInteger(value));

/** What was granted on top of a budget, added up. */
export type BudgetGrants = Partial<Record<BudgetScope, Partial<Record<BudgetMeasure, number>>>>;

export type BudgetUse = Record<BudgetMeasure, number>;

export const noUse: BudgetUse = { tokens: 0, cost: 0, turns: 0, minutes: 0 };

export const addUse = (a: BudgetUse, b: BudgetUse): BudgetUse => ({
  tokens: a.tokens + b.tokens,
  cost: a.cost + b.cost,
  turns: a.turns + b.turns,
  minutes: a.minutes + b.minutes,
});

export interface Crossing {
  scope: BudgetScope;
  measure: BudgetMeasure;
  used: number;
  /** With all that was granted on top. */
  limit: number;
  /** What "Continue" adds: the budget once more, as often as it takes to stand clear of what is used already. */
  more: number;
}

/** The first limit of a budget that is used up, or undefined. */
export function crossingOf(
  scope: BudgetScope,
  budget: Budget | undefined,
  grants: BudgetGrants | undefined,
  use: BudgetUse,
): Crossing | undefined {
  for (const measure of budgetMeasures) {
    const portion = budget?.[scope]?.[measure];
    if (portion === undefined) continue;
    const limit = portion + (grants?.[scope]?.[measure] ?? 0);
    const used = use[measure];
    if (used < limit) continue;
    const portions = Math.floor((used - limit) / portion) + 1;
    return { scope, measure, used, limit, more: portion * portions };
  }
  return undefined;
}

const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** An amount as a person reads it: "12,300 tokens", "$1.50", "3 turns", "10 minutes". */
export function budgetAmount(measure: BudgetMeasure, value: number): string {
  if (measure === 'cost') return `$${value.toFixed(value < 0.1 ? 4 : 2)}`;
  if (measure === 'minutes') return `${value < 10 ? Number(value.toFixed(1)) : count(value)} minutes`;
  return `${count(value)} ${measure}`;
}

export const scopeWords: Record<BudgetScope, string> = {
  session: 'this session',
  tree: 'this session and its children',
};
