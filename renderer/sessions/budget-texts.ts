import {
  type Budget,
  type BudgetMeasure,
  type BudgetScope,
  budgetMeasures,
  budgetSchema,
  budgetScopes,
} from '../../shared/session/budget.ts';

/** A budget as it is typed; empty is no limit. */
export type BudgetTexts = Record<BudgetScope, Record<BudgetMeasure, string>>;

export function budgetTexts(budget: Budget | undefined): BudgetTexts {
  const textOf = (scope: BudgetScope) => (measure: BudgetMeasure) => [
    measure,
    String(budget?.[scope]?.[measure] ?? ''),
  ];
  const scopeOf = (scope: BudgetScope) => Object.fromEntries(budgetMeasures.map(textOf(scope)));
  return { session: scopeOf('session'), tree: scopeOf('tree') } as BudgetTexts;
}

/** The budget, absent while something typed is no limit; `wrong` names it as `scope.measure`. Commas group thousands. */
export function budgetOf(texts: BudgetTexts): { budget?: Budget; wrong: string[] } {
  const typed: Record<string, Record<string, number>> = {};
  for (const scope of budgetScopes) {
    for (const measure of budgetMeasures) {
      const text = texts[scope][measure].replaceAll(/[,\s$]/g, '');
      if (text !== '') typed[scope] = { ...typed[scope], [measure]: Number(text) };
    }
  }
  const parsed = budgetSchema.safeParse(typed);
  if (parsed.success) return { budget: parsed.data, wrong: [] };
  return { wrong: parsed.error.issues.map((issue) => issue.path.join('.')) };
}
