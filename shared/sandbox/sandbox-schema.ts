import { z } from 'zod';
import { domainPattern } from './domain-pattern.ts';

export const domainSchema = z
  .string()
  .max(260)
  .regex(domainPattern, 'is no domain: write example.com, *.example.com or localhost:3000');

export const sandboxSettingsSchema = z.object({
  enabled: z.boolean().default(true),
  /** A command in the sandbox needs no question, where nothing else asks. */
  autoAllow: z.boolean().default(false),
  /** Where sandboxed commands may reach. Empty: nowhere. */
  domains: z.array(domainSchema).max(500).default([]),
  /** Folders beside the workspace that sandboxed commands may write to; absolute or under `~/`. */
  folders: z.array(z.string().min(1).max(4096)).max(100).default([]),
});

export const callSandboxSchema = z.discriminatedUnion('state', [
  /** `network`: whether it reaches the allowed domains, or nothing. */
  z.object({ state: z.literal('on'), network: z.enum(['off', 'domains']) }),
  /** `chosen`: the person has no sandbox wanted at all. */
  z.object({ state: z.literal('off'), reason: z.string(), chosen: z.literal(true).optional() }),
]);
