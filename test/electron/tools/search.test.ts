import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGlobTool } from '../../../electron/tools/glob.ts';
import { createGrepTool } from '../../../electron/tools/grep.ts';
import { lsTool } from '../../../electron/tools/ls.ts';
import { outputLimit } from '../../../electron/tools/truncate.ts';
import { call, contextFor, refusal, rg, tempFolder } from './tool-bench.ts';

const glob = createGlobTool(rg);
const grep = createGrepTool(rg);

function workspaceWith(files: Record<string, string>): string {
  const workspace = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), content);
  }
  return workspace;
}

const tree = {
  '.gitignore': '*.log\nbuild/\n',
  '.env': 'needle\n',
  '.github/ci.yml': 'needle\n',
  '.git/config': 'needle\n',
  'a.ts': 'one\nneedle two\nthree\n',
  'b.log': 'needle\n',
  'build/c.ts': 'needle\n',
  'src/d.ts': 'Needle\r\n',
  'src/e.js': 'none\n',
  'src/deep/f.ts': 'needle needle\n',
};

describe('glob', () => {
  const cases: [pattern: string, path: string, files: string[]][] = [
    ['*.ts', '.', ['a.ts', 'src/d.ts', 'src/deep/f.ts']],
    ['**/*.ts', '.', ['a.ts', 'src/d.ts', 'src/deep/f.ts']],
    ['./src/*.{js,ts}', '.', ['src/d.ts', 'src/e.js']],
    ['*.ts', 'src', ['src/d.ts', 'src/deep/f.ts']],
    ['deep/*', './src', ['src/deep/f.ts']],
    ['*.log', '.', []],
    ['build/**', '.', []],
    ['.env*', '.', ['.env']],
    ['.github/**', '.', ['.github/ci.yml']],
    ['.git/**', '.', []],
    ['!a.ts', '.', []],
  ];
  it.each(cases)('%s in %s', async (pattern, path, files) => {
    const { status, output } = await call(glob, { pattern, path }, contextFor(workspaceWith(tree)).context);
    expect(status).toBe('ok');
    expect(output.split('\n')).toEqual(files.length > 0 ? files : ['No files match.']);
  });

  it.each(['../*', '/etc/*', 'src/../../*', '{a,../b}', '~/x', 'C:/x', '..'])('refuses %s', async (pattern) => {
    const result = await call(glob, { pattern }, contextFor(workspaceWith(tree)).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('cannot leave') });
  });

  it.each(['..', '/etc', 'out', 'missing', 'a.ts'])('refuses to look in %s', async (path) => {
    const workspace = workspaceWith(tree);
    symlinkSync('/etc', join(workspace, 'out'));
    const result = await call(glob, { pattern: '*', path }, contextFor(workspace).context);
    expect(result).toMatchObject({ status: 'error' });
  });

  it('does not follow links out of the workspace', async () => {
    const workspace = workspaceWith({ 'a.txt': '' });
    symlinkSync('/etc', join(workspace, 'out'));
    const { output } = await call(glob, { pattern: '**' }, contextFor(workspace).context);
    expect(output).toBe('a.txt');
  });

  it('stops at 1,000 files and says so', async () => {
    const files = Array.from({ length: 1_001 }, (_, at) => [`${String(at).padStart(5, '0')}.txt`, '']);
    const workspace = workspaceWith(Object.fromEntries(files));
    const first = await call(glob, { pattern: '*.txt' }, contextFor(workspace).context);
    expect(first.output.split('\n').slice(998)).toEqual([
      '00998.txt',
      '00999.txt',
      expect.stringContaining('more than 1,000'),
    ]);
    expect(first.summary).toBe('1,000+ files');
    rmSync(join(workspace, '00000.txt'));
    const second = await call(glob, { pattern: '*.txt' }, contextFor(workspace).context);
    expect(second.output.split('\n')).toHaveLength(1_000);
    expect(second.summary).toBe('1,000 files');
  });
});

