import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactionMark } from '../../../electron/redact.ts';
import { applyEdit, editTool } from '../../../electron/tools/edit.ts';
import { call, contextFor, refusal, tempFolder } from './tool-bench.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('applyEdit keeps every byte that is not replaced', () => {
  const cases: [what: string, file: string, from: string, to: string, result: string][] = [
    ['plain text', 'one two three', 'two', '2', 'one 2 three'],
    ['no last newline', 'a\nb', 'a', 'x', 'x\nb'],
    ['replaced last line without newline', 'a\nb', 'b', 'c', 'a\nc'],
    ['byte order mark', '\xEF\xBB\xBFfirst\nsecond\n', 'first', 'one', '\xEF\xBB\xBFone\nsecond\n'],
    ['byte order mark in old_string', '\xEF\xBB\xBFfirst\n', '\uFEFFfirst', 'one', '\xEF\xBB\xBFone\n'],
    ['CRLF, old_string with LF', 'a\r\nb\r\nc\r\n', 'a\nb\n', 'x\ny\nz\n', 'x\r\ny\r\nz\r\nc\r\n'],
    ['CRLF, one line becomes two', 'a\r\nb\r\n', 'a', 'x\ny', 'x\r\ny\r\nb\r\n'],
    ['CRLF, deleted line', 'a\r\nb\r\nc', 'b\n', '', 'a\r\nc'],
    ['CRLF given exactly', 'a\r\nb\r\n', 'a\r\nb', 'x\r\ny', 'x\r\ny\r\n'],
    ['CRLF, last line without newline', 'a\r\nb', 'b', 'c\nd', 'a\r\nc\r\nd'],
    ['mixed, the LF part', 'a\r\nb\nc\nd\r\n', 'b\nc', 'x\ny', 'a\r\nx\ny\nd\r\n'],
    ['mixed, the CRLF part', 'a\nb\r\nc\r\nd\n', 'b\nc', 'x\ny', 'a\nx\r\ny\r\nd\n'],
    ['invalid UTF-8 around', '\xff\xfe\x80 name \xc3\x28', 'name', 'title', '\xff\xfe\x80 title \xc3\x28'],
    ['NUL bytes around', '\0a\0', 'a', 'b', '\0b\0'],
    ['UTF-8', 'gr\xC3\xBC\xC3\x9Fe', 'grüße', 'hallo', 'hallo'],
    ['dollar patterns', 'a b', 'b', '$&$1', 'a $&$1'],
    ['regex characters', 'f(x) + [y]', '(x) + [y]', '()', 'f()'],
    ['lone carriage returns', 'a\rb\nc\r\nd', 'b', 'x', 'a\rx\nc\r\nd'],
    ['double carriage returns', 'a\r\r\nb\r\n', 'b\n', 'c\n', 'a\r\r\nc\r\n'],
  ];
  it.each(cases)('%s', (_what, file, old_string, new_string, result) => {
    const edited = applyEdit(bytes(file), { old_string, new_string, replace_all: false });
    expect(edited.ok && Buffer.from(edited.value.bytes).toString('latin1')).toBe(result);
    expect(edited).toMatchObject({ ok: true, value: { count: 1 } });
  });

  it('replaces every occurrence from left to right', () => {
    const edited = applyEdit(bytes('aaa b aa\r\nb\n'), { old_string: 'aa', new_string: 'x\ny', replace_all: true });
    expect(edited.ok && Buffer.from(edited.value.bytes).toString()).toBe('x\r\nya b x\r\ny\r\nb\n');
    expect(edited).toMatchObject({ ok: true, value: { count: 2 } });
  });

  it('works on a view into a larger buffer', () => {
    const edited = applyEdit(Buffer.from('xxabcxx').subarray(2, 5), { old_string: 'b', new_string: '-' });
    expect(edited.ok && Buffer.from(edited.value.bytes).toString()).toBe('a-c');
  });
});

