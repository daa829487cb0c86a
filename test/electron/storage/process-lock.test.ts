import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownStartTime } from '../../../electron/process-identity.ts';
import { isOwn, lockOwner, tryLock, waitForLock } from '../../../electron/storage/process-lock.ts';
import { bundleChild, startAndWaitFor, startChild } from './children/run-child.ts';
import { temporaryFolder } from './storage-fixture.ts';

let holder: string;
let fighter: string;

beforeAll(async () => {
  [holder, fighter] = await Promise.all([bundleChild('lock-holder'), bundleChild('lock-fighter')]);
});

const lockPath = async () => join(await temporaryFolder(), 'lock');

describe('process lock', () => {
  it('is held once, says by whom, and is free after release', async () => {
    const path = await lockPath();
    const first = await tryLock(path);
    expect(first.taken).toBe(true);
    const second = await tryLock(path);
    expect(second.taken === false && isOwn(second.owner)).toBe(true);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      host: hostname(),
      pid: process.pid,
      startTime: await ownStartTime(),
    });
    if (first.taken) await first.lock.release();
    expect(await lockOwner(path)).toBeUndefined();
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('is refused while another process lives and free the moment it is killed', async () => {
    const path = await lockPath();
    const { child, ended } = await startAndWaitFor(holder, [path], 'holding');
    const refused = await tryLock(path);
    expect(refused).toMatchObject({ taken: false, owner: { pid: child.pid } });
    expect(refused.taken === false && isOwn(refused.owner)).toBe(false);
    child.kill('SIGKILL');
    await ended;
    expect(await lockOwner(path)).toBeUndefined();
    expect((await tryLock(path)).taken).toBe(true);
  });

  it('never goes by age or by pid alone', async () => {
    const path = await lockPath();
    const nonce = 'n';
    await writeFile(path, JSON.stringify({ host: hostname(), pid: process.pid, startTime: 'long ago', nonce }));
    expect(await lockOwner(path)).toBeUndefined();
    await writeFile(
      path,
      JSON.stringify({ host: hostname(), pid: process.pid, startTime: await ownStartTime(), nonce }),
    );
    expect((await tryLock(path)).taken).toBe(false);
  });

  it('counts a lock of another host as held', async () => {
    const path = await lockPath();
    await writeFile(path, JSON.stringify({ host: 'elsewhere', pid: 1, startTime: 'x', nonce: 'n' }));
    expect(await tryLock(path)).toMatchObject({ taken: false, owner: { host: 'elsewhere' } });
  });

  it('takes over what a power cut left of a lock file', async () => {
    for (const rest of ['', '\0\0\0\0', '{"host":']) {
      const path = await lockPath();
      await writeFile(path, rest);
      expect((await tryLock(path)).taken).toBe(true);
    }
  });

  it('gives up waiting with an error that names the owner', async () => {
    const path = await lockPath();
    await tryLock(path);
    await expect(waitForLock(path, 30)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(`process ${process.pid} on host`),
    });
  });

  it('admits one of several fighting processes at a time, dying owners included', { timeout: 60_000 }, async () => {
    const path = await lockPath();
    const children = [
      ...[1, 2, 3].map(() => startChild(fighter, [path, '40', 'die'])),
      ...[1, 2].map(() => startChild(fighter, [path, '120'])),
    ];
    const ends = await Promise.all(children.map((child) => child.ended));
    expect(ends.map(({ output }) => output).join('')).not.toContain('violation');
    expect(ends.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', null, null]);
    expect(ends.map(({ output }) => output)).toEqual(['dying\n', 'dying\n', 'dying\n', 'taken 120\n', 'taken 120\n']);
    expect(await lockOwner(path)).toBeUndefined();
  });

  it('admits one of many takers that meet one stale lock', { timeout: 60_000 }, async () => {
    const path = await lockPath();
    for (let round = 0; round < 5; round++) {
      await writeFile(
        path,
        JSON.stringify({ host: hostname(), pid: 2 ** 31 - 1, startTime: 'gone', nonce: `${round}` }),
      );
      const children = [1, 2, 3, 4].map(() => startChild(holder, [path]));
      await expect.poll(() => children.every(({ output }) => output() !== ''), { timeout: 20_000 }).toBe(true);
      expect(children.map(({ output }) => output()).sort()).toEqual([
        'holding\n',
        'refused\n',
        'refused\n',
        'refused\n',
      ]);
      for (const { child } of children) child.stdin?.end();
      await Promise.all(children.map(({ ended }) => ended));
    }
  });
});
