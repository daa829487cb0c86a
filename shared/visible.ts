// Controls, bidirectional marks, zero-width and filler characters, spaces that are not U+0020, and halves of surrogate pairs.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const plain = new Set([' ', '\n', '\t']);

const written = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;

/**
 * Writes every character that cannot be seen, or that reorders what is seen, as `\u{202e}`. Space, tab and line feed stay. What a
 * person is shown through this is all there is.
 */
export const makeVisible = (text: string): string =>
  text.replace(hidden, (char) => (plain.has(char) ? char : written(char)));

/** True when `makeVisible` would change the text. */
export const hasHiddenCharacters = (text: string): boolean => makeVisible(text) !== text;

/** The text without those characters. */
export const withoutHidden = (text: string): string => text.replace(hidden, (char) => (plain.has(char) ? char : ''));
