import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherFacts } from '../../../electron/permissions/call-facts.ts';
import { decide, decideInTree, strictest } from '../../../electron/permissions/evaluate.ts';
import { createPermissions } from '../../../electron/permissions/permissions.ts';
import type { CallToJudge, PolicyInput } from '../../../electron/permissions/policy.ts';
import { builtInTools } from '../../../electron/tools/built-in.ts';
import type { Effects } from '../../../electron/tools/tool.ts';
import { bash, type Folders, makeFolders, policy } from './workspace-fixture.ts';

let folders: Folders;
let where: { workspace: string; home: string };
beforeAll(async () => {
  folders = await makeFolders();
  where = { workspace: folders.workspace, home: folders.home };
});
afterAll(() => folders.remove());

const read = (path: string): CallToJudge => ({ tool: 'read', args: { file_path: path } });
const write = (path: string): CallToJudge => ({ tool: 'write', args: { file_path: path, content: 'x' } });
const edit = (path: string): CallToJudge => ({
  tool: 'edit',
  args: { file_path: path, old_string: 'a', new_string: 'b' },
});
const fetch = (url: string): CallToJudge => ({ tool: 'web_fetch', args: { url } });
const mcp = (tool: string): CallToJudge => ({ tool, args: { path: '/x' } });

type Row = [call: CallToJudge, policy: PolicyInput, expected: 'allow' | 'ask' | 'deny'];

const table = (rows: Row[]) =>
  it.each(
    rows.map(([call, rules, expected]) => ({
      title: `${JSON.stringify(call)} ${JSON.stringify(rules)}`,
      call,
      rules,
      expected,
    })),
  )('$title → $expected', async ({ call, rules, expected }) => {
    const { decision, reason } = await decide(call, rules, where);
    expect(`${decision} (${reason})`).toMatch(new RegExp(`^${expected} \\(`));
  });

const manual = policy('manual');
const edits = policy('accept-edits');
const plan = policy('plan');
const bypass = policy('bypass');

describe('what each mode does by itself', () => {
  table([
    [read('README.md'), manual, 'allow'],
    [read('README.md'), plan, 'allow'],
    [read('README.md'), edits, 'allow'],
    [read('README.md'), bypass, 'allow'],
    [{ tool: 'ls', args: {} }, manual, 'allow'],
    [{ tool: 'ls', args: { path: 'src' } }, manual, 'allow'],
    [{ tool: 'glob', args: { pattern: '**/*.ts' } }, manual, 'allow'],
    [{ tool: 'grep', args: { pattern: 'a', path: 'src' } }, manual, 'allow'],
    [write('new.txt'), manual, 'ask'],
    [write('new.txt'), edits, 'allow'],
    [write('new.txt'), plan, 'deny'],
    [write('new.txt'), bypass, 'allow'],
    [edit('src/app.ts'), manual, 'ask'],
    [edit('src/app.ts'), edits, 'allow'],
    [edit('src/app.ts'), plan, 'deny'],
    [bash('make'), manual, 'ask'],
    [bash('make'), edits, 'ask'],
    [bash('make'), plan, 'deny'],
    [bash('make'), bypass, 'allow'],
    [fetch('https://example.com/'), manual, 'ask'],
    [fetch('https://example.com/'), plan, 'deny'],
    [{ tool: 'task', args: { prompt: 'x' } }, manual, 'allow'],
    [{ tool: 'task', args: { prompt: 'x' } }, plan, 'allow'],
    [mcp('mcp__files__read'), manual, 'ask'],
    [mcp('mcp__files__read'), edits, 'ask'],
    [mcp('mcp__files__read'), plan, 'deny'],
    [mcp('mcp__files__read'), bypass, 'allow'],
    [{ tool: 'brand_new', args: {} }, edits, 'ask'],
    [{ tool: 'brand_new', args: {} }, plan, 'deny'],
  ]);
});

describe('paths are judged where they really lead', () => {
  table([
    [read('../outside/secret.txt'), manual, 'ask'],
    [read('way-out/secret.txt'), manual, 'ask'],
    [read('docs/leak.md'), manual, 'ask'],
    [read('inner/b.ts'), manual, 'allow'],
    [read('src/../src/app.ts'), manual, 'allow'],
    [read('inner/../../../outside/secret.txt'), manual, 'ask'],
    [write('../x'), edits, 'ask'],
    [write('way-out/x'), edits, 'ask'],
    [write('dangling'), edits, 'ask'],
    [write('new/folder/x'), edits, 'allow'],
    [write('~/x'), edits, 'ask'],
    [write(''), edits, 'ask'],
    [write('a\0b'), edits, 'ask'],
    [{ tool: 'ls', args: { path: '..' } }, manual, 'ask'],
    [{ tool: 'glob', args: { pattern: '/etc/*' } }, manual, 'ask'],
    [{ tool: 'glob', args: { pattern: '../outside/*' } }, manual, 'ask'],
    [{ tool: 'glob', args: { pattern: '*/../../outside/*' } }, manual, 'ask'],
    [{ tool: 'glob', args: { pattern: 'src/*/../x' } }, manual, 'ask'],
    [{ tool: 'grep', args: { pattern: 'a', glob: '../../**' } }, manual, 'ask'],
    [{ tool: 'grep', args: { pattern: 'a', path: 'way-out' } }, manual, 'ask'],
  ]);
});

