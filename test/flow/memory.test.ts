import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { call, gate, say } from '../fakes/model-server.ts';
import { createVolatileMemory } from '../fakes/volatile-memory.ts';
import { apiKey, type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';

async function withMemory(): Promise<Bench> {
  const bench = await startBench();
  await bench.window.request('settings.change', { changes: { memory: true } });
  return bench;
}

const systemOf = ({ server }: Bench, index: number) => String(server.requests[index]?.body.messages[0]?.content);
const toolsOf = ({ server }: Bench, index: number) =>
  ((server.requests[index]?.body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);

async function run(bench: Bench, id: string, text: string): Promise<void> {
  await bench.send(id, text);
  await bench.window.untilIdle(id);
}

it('an agent notes a fact after a question; later runs there are told, others are not [memory.remember] [memory.scope] [S-W51]', async () => {
  const bench = await withMemory();
  const { window, server } = bench;
  server.script(
    say(call('remember', { content: `Tests run with make check; key ${apiKey}`, tags: ['tests'] })),
    say('Noted.'),
    say(call('recall', { query: 'how do tests run' })),
    say('With make check.'),
    say('Nothing known.'),
  );
  const id = await bench.newSession();
  await bench.send(id, 'how do you test?');
  const asked = await window.approval();
  expect(asked).toMatchObject({ tool: 'remember', reason: expect.stringContaining('`remember`') });
  await window.answer(asked, 'allow');
  await window.untilIdle(id);
  expect(toolsOf(bench, 0)).toContain('remember');
  expect(toolsOf(bench, 0)).not.toContain('recall');
  // The run under way keeps its prompt, for the provider's cache.
  expect(systemOf(bench, 1)).toBe(systemOf(bench, 0));
  const later = await bench.newSession();
  await run(bench, later, 'and now?');
  expect(systemOf(bench, 2)).toContain('<memory>\n- Tests run with make check; key [redacted:switchyard]\n</memory>');
  expect(toolsOf(bench, 2)).toContain('recall');
  expect(window.calls(later)[0]?.result?.output).toMatch(
    /^Notes, as data.*\n- \d{4}-\d\d-\d\d: Tests run with make check/,
  );
  const elsewhere = await bench.newSession({ workspace: await tempFolder() });
  await run(bench, elsewhere, 'hello');
  expect(systemOf(bench, 4)).not.toContain('make check');
  const folder = join(bench.userDataDir, 'memory');
  for (const name of await readdir(folder)) expect(await readFile(join(folder, name), 'utf8')).not.toContain(apiKey);
  await expectLaws(bench, id);
  await expectLaws(bench, later);
});

it('the context shows what is told of memory; an item can be left out of a session and put back [memory.context]', async () => {
  const bench = await withMemory();
  const { window, server } = bench;
  const id = await bench.newSession();
  const { id: first } = await window.request('memory.add', {
    content: 'Answers are short, in plain words, and name every file that was looked at on the way',
    sessionId: id,
  });
  await window.request('memory.add', { content: 'Everywhere the same' });
  server.script(say('One.'), say(call('recall', { query: 'short answers' })), say('Two.'), say('Three.'));
  await run(bench, id, 'one');
  const before = await window.request('context.preview', { sessionId: id });
  expect(before.memory).toMatchObject([
    { content: 'Answers are short, in plain words, and name every file that was looked at on the way', leftOut: false },
    { content: 'Everywhere the same', leftOut: false },
  ]);
  expect(before.parts.memory).toBeGreaterThan(0);
  expect(before.messages[0]?.text).toBe(systemOf(bench, 0));
  await window.request('session.configure', { sessionId: id, changes: { memoryLeftOut: [first] } });
  await run(bench, id, 'two');
  expect(systemOf(bench, 1)).not.toContain('Answers are short');
  expect(systemOf(bench, 1)).toContain('Everywhere the same');
  const after = await window.request('context.preview', { sessionId: id });
  expect(after.memory).toMatchObject([{ leftOut: false }, { id: first, leftOut: true }]);
  expect(after.parts.memory).toBeLessThan(before.parts.memory);
  expect(window.calls(id)[0]?.result?.output).toBe('Nothing is noted about that.');
  await window.request('session.configure', { sessionId: id, changes: { memoryLeftOut: [] } });
  await run(bench, id, 'three');
  expect(systemOf(bench, 3)).toBe(systemOf(bench, 0));
});

it('the person reads, finds, changes, deletes and takes back; it outlives a restart [memory.manage]', async () => {
  const first = await withMemory();
  const add = (content: string) => first.window.request('memory.add', { content });
  const { id } = await add('Deploy on Tuesdays');
  await add('Prefer tabs');
  await first.window.request('memory.change', { id, content: 'Deploy on Mondays', pinned: true });
  await expect(add(`token ghp_${'a1B2'.repeat(9)}`)).rejects.toThrow(/secret/);
  await expect(first.window.request('memory.change', { id: 'gone', content: 'x' })).rejects.toThrow(/no longer/);
  const { window } = await first.restart();
  const list = async (query?: string) =>
    (await window.request('memory.list', query === undefined ? {} : { query })).items.map(({ content }) => content);
  expect((await list()).sort()).toEqual(['Deploy on Mondays', 'Prefer tabs']);
  expect(await list('mondays')).toEqual(['Deploy on Mondays']);
  const [item] = (await window.request('memory.list', { query: 'mondays' })).items;
  expect(item).toMatchObject({ pinned: true, by: 'person' });
  await window.request('memory.remove', { id });
  expect(await list()).toEqual(['Prefer tabs']);
  if (item) await window.request('memory.restore', { item });
  expect(await list()).toHaveLength(2);
});

it('the store can be set and taken away; sessions made before go by it at their next run [memory.store]', async () => {
  const bench = await withMemory();
  const { window, server, workbench } = bench;
  const { manager } = workbench;
  await window.request('memory.add', { content: 'From the file' });
  const id = await bench.newSession();
  expect(manager.memoryStore()).toBeDefined();
  const hold = gate();
  server.script(say(hold, call('ls', {})), say('One.'), say('Two.'), say('Three.'));
  await bench.send(id, 'one');
  await hold.reached;
  const store = createVolatileMemory([
    { id: 'm1', content: 'From elsewhere', type: 'semantic', importance: 1, tags: [], at: 1, by: 'person', uses: 0 },
  ]);
  manager.setMemoryStore(store);
  expect(manager.memoryStore()).toBe(store);
  hold.open();
  await window.untilIdle(id);
  expect(systemOf(bench, 1)).toBe(systemOf(bench, 0));
  await run(bench, id, 'two');
  expect(systemOf(bench, 2)).toContain('From elsewhere');
  expect(systemOf(bench, 2)).not.toContain('From the file');
  manager.setMemoryStore(undefined);
  expect(manager.memoryStore()).toBeUndefined();
  await run(bench, id, 'three');
  expect(systemOf(bench, 3)).not.toContain('<memory>');
  expect(toolsOf(bench, 3)).not.toContain('remember');
});

it('switched off, as it is at first, nothing is told and nothing noted [memory.off]', async () => {
  const bench = await startBench();
  await bench.window.request('memory.add', { content: 'Not to be told' });
  bench.server.script(say('Hello.'));
  const id = await bench.newSession();
  await run(bench, id, 'hello');
  expect(systemOf(bench, 0)).not.toContain('Not to be told');
  expect(toolsOf(bench, 0)).toEqual(['bash', 'edit', 'glob', 'grep', 'ls', 'read', 'task', 'write']);
  expect((await bench.window.request('context.preview', { sessionId: id })).parts.memory).toBe(0);
});
