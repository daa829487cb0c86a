import { describe, expect, it } from 'vitest';
import { hasHiddenCharacters, makeVisible } from '../../shared/visible.ts';
import { fc } from '../properties.ts';

describe('makeVisible', () => {
  it.each([
    ['plain text, with\n lines\tand tabs', 'plain text, with\n lines\tand tabs'],
    ['naïve 日本 Ω 😀', 'naïve 日本 Ω 😀'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
    ['a\u200bb\u200db\ufeff', 'a\\u{200b}b\\u{200d}b\\u{feff}'],
    ['a\u00a0b\u3000c\u2009d', 'a\\u{00a0}b\\u{3000}c\\u{2009}d'],
    ['a\rb\x1b[31mc\0d\x7f', 'a\\u{000d}b\\u{001b}[31mc\\u{0000}d\\u{007f}'],
    ['a\u{e0041}b\ufe0f', 'a\\u{e0041}b\\u{fe0f}'],
    ['a\u3164b\u2800c', 'a\\u{3164}b\\u{2800}c'],
    ['a\u2028b\u2029c\u0085d', 'a\\u{2028}b\\u{2029}c\\u{0085}d'],
    ['a\ud800b', 'a\\u{d800}b'],
  ])('%j', (text, expected) => {
    expect(makeVisible(text)).toBe(expected);
    expect(hasHiddenCharacters(text)).toBe(text !== expected);
  });

  it('leaves nothing hidden and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const visible = makeVisible(text);
        expect(hasHiddenCharacters(visible)).toBe(false);
        expect(makeVisible(visible)).toBe(visible);
      }),
    );
  });
});
