import { z } from 'zod';
import { failureText, WorkbenchError } from '../../shared/errors.ts';
import { type ConfirmationPolicy, type Lane, timeoutLimits } from '../../shared/permissions/confirmation.ts';
import type { PolicyFile } from '../../shared/permissions/policy-file.ts';
import type { Mode, Rules } from '../../shared/session/config.ts';
import { formatRule, parseRuleFor } from './rules.ts';

/** A word in any of the spellings that programs write: `AutoApprove`, `auto_approve`, `auto-approve`. */
const word = <T extends string>(...words: T[]) =>
  z.string().transform((text, context) => {
    const plain = text.toLowerCase().replaceAll(/[_-]/g, '');
    const found = words.find((one) => one.toLowerCase().replaceAll('-', '') === plain);
    if (found) return found;
    context.addIssue({ code: 'custom', message: `expected one of ${words.join(', ')}` });
    return z.NEVER;
  });

/** Early files hold objects whose parsed parts never came back; the text is all that counts. */
const ruleList = z
  .array(z.union([z.string(), z.object({ rule: z.string() }).transform(({ rule }) => rule)]))
  .default([]);

const listsSchema = { allow: ruleList, ask: ruleList, deny: ruleList };

const permissionSchema = z.strictObject({
  ...listsSchema,
  default_decision: word('ask', 'allow', 'deny').default('ask'),
  enabled: z.boolean().default(true),
});

const confirmationSchema = z.strictObject({
  enabled: z.boolean().default(true),
  default_timeout_ms: z.number().int().min(timeoutLimits.least).max(timeoutLimits.most).optional(),
  timeout_action: word('reject', 'auto-approve').default('reject'),
  yolo_lanes: z.array(word('query', 'execute', 'skill', 'control', 'generate', 'prompt')).default([]),
  auto_approve_tools: z.array(z.string()).default([]),
  require_confirm_tools: z.array(z.string()).default([]),
});

const assistantSchema = z.object({
  ...listsSchema,
  defaultMode: z.enum(['default', 'manual', 'acceptEdits', 'plan', 'bypassPermissions']).optional(),
});

const modes = {
  default: 'manual',
  manual: 'manual',
  acceptEdits: 'accept-edits',
  plan: 'plan',
  bypassPermissions: 'bypass',
} as const;

const presets: Record<string, object> = {
  permissive: { default_decision: 'allow' },
  strict: { default_decision: 'ask' },
};

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (message: string): WorkbenchError =>
  new WorkbenchError('invalid', `The policy cannot be loaded: ${message}`, 'Nothing was changed.');

/** `defaultTimeoutMs` and `default_timeout_ms` are the same field. */
const snakeKeys = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
  );

function parseWith<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`${[where, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')}: ${issue?.message}.`);
}

/** What a file holds: a policy by itself, both under their names, or the `permissions` of an assistant's settings. */
function partsOf(value: unknown): { permission?: unknown; confirmation?: unknown; assistant?: unknown } {
  if (typeof value === 'string') return { permission: value };
  if (!isFields(value)) throw wrong('it holds no object.');
  const fields = snakeKeys(value);
  if (isFields(fields.permissions)) return { assistant: fields.permissions };
  const { permission_policy: permission, confirmation_policy: confirmation } = fields;
  if (permission !== undefined || confirmation !== undefined) {
    return { ...(permission === null ? {} : { permission }), ...(confirmation === null ? {} : { confirmation }) };
  }
  const names = Object.keys(fields);
  const has = (...wanted: string[]) => names.some((name) => wanted.includes(name));
  if (has('yolo_lanes', 'default_timeout_ms', 'timeout_action', 'auto_approve_tools', 'require_confirm_tools')) {
    return { confirmation: fields };
  }
  if (has('allow', 'ask', 'deny', 'default_decision')) return { permission: fields };
  throw wrong('it holds neither rules (allow, ask, deny) nor a confirmation policy.');
}

