import { alwaysAsk } from '../../shared/permissions/confirmation.ts';
import { ruleKinds } from '../../shared/permissions/rules.ts';
import { sandboxSettingsSchema } from '../../shared/sandbox/sandbox-schema.ts';
import type { Rules } from '../../shared/session/config.ts';
import { profileSchema, type Settings, settingsSchema } from '../../shared/settings.ts';
import { anySkill } from '../skills/switches.ts';
import type { Salvaged } from './durable-adapter.ts';

type Field = keyof Settings;
type Fields = Record<string, unknown>;

/** One thing that cannot be used, and what stands for it. */
interface Loss {
  place: string;
  instead: string;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keeps the entries that are good. */
function entries<T>(value: unknown, place: string, good: (entry: unknown) => entry is T, lost: Loss[]): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    lost.push({ place, instead: 'left out' });
    return [];
  }
  return value.filter((entry, index): entry is T => {
    if (good(entry)) return true;
    lost.push({ place: `${place}[${index}]`, instead: 'left out' });
    return false;
  });
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** In brackets, as no rule is written: a deny or ask rule of which nobody knows what it means, so that it may mean any call. */
const unknownRule = (place: string): string => `(settings.json: ${place})`;

/** Allowing needs a rule that can be read; a denying one that cannot may mean anything. */
function rulesFrom(value: unknown, place: string, lost: Loss[]): Rules {
  const rules: Rules = { allow: [], ask: [], deny: [] };
  const mayBeAny = (where: string): string => {
    lost.push({ place: where, instead: 'every call asks until it is corrected or removed' });
    return unknownRule(where);
  };
  if (!isFields(value)) return { ...rules, deny: [mayBeAny(place)] };
  rules.allow = entries(value.allow, `${place}.allow`, isText, lost);
  for (const kind of ruleKinds.filter((one) => one !== 'allow')) {
    const list = value[kind];
    if (list === undefined) continue;
    rules[kind] = Array.isArray(list)
      ? list.map((entry, index) => (isText(entry) ? entry : mayBeAny(`${place}.${kind}[${index}]`)))
      : [mayBeAny(`${place}.${kind}`)];
  }
  return rules;
}

function workspaceRulesFrom(value: unknown, lost: Loss[]): Settings['workspaceRules'] {
  if (!isFields(value)) {
    lost.push({ place: 'workspaceRules', instead: 'every call asks until it is corrected or removed' });
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).map(([folder, rules]) => [folder, rulesFrom(rules, `workspaceRules["${folder}"]`, lost)]),
  );
}

function sandboxFrom(value: unknown, lost: Loss[]): Settings['sandbox'] {
  const { shape } = sandboxSettingsSchema;
  const given = isFields(value) ? value : {};
  if (!isFields(value)) lost.push({ place: 'sandbox', instead: 'the sandbox is on, with nothing opened' });
  const flag = (name: 'enabled' | 'autoAllow', strict: boolean): boolean => {
    const read = shape[name].safeParse(given[name]);
    if (!read.success) lost.push({ place: `sandbox.${name}`, instead: strict ? 'on' : 'off' });
    return read.success ? read.data : strict;
  };
  const most = { domains: 500, folders: 100 };
  const list = (name: 'domains' | 'folders'): string[] => {
    const { element } = shape[name].unwrap();
    const good = entries(given[name], `sandbox.${name}`, (one): one is string => element.safeParse(one).success, lost);
    if (good.length > most[name])
      lost.push({ place: `sandbox.${name}[${most[name]}]`, instead: 'left out, and the rest' });
    return good.slice(0, most[name]);
  };
  return {
    enabled: flag('enabled', true),
    autoAllow: flag('autoAllow', false),
    domains: list('domains'),
    folders: list('folders'),
  };
}

/** A skill of which it is not known whether it is off stays off. */
function skillsOffFrom(value: unknown, lost: Loss[]): string[] {
  lost.push({ place: 'skillsOff', instead: 'every skill is off until it is switched on again' });
  return [anySkill, ...(Array.isArray(value) ? value.filter(isText) : [])];
}

type Salvage<F extends Field> = (value: unknown, lost: Loss[]) => Settings[F];

/** What stands for a field that does not fit, where that is not its default: about safety, what is strictest. */
const salvages: { [F in Field]?: Salvage<F> } = {
  defaultMode: (_, lost) => {
    lost.push({ place: 'defaultMode', instead: 'Plan, which only reads' });
    return 'plan';
  },
  defaultConfirmation: (_, lost) => {
    lost.push({ place: 'defaultConfirmation', instead: 'everything is asked' });
    return alwaysAsk;
  },
  profiles: (value, lost) =>
    entries(
      value,
      'profiles',
      (one): one is Settings['profiles'][number] => profileSchema.safeParse(one).success,
      lost,
    ),
  rules: (value, lost) => rulesFrom(value, 'rules', lost),
  workspaceRules: workspaceRulesFrom,
  environment: (value, lost) => entries(value, 'environment', isText, lost),
  skillsOff: skillsOffFrom,
  sandbox: sandboxFrom,
};

/** Fields without which a run could do what nobody wants, or ask another model: nobody who runs a command is asked about that. */
const neededForRuns: readonly string[] = [
  'defaultProfileId',
  'environment',
  'profiles',
  'rules',
  'sandbox',
  'workspaceRules',
] satisfies Field[];

/**
 * What can be used of settings that do not fit as a whole: each field that does, and for the others their defaults, or about safety what
 * is strictest, never anything looser than what may have been meant. Undefined for what holds no fields at all.
 */
export function salvageSettings(value: unknown): Salvaged<Settings> | undefined {
  if (!isFields(value)) return undefined;
  const lost: Loss[] = [];
  const kept: Fields = {};
  for (const [field, schema] of Object.entries(settingsSchema.shape)) {
    if (schema.safeParse(value[field]).success) {
      kept[field] = value[field];
      continue;
    }
    const salvage: Salvage<Field> | undefined = salvages[field as Field];
    if (salvage) kept[field] = salvage(value[field], lost);
    else lost.push({ place: field, instead: 'as it is at first' });
  }
  const data = settingsSchema.parse(kept);
  if (!isFields(value.workspaceRules) && value.workspaceRules !== undefined) {
    data.rules = { ...data.rules, deny: [...data.rules.deny, unknownRule('workspaceRules')] };
  }
  if (lost.length === 0) return { data };
  const places = lost.map(({ place, instead }) => `\`${place}\` (${instead})`);
  return {
    data,
    problem: `settings.json has fields that cannot be used: ${places.join(', ')}. All others hold. Correct the file and start again, or set them anew in the settings.`,
    blocksRuns: lost.some(({ place }) => neededForRuns.includes(/^\w+/.exec(place)?.[0] ?? '')),
  };
}
