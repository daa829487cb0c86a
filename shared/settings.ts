import { z } from 'zod';
import { idSchema } from './ids.ts';
import { alwaysAsk } from './permissions/confirmation.ts';
import { confirmationPolicySchema } from './permissions/confirmation-schema.ts';
import { sandboxSettingsSchema } from './sandbox/sandbox-schema.ts';
import { modeSchema, rulesSchema } from './session/config.ts';

/** US dollars per million tokens. */
const pricesSchema = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional(),
});
export type Prices = z.infer<typeof pricesSchema>;

/** A model to talk to. Never holds a key: that lives in the secret store under the profile's id. */
export const profileSchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  baseUrl: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1),
  contextWindow: z.number().int().positive().optional(),
  prices: pricesSchema.optional(),
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  headers: z.record(z.string(), z.string()).optional(),
});
export type ModelProfile = z.infer<typeof profileSchema>;

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  defaultMode: modeSchema.default('manual'),
  /** Of sessions that the person makes in the window; children follow their parent. */
  defaultConfirmation: confirmationPolicySchema.default(alwaysAsk),
  /** Sessions are named by their model after the first exchange, with a small call of its own. */
  modelTitles: z.boolean().default(true),
  profiles: z.array(profileSchema).default([]),
  defaultProfileId: idSchema.optional(),
  /** The person's own permission rules, for every workspace. */
  rules: rulesSchema.default({ allow: [], ask: [], deny: [] }),
  /** Rules for one workspace each, by its canonical folder. */
  workspaceRules: z.record(z.string(), rulesSchema).default({}),
  /** Tells of approvals that wait while no window is looked at. */
  notifications: z.boolean().default(true),
  /** Names of environment variables that commands may see although they look like secrets. */
  environment: z.array(z.string()).default([]),
  /** Files of the skills that are switched off. */
  skillsOff: z.array(z.string()).default([]),
  /** Those that are on although `*` stands in `skillsOff`, by which all are off. */
  skillsOn: z.array(z.string()).default([]),
  /** Agents are given a tool that proposes skills; each proposal is asked about. */
  agentsManageSkills: z.boolean().default(false),
  sandbox: sandboxSettingsSchema.default({ enabled: true, autoAllow: false, domains: [], folders: [] }),
  /** Agents are told what was noted in earlier sessions, and may note more. */
  memory: z.boolean().default(false),
});

/** What the window changes, alone or together. A default would put back whatever a change does not name. */
export const settingsChangesSchema = z
  .object({
    theme: settingsSchema.shape.theme.unwrap(),
    defaultMode: settingsSchema.shape.defaultMode.unwrap(),
    defaultConfirmation: settingsSchema.shape.defaultConfirmation.unwrap(),
    defaultProfileId: settingsSchema.shape.defaultProfileId,
    notifications: settingsSchema.shape.notifications.unwrap(),
    modelTitles: settingsSchema.shape.modelTitles.unwrap(),
    sandbox: settingsSchema.shape.sandbox.unwrap(),
    agentsManageSkills: settingsSchema.shape.agentsManageSkills.unwrap(),
    memory: settingsSchema.shape.memory.unwrap(),
  })
  .partial();
export type SettingsChanges = z.infer<typeof settingsChangesSchema>;

export type Settings = z.infer<typeof settingsSchema>;
