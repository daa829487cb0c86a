import { expect, test } from 'vitest';
import { type CallDelta, createCallAssembler } from '../../../electron/model/call-assembler.ts';

const tools = new Set(['read', 'read_many', 'ls']);
const assemble = (...deltas: CallDelta[]) => {
  const assembler = createCallAssembler(tools);
  const positions = deltas.map((delta) => assembler.add(delta));
  return { calls: assembler.calls().map((call) => [call.id, call.name, call.argsText]), positions };
};
const d = (index: number | undefined, id: string | undefined, name: string | undefined, args: unknown): CallDelta => ({
  index,
  id,
  function: { name, arguments: args },
});
const a = '{"file_path":"a"}';
const b = '{"file_path":"b"}';

test('the standard form: index, id and name first, then pieces, interleaved', () => {
  const { calls, positions } = assemble(
    d(0, 'x', 'read', ''),
    d(1, 'y', 'ls', ''),
    d(0, undefined, undefined, '{"file_path"'),
    d(1, undefined, undefined, '{}'),
    d(0, undefined, undefined, ':"a"}'),
  );
  expect(calls).toEqual([
    ['x', 'read', a],
    ['y', 'ls', '{}'],
  ]);
  expect(positions).toEqual([0, 1, 0, 1, 0]);
});

test.each([
  ['equal index, different ids', [d(0, 'x', 'read', a), d(0, 'y', 'read', b)], ['x', 'y']],
  ['equal index, no ids', [d(0, undefined, 'read', a), d(0, '', 'read', b)], ['', '']],
  ['no index, different ids', [d(undefined, 'x', 'read', a), d(undefined, 'y', 'read', b)], ['x', 'y']],
  ['no index, no ids', [d(undefined, undefined, 'read', a), d(undefined, undefined, 'read', b)], ['', '']],
  ['equal index and id', [d(0, 'x', 'read', a), d(0, 'x', 'read', b)], ['x', 'x']],
  ['arguments as objects', [d(0, 'x', 'read', { file_path: 'a' }), d(1, 'y', 'read', { file_path: 'b' })], ['x', 'y']],
])('several calls with %s stay apart', (_form, deltas, ids) => {
  expect(assemble(...deltas).calls).toEqual([
    [ids[0], 'read', a],
    [ids[1], 'read', b],
  ]);
});

test.each([
  ['the name', [d(0, 'x', 'read', '{"file_path"'), d(0, 'x', 'read', ':"a"}'), d(0, 'x', 'read', '')]],
  ['name without id', [d(0, 'x', 'read', '{"file_path"'), d(0, undefined, 'read', ':"a"}')]],
  [
    'everything at the end',
    [d(0, 'x', 'read', '{"file_path"'), d(0, undefined, undefined, ':"a"}'), d(0, 'x', 'read', a)],
  ],
  [
    'nothing, with neither index nor id',
    [d(undefined, 'x', 'read', '{"file_path"'), d(undefined, undefined, undefined, ':"a"}')],
  ],
])('a server that repeats %s makes one call', (_form, deltas) => {
  expect(assemble(...deltas).calls).toEqual([['x', 'read', a]]);
});

test('a new id with every delta makes one call', () => {
  expect(assemble(d(0, 'x', 'read', '{"file_'), d(0, 'y', undefined, 'path":"a"}')).calls).toEqual([['x', 'read', a]]);
});

test('a name in pieces or growing is put together, a tool that begins like another is not', () => {
  expect(assemble(d(0, 'x', 're', ''), d(0, undefined, 'ad', ''), d(0, undefined, undefined, a)).calls).toEqual([
    ['x', 'read', a],
  ]);
  expect(assemble(d(0, 'x', 're', ''), d(0, 'x', 'read', a)).calls).toEqual([['x', 'read', a]]);
  expect(assemble(d(0, undefined, 'read', ''), d(0, undefined, 'read_many', a)).calls).toHaveLength(2);
});

test('arguments that are no JSON, and odd types, pass as they are', () => {
  expect(assemble(d(0, 'x', 'read', '{oops'), { index: 'a', id: 7, function: null }).calls).toEqual([
    ['x', 'read', '{oops'],
  ]);
  expect(assemble({}).calls).toEqual([['', '', '']]);
});

test('arguments that come in very many pieces take no longer than they are long', () => {
  const { add, calls } = createCallAssembler(tools);
  const begin = `{"oops": ${'x'.repeat(2_000_000)}}`;
  add(d(0, 'x', 'read', begin));
  const started = performance.now();
  for (let n = 0; n < 20_000; n += 1) add(d(0, undefined, undefined, '{}'));
  expect(calls()[0]?.argsText).toBe(begin + '{}'.repeat(20_000));
  // To look at all of it for each piece would take minutes.
  expect(performance.now() - started).toBeLessThan(5_000);
});