/** As we write them. A rule that is not understood fails the whole file: a deny rule must never get lost. */
function checked(lists: Rules, where: string): Rules {
  const list = (kind: keyof Rules) =>
    lists[kind].map((text, place) => {
      const parsed = parseRuleFor(kind, text);
      if (parsed.ok) return formatRule(parsed.value);
      throw wrong(`${where}${kind}[${place}] \`${text}\`: ${failureText(parsed.error)}`);
    });
  return { allow: list('allow'), ask: list('ask'), deny: list('deny') };
}

function readPermission(value: unknown, notes: string[]): { rules: Rules; mode?: Mode } {
  const preset = typeof value === 'string' ? presets[value.toLowerCase()] : undefined;
  if (typeof value === 'string' && !preset) throw wrong(`there is no preset "${value}", only permissive and strict.`);
  const given = preset ?? (isFields(value) ? snakeKeys(value) : value);
  const { default_decision: otherwise, enabled, ...lists } = parseWith(permissionSchema, given, 'permission_policy');
  const rules = checked(lists, '');
  if (rules.ask.length > 0 && rules.allow.length > 0) notes.push('Ask rules outrank allow rules here.');
  const open = otherwise === 'allow' || !enabled;
  if (open && enabled && rules.ask.length > 0) {
    notes.push('Allowing by default beside ask rules is not taken over: what no rule allows is asked.');
    return { rules, mode: 'manual' };
  }
  if (open) notes.push('Allowing by default is Bypass permissions here; deny rules and protected paths still hold.');
  if (otherwise === 'deny') notes.push('What no rule allows is asked, not denied; without a person it is denied.');
  return { rules, mode: open ? 'bypass' : 'manual' };
}

function readConfirmation(value: unknown, notes: string[]): { policy: ConfirmationPolicy; rules: Rules } {
  const given = isFields(value) ? snakeKeys(value) : value;
  const read = parseWith(confirmationSchema, given, 'confirmation_policy');
  const lanes: Lane[] = read.yolo_lanes.flatMap((lane) =>
    lane === 'skill' ? 'execute' : lane === 'query' || lane === 'execute' ? lane : [],
  );
  if (lanes.length < read.yolo_lanes.length)
    notes.push('No tool belongs to the lanes control and generate; they are left out.');
  if (read.timeout_action === 'auto-approve') notes.push('Nobody’s silence approves more than reading here.');
  const timeout = read.default_timeout_ms;
  return {
    policy: {
      enabled: read.enabled,
      ...(timeout === undefined ? {} : { defaultTimeoutMs: timeout }),
      timeoutAction: read.timeout_action === 'auto-approve' ? 'approve-reads' : 'reject',
      yoloLanes: [...new Set(lanes)],
    },
    rules: checked(
      { allow: read.auto_approve_tools, ask: read.require_confirm_tools, deny: [] },
      'confirmation_policy ',
    ),
  };
}

/**
 * Reads policies as files hold them: the lists of rules with their default, in text or as objects; confirmation policies, old ones with
 * lists of tools, too; and the permissions of other assistants' settings. Throws `invalid` with the place and what is wrong there.
 */
export function readPolicyFile(text: string): PolicyFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw wrong(`it is not JSON (${thrown instanceof Error ? thrown.message : thrown}).`);
  }
  const { permission, confirmation, assistant } = partsOf(value);
  const notes: string[] = [];
  if (assistant !== undefined) {
    const { defaultMode, ...lists } = parseWith(assistantSchema, assistant, 'permissions');
    return { rules: checked(lists, 'permissions.'), ...(defaultMode ? { mode: modes[defaultMode] } : {}), notes };
  }
  const permitted = permission === undefined ? undefined : readPermission(permission, notes);
  const confirmed = confirmation === undefined ? undefined : readConfirmation(confirmation, notes);
  const all = [permitted?.rules, confirmed?.rules].filter((rules) => rules !== undefined);
  const list = (kind: keyof Rules) => [...new Set(all.flatMap((rules) => rules[kind]))];
  return {
    rules: { allow: list('allow'), ask: list('ask'), deny: list('deny') },
    ...(permitted?.mode ? { mode: permitted.mode } : {}),
    ...(confirmed ? { confirmation: confirmed.policy } : {}),
    notes,
  };
}
