import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { confirmationPolicySchema } from '../permissions/confirmation-schema.ts';
import { thinkingSchema } from '../thinking-schema.ts';
import { budgetSchema } from './budget-schema.ts';

/** Permission modes, in the words of the command line. */
export const modeSchema = z.enum(['manual', 'accept-edits', 'plan', 'bypass']);
export type Mode = z.infer<typeof modeSchema>;

export const rulesSchema = z.object({
  allow: z.array(z.string()),
  ask: z.array(z.string()),
  deny: z.array(z.string()),
});
export type Rules = z.infer<typeof rulesSchema>;

/** What a session was made with; `session.configured` changes parts of it. */
export const sessionConfigSchema = z.object({
  title: z.string(),
  workspace: z.string(),
  mode: modeSchema,
  rules: rulesSchema,
  maxTurns: z.number().int().positive(),
  profileId: z.string().optional(),
  thinking: thinkingSchema.optional(),
  instructions: z.string().optional(),
  /** At most so many tokens of the model's window are used; 0 or absent means all of it. */
  maxContext: z.number().int().nonnegative().optional(),
  /** Absent means true: the context is compacted by itself wherever its window is known. */
  autoCompact: z.boolean().optional(),
  /** Share of the window at which it happens; absent means `defaultCompactAt`. */
  autoCompactThreshold: z.number().min(0.1).max(0.98).optional(),
  /** Items of memory that its requests are made without. */
  memoryLeftOut: z.array(idSchema).max(1000).optional(),
  /** When a limit of it is used up the run waits, before its next turn, for a person. */
  budget: budgetSchema.optional(),
  /** Who answers what rules and mode leave open. Absent: as the session above has it, and without one a person, always. */
  confirmation: confirmationPolicySchema.optional(),
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;

/** What may be absent from a session's configuration, and so can be taken back. */
export const unsettable = [
  'profileId',
  'thinking',
  'instructions',
  'maxContext',
  'autoCompactThreshold',
  'confirmation',
] as const;
