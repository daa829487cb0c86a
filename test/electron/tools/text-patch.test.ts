import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { diffDetail } from '../../../electron/tools/text-patch.ts';
import { outputLimit } from '../../../electron/tools/truncate.ts';
import { fc } from '../../properties.ts';

const diff = (before: string | undefined, after: string) =>
  diffDetail('a.txt', before === undefined ? undefined : Buffer.from(before), Buffer.from(after));

const lines = (count: number, text = 'line') => Array.from({ length: count }, (_, at) => `${text} ${at}\n`).join('');

describe('diffDetail', () => {
  it('gives a patch that makes the new text from the old one', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c\r', '', 'd'), { maxLength: 12 })
      .map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyPatch(before, diff(before, after).patch, { autoConvertLineEndings: false })).toBe(after);
      }),
      { numRuns: 400 },
    );
  });

  it('counts from the right line far down a long file', () => {
    const before = lines(5_000);
    const { patch, added, removed } = diff(before, before.replace('line 4000\n', 'changed\n'));
    expect(patch).toContain(
      '@@ -3998,7 +3998,7 @@\n line 3997\n line 3998\n line 3999\n-line 4000\n+changed\n line 4001',
    );
    expect([added, removed]).toEqual([1, 1]);
  });

  it('shows a new file', () => {
    expect(diff(undefined, 'a\n')).toMatchObject({
      created: true,
      patch: '--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,1 @@\n+a\n',
    });
  });

  it('cuts a long patch, says so and keeps it valid', () => {
    const before = lines(20_000, 'old');
    const { patch, added, removed } = diff(before, lines(20_000, 'new'));
    expect([added, removed]).toEqual([20_000, 20_000]);
    expect(patch).toMatch(/^Cut: of 40,000 lines of this diff the first [\d,]+ are shown\.\n--- a/);
    expect(Buffer.byteLength(patch)).toBeLessThan(outputLimit + 500);
    const [, removedLines = 0, addedLines = 0] = /@@ -1,(\d+) \+\d,(\d+) @@/.exec(patch)?.map(Number) ?? [];
    expect(patch.match(/^-old/gm)).toHaveLength(removedLines);
    expect(patch.match(/^\+new/gm) ?? []).toHaveLength(addedLines);
  });

  it('does not spend long on texts that have nothing in common', () => {
    const started = performance.now();
    diff(lines(200_000, 'old'), lines(200_000, 'new'));
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('cuts long lines', () => {
    expect(diff('', 'x'.repeat(500_000)).patch).toContain('[line cut]');
  });
});
