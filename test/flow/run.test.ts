import { expect, it } from 'vitest';
import { call, gate, say, usage } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

it('carries a prompt through a read to the answer, with usage', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const { window, server } = bench;
  server.script(
    say('Let me look.', call('read', { file_path: 'a.txt' }), usage({ input: 100, output: 10 })),
    say('It says hello.', usage({ input: 130, output: 5, cached: 90 })),
  );
  const id = await bench.newSession();
  await bench.send(id, 'what is in a.txt?');
  const state = await window.untilIdle(id);

  expect(state.items.map((item) => item.kind)).toEqual(['prompt', 'message', 'call', 'message']);
  expect(window.calls(id)[0]).toMatchObject({ tool: 'read', state: 'ok', decision: { decision: 'allow' } });
  expect(window.calls(id)[0]?.result?.output).toContain('hello');
  expect(state.head.run).toMatchObject({ outcome: 'completed', turn: 2 });
  expect(state.head.totals).toMatchObject({ input: 230, output: 15, cachedInput: 90, modelCalls: 2 });
  expect(state.head.context).toMatchObject({ used: 135, source: 'reported' });
  expect(state.head.config.title).toBe('what is in a.txt?');
  const sent = (await server.request(1)).body.messages;
  expect(sent.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool']);
  expect(server.errors).toEqual([]);
  await expectLaws(bench, id);
});

it('streams text as it comes, and a window that opens in mid-stream misses nothing', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  const hold = gate();
  server.script(say('Hel', hold, 'lo'));
  const id = await bench.newSession();
  await bench.send(id, 'hi');
  await window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text === 'Hel'));
  const reopened = await window.openSession(id);
  expect(reopened.items.at(-1)).toMatchObject({ kind: 'message', text: 'Hel', streaming: true });
  hold.open();
  const state = await window.untilIdle(id);
  expect(state.items.at(-1)).toMatchObject({ text: 'Hello', streaming: false });
  await expectLaws(bench, id);
});
