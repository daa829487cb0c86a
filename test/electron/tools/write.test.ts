import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactionMark } from '../../../electron/redact.ts';
import { writeTool } from '../../../electron/tools/write.ts';
import { call, contextFor, refusal, tempFolder } from './tool-bench.ts';

describe('write', () => {
  it('makes a file with its folders and says how large it is', async () => {
    const workspace = tempFolder();
    const args = { file_path: 'src/new/a.txt', content: 'ä\nb\n' };
    const shown = await writeTool.describe(args, { workspace });
    expect(shown.title).toBe('src/new/a.txt');
    expect(shown.detail).toMatchObject({ type: 'diff', created: true, added: 2, removed: 0 });
    const result = await call(writeTool, args, contextFor(workspace).context);
    expect(result).toMatchObject({
      status: 'ok',
      output: 'Made src/new/a.txt (5 bytes, 2 lines).',
      detail: shown.detail,
    });
    expect(readFileSync(join(workspace, 'src/new/a.txt'), 'utf8')).toBe('ä\nb\n');
  });

  it('replaces a file and shows what changes', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'a.txt'), 'one\ntwo\n');
    const args = { file_path: 'a.txt', content: 'one\n2' };
    const shown = await writeTool.describe(args, { workspace });
    expect(shown.detail).toMatchObject({
      patch: '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n\\ No newline at end of file\n',
    });
    expect(await call(writeTool, args, contextFor(workspace).context)).toMatchObject({
      status: 'ok',
      summary: '+1 −1',
    });
  });

  it('replaces a binary file without showing it', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'a.bin'), Buffer.from([1, 0, 2]));
    const { detail } = await writeTool.describe({ file_path: 'a.bin', content: 'text' }, { workspace });
    expect(detail).toMatchObject({
      type: 'diff',
      patch: expect.stringMatching(/^Replaces a file whose content is not shown/),
    });
  });

  it.each(['/etc/switchyard-test', '../beside.txt', 'out/a.txt', 'dangling', 'sub'])(
    'refuses %s',
    async (file_path) => {
      const base = tempFolder();
      const workspace = join(base, 'ws');
      mkdirSync(join(workspace, 'sub'), { recursive: true });
      symlinkSync(base, join(workspace, 'out'));
      symlinkSync(join(base, 'new.txt'), join(workspace, 'dangling'));
      const args = { file_path, content: 'x' };
      expect(await call(writeTool, args, contextFor(workspace).context)).toMatchObject({ status: 'error' });
    },
  );

  it('does not read a file outside to describe replacing it', async () => {
    const file = join(tempFolder(), 'a.txt');
    writeFileSync(file, 'private neighbour');
    const shown = await writeTool.describe({ file_path: file, content: 'x' }, { workspace: tempFolder() });
    expect(shown.title).toBe(file);
    expect(JSON.stringify(shown)).not.toContain('private');
  });

  it('writes nothing once cancelled, or when the workspace is gone', async () => {
    const workspace = tempFolder();
    const aborted = AbortSignal.abort();
    const args = { file_path: 'a.txt', content: 'x' };
    const { context } = contextFor(workspace, { signal: aborted });
    expect(await call(writeTool, args, context)).toMatchObject({ status: 'cancelled' });
    expect(() => readFileSync(join(workspace, 'a.txt'))).toThrow();
    const gone = contextFor(join(workspace, 'gone')).context;
    expect(await call(writeTool, args, gone)).toMatchObject({ output: expect.stringContaining('not there any more') });
  });

  it('refuses the redaction mark and unknown keys', () => {
    expect(refusal(writeTool, { file_path: 'a', content: `k=${redactionMark}` })).toContain('content');
    expect(refusal(writeTool, { file_path: 'a', content: '', mode: 1 })).toContain('mode');
  });
});
