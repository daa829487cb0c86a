import {
  type Budget,
  type BudgetMeasure,
  type BudgetScope,
  budgetMeasures,
  budgetScopes,
  isLimit,
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
  const budget: Budget = {};
  const wrong: string[] = [];
  for (const scope of budgetScopes) {
    for (const measure of budgetMeasures) {
      const text = texts[scope][measure].replaceAll(/[,\s$]/g, '');
      if (text === '') continue;
      if (isLimit(measure, Number(text))) budget[scope] = { ...budget[scope], [measure]: Number(text) };
      else wrong.push(`${scope}.${measure}`);
    }
  }
  return wrong.length > 0 ? { wrong } : { budget, wrong };
}
