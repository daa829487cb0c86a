import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactionMark } from '../../electron/redact.ts';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { call, say } from '../fakes/model-server.ts';
import { apiKey, type Bench, startBench } from './harness.ts';

const write = (path: string, content = 'new\n') => call('write', { file_path: path, content });
const edit = call('edit', { file_path: 'a.txt', old_string: 'two', new_string: '2' });

async function asked(bench: Bench, one: ReturnType<typeof call>): Promise<QueuedApproval> {
  bench.server.script(say(one), say('done'));
  await bench.send(await bench.newSession(), 'go');
  return bench.window.approval();
}

const editing = async (bench: Bench, one: ReturnType<typeof call>) =>
  bench.window.request('approval.editing', { id: (await asked(bench, one)).id });

describe('what a call is edited with', () => {
  it('is the schema of its tool, with the descriptions that the model gets [approval.form]', async () => {
    const bench = await startBench();
    const { schema, compare } = await editing(bench, call('bash', { command: 'touch x' }));
    expect(schema).toMatchObject({
      type: 'object',
      required: ['command'],
      properties: { command: { type: 'string', description: expect.any(String) } },
      additionalProperties: false,
    });
    expect(compare).toBeUndefined();
  });

  it('compares the two texts of an edit [approval.form]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'one\ntwo\n' } });
    expect((await editing(bench, edit)).compare).toEqual({ after: 'new_string', before: { argument: 'old_string' } });
  });

  it('compares what is written with what is on disk, whatever was there when it was asked [approval.form]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'one\n' } });
    const approval = await asked(bench, write('a.txt'));
    await writeFile(join(bench.workspace, 'a.txt'), `two ${apiKey}\n`);
    const { compare } = await bench.window.request('approval.editing', { id: approval.id });
    expect(compare).toEqual({ after: 'content', before: { path: 'a.txt', text: `two ${redactionMark}\n` } });
  });

  it.each([
    ['new.txt', /new\.txt is a new file/],
    ['binary.bin', /binary data now; all of it would be replaced/],
    ['picture.png', /an image now/],
    ['large.txt', /too large/],
    ['folder', /folder/],
    ['out/secret.txt', /is not read: it lies outside/],
  ])('says why nothing stands beside the new content of %s [approval.form]', async (path, note) => {
    const bench = await startBench();
    const at = (name: string) => join(bench.workspace, name);
    await writeFile(at('binary.bin'), Buffer.from([65, 0, 66]));
    await writeFile(at('picture.png'), Buffer.from('\x89PNG\r\n\x1a\nx', 'latin1'));
    await writeFile(at('large.txt'), 'x'.repeat(201 * 1024));
    await mkdir(at('folder'));
    await writeFile(join(bench.userDataDir, 'secret.txt'), 'secret');
    await symlink(bench.userDataDir, at('out'));
    const { compare } = await editing(bench, write(path));
    expect(compare).toEqual({ after: 'content', before: { note: expect.stringMatching(note) } });
  });

  it('names wrong arguments field by field when an edited call is refused [approval.form] [approval.edit]', async () => {
    const bench = await startBench();
    const approval = await asked(bench, call('bash', { command: 'touch x' }));
    await expect(
      bench.window.answer(approval, 'allow', { args: { command: 7, timeout_ms: 'soon' } }),
    ).rejects.toMatchObject({
      code: 'invalid',
      fields: [
        { path: ['command'], message: expect.any(String) },
        { path: expect.any(Array), message: expect.any(String) },
      ],
    });
    expect(bench.window.app.approvals).toHaveLength(1);
  });

  it('is refused for what was answered already [approval.form]', async () => {
    const bench = await startBench();
    const approval = await asked(bench, write('a.txt'));
    await bench.window.answer(approval, 'deny');
    for (const route of ['approval.editing', 'approval.look', 'approval.assess'] as const) {
      await expect(bench.window.request(route, { id: approval.id, args: {} })).rejects.toMatchObject({ code: 'stale' });
    }
  });

  it('says how risky the call would be as it was changed, and nothing of what is no call [approval.form]', async () => {
    const bench = await startBench();
    const { id, risk } = await asked(bench, call('bash', { command: 'touch x' }));
    const assess = async (args: unknown) => (await bench.window.request('approval.assess', { id, args })).risk?.level;
    expect(risk.level).toBe('low');
    expect(await assess({ command: 'touch y' })).toBe('low');
    expect(await assess({ command: 'rm -rf /opt/nothing-here' })).toBe('high');
    expect(await assess({ command: 7 })).toBeUndefined();
    expect(bench.window.app.approvals).toHaveLength(1);
  });
});

describe('a file that changes while a call waits', () => {
  const look = (bench: Bench, { id }: QueuedApproval) => bench.window.request('approval.look', { id });

  it('is told with how the call would look now, and no longer once it is as before [approval.fresh]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'one\n' } });
    const approval = await asked(bench, write('a.txt'));
    expect(await look(bench, approval)).toEqual({});
    await writeFile(join(bench.workspace, 'a.txt'), 'three\n');
    const { detail } = await look(bench, approval);
    expect(detail).toMatchObject({ type: 'diff', patch: expect.stringContaining('-three') });
    await writeFile(join(bench.workspace, 'a.txt'), 'one\n');
    expect(await look(bench, approval)).toEqual({});
  });

  it('is told when an edit can no longer be made [approval.fresh]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'one\ntwo\n' } });
    const approval = await asked(bench, edit);
    await writeFile(join(bench.workspace, 'a.txt'), 'one\n');
    expect((await look(bench, approval)).detail).toMatchObject({
      type: 'path',
      note: expect.stringContaining('not found'),
    });
  });

  it('is nothing to a command, or where our own key is all that differs [approval.fresh]', async () => {
    const bench = await startBench({ files: { 'a.txt': `key ${apiKey}\n` } });
    expect(await look(bench, await asked(bench, write('a.txt')))).toEqual({});
    const other = await startBench();
    expect(await look(other, await asked(other, call('bash', { command: 'touch x' })))).toEqual({});
  });
});
