import { describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../../electron/permissions/policy-file.ts';

const load = (value: unknown) => readPolicyFile(JSON.stringify(value));

describe('a policy file', () => {
  it('with rules as texts or as objects keeps every one, deny rules too [policy.file] [P1]', () => {
    const read = load({
      deny: [{ rule: 'Bash(rm:*)', tool_name: 'Bash', arg_pattern: 'rm:*' }, 'Edit(/secret/**)'],
      allow: ['bash(cargo:*)', { rule: 'mcp__files' }],
      ask: ['Bash(git push *)'],
      default_decision: 'Ask',
      enabled: true,
    });
    expect(read.rules).toEqual({
      deny: ['Bash(rm *)', 'Edit(/secret/**)'],
      allow: ['Bash(cargo *)', 'mcp__files'],
      ask: ['Bash(git push *)'],
    });
    expect(read.mode).toBe('manual');
    expect(read.notes).toEqual(['Ask rules outrank allow rules here.']);
  });

  it('may name a preset, or say what is decided by default, and is never taken for laxer than it is [policy.file]', () => {
    expect(load('strict')).toMatchObject({ mode: 'manual', notes: [] });
    expect(load({ permission_policy: 'permissive' })).toMatchObject({ mode: 'bypass' });
    expect(load({ deny: ['Bash(rm *)'], enabled: false })).toMatchObject({
      mode: 'bypass',
      rules: { deny: ['Bash(rm *)'] },
    });
    expect(load({ ask: ['Bash(rm *)'], default_decision: 'allow' })).toMatchObject({ mode: 'manual' });
    expect(load({ allow: ['Read'], default_decision: 'deny' }).notes[0]).toContain('not denied');
    expect(() => load('yolo')).toThrow(/no preset "yolo"/);
  });

  it('may hold a confirmation policy in any spelling, with the lists of tools of old ones [policy.file]', () => {
    expect(
      load({
        enabled: true,
        default_timeout_ms: 30_000,
        timeout_action: 'AutoApprove',
        yolo_lanes: ['query', 'control'],
      }),
    ).toMatchObject({
      confirmation: { enabled: true, defaultTimeoutMs: 30_000, timeoutAction: 'approve-reads', yoloLanes: ['query'] },
      notes: [expect.stringContaining('control'), expect.stringContaining('reading')],
    });
    const old = load({
      confirmationPolicy: { autoApproveTools: ['read'], requireConfirmTools: ['bash'], yoloLanes: ['skill'] },
    });
    expect(old.rules).toEqual({ allow: ['read'], ask: ['bash'], deny: [] });
    expect(old.confirmation).toEqual({ enabled: true, timeoutAction: 'reject', yoloLanes: ['execute'] });
  });

  it('may be the settings of another assistant [policy.file]', () => {
    const settings = {
      permissions: { allow: ['Bash(npm run:*)'], deny: ['Read(./.env)'], defaultMode: 'acceptEdits' },
      env: {},
    };
    expect(load(settings)).toMatchObject({
      mode: 'accept-edits',
      rules: { allow: ['Bash(npm run *)'], deny: ['Read(./.env)'] },
    });
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'no object'],
    ['{"model":"x"}', 'neither rules'],
    ['{"deny":["Bash("]}', 'deny[0] `Bash(`'],
    ['{"deny":"Bash"}', 'permission_policy.deny'],
    ['{"deny":[],"default_decision":"maybe"}', 'permission_policy.default_decision: expected one of ask, allow, deny'],
    ['{"deny":[],"denied":[]}', 'permission_policy'],
    ['{"timeout_action":"reject","default_timeout_ms":0}', 'confirmation_policy.default_timeout_ms'],
    ['{"yolo_lanes":["all"]}', 'confirmation_policy.yolo_lanes.0'],
  ])('that is wrong fails as a whole and says where: %s → %s [policy.file]', (text, message) => {
    expect(() => readPolicyFile(text)).toThrow(message);
  });
});
