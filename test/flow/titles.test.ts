import { expect, it } from 'vitest';
import { gate, httpError, say, usage } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

async function withTitles(): Promise<Bench> {
  const bench = await startBench();
  await bench.window.request('settings.change', { changes: { modelTitles: true } });
  return bench;
}

it('a session gets a title of the model after its first exchange, billed to it [title.made] [S-W77]', async () => {
  const bench = await withTitles();
  const { window, server } = bench;
  server.script(
    say('All good now.', usage({ input: 10, output: 2 })),
    say('"Repair of the gate"', usage({ input: 30, output: 5 })),
    say('More.'),
  );
  const id = await bench.newSession();
  await bench.send(id, 'please mend the gate\nit squeaks');
  expect(window.app.sessions[id]?.title).not.toBe('Repair of the gate');
  await window.until(() => window.app.sessions[id]?.title === 'Repair of the gate');
  expect(server.requests[1]?.body.tools).toBeUndefined();
  const { head } = await window.until(() => window.session(id).head.totals.modelCalls === 2 && window.session(id));
  expect(head.totals).toMatchObject({ input: 40, output: 7, unpriced: 2 });
  expect(head.ledger?.map((row) => row.kind)).toEqual(['turn', 'title']);
  expect(head.work?.turns).toBe(1);
  // Only the first exchange is named.
  await bench.send(id, 'and the door');
  await window.until(() => window.session(id).items.length === 4 && window.untilIdle(id));
  expect(server.requests).toHaveLength(3);
  await expectLaws(bench, id);
});

it('what a person named keeps its name, even when they do it meanwhile [title.kept] [S-W77]', async () => {
  const bench = await withTitles();
  const { window, server } = bench;
  const hold = gate();
  server.script(say('Done.'), say(hold, 'A title of the model'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await server.request(1);
  await window.request('session.configure', { sessionId: id, changes: { title: 'Mine' } });
  hold.open();
  await window.until(() => window.session(id).head.totals.modelCalls === 2);
  expect(window.session(id).head.config.title).toBe('Mine');
  server.script(say('Done.'));
  const named = await bench.newSession({ title: 'Named from the start' });
  await bench.send(named, 'go');
  await window.untilIdle(named);
  expect(window.session(named).head.config.title).toBe('Named from the start');
  expect(server.requests).toHaveLength(3);
});

it('when no title can be had, the first line of the prompt stays; a quit waits for none [title.fallback]', async () => {
  const first = await withTitles();
  const hold = gate();
  first.server.script(say('Done.'), httpError(400, { error: { message: 'no' } }), say('Done.'), say(hold));
  const id = await first.newSession();
  await first.send(id, 'mend the gate');
  await first.window.untilIdle(id);
  await (await first.server.request(1)).ended;
  const other = await first.newSession();
  await first.send(other, 'mend the door');
  await first.server.request(3);
  const bench = await first.restart();
  expect(bench.window.app.sessions[id]?.title).toBe('mend the gate');
  expect(bench.window.app.sessions[other]).toMatchObject({ title: 'mend the door', status: 'completed' });
});
