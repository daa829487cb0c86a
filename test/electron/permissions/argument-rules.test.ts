import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argumentRule } from '../../../electron/permissions/argument-rule.ts';
import { createPermissions } from '../../../electron/permissions/permissions.ts';
import { parseRule } from '../../../electron/permissions/rules.ts';
import { readArgumentRule, writeArgumentRule, writePair } from '../../../shared/permissions/argument-pattern.ts';
import { fc } from '../../properties.ts';
import { type Folders, makeFolders, policy } from './workspace-fixture.ts';

const { decide, suggestRule } = createPermissions();
let folders: Folders;
let where: { workspace: string; home: string };
beforeAll(async () => {
  folders = await makeFolders();
  where = { workspace: folders.workspace, home: folders.home };
});
afterAll(() => folders.remove());

const tool = 'mcp__github__create_issue';
const decided = async (
  args: unknown,
  rules: { allow?: string[]; deny?: string[]; ask?: string[] },
  extra: { mainArgument?: string; tool?: string } = {},
) => {
  const { tool: name = tool, ...declared } = extra;
  return (await decide({ tool: name, args }, policy('manual', rules), { ...where, ...declared })).decision;
};
const allows = async (pattern: string, args: unknown, mainArgument?: string) =>
  (await decided(args, { allow: [`${tool}(${pattern})`] }, mainArgument ? { mainArgument } : {})) === 'allow';
const forbids = (pattern: string, args: unknown, mainArgument?: string) =>
  decided(args, { deny: [`${tool}(${pattern})`] }, mainArgument ? { mainArgument } : {});

