import { createTwoFilesPatch } from 'diff';
import type { Detail } from '../../shared/session/parts.ts';

/** Arguments as JSON to read; text that was never JSON as it came. */
export const argumentsText = (args: unknown): string =>
  typeof args === 'string' ? args : (JSON.stringify(args, null, 2) ?? '');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a detail already shows word for word. */
function shownBy(detail: Detail): string | undefined {
  if (detail.type === 'command') return detail.command;
  if (detail.type === 'task') return detail.prompt;
  return detail.type === 'markdown' ? detail.text : undefined;
}

/** The argument that a detail shows word for word, by name. */
export function shownArgument(detail: Detail, args: unknown): string | undefined {
  const shown = shownBy(detail);
  if (shown === undefined || !isRecord(args)) return undefined;
  return Object.keys(args).find((name) => args[name] === shown);
}

/** The arguments beside the one that the detail shows; all of them when it shows none word for word; nothing when none are left. */
export function otherArguments(detail: Detail, args: unknown): unknown {
  const name = shownArgument(detail, args);
  if (name === undefined || !isRecord(args)) return args;
  const { [name]: _shown, ...others } = args;
  return Object.keys(others).length === 0 ? undefined : others;
}

/** A diff from the arguments the model sent to those the person put in their place. */
export function argumentsPatch(detail: Detail, before: unknown, after: unknown): string {
  const name = shownArgument(detail, before);
  const onlyThat = name !== undefined && isRecord(before) && isRecord(after) && sameBeside(name, before, after);
  const text = (args: unknown) => (onlyThat && isRecord(args) ? String(args[name]) : argumentsText(args));
  return createTwoFilesPatch('asked', 'edited', `${text(before)}\n`, `${text(after)}\n`, '', '', { context: 3 });
}

function sameBeside(name: string, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const rest = (record: Record<string, unknown>) => JSON.stringify({ ...record, [name]: undefined });
  return typeof b[name] === 'string' && rest(a) === rest(b);
}

const longestShort = 60;

/** Arguments as name and JSON value when all of them fit on a line each; otherwise nothing, and they are shown as JSON. */
export function shortArguments(args: unknown): [name: string, value: string][] | undefined {
  if (!isRecord(args)) return undefined;
  const entries = Object.entries(args).map(([name, value]): [string, string] => [name, JSON.stringify(value) ?? '']);
  return entries.every(([name, value]) => name.length + value.length <= longestShort) ? entries : undefined;
}
