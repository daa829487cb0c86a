import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTool } from '../../../electron/tools/read.ts';
import { outputLimit } from '../../../electron/tools/truncate.ts';
import { call, contextFor, refusal, tempFolder } from './tool-bench.ts';

function fileWith(content: string | Buffer, name = 'a.txt') {
  const workspace = tempFolder();
  writeFileSync(join(workspace, name), content);
  return (args: object = {}) => call(readTool, { file_path: name, ...args }, contextFor(workspace).context);
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join('');

describe('read shows lines', () => {
  const cases: [what: string, content: string, args: object, output: string][] = [
    ['all', 'a\nb\n', {}, '     1\ta\n     2\tb'],
    ['empty lines', '\n\nx\n', {}, '     1\t\n     2\t\n     3\tx'],
    ['a window', 'a\nb\nc\nd\n', { offset: 1, limit: 2 }, '     2\tb\n     3\tc\n[1 line more. Go on with offset 3.]'],
    ['the last line', 'a\nb\n', { offset: 1 }, '     2\tb'],
    ['nothing at the end', 'a\nb\n', { offset: 2 }, '[End of file: it has 2 lines.]'],
    ['an empty file', '', {}, '[The file is empty.]'],
    ['no last newline', 'a\nb', {}, '     1\ta\n     2\tb\n[No newline at the end of the file.]'],
    ['CRLF', 'a\r\nb\r\n', {}, '     1\ta\n     2\tb\n[Lines end in CRLF.]'],
    ['mixed line ends', 'a\r\nb\n', {}, '     1\ta\n     2\tb\n[Lines end in CRLF and LF, mixed.]'],
    ['a byte order mark', '\uFEFFa\n', {}, '     1\ta\n[The file begins with a byte order mark.]'],
  ];
  it.each(cases)('%s', async (_what, content, args, output) => {
    expect(await fileWith(content)(args)).toMatchObject({ status: 'ok', output });
  });

  it('says when bytes are not UTF-8', async () => {
    const { output } = await fileWith(Buffer.from('caf\xe9\n', 'latin1'))();
    expect(output).toBe('     1\tcaf\uFFFD\n[Some bytes are not UTF-8; they are shown as \uFFFD.]');
  });

  it('at most 2,000, whatever is asked for', async () => {
    const { output, summary } = await fileWith(numbered(5_001))({ limit: 4_000 });
    expect(output.split('\n')).toHaveLength(2_001);
    expect(output).toContain('  2000\tline 2000\n[3,001 lines more. Go on with offset 2000.]');
    expect(summary).toBe('2,000 lines');
  });

  it('at most 2,000 bytes of each, cut between characters', async () => {
    const { output } = await fileWith(`${'x'.repeat(1_999)}ä${'y'.repeat(3_000)}\nnext\n`)();
    expect(output).toBe(`     1\t${'x'.repeat(1_999)}… [line cut, 5,001 bytes in all]\n     2\tnext`);
  });

  it('at most 100 KiB in all, and tells how to go on', async () => {
    const read = fileWith(`${'z'.repeat(1_900)}\n`.repeat(500));
    const first = await read();
    expect(Buffer.byteLength(first.output)).toBeLessThanOrEqual(outputLimit);
    const [, next] = /offset (\d+)\.\]$/.exec(first.output) ?? [];
    const second = await read({ offset: Number(next) });
    expect(second.output.startsWith(`${String(Number(next) + 1).padStart(6)}\tz`)).toBe(true);
  });

  it('lines across the borders of what is read at once', async () => {
    const content = Array.from({ length: 900 }, (_, at) => `${at} ${'ü'.repeat(400)}\r\n`).join('');
    const read = fileWith(content);
    for (const at of [0, 326, 327, 328, 652, 653, 654, 899]) {
      const { output } = await read({ offset: at, limit: 1 });
      expect(output.split('\n')[0]).toBe(`${String(at + 1).padStart(6)}\t${at} ${'ü'.repeat(400)}`);
    }
  });

  it('of a line of 200 MB without taking its memory', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'big.txt'), 'x'.repeat(20_000));
    truncateSync(join(workspace, 'big.txt'), 200_000_000);
    const before = process.memoryUsage().rss;
    const { output } = await call(readTool, { file_path: 'big.txt' }, contextFor(workspace).context);
    expect(output).toContain('[line cut, 200,000,000 bytes in all]');
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});

