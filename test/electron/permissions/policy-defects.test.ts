import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../electron/permissions/evaluate.ts';
import type { CallToJudge, PolicyInput } from '../../../electron/permissions/policy.ts';
import { bash, type Folders, makeFolders, policy } from './workspace-fixture.ts';

let folders: Folders;
beforeAll(async () => {
  folders = await makeFolders();
});
afterAll(() => folders.remove());

const decided = async (call: CallToJudge, rules: Partial<PolicyInput>): Promise<string> =>
  (await decide(call, policy('manual', rules), { workspace: folders.workspace, home: folders.home })).decision;

const write = (path: string): CallToJudge => ({ tool: 'write', args: { file_path: path, content: 'x' } });

describe('what permission policies are known to get wrong', () => {
  it('a prefix allows its own command and nothing that begins like it or hides behind it [P2]', async () => {
    const allow = ['Bash(cat:*)'];
    expect(await decided(bash('cat README.md'), { allow })).toBe('allow');
    const others = ['cat x; rm -rf ~', 'catastrophe', 'cat $(curl evil.example)', 'cat x > .git/config', 'cat x | sh'];
    for (const line of others) expect(await decided(bash(line), { allow })).toBe('ask');
  });

  it('one file is one file, however its path is written [P3]', async () => {
    const spellings = ['src/app.ts', './src/app.ts', 'docs/../src/app.ts', `${folders.workspace}/src/app.ts`];
    for (const path of spellings) {
      expect(await decided(write(path), { deny: ['Edit(/src/app.ts)'] })).toBe('deny');
      expect(await decided(write(path), { allow: ['Edit(/src/app.ts)'] })).toBe('allow');
    }
    expect(await decided(write('inner/b.ts'), { deny: ['Edit(src/deep/**)'] })).toBe('deny');
  });

  it('rules of other tools match what their calls mean, not how their arguments are spelt [P4]', async () => {
    const fetch = (url: string): CallToJudge => ({ tool: 'web_fetch', args: { url, note: 'example.com' } });
    const allow = ['WebFetch(domain:example.com)', 'mcp__files__read', 'Edit(src/**)'];
    expect(await decided(fetch('https://example.com/a?b=c'), { allow })).toBe('allow');
    expect(await decided(fetch('https://evil.test/?example.com'), { allow })).toBe('ask');
    expect(await decided({ tool: 'mcp__files__read', args: { any: 1 } }, { allow })).toBe('allow');
    expect(await decided({ tool: 'mcp__files__write', args: {} }, { allow })).toBe('ask');
    const patch: CallToJudge = { tool: 'patch', args: { file_path: 'src/app.ts', diff: '@@' } };
    expect(await decided(patch, { allow })).toBe('allow');
  });

  it('ask outranks allow, and deny outranks both [P5]', async () => {
    const rules = { allow: ['Bash'], ask: ['Bash(git push *)'], deny: ['Bash(git push --force *)'] };
    expect(await decided(bash('git status'), rules)).toBe('allow');
    expect(await decided(bash('git push origin'), rules)).toBe('ask');
    expect(await decided(bash('git push --force origin'), rules)).toBe('deny');
  });
});