describe('protected places ask in every mode, and deny can forbid them', () => {
  table([
    [write('.git/hooks/pre-commit'), edits, 'ask'],
    [write('.git/hooks/pre-commit'), bypass, 'ask'],
    [write('.GIT/Hooks/pre-commit'), bypass, 'ask'],
    [write('.g\u200bit/hooks/x'), bypass, 'ask'],
    [write('sub/.git/config'), bypass, 'ask'],
    [write('.vscode/tasks.json'), edits, 'ask'],
    [write('.git/config'), policy('bypass', { allow: ['Edit', 'Write(**)'] }), 'ask'],
    [write('.git/config'), policy('bypass', { deny: ['Edit(.git/**)'] }), 'deny'],
    [write('.git/config'), plan, 'deny'],
    [read('.git/config'), manual, 'allow'],
    [read('.env'), manual, 'ask'],
    [read('.env'), bypass, 'ask'],
    [read('.env.example'), manual, 'allow'],
    [read('src/.env.production'), bypass, 'ask'],
    [read('~/.ssh/id_rsa'), bypass, 'ask'],
  ]);

  it('keeps our own data folder, but not a workspace that lies in it', async () => {
    const own = createPermissions({ protectedFolders: [folders.outside] });
    const secret = join(folders.outside, 'secret.txt');
    expect(await own.decide(read(secret), bypass, where)).toMatchObject({ decision: 'ask' });
    expect(await own.decide(bash(`cat ${secret}`), bypass, where)).toMatchObject({ decision: 'ask' });
    const inside = { workspace: folders.outside, home: folders.home };
    expect(await own.decide(read('secret.txt'), manual, inside)).toMatchObject({ decision: 'allow' });
  });
});

