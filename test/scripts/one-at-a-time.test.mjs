import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockFileOf } from '../../scripts/one-at-a-time.mjs';
import { ROOT } from '../../scripts/paths.mjs';

const module = JSON.stringify(join(ROOT, 'scripts', 'one-at-a-time.mjs'));

/** Processes that each note when they begin and end their work in one file. */
function worker(folder, name) {
  const work = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    import { oneAtATime } from ${module};
    await oneAtATime('lock', async () => {
      appendFileSync('log', '${name} begins\\n');
      await pause(30);
      appendFileSync('log', '${name} ends\\n');
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', work], { cwd: folder });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const tempFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('several at once in one clone work one after the other, also when a dead process left the lock', async () => {
  const folder = tempFolder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(folder, 'lock'), `${pid} 0123456789ab`);
  const ended = await Promise.all(['a', 'b', 'c', 'd'].map((name) => worker(folder, name)));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(8);
  for (let place = 0; place < lines.length; place += 2) {
    expect(lines[place + 1]).toBe(lines[place].replace('begins', 'ends'));
  }
  expect(() => readFileSync(join(folder, 'lock'))).toThrow('ENOENT');
  expect(ended.some(({ said }) => said.includes('waiting for it'))).toBe(true);
});

test('a lock that nobody touches is stale, whoever has its number now', async () => {
  const folder = tempFolder();
  const lock = join(folder, 'lock');
  writeFileSync(lock, `${process.pid} 0123456789ab`);
  const long = new Date(Date.now() - 600_000);
  utimesSync(lock, long, long);
  expect(await worker(folder, 'a')).toMatchObject({ code: 0, said: '' });
});

test('the lock of a clone is its own', () => {
  expect(lockFileOf('/a')).not.toBe(lockFileOf('/b'));
  expect(lockFileOf('/a')).toBe(lockFileOf('/a'));
});
