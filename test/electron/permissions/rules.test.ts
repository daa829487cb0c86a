import { describe, expect, it } from 'vitest';
import { formatRule, parseRule, parseRuleFor } from '../../../electron/permissions/rules.ts';
import { fc } from '../../properties.ts';

const parsed = (text: string) => {
  const rule = parseRule(text);
  if (!rule.ok) throw new Error(rule.error.message);
  return rule.value;
};

describe('parseRule', () => {
  it.each([
    ['Bash', 'tool'],
    ['  bash ', 'tool'],
    ['Bash(*)', 'tool'],
    ['Bash(npm test *)', 'command'],
    ['Bash(npm test:*)', 'command'],
    ['Bash(npm test)', 'command'],
    ['Bash(a && b | c)', 'command'],
    ['Bash(echo "(x)")', 'command'],
    ["Bash(find . -name '*.ts')", 'command'],
    ['Edit(src/**)', 'path'],
    ['Read(~/x)', 'path'],
    ['Write(//etc/x)', 'path'],
    ['Ls(a)', 'path'],
    ['WebFetch(domain:example.com)', 'domain'],
    ['web_fetch(domain:*.Example.com)', 'domain'],
    ['mcp__server', 'mcp'],
    ['mcp__server__tool', 'mcp'],
    ['mcp__server__*', 'mcp'],
    ['mcp__server__get_*', 'mcp'],
    ['mcp__*', 'mcp'],
    ['mcp__a__b(x)', 'arguments'],
    ['mcp__a__b(repo:acme/*, issue.number:12)', 'arguments'],
    ['mcp__a(repo:acme/*)', 'arguments'],
    ['Task(agent:reviewer)', 'arguments'],
    ['Task', 'tool'],
    ['some_future_tool', 'tool'],
  ])('%s is a %s rule', (text, kind) => {
    expect(parsed(text).kind).toBe(kind);
  });

  it.each([
    '',
    '*',
    'Bash(',
    'Bash()',
    'Bash( )',
    'Bash)',
    'Bash(x) y',
    'Bash(git * main)',
    'Bash(npm run t*)',
    'Bash(*x)',
    'Bash(a && b *)',
    'Bash($x *)',
    'Bash($(x) *)',
    'Bash("a *)',
    'Edit(!src)',
    'Edit(../x)',
    'Edit(a/../../b)',
    'WebFetch(example.com)',
    'WebFetch(domain:)',
    'WebFetch(domain:a b)',
    'WebFetch(domain:https://x)',
    'Task(x)',
    'mcp__*__read',
    'mcp__',
    'mcp__*__*',
    'mcp__a__get_*_all',
    'mcp__a__b()',
    'mcp__a__b(repo:a, b)',
    'mcp__a__b(repo:a\\)',
    'mcp__a__b(repo:a\u200b)',
    `mcp__a__b(repo:${'*a'.repeat(30)})`,
    'Bsh(npm test)',
    'rm -rf',
    'Bash(a\u202eb)',
    `Bash(${'x'.repeat(20_000)})`,
  ])('%s is refused with a reason and a hint', (text) => {
    const rule = parseRule(text);
    expect(rule.ok).toBe(false);
    if (rule.ok) return;
    expect(rule.error).toMatchObject({ code: 'invalid', message: expect.stringMatching(/\.$/) });
    expect(rule.error.hint).toBeTruthy();
  });

  it('takes no rule to allow the tools of every server', () => {
    for (const text of ['mcp__*', 'mcp__*(a:b)']) {
      expect(parseRuleFor('allow', text).ok).toBe(false);
      expect(parseRuleFor('deny', text).ok).toBe(true);
    }
  });

  it('writes the prefix form with a space', () => {
    expect(formatRule(parsed('Bash(npm test:*)'))).toBe('Bash(npm test *)');
    expect(parsed('Bash(npm test:*)')).toEqual(parsed('Bash(npm test *)'));
  });

  it('what is written parses to the same rule', () => {
    const name = fc.constantFrom('Bash', 'Edit', 'Read', 'Write', 'WebFetch', 'Task', 'mcp__a', 'mcp__a__b', 'x_y');
    const pattern = fc.constantFrom(
      '',
      '(a *)',
      '(a:*)',
      '(a b)',
      '(src/**)',
      '(~/x)',
      '(//x)',
      '(domain:a.b)',
      '(*)',
      '(a; b)',
      '("a")',
      '(a:b, c.d:e*)',
    );
    fc.assert(
      fc.property(
        name,
        fc.oneof(
          pattern,
          fc.string().map((text) => `(${text})`),
        ),
        (tool, rest) => {
          const rule = parseRule(tool + rest);
          if (rule.ok) expect(parseRule(formatRule(rule.value))).toEqual(rule);
        },
      ),
    );
  });
});
