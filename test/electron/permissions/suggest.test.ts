import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPermissions } from '../../../electron/permissions/permissions.ts';
import type { PolicyInput } from '../../../electron/permissions/policy.ts';
import { bash, type Folders, makeFolders, policy } from './workspace-fixture.ts';

const { decide, suggestRule } = createPermissions();
let folders: Folders;
let where: { workspace: string; home: string };
beforeAll(async () => {
  folders = await makeFolders();
  where = { workspace: folders.workspace, home: folders.home };
});
afterAll(() => folders.remove());

const file = (tool: string, path: string) => ({ tool, args: { file_path: path } });

describe('the narrowest rule', () => {
  it.each([
    [bash('npm test -- --watch'), 'Bash(npm test *)'],
    [bash('npm run build'), 'Bash(npm run build *)'],
    [bash('python -m pytest -q'), 'Bash(python -m pytest *)'],
    [bash('cargo build --release'), 'Bash(cargo build *)'],
    [bash('git commit -m "a b"'), 'Bash(git commit *)'],
    [bash('git push origin main'), 'Bash(git push origin main)'],
    [bash('rm -rf build'), 'Bash(rm -rf build)'],
    [bash('make'), 'Bash(make)'],
    [bash('timeout 60 npm test'), 'Bash(npm test *)'],
    [bash('cd src && npm test'), 'Bash(npm test *)'],
    [bash('npm test | tail -5'), 'Bash(npm test *)'],
    [bash('echo x > out.txt'), 'Edit(/out.txt)'],
    [bash('git -c a.b=c log'), 'Bash(git -c a.b=c log)'],
    [file('write', 'src/new.ts'), 'Edit(/src/new.ts)'],
    [file('edit', './src/../src/app.ts'), 'Edit(/src/app.ts)'],
    [file('write', 'a [b]*.ts'), 'Edit(/a \\[b\\]\\*.ts)'],
    [{ tool: 'web_fetch', args: { url: 'https://Example.com/x' } }, 'WebFetch(domain:example.com)'],
    [{ tool: 'mcp__a__b', args: {} }, 'mcp__a__b'],
    [{ tool: 'brand_new', args: {} }, 'brand_new'],
  ])('for %j is %s, and it helps', async (call, rule) => {
    expect(await suggestRule(call, policy('manual'), where)).toEqual({ rule });
    expect(await decide(call, policy('manual', { allow: [rule] }), where)).toMatchObject({ decision: 'allow' });
  });

  it('for files elsewhere names the home folder or the root', async () => {
    const home = await suggestRule(file('read', `${folders.home}/notes.txt`), policy('manual'), where);
    expect(home).toEqual({ rule: 'Read(~/notes.txt)' });
    const outside = await suggestRule(file('read', `${folders.outside}/secret.txt`), policy('manual'), where);
    expect(outside).toEqual({ rule: `Read(/${folders.outside}/secret.txt)` });
    const listed = await suggestRule({ tool: 'ls', args: { path: folders.outside } }, policy('manual'), where);
    expect(listed).toEqual({ rule: `Read(/${folders.outside}/**)` });
  });

  it('for a compound line names one that is missing after the other', async () => {
    const line = bash('npm ci && npm test && make > log.txt');
    const given = ['Bash(npm test *)'];
    for (const rule of ['Bash(npm ci *)', 'Bash(make)', 'Edit(/log.txt)']) {
      expect(await suggestRule(line, policy('manual', { allow: given }), where)).toEqual({ rule });
      given.push(rule);
    }
  });

  it('for a line whose parts cannot be judged offers only that very line', async () => {
    const line = bash('FOO=1 npm test');
    const suggestion = await suggestRule(line, policy('manual'), where);
    expect(suggestion).toMatchObject({ rule: 'Bash(FOO=1 npm test)', reason: expect.stringContaining('exact line') });
  });
});

describe('no rule helps', () => {
  it.each<[string, { tool: string; args: unknown }, PolicyInput, string]>([
    ['a protected path', file('write', '.git/hooks/x'), policy('manual'), 'is protected'],
    ['an ask rule', bash('make'), policy('manual', { ask: ['Bash(make *)'] }), '`Bash(make *)` asks first'],
    ['a deny rule', bash('make'), policy('manual', { deny: ['Bash(make *)'] }), 'Deny rule `Bash(make *)`'],
    ['Plan mode', bash('make'), policy('plan'), 'Plan mode'],
    ['nothing to ask', bash('ls'), policy('manual'), 'allowed already'],
    ['words that only exist at run time', bash('ls *.md | xargs rm'), policy('manual'), 'No rule is narrow enough'],
    ['a missing path', { tool: 'write', args: {} }, policy('manual'), ''],
  ])('%s', async (_, call, rules, reason) => {
    const suggestion = await suggestRule(call, rules, where);
    expect(suggestion.rule).toBeUndefined();
    expect(suggestion.reason).toContain(reason);
  });
});
