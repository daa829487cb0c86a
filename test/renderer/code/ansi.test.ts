import { expect, test } from 'vitest';
import { parseAnsi } from '../../../renderer/code/ansi.ts';
import { fc } from '../../properties.ts';

const textOf = (output: string): string =>
  parseAnsi(output)
    .map((segment) => segment.text)
    .join('');

test('colours and attributes become styles', () => {
  expect(parseAnsi('\u001b[1;31mbad\u001b[0m ok \u001b[38;5;196mx\u001b[39m \u001b[48;2;1;2;3my')).toEqual([
    { text: 'bad', style: { bold: true, fg: 1 } },
    { text: ' ok ', style: {} },
    { text: 'x', style: { fg: 'rgb(255, 0, 0)' } },
    { text: ' ', style: { fg: undefined } },
    { text: 'y', style: { fg: undefined, bg: 'rgb(1, 2, 3)' } },
  ]);
});

test.each([
  ['cursor moves and clearing', 'a\u001b[2J\u001b[10;5Hb\u001b[Kc', 'abc'],
  ['a title', 'a\u001b]0;evil title\u0007b', 'ab'],
  ['a hyperlink keeps its text only', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a clipboard write', '\u001b]52;c;ZXZpbA==\u0007ok', 'ok'],
  ['a device string', 'a\u001bPq#0;2\u001b\\b', 'ab'],
  ['8-bit forms', 'a\u009b31mb\u009d0;t\u009cc', 'abc'],
  ['a sequence cut off by the end', 'a\u001b[31', 'a'],
  ['an unclosed string', 'a\u001b]0;never closed', 'a'],
  ['backspace and bell', 'a\u0008b\u0007c', 'abc'],
])('drops %s', (_what, output, text) => {
  expect(textOf(output)).toBe(text);
});

test('a progress line shows its last state; Windows line ends are line ends', () => {
  expect(textOf('10%\r50%\r100%\ndone\r\n')).toBe('100%\ndone\n');
});

test('no output leaves a control character but tab and newline', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('\u001b', '[', ']', '3', '1', 'm', ';', '\u0007', '\r', '\n', '\u009b', 'P', '\\', 'x'),
  });
  fc.assert(
    fc.property(nasty, (output) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must be absent
      expect(textOf(output)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
