import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogFile } from '../../electron/log-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const now = () => new Date(0);
const redact = (text: string) => text.replaceAll('sk-secret', '[redacted]');

test('an entry is one line, on disk at once, without secrets', async () => {
  const file = join(folder, 'logs', 'main.log');
  createLogFile({ file, redact, now }).warn('it failed', { key: 'sk-secret', many: 'a\nb' });
  expect(await readFile(file, 'utf8')).toBe(
    '1970-01-01T00:00:00.000Z warn it failed {"key":"[redacted]","many":"a\\nb"}\n',
  );
});

test('errors keep their text', async () => {
  const file = join(folder, 'main.log');
  createLogFile({ file, redact, now }).error('uncaught', { error: new Error('disk is gone') });
  expect(await readFile(file, 'utf8')).toContain('disk is gone');
});

test('a long log keeps one older generation', async () => {
  const file = join(folder, 'main.log');
  const log = createLogFile({ file, redact, now });
  for (let i = 0; i < 120; i++) log.info('x'.repeat(12_000));
  expect((await readFile(`${file}.1`, 'utf8')).length).toBeGreaterThan(1_000_000);
  expect((await readFile(file, 'utf8')).length).toBeLessThan(1_000_000);
});