describe('grep', () => {
  const cases: [args: object, lines: string[]][] = [
    [{ pattern: 'needle' }, ['a.ts:2:needle two', 'src/deep/f.ts:1:needle needle']],
    [{ pattern: 'needle', '-i': true, path: 'src' }, ['src/d.ts:1:Needle', 'src/deep/f.ts:1:needle needle']],
    [{ pattern: 'needle', glob: 'src/**' }, ['src/deep/f.ts:1:needle needle']],
    [{ pattern: 'needle', glob: '*.log' }, ['No matches.']],
    [{ pattern: 'needle', glob: '.env' }, ['.env:1:needle']],
    [{ pattern: '^o', context: 1 }, ['a.ts:1:one', 'a.ts-2-needle two']],
    [{ pattern: 'needle', path: 'a.ts' }, ['a.ts:2:needle two']],
    [{ pattern: 'needle', path: 'b.log' }, ['b.log:1:needle']],
    [{ pattern: 'needle', path: '.git/config' }, ['.git/config:1:needle']],
    [{ pattern: '--files' }, ['No matches.']],
    [{ pattern: 'one|three', context: 0 }, ['a.ts:1:one', 'a.ts:3:three', 'src/e.js:1:none']],
  ];
  it.each(cases)('%j', async (args, lines) => {
    const { status, output } = await call(grep, args, contextFor(workspaceWith(tree)).context);
    expect(status).toBe('ok');
    expect(output.split('\n')).toEqual(lines);
  });

  it('separates groups of context, not of files that were left out', async () => {
    const workspace = workspaceWith({ 'a.md': 'x\n', 'a.ts': 'x\n1\n2\n3\nx\n', 'b.md': 'x\n', 'c.ts': 'x\n' });
    const { output } = await call(grep, { pattern: 'x', context: 1, glob: '*.ts' }, contextFor(workspace).context);
    expect(output).toBe('a.ts:1:x\na.ts-2-1\n--\na.ts-4-3\na.ts:5:x\n--\nc.ts:1:x');
  });

  it('explains a bad expression', async () => {
    const result = await call(grep, { pattern: 'a(' }, contextFor(workspaceWith(tree)).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(/parse error.*unclosed group/s) });
  });

  it('counts matches and files', async () => {
    const { summary } = await call(grep, { pattern: 'needle|one' }, contextFor(workspaceWith(tree)).context);
    expect(summary).toBe('4 matches in 3 files');
  });

  it('cuts long lines and stays under 100 KiB', async () => {
    const files = { 'a.txt': `needle${'x'.repeat(9_000)}\n`, 'c.txt': `needle ${'y'.repeat(900)}\n`.repeat(900) };
    const { output, summary } = await call(grep, { pattern: 'needle' }, contextFor(workspaceWith(files)).context);
    expect(output.split('\n')[0]?.length).toBeLessThan(2_100);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(outputLimit);
    expect(output).toMatch(/\[There are more matches; .*\]$/);
    expect(summary).toContain('+ matches');
  });

  it('says what it did with binary files', async () => {
    const partly = `needle\n${'x\n'.repeat(100_000)}\0`;
    const workspace = workspaceWith({ 'a.bin': 'needle\0', 'b.bin': partly });
    const folder = await call(grep, { pattern: 'needle' }, contextFor(workspace).context);
    expect(folder.output.split('\n')).toEqual(['b.bin:1:needle', 'b.bin: a binary file, not searched to its end']);
    const file = await call(grep, { pattern: 'needle', path: 'a.bin' }, contextFor(workspace).context);
    expect(file.output).toBe('a.bin: binary file matches');
  });

  it('stops at 1,000 matches', async () => {
    const workspace = workspaceWith({ 'a.txt': 'x\n'.repeat(1_001) });
    const { output, summary } = await call(grep, { pattern: 'x' }, contextFor(workspace).context);
    expect(output.split('\n')).toHaveLength(1_001);
    expect(summary).toBe('1,000+ matches in 1 file');
  });

  it('shows bytes that are no UTF-8 as such', async () => {
    const workspace = tempFolder();
    writeFileSync(join(workspace, 'a.txt'), Buffer.from('caf\xe9 needle\n', 'latin1'));
    const { output } = await call(grep, { pattern: 'needle' }, contextFor(workspace).context);
    expect(output).toBe('a.txt:1:caf\uFFFD needle');
  });

  it.each(['..', '/etc/passwd', 'out/passwd', 'missing'])('refuses to search %s', async (path) => {
    const workspace = workspaceWith(tree);
    symlinkSync('/etc', join(workspace, 'out'));
    const result = await call(grep, { pattern: 'root', path }, contextFor(workspace).context);
    expect(result).toMatchObject({ status: 'error' });
    expect(result.output).not.toContain('root:');
  });

  it('ends when cancelled', async () => {
    const cancel = new AbortController();
    const { context } = contextFor(workspaceWith(tree), { signal: cancel.signal });
    const result = call(grep, { pattern: 'needle' }, context);
    cancel.abort();
    expect(await result).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    [grep, { pattern: 'a', regex: true }, 'regex'],
    [glob, { pattern: 'a', root: '.' }, 'root'],
    [lsTool, { dir: '.' }, 'dir'],
  ])('refuses unknown keys by name', (tool, args, names) => {
    expect(refusal(tool, args)).toContain(names);
  });
});

describe('ls', () => {
  it('lists one level with sizes, folders and links', async () => {
    const workspace = workspaceWith({
      'b.txt': 'x'.repeat(1_234),
      'a/inner.txt': '',
      '.hidden': 'x',
      'line\nbreak': '',
    });
    symlinkSync('/etc/passwd', join(workspace, 'c'));
    const { output, summary } = await call(lsTool, {}, contextFor(workspace).context);
    expect(output.split('\n')).toEqual([
      '           1  .hidden',
      '              a/',
      '       1,234  b.txt',
      '              c -> /etc/passwd',
      '           0  "line\\nbreak"',
    ]);
    expect(summary).toBe('5 entries');
  });

  it.each([
    ['a.txt', /not a folder/],
    ['..', /outside/],
    ['out', /outside/],
    ['missing', /does not exist/],
  ])('refuses %s', async (path, says) => {
    const workspace = workspaceWith({ 'a.txt': '' });
    symlinkSync('/etc', join(workspace, 'out'));
    const result = await call(lsTool, { path }, contextFor(workspace).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(says) });
  });

  it('shows at most 1,000 entries', async () => {
    const files = Array.from({ length: 1_003 }, (_, at) => [`${String(at).padStart(5, '0')}`, '']);
    const { output } = await call(lsTool, {}, contextFor(workspaceWith(Object.fromEntries(files))).context);
    expect(output.split('\n')).toHaveLength(1_001);
    expect(output).toMatch(/\[3 more entries are not shown\.\]$/);
  });
});
