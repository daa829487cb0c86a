import { z } from 'zod';
import { type ConfirmationPolicy, lanes, timeoutActions, timeoutLimits } from './confirmation.ts';

export const confirmationPolicySchema = z.object({
  enabled: z.boolean(),
  defaultTimeoutMs: z.number().int().min(timeoutLimits.least).max(timeoutLimits.most).optional(),
  timeoutAction: z.enum(timeoutActions),
  yoloLanes: z.array(z.enum(lanes)),
}) satisfies z.ZodType<ConfirmationPolicy>;
