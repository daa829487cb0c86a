import { onTestFinished } from 'vitest';
import { tempFolder } from './harness.ts';
import { mountSmallDisk } from './mounted-disk.ts';

/** A small file system of its own, in memory, for the time of the test. */
export async function smallDisk(size?: string) {
  const disk = mountSmallDisk(await tempFolder(), size);
  onTestFinished(disk.unmount);
  return disk;
}