describe('rules', () => {
  table([
    [write('src/x.ts'), policy('manual', { allow: ['Edit(src/**)'] }), 'allow'],
    [write('src/x.ts'), policy('manual', { allow: ['Edit(/src/)'] }), 'allow'],
    [edit('./src/app.ts'), policy('manual', { allow: ['Edit(/src/app.ts)'] }), 'allow'],
    [edit('docs/../src/app.ts'), policy('manual', { allow: ['Edit(/src/app.ts)'] }), 'allow'],
    [edit('src/app.ts'), policy('manual', { allow: ['Write(src/**)'] }), 'ask'],
    [write('src/app.ts'), policy('manual', { allow: ['write(src/**)'] }), 'allow'],
    [write('src/APP.ts'), policy('manual', { allow: ['Edit(src/app.ts)'] }), 'ask'],
    [write('docs/x'), policy('manual', { allow: ['Edit(src/**)'] }), 'ask'],
    [write('way-out/x'), policy('manual', { allow: ['Edit(way-out/**)'] }), 'ask'],
    [write('../outside/x'), policy('manual', { allow: ['Edit(**)'] }), 'ask'],
    [read('~/notes.txt'), policy('manual', { allow: ['Read(~/notes.txt)'] }), 'allow'],
    [read('../home/notes.txt'), policy('manual', { allow: ['Read(~/notes.txt)'] }), 'allow'],
    [{ tool: 'ls', args: { path: '../home' } }, policy('manual', { allow: ['Read(~/**)'] }), 'allow'],
    [write('src/x.ts'), policy('bypass', { deny: ['Edit(src/**)'] }), 'deny'],
    [edit('SRC/app.ts'), policy('bypass', { deny: ['Edit(src/**)'] }), 'deny'],
    [edit('inner/b.ts'), policy('bypass', { deny: ['Edit(src/deep/**)'] }), 'deny'],
    [read('src/app.ts'), policy('manual', { deny: ['Read(src/**)'] }), 'deny'],
    [{ tool: 'ls', args: { path: 'src' } }, policy('manual', { deny: ['Read(src/**)'] }), 'deny'],
    [{ tool: 'grep', args: { pattern: 'a', path: 'src/deep' } }, policy('manual', { deny: ['Read(src/**)'] }), 'deny'],
    [read('src/app.ts'), policy('manual', { deny: ['Edit(src/**)'] }), 'allow'],
    [read('src/app.ts'), policy('manual', { ask: ['Read(src/**)'], allow: ['Read'] }), 'ask'],
    [read('src/app.ts'), policy('bypass', { ask: ['Read(src/**)'] }), 'allow'],
    [bash('make'), policy('manual', { allow: ['Bash'] }), 'allow'],
    [bash('make $(date)'), policy('manual', { allow: ['Bash(*)'] }), 'allow'],
    [bash('make'), policy('manual', { allow: ['BASH(make)'] }), 'allow'],
    [bash('make all'), policy('manual', { allow: ['Bash(make)'] }), 'ask'],
    [bash('make all'), policy('manual', { allow: ['Bash(make:*)'] }), 'allow'],
    [bash('cd src && make | tee x'), policy('manual', { allow: ['Bash(cd src && make | tee x)'] }), 'allow'],
    [bash('cd src && make | tee xy'), policy('manual', { allow: ['Bash(cd src && make | tee x)'] }), 'ask'],
    [bash('make > out.log'), policy('manual', { allow: ['Bash(make)', 'Edit(*.log)'] }), 'allow'],
    [bash('make > out.txt'), policy('manual', { allow: ['Bash(make)', 'Edit(*.log)'] }), 'ask'],
    [bash('cat ../home/notes.txt'), policy('manual', { allow: ['Read(~/**)'] }), 'allow'],
    [bash('make'), policy('bypass', { deny: ['Bash'] }), 'deny'],
    [fetch('https://Example.com:443/a'), policy('manual', { allow: ['WebFetch(domain:example.com)'] }), 'allow'],
    [fetch('https://a.example.com/'), policy('manual', { allow: ['WebFetch(domain:example.com)'] }), 'ask'],
    [fetch('https://a.example.com/'), policy('manual', { allow: ['web_fetch(domain:*.example.com)'] }), 'allow'],
    [fetch('https://example.com@evil.org/'), policy('manual', { allow: ['WebFetch(domain:example.com)'] }), 'ask'],
    [fetch('https://example.com./'), policy('bypass', { deny: ['WebFetch(domain:example.com)'] }), 'deny'],
    [fetch('not a url'), policy('bypass', { deny: ['WebFetch(domain:example.com)'] }), 'ask'],
    [mcp('mcp__files__read'), policy('manual', { allow: ['mcp__files__read'] }), 'allow'],
    [mcp('mcp__files__read'), policy('manual', { allow: ['mcp__files'] }), 'allow'],
    [mcp('mcp__files__read'), policy('manual', { allow: ['mcp__files__*'] }), 'allow'],
    [mcp('mcp__files__write'), policy('manual', { allow: ['mcp__files__read'] }), 'ask'],
    [mcp('mcp__files2__read'), policy('manual', { allow: ['mcp__files'] }), 'ask'],
    [mcp('mcp__Files__Read_It'), policy('bypass', { deny: ['mcp__files__readit'] }), 'deny'],
    [{ tool: 'task', args: {} }, policy('manual', { deny: ['Task'] }), 'deny'],
    [{ tool: 'task', args: {} }, policy('manual', { ask: ['task'] }), 'ask'],
  ]);

  it('the first match wins: deny, plan, protected, ask, allow, mode', async () => {
    const all = policy('manual', { deny: ['Bash(make *)'], ask: ['Bash(make *)'], allow: ['Bash(make *)'] });
    expect(await decide(bash('make x'), all, where)).toMatchObject({ decision: 'deny', rule: 'Bash(make *)' });
    expect(await decide(bash('make x'), { ...all, deny: [] }, where)).toMatchObject({
      decision: 'ask',
      rule: 'Bash(make *)',
    });
    expect(await decide(bash('make x'), { ...all, deny: [], ask: [] }, where)).toMatchObject({
      decision: 'allow',
      rule: 'Bash(make *)',
      reason: 'Allow rule `Bash(make *)`',
    });
  });

  it('names the rule that says most', async () => {
    const rules = policy('manual', { deny: ['Bash(git *)', 'Bash(git push *)'] });
    expect(await decide(bash('git push x'), rules, where)).toMatchObject({ rule: 'Bash(git push *)' });
  });

  it.each(['Bash(', 'Bash(rm', 'Bash(a * b)', 'Bash(npm run x*)', 'not a rule', '', '(', 'Bash()', 'mcp__', 'Task(x)'])(
    'a rule that does not parse (%s) never allows, and forbids at least without a question',
    async (rule) => {
      const call = rule.startsWith('mcp__')
        ? mcp('mcp__a__b')
        : rule.startsWith('Task')
          ? { tool: 'task', args: {} }
          : bash('make');
      const allowed = await decide(bash('make'), policy('manual', { allow: [rule] }), where);
      expect(allowed.decision).toBe('ask');
      for (const list of ['deny', 'ask'] as const) {
        const { decision, reason } = await decide(call, policy('manual', { [list]: [rule] }), where);
        expect(decision).toBe('ask');
        expect(reason).toContain('cannot be understood');
      }
      expect((await decide(call, policy('bypass', { deny: [rule] }), where)).decision).toBe('ask');
    },
  );

  it('a broken rule for one tool leaves the others alone', async () => {
    expect(await decide(read('README.md'), policy('manual', { deny: ['Bash('] }), where)).toMatchObject({
      decision: 'allow',
    });
  });
});

