import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requirements } from './requirements.ts';

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.(test|spec)\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** Titles of tests, those of tables too. */
const title = /(?:\b(?:it|test|describe)(?:\.\w+)*\(|\)\(|>\()\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g;
/** One or more ids at the end of a title. */
const cited = /(?:\s\[[A-Za-z][\w.-]*\])+$/;

const citations = testFiles(import.meta.dirname).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(title)].flatMap((match) =>
    [...((match[2] as string).match(cited)?.[0].matchAll(/\[([^\]]+)\]/g) ?? [])].map((id) => ({
      id: id[1] as string,
      place: `${file.slice(import.meta.dirname.length + 1)}: ${match[2]}`,
    })),
  ),
);

it('every id that a test cites is a promise of ours', () => {
  expect(citations.length).toBeGreaterThan(100);
  expect(citations.filter(({ id }) => !Object.hasOwn(requirements, id))).toEqual([]);
});

it('every promise of ours is cited by a test', () => {
  const proven = new Set(citations.map(({ id }) => id));
  expect(Object.keys(requirements).filter((id) => !proven.has(id))).toEqual([]);
});
