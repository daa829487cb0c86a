import type { QueuedApproval } from '../../shared/app/state.ts';
import { argumentsText, shownArgument } from '../transcript/arguments-text.ts';

/** One thing a person can change about a call before it runs. */
export interface EditableField {
  /** The argument's name; absent for all arguments as JSON. */
  name?: string;
  label: string;
  value: string;
  multiline: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The fields in which a call is edited: the command of a command, each text of an edit or write, else the arguments as JSON. What the
 * fields do not show stays as it is.
 */
export function editableFields({
  args,
  detail,
  toolKind,
}: Pick<QueuedApproval, 'args' | 'detail' | 'toolKind'>): EditableField[] {
  const command = detail.type === 'command' ? shownArgument(detail, args) : undefined;
  if (command !== undefined && isRecord(args)) {
    return [{ name: command, label: 'Command', value: String(args[command]), multiline: true }];
  }
  const texts = isRecord(args)
    ? Object.entries(args).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    : [];
  if ((detail.type === 'diff' || toolKind === 'edit') && texts.length > 0) {
    const path = detail.type === 'diff' || detail.type === 'path' ? detail.path : undefined;
    return texts.map(([name, value]) => ({
      name,
      label: name,
      value,
      multiline: value !== path && !/path$/i.test(name),
    }));
  }
  return [{ label: 'Arguments as JSON', value: argumentsText(args), multiline: true }];
}

/** The arguments with the fields' new texts in them, or what is wrong with the JSON. */
export function editedArguments(
  args: unknown,
  fields: readonly EditableField[],
  values: readonly string[],
): { args: unknown } | { problem: string } {
  if (fields[0]?.name === undefined) {
    try {
      return { args: JSON.parse(values[0] ?? '') };
    } catch (error) {
      return { problem: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  const changes = Object.fromEntries(fields.map((field, place) => [field.name ?? '', values[place] ?? field.value]));
  return { args: isRecord(args) ? { ...args, ...changes } : changes };
}

/** Whether two sets of arguments say the same; JSON has no other notion of equal. */
export const sameArguments = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
