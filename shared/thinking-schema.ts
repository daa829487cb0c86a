import { z } from 'zod';
import { efforts, type Thinking } from './thinking.ts';

export const thinkingSchema = z.object({
  effort: z.enum(efforts).optional(),
  budget: z.number().int().min(1).max(1_000_000).optional(),
}) satisfies z.ZodType<Thinking>;
