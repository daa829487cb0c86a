import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { type MemoryItem, maxMemoryLength, memoryTypes } from './memory.ts';

export const memoryItemSchema: z.ZodType<MemoryItem> = z.object({
  id: idSchema,
  content: z.string().min(1).max(maxMemoryLength),
  type: z.enum(memoryTypes),
  importance: z.number().min(0).max(1),
  tags: z.array(z.string().min(1).max(40)).max(10),
  workspace: z.string().optional(),
  at: z.number(),
  by: z.enum(['person', 'agent']),
  sessionId: idSchema.optional(),
  uses: z.number().int().nonnegative(),
  lastUsedAt: z.number().optional(),
  pinned: z.boolean().optional(),
});
