import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { draftOf, emptyDraft, problemsByPlace, readDraft } from '../../../renderer/schema-form/draft.ts';
import { fieldOf } from '../../../renderer/schema-form/field.ts';
import { fc } from '../../properties.ts';

const schema = z.toJSONSchema(
  z.strictObject({
    command: z.string().describe('What to run'),
    timeout: z.number().int().min(1).max(600).optional(),
    share: z.number().optional(),
    background: z.boolean().default(false),
    shell: z.enum(['bash', 'sh']).optional(),
    files: z.array(z.string()).optional(),
    place: z.object({ line: z.number().int(), tags: z.array(z.number()) }).optional(),
    either: z.union([z.string(), z.number()]).optional(),
  }),
  { io: 'input' },
);

const value = {
  command: 'ls',
  timeout: 5,
  share: 0.5,
  background: true,
  shell: 'sh',
  files: ['a', 'b'],
  place: { line: 1, tags: [1, 2] },
  either: 'x',
};

describe('a field', () => {
  it('is made for each kind of schema', () => {
    const field = fieldOf(schema, value);
    if (field.kind !== 'group') throw new Error('a group was expected');
    expect(field.members.map(({ name, field: { kind }, required }) => [name, kind, required])).toEqual([
      ['command', 'text', true],
      ['timeout', 'number', false],
      ['share', 'number', false],
      ['background', 'flag', false],
      ['shell', 'choice', false],
      ['files', 'list', false],
      ['place', 'group', false],
      ['either', 'json', false],
    ]);
    expect(field.members[0]?.description).toBe('What to run');
    expect(field.members[1]?.field).toMatchObject({ integer: true, minimum: 1, maximum: 600 });
    expect(field.members[2]?.field).toEqual({ kind: 'number', integer: false });
  });

  it('is JSON where the value does not fit its schema, and for what the schema does not know', () => {
    const field = fieldOf(schema, { command: ['ls'], timeout: 'soon', files: ['a', 1], more: 1 });
    if (field.kind !== 'group') throw new Error('a group was expected');
    const kinds = Object.fromEntries(field.members.map((member) => [member.name, member.field.kind]));
    expect(kinds).toMatchObject({ command: 'json', timeout: 'json', files: 'json', more: 'json', shell: 'choice' });
  });

  it.each([[undefined], [true], ['x'], [{}], [{ $ref: '#/x' }], [{ type: ['string', 'null'] }], [{ type: 'array' }]])(
    'is JSON for the schema %j',
    (unknown) => expect(fieldOf(unknown, undefined)).toEqual({ kind: 'json' }),
  );
});

describe('a draft', () => {
  it('says the value that it was made from', () => {
    const field = fieldOf(schema, value);
    expect(readDraft(field, draftOf(field, value))).toEqual({ value });
  });

  it('keeps any arguments whatever schema they came with', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const field = fieldOf(schema, args);
        expect(readDraft(field, draftOf(field, args))).toEqual({ value: JSON.parse(JSON.stringify(args)) });
      }),
    );
  });

  it('leaves out what is absent, and begins what is added with what must be there', () => {
    const field = fieldOf(schema, {});
    expect(readDraft(field, { command: 'ls' })).toEqual({ value: { command: 'ls' } });
    expect(emptyDraft(field)).toEqual({ command: '' });
    if (field.kind !== 'group') throw new Error('a group was expected');
    const empty = (name: string) => emptyDraft(field.members.find((member) => member.name === name)!.field);
    expect(['shell', 'background', 'files', 'place'].map(empty)).toEqual(['"bash"', false, [], { line: '', tags: [] }]);
  });

  it.each([
    [{ timeout: '' }, 'timeout', 'A whole number is needed.'],
    [{ timeout: '1.5' }, 'timeout', 'A whole number is needed.'],
    [{ timeout: '0' }, 'timeout', 'At least 1 is needed.'],
    [{ timeout: '601' }, 'timeout', 'At most 600 is possible.'],
    [{ share: 'half' }, 'share', 'A number is needed.'],
    [{ share: 'Infinity' }, 'share', 'A number is needed.'],
    [{ either: '{' }, 'either', 'This is not valid JSON'],
    [{ place: { line: 'x', tags: [] } }, 'place.line', 'A whole number is needed.'],
    [{ place: { line: '1', tags: ['1', 'x'] } }, 'place.tags.1', 'A number is needed.'],
  ])('%j is wrong at %s', (draft, place, message) => {
    const read = readDraft(fieldOf(schema, {}), { command: 'x', ...draft });
    if (!('problems' in read)) throw new Error('a problem was expected');
    expect(read.problems.map(({ path }) => path.join('.'))).toEqual([place]);
    expect(read.problems[0]?.message).toContain(message);
  });

  it('shows a problem at the deepest part that is there', () => {
    const field = fieldOf(schema, value);
    const draft = draftOf(field, value);
    const places = problemsByPlace(field, draft, [
      { path: ['place', 'tags', 1], message: 'too small' },
      { path: ['place', 'tags', 7], message: 'too many' },
      { path: ['either', 'deep'], message: 'unknown' },
      { path: ['nowhere'], message: 'Unrecognized' },
      { path: [], message: 'whole' },
    ]);
    expect(Object.fromEntries(places)).toEqual({
      '["place","tags",1]': 'too small',
      '["place","tags"]': '7: too many',
      '["either"]': 'deep: unknown',
      '[]': 'nowhere: Unrecognized whole',
    });
  });
});
