import { describe, expect, it } from 'vitest';
import { callForm, editedArguments, sameValue, withMember } from '../../../renderer/approvals/call-form.ts';
import { lineMarks } from '../../../renderer/approvals/line-marks.ts';
import type { Editing } from '../../../shared/approvals/editing.ts';

const schema = {
  type: 'object',
  properties: {
    file_path: { type: 'string' },
    old_string: { type: 'string' },
    new_string: { type: 'string' },
    replace_all: { type: 'boolean' },
  },
  required: ['file_path', 'old_string', 'new_string'],
};
const args = { replace_all: false, file_path: 'a.txt', old_string: 'a', new_string: 'b' };
const detail = { type: 'json' } as const;
const compare: Editing['compare'] = { after: 'new_string', before: { argument: 'old_string' } };

describe('the form of a call', () => {
  it('compares the texts that the tool names, and begins at the new one', () => {
    const form = callForm({ args, detail }, { schema, compare });
    expect(form).toMatchObject({ field: { kind: 'group' }, compare, focus: '["new_string"]' });
  });

  it('does not compare what is not there or is no text', () => {
    for (const other of [
      { after: 'content', before: { note: '' } },
      { after: 'replace_all', before: { note: '' } },
      { after: 'new_string', before: { argument: 'older' } },
    ]) {
      expect(callForm({ args, detail }, { schema, compare: other }).compare).toBeUndefined();
    }
  });

  it('begins at the command of a command', () => {
    const bash = { type: 'object', properties: { cwd: { type: 'string' }, command: { type: 'string' } } };
    const call = { args: { cwd: '.', command: 'ls' }, detail: { type: 'command', command: 'ls' } } as const;
    expect(callForm(call, { schema: bash }).focus).toBe('["command"]');
  });

  it.each([
    [{}, {}],
    [{ schema }, 'text'],
    [{ schema }, [1]],
    [{ schema: { type: 'array', items: {} } }, { a: 1 }],
  ])('is JSON without a schema for an object: %j for %j', (editing, given) => {
    const form = callForm({ args: given, detail }, editing);
    expect(form.field).toEqual({ kind: 'json' });
    expect(editedArguments(form, given)).toEqual({});
    expect(editedArguments({ ...form, draft: '{"b":2}' }, given)).toEqual({ args: { b: 2 } });
  });

  it('sends nothing when it says the same in another order, else all arguments', () => {
    const form = callForm({ args, detail }, { schema });
    expect(editedArguments(form, args)).toEqual({});
    const changed = { ...form, draft: withMember(form.draft, 'new_string', 'c') };
    expect(editedArguments(changed, args)).toEqual({ args: { ...args, new_string: 'c' } });
  });

  it('knows the same value in another order', () => {
    expect(sameValue({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 })).toBe(true);
    expect(sameValue([1, 2], [2, 1])).toBe(false);
  });
});

describe('marks of lines', () => {
  it('are at what only one of the texts has, and lead from one to the other', () => {
    const marks = lineMarks('a\nb\nc\nd', 'a\nx\ny\nc\nd');
    expect([...marks!.removed]).toEqual([1]);
    expect([...marks!.added]).toEqual([1, 2]);
    expect(marks!.toNew).toEqual([0, 1, 3, 4]);
    expect(marks!.toOld).toEqual([0, 2, 2, 2, 3]);
  });

  it('are given up when the texts are too different', () => {
    const numbers = (from: number) => Array.from({ length: 3000 }, (_, place) => `${from + place}`).join('\n');
    expect(lineMarks(numbers(0), numbers(100_000))).toBeUndefined();
  });
});
