import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFile, readWhole, replaceFile, withFolder } from '../../../electron/tools/safe-file.ts';
import { tempFolder } from './tool-bench.ts';

describe('openFile', () => {
  it('refuses a link put in place of the checked file', async () => {
    const folder = tempFolder();
    symlinkSync('/etc/passwd', join(folder, 'a.txt'));
    await expect(openFile(join(folder, 'a.txt'))).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('refuses a file reached through a folder that became a link', async () => {
    const folder = tempFolder();
    const outside = tempFolder();
    writeFileSync(join(outside, 'a.txt'), 'secret');
    symlinkSync(outside, join(folder, 'sub'));
    await expect(openFile(join(folder, 'sub', 'a.txt'))).rejects.toMatchObject({ code: 'stale' });
  });

  it('never reads outside while somebody swaps the folder for a link', async () => {
    const folder = tempFolder();
    const outside = tempFolder();
    const sub = join(folder, 'sub');
    mkdirSync(sub);
    writeFileSync(join(sub, 'a.txt'), 'inside');
    writeFileSync(join(outside, 'a.txt'), 'secret');
    let swapping = true;
    const swapper = (async () => {
      while (swapping) {
        await rename(sub, `${sub}-away`);
        await symlink(outside, sub);
        await rm(sub);
        await rename(`${sub}-away`, sub);
      }
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      seen.add(
        await readWhole(join(sub, 'a.txt'), 100).then(
          ({ bytes }) => bytes.toString(),
          (error) => (error as { code: string }).code,
        ),
      );
    }
    swapping = false;
    await swapper;
    expect(seen).not.toContain('secret');
  });

  it('does not wait for the writer of a named pipe', async () => {
    const folder = tempFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(openFile(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'invalid' });
  });

  it('refuses folders and large files', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.txt'), 'x'.repeat(11));
    await expect(openFile(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readWhole(join(folder, 'a.txt'), 10)).rejects.toMatchObject({ code: 'limit' });
  });
});

describe('withFolder', () => {
  it('stays in the folder that was opened when its name is taken over', async () => {
    const folder = tempFolder();
    const outside = tempFolder();
    mkdirSync(join(folder, 'sub'));
    await withFolder(join(folder, 'sub'), async (path) => {
      renameSync(join(folder, 'sub'), join(folder, 'moved'));
      symlinkSync(outside, join(folder, 'sub'));
      writeFileSync(join(path, 'a.txt'), 'a');
    });
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(folder, 'moved'))).toEqual(['a.txt']);
  });
});

describe('replaceFile', () => {
  it('makes missing folders and leaves nothing else behind', async () => {
    const folder = tempFolder();
    await replaceFile(join(folder, 'a', 'b', 'c.txt'), Buffer.from('c'));
    expect(readFileSync(join(folder, 'a', 'b', 'c.txt'), 'utf8')).toBe('c');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['c.txt']);
  });

  it('keeps the mode and gives new files the usual one', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'old'), 'a');
    chmodSync(join(folder, 'old'), 0o640);
    await replaceFile(join(folder, 'old'), Buffer.from('b'));
    await replaceFile(join(folder, 'new'), Buffer.from('b'));
    writeFileSync(join(folder, 'plain'), 'b');
    expect(statSync(join(folder, 'old')).mode & 0o777).toBe(0o640);
    expect(statSync(join(folder, 'new')).mode).toBe(statSync(join(folder, 'plain')).mode);
  });

  it('refuses when the file is not the one that was read', async () => {
    const folder = tempFolder();
    const file = join(folder, 'a.txt');
    writeFileSync(file, 'a');
    const { stamp } = await readWhole(file, 100);
    writeFileSync(file, 'somebody else');
    await expect(replaceFile(file, Buffer.from('b'), stamp)).rejects.toMatchObject({ code: 'stale' });
    expect(readFileSync(file, 'utf8')).toBe('somebody else');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('follows neither a link in place of the file nor one in place of its folder', async () => {
    const folder = tempFolder();
    const outside = tempFolder();
    writeFileSync(join(outside, 'a.txt'), 'theirs');
    symlinkSync(join(outside, 'a.txt'), join(folder, 'a.txt'));
    symlinkSync(outside, join(folder, 'sub'));
    await expect(replaceFile(join(folder, 'a.txt'), Buffer.from('mine'))).rejects.toMatchObject({ code: 'stale' });
    await expect(replaceFile(join(folder, 'sub', 'a.txt'), Buffer.from('mine'))).rejects.toThrow();
    await expect(replaceFile(join(folder, 'sub', 'deep', 'b.txt'), Buffer.from('mine'))).rejects.toThrow();
    expect(readFileSync(join(outside, 'a.txt'), 'utf8')).toBe('theirs');
    expect(existsSync(join(outside, 'deep'))).toBe(false);
    expect(lstatSync(join(folder, 'a.txt')).isSymbolicLink()).toBe(true);
  });

  it('never writes outside while somebody swaps the folder for a link', async () => {
    const folder = tempFolder();
    const outside = tempFolder();
    const sub = join(folder, 'sub');
    mkdirSync(sub);
    let swapping = true;
    // A write makes its folder when that is away, so each step of the swapper may find something in its way.
    const ignore = () => undefined;
    const swapper = (async () => {
      for (let round = 0; swapping; round += 1) {
        await rename(sub, `${sub}-${round}`).catch(ignore);
        await symlink(outside, sub).catch(ignore);
        await rm(sub).catch(ignore);
        await rename(`${sub}-${round}`, sub).catch(ignore);
        // A link that was carried back stays none; a folder stays.
        await rm(sub).catch(ignore);
      }
    })();
    for (let round = 0; round < 300; round += 1) {
      await replaceFile(join(sub, `${round}.txt`), Buffer.from('x')).catch(ignore);
    }
    swapping = false;
    await swapper;
    expect(readdirSync(outside)).toEqual([]);
    // The same write goes through as soon as nobody swaps.
    await replaceFile(join(sub, 'last.txt'), Buffer.from('x'));
    expect(readdirSync(sub)).toContain('last.txt');
  });
});
