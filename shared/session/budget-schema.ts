import { z } from 'zod';
import { type Budget, type BudgetMeasure, budgetMeasures, isLimit } from './budget.ts';

const limit = (measure: BudgetMeasure) =>
  z
    .number()
    .refine((value) => isLimit(measure, value), 'is no limit')
    .optional();

const limitsSchema = z.object({
  tokens: limit('tokens'),
  cost: limit('cost'),
  turns: limit('turns'),
  minutes: limit('minutes'),
});

export const budgetMeasureSchema = z.enum(budgetMeasures);
export const budgetSchema = z.object({
  session: limitsSchema.optional(),
  tree: limitsSchema.optional(),
}) satisfies z.ZodType<Budget>;
