import { expect, it } from 'vitest';
import type { SearchAnswer } from '../../shared/ipc/contract.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';

/** The answer once every session has been read. */
async function search({ window }: Bench, text: string): Promise<SearchAnswer> {
  for (;;) {
    const answer = await window.request('search.query', { text });
    if (!answer.indexing) return answer;
  }
}

const found = ({ hits }: SearchAnswer) => hits.map((hit) => `${hit.kind}:${hit.snippet.text}`);

it('finds prompts, replies and outputs, with their place and the words marked [search.hits]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'a walrus in a file\n' } });
  const { window, server } = bench;
  server.script(say('Let me look.', call('read', { file_path: 'a.txt' })), say('There is a Walrus, I think.'));
  const id = await bench.newSession();
  await bench.send(id, 'Is there a walrus?');
  await window.untilIdle(id);
  const answer = await search(bench, 'walrus');
  expect(answer.hits.map((hit) => hit.kind).sort()).toEqual(['call', 'message', 'prompt']);
  for (const { sessionId, itemId, place, snippet } of answer.hits) {
    expect(sessionId).toBe(id);
    expect(window.session(id).items[place]?.id).toBe(itemId);
    const words = snippet.marks.map(([begin, length]) => snippet.text.slice(begin, begin + length).toLowerCase());
    expect(words).toContain('walrus');
  }
  expect(found(await search(bench, 'nowhere'))).toEqual([]);
});

it('follows what sessions say next, and forgets those that are deleted [search.follow]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  server.reply((request) => say(`reply to ${request.lastUser}`));
  const id = await bench.newSession();
  await bench.send(id, 'first apricot');
  await window.untilIdle(id);
  expect((await search(bench, 'apricot')).hits).toHaveLength(2);
  await bench.send(id, 'second blueberry');
  await window.until(() => window.session(id).items.length === 4 && window.untilIdle(id));
  await expect.poll(async () => (await search(bench, 'blueberry')).hits.length).toBe(2);
  await window.request('session.destroy', { sessionId: id });
  expect((await search(bench, 'apricot')).hits).toEqual([]);
});

it('is built anew after a restart from what is stored, without opening a session [search.rebuild]', async () => {
  const first = await startBench();
  first.server.reply((request) => say(`reply to ${request.lastUser}`));
  for (const word of ['quince', 'medlar', 'quince again']) {
    const id = await first.newSession();
    await first.send(id, word);
    await first.window.untilIdle(id);
  }
  const bench = await first.restart();
  const answer = await search(bench, 'quince');
  expect(new Set(answer.hits.map((hit) => hit.sessionId)).size).toBe(2);
  expect(answer.hits).toHaveLength(4);
});

it('an archived session is marked so, stays so after a restart, and comes back [session.archive]', async () => {
  const first = await startBench();
  first.server.script(say('done'));
  const id = await first.newSession();
  await first.send(id, 'go');
  await first.window.untilIdle(id);
  await first.window.request('session.archive', { sessionId: id, archived: true });
  await first.window.until(() => first.window.app.sessions[id]?.archived === true);
  const bench = await first.restart();
  expect(bench.window.app.sessions[id]?.archived).toBe(true);
  await bench.window.request('session.archive', { sessionId: id, archived: false });
  await bench.window.until(() => bench.window.app.sessions[id]?.archived === undefined);
});

it('a session at work is not archived [session.archive]', async () => {
  const bench = await startBench();
  bench.server.script(say(call('bash', { command: 'touch x' })));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await bench.window.approval();
  await expect(bench.window.request('session.archive', { sessionId: id, archived: true })).rejects.toMatchObject({
    code: 'busy',
  });
});
