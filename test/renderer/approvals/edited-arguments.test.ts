import { expect, test } from 'vitest';
import { editableFields, editedArguments } from '../../../renderer/approvals/edited-arguments.ts';

const command = {
  args: { command: 'npm test', timeout: 5 },
  detail: { type: 'command', command: 'npm test' },
  toolKind: 'command',
} as const;

const edit = {
  args: { path: 'a.md', old_string: 'x', new_string: 'y', replace_all: false },
  detail: { type: 'diff', path: 'a.md', patch: '', added: 1, removed: 1 },
  toolKind: 'edit',
} as const;

test('a command is edited as text; its other arguments stay', () => {
  const fields = editableFields(command);
  expect(fields.map((field) => [field.label, field.value])).toEqual([['Command', 'npm test']]);
  expect(editedArguments(command.args, fields, ['npm run build'])).toEqual({
    args: { command: 'npm run build', timeout: 5 },
  });
});

test('an edit has a field for each text; the path is one line', () => {
  const fields = editableFields(edit);
  expect(fields.map((field) => [field.name, field.multiline])).toEqual([
    ['path', false],
    ['old_string', true],
    ['new_string', true],
  ]);
  expect(editedArguments(edit.args, fields, ['a.md', 'x', 'z'])).toEqual({
    args: { path: 'a.md', old_string: 'x', new_string: 'z', replace_all: false },
  });
});

test('everything else is edited as JSON, and JSON that does not parse says so', () => {
  const fetch = { args: { url: 'https://a' }, detail: { type: 'json' }, toolKind: 'fetch' } as const;
  const fields = editableFields(fetch);
  expect(fields[0]?.name).toBeUndefined();
  expect(editedArguments(fetch.args, fields, ['{"url":"https://b"}'])).toEqual({ args: { url: 'https://b' } });
  expect(editedArguments(fetch.args, fields, ['{"url":'])).toEqual({
    problem: expect.stringContaining('not valid JSON'),
  });
});

test('a command whose detail is not its argument word for word is edited as JSON', () => {
  const odd = { ...command, detail: { type: 'command', command: 'something else' } } as const;
  expect(editableFields(odd)[0]?.label).toBe('Arguments as JSON');
});
