import type { z } from 'zod';
import type { callSandboxSchema, sandboxSettingsSchema } from './sandbox-schema.ts';

/** How commands are confined. */
export type SandboxSettings = z.infer<typeof sandboxSettingsSchema>;

/** What became, or is to become, of one command. */
export type CallSandbox = z.infer<typeof callSandboxSchema>;

/** Whether this machine has a sandbox that holds; found by trying it. */
export type SandboxStatus =
  | { state: 'checking' }
  /** `noDomains`: why single domains cannot be allowed here; the network is then off for all. */
  | { state: 'ready'; kind: 'bubblewrap' | 'seatbelt'; noDomains?: string }
  | { state: 'unavailable'; reason: string; hint?: string };
