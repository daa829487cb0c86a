import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { call, gate, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';

const sent = (body: Record<string, unknown>) => [body.reasoning_effort, body.chat_template_kwargs];

describe('thinking', () => {
  it('reaches the model from the next run on, is told, and can be taken back [model.thinking] [S-W58] [S-W59] [S-W60]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.script(say('one', hold), say('two'), say('three'), say('four'));
    const id = await bench.newSession();
    await window.request('session.configure', { sessionId: id, changes: { thinking: { effort: 'low' } } });
    expect(window.session(id).items).toEqual([]);
    await bench.send(id, 'first');
    await hold.reached;
    await window.request('session.configure', {
      sessionId: id,
      changes: { thinking: { effort: 'high', budget: 2000 } },
    });
    await bench.send(id, 'second');
    hold.open();
    const told = await window.until(() => window.session(id).items.find((item) => item.kind === 'notice'));
    expect(told).toMatchObject({ text: 'Thinking: high, at most 2,000 tokens. From the next run on.' });
    await window.untilIdle(id);
    await window.request('session.configure', { sessionId: id, changes: { thinking: { effort: 'off' } } });
    await bench.send(id, 'third');
    await window.untilIdle(id);
    await window.request('session.configure', { sessionId: id, changes: {}, unset: ['thinking'] });
    await bench.send(id, 'fourth');
    await window.untilIdle(id);
    expect(server.requests.map(({ body }) => sent(body))).toEqual([
      ['low', { enable_thinking: true }],
      ['high', { enable_thinking: true }],
      ['none', { enable_thinking: false }],
      [undefined, undefined],
    ]);
    expect(window.session(id).head.config).not.toHaveProperty('thinking');
    await expectLaws(bench, id);
  });

  it('and the model stay what they were to the end of a run, though both are changed in the middle of it [S-W60] [S-W58]', async () => {
    const bench = await startBench();
    const { window, server, workbench } = bench;
    const save = (name: string) =>
      window.request('profile.save', { profile: { name, baseUrl: server.baseUrl, model: name.toLowerCase() } });
    await save('Alpha');
    const { id: profileId } = await save('Beta');
    const { id: other } = await save('Gamma');
    const hold = gate();
    server.script(say(hold, call('ls', { path: '.' })), say('one'), say('two'), say('three'));
    const [id, following] = [await bench.newSession(), await bench.newSession()];
    await bench.send(id, 'first');
    await hold.reached;
    await window.request('session.configure', { sessionId: id, changes: { thinking: { effort: 'high' }, profileId } });
    await workbench.manager.setDefaultLlm(other);
    hold.open();
    await window.untilIdle(id);
    expect(window.session(id).items.find((item) => item.kind === 'notice')).toMatchObject({
      text: 'Model: Beta. Thinking: high. From the next run on.',
    });
    await bench.send(id, 'second');
    await window.untilIdle(id);
    await bench.send(following, 'third');
    await window.untilIdle(following);
    expect(server.requests.map(({ body }) => [body.model, body.reasoning_effort])).toEqual([
      ['alpha', undefined],
      ['alpha', undefined],
      ['beta', 'high'],
      ['gamma', undefined],
    ]);
  });
});

describe('the model of a session', () => {
  it('keeps its address, key, headers and effort over a restart, for the session names its profile and copies none of it [S-W59]', async () => {
    const key = 'sk-of-the-profile-0123456789';
    // Stands for the operating system's keyring.
    const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
    const safeStorage = {
      isEncryptionAvailable: () => true,
      encryptString: (text: string) => turned(Buffer.from(text)),
      decryptString: (bytes: Buffer) => turned(bytes).toString(),
    };
    const userDataDir = await tempFolder();
    const secrets = () => createSecrets({ path: join(userDataDir, 'secrets.json'), log: quiet, safeStorage });
    const first = await startBench({ userDataDir, secrets: secrets() });
    const { id: profileId } = await first.window.request('profile.save', {
      key,
      profile: {
        ...{ name: 'Mine', baseUrl: first.server.baseUrl, model: 'mine' },
        ...{ reasoningEffort: 'high' as const, headers: { 'x-team': 'blue' } },
      },
    });
    const id = await first.newSession({ profileId });
    first.server.script(say('one'), say('two'));
    await first.send(id, 'go');
    await first.window.untilIdle(id);
    const again = await first.restart({ secrets: secrets() });
    await again.window.openSession(id);
    await again.send(id, 'and on');
    await again.window.until(() => again.window.session(id).items.length === 4 && again.window.untilIdle(id));
    const asked = again.server.requests.map(({ headers, body }) => [
      ...[headers.authorization, headers['x-team']],
      ...[body.model, body.reasoning_effort],
    ]);
    expect(asked).toEqual([
      [`Bearer ${key}`, 'blue', 'mine', 'high'],
      [`Bearer ${key}`, 'blue', 'mine', 'high'],
    ]);
  });

  it('follows the default without a restart, keeps to the one it names, and says when that is gone [model.swap] [S-W23]', async () => {
    const bench = await startBench();
    const { window, server, workbench } = bench;
    const { manager } = workbench;
    const save = (name: string) =>
      window.request('profile.save', { profile: { name, baseUrl: server.baseUrl, model: name.toLowerCase() } });
    const { id: profileId } = await save('Alpha');
    const { id: other } = await save('Beta');
    server.script(say('one'), say('two'), say('three'));
    const id = await bench.newSession();
    await bench.send(id, 'first');
    await window.untilIdle(id);
    await manager.setDefaultLlm(other);
    await bench.send(id, 'second');
    await window.untilIdle(id);
    await manager.setDefaultLlm(undefined);
    await window.request('session.configure', { sessionId: id, changes: { profileId } });
    await bench.send(id, 'third');
    const state = await window.untilIdle(id);
    expect(server.requests.map(({ body }) => body.model)).toEqual(['alpha', 'beta', 'alpha']);
    expect(state.items.find((item) => item.kind === 'notice')).toMatchObject({
      text: 'Model: Alpha. From the next run on.',
    });
    expect(await manager.getLlmForSession(id)).toMatchObject({ ok: true, value: { model: 'alpha' } });

    await window.request('profile.remove', { id: profileId });
    expect(await manager.getLlmForSession(id)).toMatchObject({ ok: false });
    await bench.send(id, 'fourth');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('failed');
    expect(server.requests).toHaveLength(3);
    await window.request('session.configure', { sessionId: id, changes: {}, unset: ['profileId'] });
    server.script(say('back'));
    await bench.send(id, 'fifth');
    expect((await window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'back', model: 'beta' });
  });
});
