import { describe, expect, it } from 'vitest';
import { commands } from '../../../renderer/palette/commands.ts';
import { isPressed, type Keys } from '../../../renderer/palette/shortcut-keys.ts';

const press = (key: string, held: Partial<Keys> = {}): Keys => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('shortcuts', () => {
  it('mean Command on a Mac and Ctrl elsewhere, and nothing with more or fewer keys held', () => {
    expect(isPressed('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(isPressed('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
    expect(isPressed('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false);
    expect(isPressed('Mod+K', press('K', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(isPressed('Mod+Shift+P', press('P', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(isPressed('Mod+K', press('k'), false)).toBe(false);
  });

  it('keep Ctrl where it is named, on a Mac too', () => {
    expect(isPressed('Ctrl+Tab', press('Tab', { ctrlKey: true }), true)).toBe(true);
    expect(isPressed('Ctrl+Tab', press('Tab', { metaKey: true }), true)).toBe(false);
  });

  it('are given out once', () => {
    const keys = commands.flatMap((command) => [command.keys, ...(command.moreKeys ?? [])]).filter(Boolean);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('never act without a modifier: a letter must not reach past the field it was meant for', () => {
    for (const { keys } of commands) if (keys !== undefined) expect(keys).toMatch(/^(Mod|Ctrl)\+/);
  });
});
