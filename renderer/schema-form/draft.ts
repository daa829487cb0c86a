import type { FieldProblem } from '../../shared/errors.ts';
import { type Field, isRecord } from './field.ts';

/** What stands in a form while it is filled in: texts where the value is a text, a number or JSON. An absent member is not in its group. */
export type Draft = string | boolean | Draft[] | { [name: string]: Draft };

export type Path = (string | number)[];

export const isGroupDraft = (draft: Draft | undefined): draft is { [name: string]: Draft } => isRecord(draft);

/** `value` must fit the field, as it does when the field was made for it. */
export function draftOf(field: Field, value: unknown): Draft {
  switch (field.kind) {
    case 'text':
      return String(value);
    case 'number':
      return String(value);
    case 'flag':
      return value === true;
    case 'choice':
      return JSON.stringify(value);
    case 'list':
      return (value as unknown[]).map((entry) => draftOf(field.item, entry));
    case 'group': {
      const values = value as Record<string, unknown>;
      const there = field.members.filter(({ name }) => values[name] !== undefined);
      return Object.fromEntries(there.map((member) => [member.name, draftOf(member.field, values[member.name])]));
    }
    case 'json':
      return JSON.stringify(value, null, 2) ?? '';
  }
}

/** What a part begins as when a person adds it. */
export function emptyDraft(field: Field): Draft {
  switch (field.kind) {
    case 'flag':
      return false;
    case 'choice':
      return JSON.stringify(field.options[0]);
    case 'list':
      return [];
    case 'group': {
      const needed = field.members.filter((member) => member.required);
      return Object.fromEntries(needed.map((member) => [member.name, emptyDraft(member.field)]));
    }
    default:
      return '';
  }
}

/** The value that a draft stands for, or what is wrong with it, part by part. */
export function readDraft(field: Field, draft: Draft): { value: unknown } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const value = read(field, draft, [], (path, message) => problems.push({ path, message }));
  return problems.length > 0 ? { problems } : { value };
}

type Report = (path: Path, message: string) => void;

function read(field: Field, draft: Draft, path: Path, report: Report): unknown {
  switch (field.kind) {
    case 'text':
    case 'flag':
      return draft;
    case 'number':
      return readNumber(field, String(draft).trim(), path, report);
    case 'choice':
      return JSON.parse(String(draft));
    case 'list':
      return (draft as Draft[]).map((entry, place) => read(field.item, entry, [...path, place], report));
    case 'group': {
      const members = draft as { [name: string]: Draft };
      const there = field.members.filter(({ name }) => members[name] !== undefined);
      return Object.fromEntries(
        there.map(({ name, field: member }) => [name, read(member, members[name] as Draft, [...path, name], report)]),
      );
    }
    case 'json':
      try {
        return JSON.parse(String(draft));
      } catch (error) {
        return report(path, `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
  }
}

function readNumber(field: Field & { kind: 'number' }, text: string, path: Path, report: Report): unknown {
  const { integer, minimum, maximum } = field;
  const number = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return report(path, integer ? 'A whole number is needed.' : 'A number is needed.');
  if (integer && !Number.isSafeInteger(number)) return report(path, 'A whole number is needed.');
  if (minimum !== undefined && number < minimum) return report(path, `At least ${minimum} is needed.`);
  if (maximum !== undefined && number > maximum) return report(path, `At most ${maximum} is possible.`);
  return number;
}

export const pathKey = (path: Path): string => JSON.stringify(path);

/** Each problem at the deepest part of the form that it is about, by the key of that part's path. */
export function problemsByPlace(field: Field, draft: Draft, problems: readonly FieldProblem[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const { path, message } of problems) {
    const place = shownPart(field, draft, path);
    const rest = path.slice(place.length).join('.');
    const key = pathKey(place);
    places.set(key, [places.get(key), rest === '' ? message : `${rest}: ${message}`].filter(Boolean).join(' '));
  }
  return places;
}

function shownPart(field: Field, draft: Draft, path: Path): Path {
  const [step, ...rest] = path;
  if (field.kind === 'list' && Array.isArray(draft) && typeof step === 'number' && draft[step] !== undefined) {
    return [step, ...shownPart(field.item, draft[step], rest)];
  }
  const member = field.kind === 'group' ? field.members.find(({ name }) => name === step) : undefined;
  const inner = member && isGroupDraft(draft) ? draft[member.name] : undefined;
  return member && inner !== undefined ? [member.name, ...shownPart(member.field, inner, rest)] : [];
}
