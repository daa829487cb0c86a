import { expect, it } from 'vitest';
import { call, gate, httpError, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

/** Whoever asks first for a session after a start. */
const ways: [string, (bench: Bench, id: string) => Promise<unknown>][] = [
  ['its window', ({ window }, id) => window.openSession(id)],
  ['a prompt', ({ workbench }, id) => workbench.manager.send(id, 'again')],
  ['generate', ({ workbench }, id) => workbench.manager.generate(id, 'again')],
  [
    'a single call',
    ({ workbench }, id) => workbench.manager.toolExecutor().run(id, { tool: 'ls', args: { path: '.' } }),
  ],
  ['a change of its configuration', ({ workbench }, id) => workbench.manager.configure(id, { title: 'Named' })],
  ['restoreSessionById', ({ workbench }, id) => workbench.manager.restoreSessionById(id)],
];

it.each(ways)(
  'a restored session that %s opens runs its queue, is listed, heard and stopped like a new one [S-W22]',
  async (_way, open) => {
    const first = await startBench();
    const hold = gate();
    first.server.script(say('Well', hold));
    first.server.reply((request) => say(`re: ${request.lastUser}`));
    const id = await first.newSession();
    await first.send(id, 'stopped');
    await hold.reached;
    await first.send(id, 'queued');
    await first.window.request('run.cancel', { sessionId: id });
    await first.window.until(() => first.window.session(id).head.run?.outcome === 'cancelled');

    const bench = await first.restart();
    const { window, server, workbench } = bench;
    expect(server.requests).toHaveLength(1);
    const opened = open(bench, id);
    await workbench.manager.changeQueue(id, (queue) => queue.startNext());
    await opened;
    await window.openSession(id);
    const state = await window.untilIdle(id);
    const texts = state.items.flatMap((item) => (item.kind === 'message' ? item.text : []));
    expect(texts).toContain('re: queued');
    await window.until(() => window.app.sessions[id]?.status === 'completed');
    await expectLaws(bench, id);
    const last = gate();
    server.script(say('Once', last));
    await bench.send(id, 'more');
    await last.reached;
    expect(await workbench.manager.cancelOperation(id)).toBe(true);
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('cancelled');
    await expectLaws(bench, id);
  },
);

it('all that a session was configured with holds after a restart as before [S-W29]', async () => {
  const first = await startBench({ files: { 'a.txt': 'A' } });
  const { id: profileId } = await first.window.request('profile.save', {
    profile: { name: 'Own', baseUrl: first.server.baseUrl, model: 'own' },
  });
  const { manager } = first.workbench;
  const id = await first.newSession({ mode: 'accept-edits', profileId });
  const policy = await manager.getConfirmationPolicy(id);
  await manager.configure(id, {
    title: 'Set up',
    instructions: 'Always answer in rhymes.',
    rules: { allow: ['Bash(echo *)'], ask: [], deny: ['Read(a.txt)'] },
    maxTurns: 3,
    maxContext: 50_000,
    autoCompact: false,
    thinking: { effort: 'low' },
    budget: { session: { tokens: 1_000_000 } },
  });
  await manager.setConfirmationPolicy(id, { ...policy, defaultTimeoutMs: 60_000 });
  const { config } = (await manager.getSession(id)).state.head;

  const bench = await first.restart();
  const { window, server, workbench } = bench;
  expect((await window.openSession(id)).head.config).toEqual(config);
  expect(window.app.sessions[id]).toMatchObject({ title: 'Set up', mode: 'accept-edits', profileId });
  expect(await workbench.manager.getConfirmationPolicy(id)).toMatchObject({ defaultTimeoutMs: 60_000 });
  const calls = [
    call('bash', { command: 'echo hi' }),
    call('read', { file_path: 'a.txt' }),
    call('write', { file_path: 'b.txt', content: 'b' }),
  ];
  server.script(say(...calls), say(call('ls', { path: '.' })), say(call('ls', { path: '.' })));
  await bench.send(id, 'go');
  const state = await window.untilIdle(id);
  expect(state.head.run).toMatchObject({ outcome: 'limit', turn: 3 });
  expect(window.calls(id).map((one) => one.state)).toEqual(['ok', 'denied', 'ok', 'ok', 'ok']);
  expect(state.head.context).toMatchObject({ window: 50_000 });
  const { body } = await server.request(0);
  expect(body).toMatchObject({ model: 'own', reasoning_effort: 'low' });
  expect(String(body.messages[0]?.content)).toContain('Always answer in rhymes.');
  await expectLaws(bench, id);
});

it('a restored session whose key is gone says so, asks no other model, and works once it is given [S-W23]', async () => {
  const first = await startBench();
  const profile = { name: 'Own', baseUrl: first.server.baseUrl, model: 'own' };
  const { id: profileId, keyStored } = await first.window.request('profile.save', {
    profile,
    key: 'sk-own-1234567890',
  });
  // Without a keyring a key lives as long as the process.
  expect(keyStored).toBe('memory');
  const id = await first.newSession({ profileId });
  first.server.script(say('one'));
  await first.send(id, 'first');
  await first.window.untilIdle(id);

  const bench = await first.restart();
  const { window, server } = bench;
  await window.openSession(id);
  server.script(httpError(401, { error: { message: 'who are you?' } }));
  await bench.send(id, 'second');
  expect((await window.untilIdle(id)).head.run).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringMatching(/key/i), hint: expect.stringMatching(/Settings/) },
  });
  expect(server.requests.map(({ body }) => body.model)).toEqual(['own', 'own']);
  await window.request('profile.save', { profile: { ...profile, id: profileId }, key: 'sk-own-1234567890' });
  server.script(say('three'));
  await bench.send(id, 'third');
  expect((await window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'three', model: 'own' });
  await expectLaws(bench, id);
});
