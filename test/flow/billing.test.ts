import { expect, it } from 'vitest';
import { call, cut, hang, httpError, raw, say, usage } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';

const prices = { input: 10, output: 40, cachedInput: 1 };
const ls = call('ls', { path: '.' });

it('every model call is billed at the price of its model, whatever became of its run: completed, failed, cut off, stopped, of a child, a title or a summary [S-W73] [S-W21] [I10]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'word '.repeat(4000) } });
  const { window, server } = bench;
  const profile = { name: 'Priced', baseUrl: server.baseUrl, model: 'priced', prices };
  const { id: profileId } = await window.request('profile.save', { profile });
  await window.request('settings.change', { changes: { modelTitles: true, defaultProfileId: profileId } });
  let spent = { input: 0, output: 0, cached: 0 };
  /** Each amount is another one, so that none can stand for another. */
  const bill = (input: number, output: number, cached = 0) => {
    spent = { input: spent.input + input, output: spent.output + output, cached: spent.cached + cached };
    return usage({ input, output, cached });
  };
  /** As some providers do, before the reply is whole. */
  const early = (input: number, output: number) => {
    bill(input, output);
    const wire = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    return raw(`data: ${JSON.stringify({ choices: [], usage: wire })}\n\n`);
  };

  const id = await bench.newSession();
  const run = async (text: string) => {
    const promptId = await bench.send(id, text);
    await window.until(() => {
      const { run } = window.session(id).head;
      return run?.promptId === promptId && run.outcome;
    });
    return window.session(id).head.run?.outcome;
  };
  server.script(say('Hello.', bill(1000, 10)), say('A title', bill(200, 3)));
  expect(await run('hello')).toBe('completed');
  await window.until(() => window.app.sessions[id]?.title === 'A title');

  server.script(say(ls, bill(1100, 20, 700)), httpError(400, { error: { message: 'no' } }));
  expect(await run('fails')).toBe('failed');
  server.script(say(ls, bill(1200, 30)), say('Half a sen', early(1300, 40), cut));
  expect(await run('is cut off')).toBe('failed');
  server.script(say(bill(1310, 1)));
  expect(await run('says nothing')).toBe('failed');

  server.script(say(ls, bill(1400, 50)), say('Well, ', early(1500, 60), hang));
  const stopped = run('is stopped');
  await window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text === 'Well, '));
  await window.request('run.cancel', { sessionId: id });
  expect(await stopped).toBe('cancelled');

  server.when('child work', say(ls, bill(400, 7)), httpError(400, { error: { message: 'no' } }));
  server.script(
    say(call('task', { description: 'Child', prompt: 'child work' }), bill(1600, 70)),
    say('Ok', bill(1700, 8)),
  );
  expect(await run('delegates')).toBe('completed');

  server.script(say(call('read', { file_path: 'a.txt' }), bill(9000, 9)), say('Read.', bill(9100, 11)));
  expect(await run('reads')).toBe('completed');
  const before = server.requests.length;
  server.script(say('The gist.', bill(8000, 90)));
  await window.request('context.compact', { sessionId: id });
  expect(server.requests.length).toBe(before + 1);

  expect(server.errors).toEqual([]);
  await window.until(() => window.app.sessions[id]?.totals.modelCalls === server.requests.length - 2);
  const cost = ((spent.input - spent.cached) * 10 + spent.cached + spent.output * 40) / 1e6;
  const { total, kinds } = await window.request('costs.summary', {});
  expect(total).toMatchObject({ input: spent.input, output: spent.output, cachedInput: spent.cached });
  expect(total.cost).toBeCloseTo(cost, 9);
  expect(kinds.map(({ name }) => name).sort()).toEqual(['compaction', 'title', 'turn']);
  // The parent's row shows what the tree has cost.
  const [childId = ''] = bench.workbench.manager.getChildSessions(id);
  const sums = [id, childId].map((one) => window.app.sessions[one]?.totals.cost ?? 0);
  expect(sums[1]).toBeCloseTo((400 * 10 + 7 * 40) / 1e6, 9);
  expect(sums.reduce((sum, one) => sum + one, 0)).toBeCloseTo(cost, 9);

  const again = await bench.restart();
  expect((await again.window.request('costs.summary', {})).total).toEqual(total);
});
