import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPermissions } from '../../../electron/permissions/permissions.ts';
import type { DecisionContext, PolicyInput } from '../../../electron/permissions/policy.ts';

const { decide } = createPermissions();
let workspace: string;
beforeAll(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'below-')));
  const files = ['src/a.ts', 'private/key.txt', 'deep/er/cert.pem', 'keys/.env', 'clean/b.ts', 'node_modules/x/i.js'];
  for (const file of files) {
    await mkdir(dirname(join(workspace, file)), { recursive: true });
    await writeFile(join(workspace, file), 'x');
  }
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const policy = (changes: Partial<PolicyInput>): PolicyInput => ({
  mode: 'manual',
  allow: ['Bash'],
  ask: [],
  deny: [],
  ...changes,
});
const judge = (tool: string, args: unknown, changes: Partial<PolicyInput>, context: Partial<DecisionContext> = {}) =>
  decide({ tool, args }, policy(changes), { workspace, home: '/home/none', ...context });
const line = async (command: string, deny: string[], context: Partial<DecisionContext> = {}) =>
  (await judge('bash', { command }, { deny, allow: ['Bash(* *)', 'Bash'] }, context)).decision;

describe('a command that goes through folders', () => {
  const reading = [
    'grep -r x .',
    'grep -rn x',
    'grep -R x *',
    'grep --recursive -m 5 x',
    'egrep -r x .',
    'rg x',
    'rg x .',
    'rg -n x deep private',
    'find . -name a',
    'find . -type f -exec cat {} +',
    'find',
    'ls -R',
    'ls -laR .',
    'tree',
    'du -a',
    'cp -r . /tmp/copy',
    'tar czf /tmp/x.tgz .',
    'zip -r /tmp/x.zip .',
    'rsync -a ./ /tmp/copy',
    'git grep x',
    'diff -r . /tmp/copy',
    'cd private && grep -r x',
  ];
  it.each(reading)('%s asks where a deny rule names something in them [rules.below]', async (command) => {
    expect(await line(command, ['Read(private/**)'])).not.toBe('allow');
    expect(await line(command, ['Read(*.pem)', 'Read(key.txt)'])).not.toBe('allow');
  });

  const elsewhere = [
    'grep -r x src',
    'rg x clean',
    'find src clean',
    'ls -R src',
    'ls',
    'grep x src/a.ts',
    'cat src/a.ts',
  ];
  it.each(elsewhere)('%s does not ask: nothing of the kind lies there [rules.below]', async (command) => {
    expect(await line(command, ['Read(private/**)', 'Read(*.pem)'])).toBe('allow');
  });

  it('says what it found', async () => {
    const deny = ['Read(*.pem)'];
    const { reason, rule } = await judge('bash', { command: 'grep -r x .' }, { deny });
    expect(reason).toBe('Deny rule `Read(*.pem)` may cover what this reads in folders, such as `deep/er/cert.pem`');
    expect(rule).toBe('Read(*.pem)');
  });

  it.each(['cat private/*', 'cat */key.txt', 'cat deep/er/*'])(
    '%s reads by a wildcard what is denied',
    async (command) => {
      expect(await line(command, ['Read(private/**)', 'Read(*.pem)'])).not.toBe('allow');
    },
  );

  it.each([
    'grep -r x .',
    'grep -r x keys',
    'rg --hidden x',
    'rg -uu x',
    'find . -exec cat {} +',
    'tar cf /tmp/x keys',
  ])('%s asks for the keys it would read, in every mode [rules.below]', async (command) => {
    for (const mode of ['manual', 'accept-edits', 'bypass'] as const) {
      const { decision, reason } = await judge('bash', { command }, { mode });
      expect([decision, reason]).toEqual(['ask', expect.stringContaining('may hold keys')]);
    }
  });

  it.each(['grep -r x clean', 'rg x', 'find . -name a', 'ls -R'])(
    '%s reads no keys, so it needs no question for them',
    async (command) => {
      expect(await line(command, [])).toBe('allow');
    },
  );

  it('asks for an ask rule too, but not in Bypass', async () => {
    const ask = ['Read(private/**)'];
    expect((await judge('bash', { command: 'rg x' }, { ask })).decision).toBe('ask');
    expect((await judge('bash', { command: 'rg x' }, { ask, mode: 'bypass' })).decision).toBe('allow');
    for (const tool of ['grep', 'glob']) {
      expect((await judge(tool, { pattern: 'x' }, { ask, allow: [] })).decision).toBe('ask');
      expect((await judge(tool, { pattern: 'x', path: 'src' }, { ask, allow: [] })).decision).toBe('allow');
    }
  });

  it('needs no question for a deny rule where the sandbox hides what it names', async () => {
    const sandbox = { state: { state: 'on', network: 'off' }, autoAllow: false } as const;
    expect(await line('grep -r x src private', ['Read(private/**)'], { sandbox })).toBe('deny');
    expect(await line('rg x', ['Read(private/**)', 'Read(*.pem)'], { sandbox })).toBe('allow');
    const off = { state: { state: 'off', reason: 'none' }, autoAllow: false } as const;
    expect(await line('rg x', ['Read(private/**)'], { sandbox: off })).toBe('ask');
  });
});
