import { describe, expect, it } from 'vitest';
import { cutAtCharacter, joinEnds, outputLimit, truncateOutput } from '../../../electron/tools/truncate.ts';

const size = (text: string) => Buffer.byteLength(text);

describe('truncateOutput', () => {
  it('leaves what fits, to the byte', () => {
    for (const text of ['', 'x'.repeat(outputLimit), 'ä'.repeat(outputLimit / 2)])
      expect(truncateOutput(text)).toBe(text);
  });

  it.each([
    ['one byte more', 'x'.repeat(outputLimit + 1)],
    ['many lines', 'some line of text\n'.repeat(50_000)],
    ['no line ends', 'x'.repeat(3_000_000)],
    ['wide characters', '😀'.repeat(100_000)],
    ['one long last line', `${'a\n'.repeat(100)}${'b'.repeat(200_000)}`],
  ])('cuts %s to head and tail of whole characters', (_what, text) => {
    const cut = truncateOutput(text);
    expect(size(cut)).toBeLessThanOrEqual(outputLimit);
    expect(size(cut)).toBeGreaterThan(outputLimit / 2);
    expect(cut).not.toContain('\uFFFD');
    const [head = '', tail = ''] = cut.split(/\n?\[… .*\]\n/);
    expect(text.startsWith(head)).toBe(true);
    expect(text.endsWith(tail)).toBe(true);
    const [, missing, total] =
      /\[… ([\d,]+) of ([\d,]+) bytes/.exec(cut)?.map((part) => Number(part.replaceAll(',', ''))) ?? [];
    expect(total).toBe(size(text));
    expect(missing).toBeGreaterThanOrEqual(size(text) - size(head) - size(tail) - 1);
    expect(missing).toBeLessThanOrEqual(size(text) - size(head) - size(tail));
  });

  it('cuts at line ends and names what is kept', () => {
    const text = Array.from({ length: 30_000 }, (_, at) => `line ${at}\n`).join('');
    const cut = truncateOutput(text, 'abcdef0123456789');
    expect(cut).toMatch(/line \d+\n\[… [^\n]*kept with this session \(abcdef012345\)[^\n]*\]\nline \d+\n/);
  });
});

it('joinEnds stays within the limit when bytes that are no UTF-8 grow', () => {
  const bytes = Buffer.alloc(outputLimit, 0xff);
  expect(size(joinEnds({ head: bytes, tail: bytes, total: 1_000_000 }))).toBeLessThanOrEqual(outputLimit);
});

it.each([
  ['aä', 2, 'a'],
  ['aä', 3, 'aä'],
  ['😀', 3, ''],
  ['ab', 5, 'ab'],
])('cutAtCharacter of %s at %d bytes', (text, limit, cut) => {
  expect(Buffer.from(cutAtCharacter(Buffer.from(text), limit)).toString()).toBe(cut);
});
