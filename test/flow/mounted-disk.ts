import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a small file system of its own, in memory, over a folder. The caller unmounts it. */
export function mountSmallDisk(folder: string, size = '512k') {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder], { stdio: 'pipe' });
  const filler = join(folder, 'filler');
  return {
    folder,
    unmount: () => void execFileSync('umount', ['-l', folder]),
    /** To the last byte. */
    async fill() {
      for (const size of [65_536, 4096, 1]) {
        while (
          await writeFile(filler, Buffer.alloc(size), { flag: 'a' }).then(
            () => true,
            () => false,
          )
        );
      }
    },
    /** For everybody, root too. */
    setReadOnly: (readOnly: boolean) =>
      void execFileSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, folder], { stdio: 'pipe' }),
    makeRoom: () => rm(filler, { force: true }),
  };
}

/** Whether this machine lets us make a small disk: Linux, as root. */
export function mountWorks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