describe('an allow rule with arguments', () => {
  it.each<[string, unknown]>([
    ['repo:acme/web', { repo: 'acme/web', title: 'anything' }],
    ['repo:acme/*', { repo: 'acme/web' }],
    ['repo : acme/*', { repo: 'acme/' }],
    ['repo:acme/*, title:*', { repo: 'acme/web', title: 'a / b' }],
    ['issue.number:12', { issue: { number: 12 } }],
    ['issue.number:12', { issue: { number: '12' } }],
    ['draft:false, labels.main:null', { draft: false, labels: { main: null } }],
    ['"odd key"."a.b":x', { 'odd key': { 'a.b': 'x' } }],
    ['text:a\\, b\\*', { text: 'a, b*' }],
    ['text:\\sa\\n', { text: ' a\n' }],
    ['path:src/**', { path: 'src/deep/a.ts' }],
    ['path:src/*/a.ts', { path: 'src/deep/a.ts' }],
    ['url:https://example.com/**', { url: 'https://example.com/a/b?c' }],
    ['url:https://*.example.com/**', { url: 'https://api.example.com/a' }],
    ['url:https://**', { url: 'https://anywhere.org/a' }],
    ['name:*_delete_*', { name: 'gmail_delete_message' }],
    ['name:', { name: '' }],
    ['body:**', { body: 'two\nlines' }],
    ['a:*, a:x*', { a: 'xy' }],
  ])('%s covers %j', async (pattern, args) => {
    expect(await allows(pattern, args)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['repo:acme/*', { repo: 'acme' }],
    ['repo:acme/*', { repo: 'acme/web/settings' }],
    ['repo:acme/*', { repo: 'Acme/web' }],
    ['repo:acme/*', { repo: 'evil/acme/web' }],
    ['repo:acme/*', { repo: 'acme/..' }],
    ['repo:acme/*', { repo: 'acme/web\n' }],
    ['repo:acme/*', {}],
    ['repo:acme/*', { Repo: 'acme/web' }],
    ['repo:acme/*', { repo: undefined }],
    ['repo:acme/*', { repo: ['acme/web'] }],
    ['repo:*', { repo: ['acme/web'] }],
    ['repo:**', { repo: { a: 1 } }],
    ['repo:*', {}],
    ['repo:acme/*', null],
    ['repo:acme/*', 'acme/web'],
    ['repo:acme/*', [{ repo: 'acme/web' }]],
    ['repo:acme/*, title:x', { repo: 'acme/web', title: 'y' }],
    ['repo:acme/*, title:x', { repo: 'acme/web' }],
    ['repo:acme/*, nothing:*', { repo: 'acme/web' }],
    ['a:*, a:x*', { a: 'y' }],
    ['repo:acme/**', { repo: 'acme/a\u200bb' }],
    ['repo:*', { repo: 'a\u202eb' }],
    ['repo:acme/web', { repo: 'acme/we\u00adb' }],
    ['repo:acme/*', { repo: 'acme/\u00a0' }],
    ['issue.number:12', { 'issue.number': 12 }],
    ['issue.number:12', { issue: [{ number: 12 }] }],
    ['issue.number:12', { issue: '{"number":12}' }],
    ['issue.number:12', { issue: { number: 120 } }],
    ['issue:12', { issue: { number: 12 } }],
    ['__proto__.x:*', {}],
    ['constructor.name:Object', {}],
    ['toString:*', {}],
    ['length:1', 'x'],
    ['path:src/**', { path: 'src/../../etc/passwd' }],
    ['path:src/**', { path: 'src/..' }],
    ['path:src/**', { path: 'src\\..\\..\\x' }],
    ['path:src/**', { path: 'src/%2e%2e/x' }],
    ['path:src/**', { path: 'src/%252e%252e%252fx' }],
    ['path:src/**', { path: 'src/.. /x' }],
    ['path:src/**', { path: 'src/\uff0e\uff0e/x' }],
    ['path:src/*', { path: 'src/a\\b' }],
    ['url:https://*.example.com/**', { url: 'https://evil.org?.example.com/' }],
    ['url:https://*.example.com/**', { url: 'https://evil.org#.example.com/' }],
    ['url:https://*.example.com/**', { url: 'https://evil.org\\.example.com/' }],
    ['url:https://*.example.com/**', { url: 'https://evil.org:1@x.example.com/' }],
    ['url:https://**.example.com/**', { url: 'https://evil.org/.example.com/' }],
    ['url:https://example.com*/x', { url: 'https://example.com@evil.org/x' }],
    ['url:https://example.com**', { url: 'https://example.com@evil.org/x' }],
    ['url:https://example.com/**', { url: 'https://example.com.evil.org/' }],
    ['url:*://example.com/**', { url: 'https:evil.org?://example.com/' }],
    ['url:*example.com/**', { url: 'https:evil.org?example.com/' }],
    ['url:http*example.com/**', { url: 'http:evil.org?example.com/' }],
    ['url:https://example.com/**', { url: 'https://example.com/../../x' }],
    ['x', { text: 'x' }],
    ['*', { text: 'x' }],
    ['**', {}],
    ['https://example.com/**', { url: 'https://example.com/' }],
  ])('%s does not cover %j', async (pattern, args) => {
    expect(await allows(pattern, args)).toBe(false);
  });

  it('without a name is about the argument that the tool declares', async () => {
    expect(await allows('acme/*', { repo: 'acme/web' }, 'repo')).toBe(true);
    expect(await allows('acme/*', { repo: 'evil/web' }, 'repo')).toBe(false);
    expect(await allows('acme/*', { title: 'acme/web' }, 'repo')).toBe(false);
    expect(await allows('https://example.com/**', { url: 'https://example.com/a' }, 'url')).toBe(true);
  });

  it('covers tools whose names begin so, `_` included, or all of a server', async () => {
    const args = { repo: 'acme/web' };
    const of = (name: string, rule: string) => decided(args, { allow: [rule] }, { tool: name });
    expect(await of('mcp__github__get_issue', 'mcp__github__get_*')).toBe('allow');
    expect(await of('mcp__github__Get_issue', 'mcp__github__get_*(repo:acme/*)')).toBe('allow');
    expect(await of('mcp__github__get_issue', 'mcp__github__get_*(repo:else/*)')).toBe('ask');
    expect(await of('mcp__github__getaway', 'mcp__github__get_*')).toBe('ask');
    expect(await of('mcp__github__forget_issue', 'mcp__github__get_*')).toBe('ask');
    expect(await of('mcp__github2__get_issue', 'mcp__github__get_*')).toBe('ask');
    expect(await of('mcp__github__get_issue', 'mcp__github(repo:acme/*)')).toBe('allow');
    expect(await of('mcp__other__get_issue', 'mcp__github(repo:acme/*)')).toBe('ask');
    expect(await of('mcp__github__get_issue', 'mcp__*')).toBe('ask');
    expect(await of('mcp__github__get_issue', 'mcp__*(repo:acme/*)')).toBe('ask');
  });

  it('holds for other tools of unknown arguments, too', async () => {
    const deploy = { tool: 'deploy' };
    expect(await decided({ to: 'staging' }, { allow: ['deploy(to:staging)'] }, deploy)).toBe('allow');
    expect(await decided({ to: 'production' }, { allow: ['deploy(to:staging)'] }, deploy)).toBe('ask');
  });
});

describe('a deny rule with arguments, in doubt for the rule', () => {
  it.each<[string, unknown, string]>([
    ['repo:acme/secret', { repo: 'acme/secret' }, 'deny'],
    ['repo:acme/secret', { repo: 'ACME/Secret' }, 'deny'],
    ['repo:acme/secret', { repo: ' acme/secret ' }, 'deny'],
    ['repo:acme/secret', { repo: 'acme/se\u200bcret' }, 'deny'],
    ['repo:acme/secret', { repo: 'acme/\uff53ecret' }, 'deny'],
    ['repo:acme/secret', { repo: './acme//x/../secret/' }, 'deny'],
    ['repo:acme/secret', { repo: 'acme\\secret' }, 'deny'],
    ['repo:acme/secret', { repo: 'acme%2fsecret' }, 'deny'],
    ['repo:acme/*', { repo: 'acme/a/b' }, 'deny'],
    ['repo:acme/*', { repo: ['else/x', 'acme/web'] }, 'deny'],
    ['repo:acme/*', { repo: { name: 'acme/web' } }, 'deny'],
    ['repo:*', { repo: ['x'] }, 'deny'],
    ['force:true', { force: true }, 'deny'],
    ['url:https://evil.org/**', { url: 'HTTPS://user@Evil.org:443/a' }, 'deny'],
    ['url:https://evil.org/**', { url: 'https://evil.org./a' }, 'deny'],
    ['*', { anything: 1 }, 'deny'],
    ['secret*', { deep: [{ note: 'secret plan' }] }, 'deny'],
    ['repo:acme/*, force:true', { repo: 'acme/web', force: true }, 'deny'],
  ])('%s holds for %j', async (pattern, args, expected) => {
    expect(await forbids(pattern, args)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['repo:acme/*', {}],
    ['repo:acme/*', { Repo: 'acme/web' }],
    ['repo:acme/*', { repo: ['else/x'] }],
    ['repo:acme/*', { repo: { a: 'else' } }],
    ['repo:acme/*', { repo: 'else/\u200bx' }],
    ['repo:acme/*', 'acme/web'],
    ['repo:acme/*, force:true', { repo: 'acme/web' }],
    ['secret*', { note: 'plain' }],
  ])('%s asks about %j even where all is allowed', async (pattern, args) => {
    const rules = { deny: [`${tool}(${pattern})`], allow: [tool] };
    expect(await decided(args, rules)).toBe('ask');
    expect((await decide({ tool, args }, policy('bypass', rules), where)).decision).toBe('ask');
  });

  it.each<[string, unknown]>([
    ['repo:acme/*', { repo: 'else/web' }],
    ['repo:acme/*, force:true', { repo: 'else/web' }],
    ['repo:acme/*, force:true', { repo: 'acme/web', force: false }],
  ])('%s leaves %j alone', async (pattern, args) => {
    expect(await decided(args, { deny: [`${tool}(${pattern})`], allow: [tool] })).toBe('allow');
  });

  it('holds for one server, for beginnings of names, and for every server', async () => {
    const args = { repo: 'x' };
    const of = (name: string, rule: string) => decided(args, { deny: [rule], allow: [name] }, { tool: name });
    expect(await of('mcp__github__delete_repo', 'mcp__github__delete_*')).toBe('deny');
    expect(await of('mcp__github__DeleteRepo', 'mcp__github__delete_*')).toBe('deny');
    expect(await of('mcp__github__get_repo', 'mcp__github__delete_*')).toBe('allow');
    expect(await of('mcp__github__get_repo', 'mcp__*')).toBe('deny');
    expect(await of('mcp__github__get_repo', 'mcp__github__*')).toBe('deny');
    expect(await of('deploy', 'mcp__*')).toBe('allow');
  });

  it('that is not understood asks about every MCP call, and about no other', async () => {
    const deny = ['mcp__github__get(repo:a, b)'];
    expect(await decided({}, { deny, allow: ['mcp__other'] }, { tool: 'mcp__other__x' })).toBe('ask');
    expect(await decided({}, { deny, allow: ['deploy'] }, { tool: 'deploy' })).toBe('allow');
  });
});

describe('an ask rule with arguments', () => {
  it('asks although an allow rule covers the call, and not about other arguments', async () => {
    const rules = { ask: [`${tool}(repo:acme/secret)`], allow: [tool] };
    expect(await decided({ repo: 'acme/secret' }, rules)).toBe('ask');
    expect(await decided({ repo: 'acme/web' }, rules)).toBe('allow');
  });
});

describe('a protected place among the arguments of a tool that is not ours [rules.arguments]', () => {
  const file = 'mcp__files__write';
  it.each<[string, unknown]>([
    ['by its look', { x: '~/.ssh/id_rsa' }],
    ['below the workspace', { path: '.git/hooks/pre-commit' }],
    ['by a way round', { path: 'src/../.git/config' }],
    ['in a list', { files: ['src/app.ts', '.env'] }],
    ['deep inside', { edits: [{ target: { file: '.bashrc' } }] }],
    ['as an address', { uri: 'file:///etc/shadow' }],
    ['in other case', { path: '.GIT/Hooks/x' }],
    ['with other slashes', { path: '.git\\hooks\\x' }],
  ])('%s asks, also in Bypass and under an allow rule', async (_, args) => {
    for (const mode of ['manual', 'bypass'] as const) {
      const judged = await decide({ tool: file, args }, policy(mode, { allow: [file] }), where);
      expect(judged).toMatchObject({ decision: 'ask', reason: expect.stringContaining('protected') });
    }
  });

  it.each<[string, unknown]>([
    ['an ordinary file', { path: 'src/app.ts', content: 'see ~/.ssh\nor .env' }],
    ['a sentence', { title: 'Fix the hooks of .git', repo: 'acme/web' }],
    ['an address', { url: 'https://example.com/.git/config-is-not-here' }],
  ])('%s is none', async (_, args) => {
    expect(await decided(args, { allow: [file] }, { tool: file })).toBe('allow');
  });

  it('a tool that only reads may read what only writing protects', async () => {
    const effects = { reads: true, writes: false, runs: false, network: false };
    const read = (path: string) =>
      decide({ tool: file, args: { path } }, policy('manual', { allow: [file] }), { ...where, effects });
    expect((await read('.git/config')).decision).toBe('allow');
    expect((await read('.env')).decision).toBe('ask');
  });
});

// `/` and `~` alone are protected places, which ask whatever a rule says.
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string()).map((chars) => chars.replace(/^[/\\~]/, '-'));
const scalar = fc.oneof({ weight: 2, arbitrary: text }, fc.integer(), fc.double(), fc.boolean());
const name = fc.oneof(fc.constantFrom('repo', 'title', 'a.b', 'odd key', '"', '__proto__', 'x-1'), fc.string());
const callArgs = fc
  .dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar, { maxKeys: 3 }), fc.array(scalar, { maxLength: 2 })), {
    maxKeys: 5,
  })
  // As they come from a model.
  .map((args): Record<string, unknown> => JSON.parse(JSON.stringify(args)));

