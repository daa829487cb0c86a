import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deniedReading } from '../../../electron/permissions/denied-places.ts';
import { createGlobTool } from '../../../electron/tools/glob.ts';
import { createGrepTool } from '../../../electron/tools/grep.ts';
import { lsTool } from '../../../electron/tools/ls.ts';
import { call, contextFor, rg, tempFolder } from './tool-bench.ts';

function arena(...deny: string[]) {
  const workspace = tempFolder();
  for (const [name, text] of [
    ['src/a.ts', 'word'],
    ['private/b.ts', 'word secret'],
    ['private/deep/c.ts', 'word secret'],
    ['src/d.pem', 'word secret'],
  ] as const) {
    mkdirSync(join(workspace, name, '..'), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const denied = deniedReading(deny, { workspace, home: '/home/none' });
  return contextFor(workspace, denied ? { leftOut: (path) => denied(path) } : {}).context;
}

describe('what a deny rule forbids to read', () => {
  it('is not found by grep, glob and ls from a folder above; they say that something is left out [rules.below]', async () => {
    const context = arena('Read(private/**)', 'Read(*.PEM)');
    const grep = await call(createGrepTool(rg), { pattern: 'word' }, context);
    expect(grep.output).toBe('src/a.ts:1:word\n[What may not be read is left out.]');
    const below = await call(createGrepTool(rg), { pattern: 'word', path: 'src' }, context);
    expect(below.output).toBe('src/a.ts:1:word\n[What may not be read is left out.]');
    const glob = await call(createGlobTool(rg), { pattern: '**/*' }, context);
    expect(glob.output).toBe('src/a.ts\n[What may not be read is left out.]');
    const ls = await call(lsTool, {}, context);
    expect(ls.output).toBe(`${' '.repeat(12)}  src/\n[What may not be read is left out.]`);
  });

  it('with no such rule everything is found, and nothing is said', async () => {
    const context = arena();
    expect((await call(createGrepTool(rg), { pattern: 'word' }, context)).output.split('\n')).toHaveLength(4);
    expect((await call(createGlobTool(rg), { pattern: '**/*' }, context)).output).not.toContain('left out');
  });
});