describe('applyEdit refuses and says what to do', () => {
  const cases: [what: string, file: string, from: string, to: string, says: RegExp][] = [
    ['empty old_string', 'a', '', 'b', /empty.*write/],
    ['identical strings', 'a', 'a', 'a', /same/],
    ['no occurrence', 'a\nb', 'c', 'd', /not found.*Read the file again/],
    ['two occurrences', 'x\ny\nx', 'x', 'z', /occurs 2 times \(lines 1, 3\).*replace_all/],
    ['overlapping occurrences', 'aaa', 'aa', 'b', /occurs 2 times/],
    ['other whitespace', 'if (a) {\n    b();\n}', 'if (a) {\n  b();', 'x', /line 1.*whitespace/],
    ['line numbers', 'a\nb', '     1\ta', 'x', /line number/],
    ['half a character', 'a', 'a\ud800', 'b', /surrogate/],
    ['exact CRLF in an LF file', 'a\nb', 'a\r\nb', 'x', /not found/],
  ];
  it.each(cases)('%s', (_what, file, old_string, new_string, says) => {
    const edited = applyEdit(bytes(file), { old_string, new_string, replace_all: false });
    expect(edited).toMatchObject({ ok: false, error: { code: 'invalid', message: expect.stringMatching(says) } });
  });

  it('does not take the memory of millions of places', () => {
    const file = Buffer.alloc(3_000_000, 'a');
    expect(applyEdit(file, { old_string: 'a', new_string: 'b', replace_all: true })).toMatchObject({ ok: false });
  });
});

describe('edit', () => {
  it('changes the file, keeps its mode and shows the change', async () => {
    const workspace = tempFolder();
    const file = join(workspace, 'run.sh');
    writeFileSync(file, '#!/bin/sh\necho a\n');
    chmodSync(file, 0o751);
    const args = { file_path: 'run.sh', old_string: 'echo a', new_string: 'echo b' };
    const shown = await editTool.describe(editTool.schema.parse(args), { workspace });
    const result = await call(editTool, args, contextFor(workspace).context);
    expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\necho b\n');
    expect(statSync(file).mode & 0o777).toBe(0o751);
    expect(result).toMatchObject({ status: 'ok', summary: '+1 −1' });
    expect(shown).toEqual({ title: 'run.sh', detail: result.detail });
    expect(shown.detail).toMatchObject({
      type: 'diff',
      patch: '--- a/run.sh\n+++ b/run.sh\n@@ -1,2 +1,2 @@\n #!/bin/sh\n-echo a\n+echo b\n',
    });
  });

  it('changes the target of a link, not the link', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'real.txt'), 'a');
    symlinkSync('real.txt', join(workspace, 'link.txt'));
    const args = { file_path: 'link.txt', old_string: 'a', new_string: 'b' };
    const shown = await editTool.describe(editTool.schema.parse(args), { workspace });
    expect(shown.title).toBe('real.txt');
    await call(editTool, args, contextFor(workspace).context);
    expect(readFileSync(join(workspace, 'real.txt'), 'utf8')).toBe('b');
    expect(readFileSync(join(workspace, 'link.txt'), 'utf8')).toBe('b');
  });

  it('neither reads nor changes a file outside before it is allowed', async () => {
    const workspace = tempFolder();
    const file = join(tempFolder(), 'other.txt');
    writeFileSync(file, 'private neighbour\na\n');
    const args = { file_path: file, old_string: 'a', new_string: 'b', replace_all: true };
    const shown = await editTool.describe(editTool.schema.parse(args), { workspace });
    expect(JSON.stringify(shown)).not.toContain('private');
    expect(await call(editTool, args, contextFor(workspace).context)).toMatchObject({ status: 'error' });
    expect(readFileSync(file, 'utf8')).toBe('private neighbour\na\n');
    const allowed = contextFor(workspace, { approvedPlaces: [file] }).context;
    expect(await call(editTool, args, allowed)).toMatchObject({ status: 'ok' });
    expect(readFileSync(file, 'utf8')).toBe('privbte neighbour\nb\n');
  });

  it('tells why an edit would fail before anybody is asked', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'a.txt'), 'a');
    const args = editTool.schema.parse({ file_path: 'a.txt', old_string: 'zzz', new_string: 'y' });
    const shown = await editTool.describe(args, { workspace });
    expect(shown.detail).toMatchObject({ type: 'path', note: expect.stringContaining('not found') });
  });

  it('makes no file', async () => {
    const workspace = tempFolder();
    const result = await call(
      editTool,
      { file_path: 'no.txt', old_string: 'a', new_string: 'b' },
      contextFor(workspace).context,
    );
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('does not exist') });
    expect(existsSync(join(workspace, 'no.txt'))).toBe(false);
  });

  it.each([
    ['the redaction mark', { file_path: 'a', old_string: 'a', new_string: `key=${redactionMark}` }, 'new_string'],
    ['unknown keys', { file_path: 'a', old_string: 'a', new_string: 'b', replaceAll: true }, 'replaceAll'],
    ['a missing key', { file_path: 'a', old_string: 'a' }, 'new_string'],
  ])('refuses %s by its schema', (_what, args, names) => {
    expect(refusal(editTool, args)).toContain(names);
  });
});