describe('the rule made from a call [rules.arguments]', () => {
  it('covers that call, and reads back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(callArgs, async (args) => {
        const { rule, pairs } = argumentRule(tool, args);
        expect(parseRule(rule)).toMatchObject({ ok: true, value: { text: rule } });
        expect(readArgumentRule(rule)?.pairs.map(({ text }) => text)).toEqual(pairs);
        expect(await decided(args, { allow: [rule] })).toBe('allow');
      }),
      { numRuns: 150 },
    );
  });

  it('covers no call in which an argument that it names is another, or is gone', async () => {
    await fc.assert(
      fc.asyncProperty(callArgs, scalar, fc.nat(), async (args, other, pick) => {
        const { rule, pairs } = argumentRule(tool, args);
        fc.pre(pairs.length > 0);
        const path = readArgumentRule(rule)!.pairs[pick % pairs.length]!.path;
        for (const change of [other, [other], undefined]) {
          const changed = structuredClone(args);
          let holder = changed;
          for (const step of path.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
          const last = path.at(-1)!;
          if (typeof change !== 'object' && String(JSON.parse(JSON.stringify(change) ?? '0')) === String(holder[last]))
            continue;
          if (change === undefined) delete holder[last];
          else Object.defineProperty(holder, last, { value: change, enumerable: true, configurable: true });
          expect(await decided(changed, { allow: [rule] })).toBe('ask');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('made of any text means exactly that text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
        fc.string({ unit: 'grapheme' }),
        (path, text) => {
          const written = writeArgumentRule('x', [writePair(path, text)]);
          const glob = text === '' ? [] : [{ text }];
          expect(readArgumentRule(written)?.pairs).toMatchObject([{ path, glob }]);
        },
      ),
      { examples: ['\u3000', '\u00a0a\u2003', '\r', ' \r ', 'a\f'].map((text) => [['x'], text] as [string[], string]) },
    );
  });

  it('is what "always allow" offers, with each argument to be ticked and what no rule can name', async () => {
    const call = { tool, args: { repo: 'acme/web', title: 'a, b', labels: ['x'], body: 'y'.repeat(5_000) } };
    const offered = await suggestRule(call, policy('manual'), where);
    expect(offered).toEqual({
      rule: `${tool}(repo:acme/web, title:a\\, b)`,
      pairs: ['repo:acme/web', 'title:a\\, b'],
      reason: expect.stringContaining('`labels`, `body`'),
    });
    expect(await suggestRule({ tool, args: {} }, policy('manual'), where)).toEqual({ rule: tool });
  });
});

it('a pattern of many wildcards is compared with a long text in no time that matters', async () => {
  const body = 'a'.repeat(60_000);
  expect(await allows(`body:${'*a'.repeat(20)}b`, { body })).toBe(false);
  expect(await forbids(`body:${'*a'.repeat(20)}b`, { body })).toBe('ask');
});
