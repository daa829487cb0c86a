import { expect, test } from 'vitest';
import {
  argumentsPatch,
  argumentsText,
  otherArguments,
  shortArguments,
} from '../../../renderer/transcript/arguments-text.ts';

const command = { type: 'command', command: 'ls -l' } as const;

test('only what the detail shows word for word is left out of the other arguments', () => {
  expect(otherArguments(command, { command: 'ls -l', timeout: 5 })).toEqual({ timeout: 5 });
  expect(otherArguments(command, { command: 'ls -l' })).toBeUndefined();
  // The detail says something else than the arguments: all of them are shown.
  expect(otherArguments(command, { command: 'ls -l; rm x' })).toEqual({ command: 'ls -l; rm x' });
});

test('arguments that were never JSON are shown as they came', () => {
  expect(argumentsText('{"broken')).toBe('{"broken');
  expect(argumentsText({ a: 1 })).toBe('{\n  "a": 1\n}');
});

test('only arguments that fit on a line each are shown as lines', () => {
  expect(shortArguments({ timeout: 5, cwd: 'src' })).toEqual([
    ['timeout', '5'],
    ['cwd', '"src"'],
  ]);
  expect(shortArguments({ text: 'x'.repeat(80) })).toBeUndefined();
});

test('an edited command is compared as a command, anything else as JSON', () => {
  expect(argumentsPatch(command, { command: 'ls -l' }, { command: 'ls' })).toContain('-ls -l\n+ls\n');
  const both = argumentsPatch(command, { command: 'ls -l', timeout: 1 }, { command: 'ls', timeout: 2 });
  expect(both).toContain('-  "timeout": 1');
});