describe('read shows images by what they are', () => {
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)]);

  it.each([
    ['a.png', png, 'image/png'],
    ['misnamed.txt', Buffer.from('\xff\xd8\xff\xe0\0', 'latin1'), 'image/jpeg'],
    ['a.gif', Buffer.from('GIF89a\0\0'), 'image/gif'],
    ['a.webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
  ])('%s', async (name, content, mediaType) => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, name), content);
    const { context, blobs } = contextFor(workspace);
    const result = await call(readTool, { file_path: name }, context);
    expect(result.images).toEqual([{ blob: [...blobs.keys()][0], mediaType }]);
    expect([...blobs.values()][0]).toEqual(content);
  });

  it('up to 5 MiB', async () => {
    const largest = Buffer.concat([png, Buffer.alloc(5 * 1024 * 1024 - png.length)]);
    expect(await fileWith(largest, 'a.png')()).toMatchObject({ status: 'ok' });
    const larger = Buffer.concat([largest, Buffer.alloc(1)]);
    expect(await fileWith(larger, 'a.png')()).toMatchObject({
      status: 'error',
      output: expect.stringContaining('5 MiB'),
    });
  });
});

describe('read refuses', () => {
  it.each([
    ['a zip', 'PK\x03\x04rest', 'zip archive'],
    ['a PDF', '%PDF-1.7 text', 'PDF'],
    ['a program', '\x7fELF\x02', 'program'],
    ['UTF-16', '\xff\xfea\0b\0', 'UTF-16'],
    ['any bytes', 'ab\0cd', 'binary data'],
  ])('%s', async (_what, content, says) => {
    const result = await fileWith(Buffer.from(content, 'latin1'))();
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining(says) });
  });

  it('an offset beyond the end, with the length', async () => {
    const result = await fileWith('a\nb\n')({ offset: 3 });
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(/has 2 lines; offset 3/) });
  });

  it.each([
    ['sub', /folder.*ls/],
    ['missing.txt', /does not exist/],
    ['a.txt/b', /a file, not a folder/],
    ['etc/passwd', /outside the workspace/],
    ['/etc/passwd', /outside the workspace/],
    ['../x', /outside the workspace/],
  ])('%s', async (file_path, says) => {
    const workspace = tempFolder();
    mkdirSync(join(workspace, 'sub'));
    writeFileSync(join(workspace, 'a.txt'), '');
    symlinkSync('/etc', join(workspace, 'etc'));
    const result = await call(readTool, { file_path }, contextFor(workspace).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(says) });
  });

  it.each([
    [{ file_path: 'a', ofset: 1 }, 'ofset'],
    [{ file_path: 'a', offset: -1 }, 'offset'],
    [{ path: 'a' }, 'file_path'],
  ])('arguments %j', (args, names) => {
    expect(refusal(readTool, args)).toContain(names);
  });

  it('to go on when cancelled', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'a.txt'), 'a');
    const { context } = contextFor(workspace, { signal: AbortSignal.abort() });
    expect(await call(readTool, { file_path: 'a.txt' }, context)).toMatchObject({ status: 'cancelled' });
  });
});

it('reads an outside file once this call is allowed to', async () => {
  const file = join(tempFolder(), 'a.txt');
  writeFileSync(file, 'a\n');
  const { context } = contextFor(tempFolder(), { approvedPlaces: [file] });
  expect(await call(readTool, { file_path: file }, context)).toMatchObject({ status: 'ok', output: '     1\ta' });
});

it('describes the real file and the window', async () => {
  const workspace = tempFolder();
  writeFileSync(join(workspace, 'a.txt'), '');
  symlinkSync('a.txt', join(workspace, 'link'));
  const args = readTool.schema.parse({ file_path: './link', offset: 10, limit: 5 });
  expect(await readTool.describe(args, { workspace })).toEqual({
    title: 'a.txt',
    detail: { type: 'path', path: 'a.txt', note: 'lines 11 to 15' },
  });
});
