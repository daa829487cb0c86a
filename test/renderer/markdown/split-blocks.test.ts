import { expect, test } from 'vitest';
import { emptySplit, splitBlocks } from '../../../renderer/markdown/split-blocks.ts';
import { fc } from '../../properties.ts';

const sample = `# Title

A paragraph with [a link][one].

- first

  continued
- second

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

[one]: https://example.com
`;

test('cuts a text into its top-level blocks and keeps a fence and a loose list whole', () => {
  const { blocks, definitions } = splitBlocks(sample);
  expect(blocks.map((block) => block.trim().split('\n')[0])).toEqual([
    '# Title',
    'A paragraph with [a link][one].',
    '- first',
    '```ts',
    '| a | b |',
  ]);
  expect(definitions).toBe('[one]: https://example.com');
});

test('a text that grows by any steps ends with the blocks of the whole text', () => {
  const line = fc.constantFrom(
    'para',
    '- item',
    '  more',
    '',
    '```',
    '> quote',
    '1. one',
    '| a |',
    '|---|',
    '===',
    '    code',
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, steps) => {
        const text = lines.join('\n');
        let split = emptySplit;
        for (let end = 0, step = 0; end < text.length; step += 1) {
          end = Math.min(text.length, end + (steps[step % steps.length] ?? 1));
          split = splitBlocks(text.slice(0, end), split);
        }
        expect(split.blocks).toEqual(splitBlocks(text).blocks);
      },
    ),
    { numRuns: 400 },
  );
});

test('settled blocks are taken over, not parsed again', () => {
  const text = 'one\n\ntwo\n\nthree\n\nfour';
  const before = splitBlocks(text);
  const after = splitBlocks(`${text} and more`, before);
  expect(before.settledBlocks).toBe(2);
  expect(after.blocks).toEqual(['one', 'two', 'three', 'four and more'].map((block) => expect.stringContaining(block)));
});