describe('declared effects', () => {
  const effects = (given: Partial<Effects>): Effects => ({
    reads: false,
    writes: false,
    runs: false,
    network: false,
    ...given,
  });
  const judge = async (given: Partial<Effects>, rules: PolicyInput, args: unknown = {}) =>
    (await decide({ tool: 'custom', args }, rules, { ...where, effects: effects(given) })).decision;

  it('decide for tools that are not known by name', async () => {
    expect(await judge({}, manual)).toBe('allow');
    expect(await judge({ reads: true }, manual)).toBe('allow');
    expect(await judge({ reads: true }, manual, { path: '/etc' })).toBe('ask');
    expect(await judge({ reads: true }, plan)).toBe('allow');
    expect(await judge({ writes: true }, edits)).toBe('ask');
    expect(await judge({ writes: true }, plan)).toBe('deny');
    expect(await judge({ network: true }, manual)).toBe('ask');
    expect(await judge({ network: true }, plan)).toBe('deny');
    expect(await judge({ runs: true }, bypass)).toBe('allow');
  });

  it('of our tools are what is known of them by their names', async () => {
    const sources = { readLine: () => Promise.reject(new Error('no line is read')), protectedFolders: [] };
    for (const { name, effects: own } of builtInTools({ rg: 'rg' })) {
      expect([name, (await gatherFacts({ tool: name, args: {} }, where, sources)).effects]).toEqual([name, own]);
    }
  });
});

describe('arguments that make no sense', () => {
  it.each([undefined, null, 5, 'text', [], {}, { command: 5 }, { file_path: 5 }, { path: [] }])(
    '%j asks or denies',
    async (args) => {
      for (const tool of ['bash', 'read', 'write']) {
        const { decision } = await decide(
          { tool, args },
          policy('accept-edits', { allow: ['Bash(ls *)', 'Edit(**)'] }),
          where,
        );
        expect(decision).toBe('ask');
      }
    },
  );

  it('a workspace that vanished asks, and a bare deny rule still denies', async () => {
    const gone = { workspace: join(folders.workspace, 'gone'), home: folders.home };
    expect(await decide(bash('ls'), policy('bypass'), gone)).toMatchObject({ decision: 'ask' });
    expect(await decide(bash('ls'), policy('bypass', { deny: ['Bash'] }), gone)).toMatchObject({ decision: 'deny' });
  });
});

describe('a child is never looser than its ancestors', () => {
  it('takes the strictest of mode, deny and ask; only its own allow rules count', () => {
    const own = policy('bypass', { allow: ['Bash(a)'], deny: ['Bash(x)'] });
    const parent = policy('manual', { allow: ['Bash(b)'], ask: ['Bash(y)'] });
    const root = policy('accept-edits', { deny: ['Bash(z)', 'Bash(x)'] });
    expect(strictest([own, parent, root])).toEqual({
      mode: 'manual',
      allow: ['Bash(a)'],
      ask: ['Bash(y)'],
      deny: ['Bash(x)', 'Bash(z)'],
    });
  });

  it('holds for calls', async () => {
    const own = policy('bypass', { allow: ['Bash(make)'] });
    const judge = (call: CallToJudge, parent: PolicyInput) =>
      decideInTree(call, [own, policy('bypass'), parent], where);
    expect(await judge(bash('make'), manual)).toMatchObject({ decision: 'allow' });
    expect(await judge(bash('make all'), manual)).toMatchObject({ decision: 'ask' });
    expect(await judge(bash('make'), plan)).toMatchObject({ decision: 'deny' });
    expect(await judge(bash('make'), policy('manual', { deny: ['Bash(make *)'] }))).toMatchObject({ decision: 'deny' });
    expect(await judge(bash('make'), policy('manual', { ask: ['Bash(make *)'] }))).toMatchObject({ decision: 'ask' });
    expect(await judge(bash('anything'), bypass)).toMatchObject({ decision: 'allow' });
  });
});
