import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isSameProcess, ownStartTime, startTimeOf, unknownStartTime } from '../../electron/process-identity.ts';

describe('process identity', () => {
  it('gives this process one stable start time', async () => {
    expect(await ownStartTime()).toBe(await startTimeOf(process.pid));
    expect(await ownStartTime()).not.toBe(unknownStartTime);
  });

  it('tells a living child, its end and another pid apart', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid as number;
    const startTime = await startTimeOf(pid);
    expect(startTime).toBeDefined();
    expect(await isSameProcess(pid, startTime as string)).toBe(true);
    expect(await isSameProcess(pid, 'another time')).toBe(false);
    expect(await isSameProcess(pid, unknownStartTime)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await startTimeOf(pid)).toBeUndefined();
    expect(await isSameProcess(pid, startTime as string)).toBe(false);
  });

  it('knows no process by an impossible pid', async () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31 - 1]) expect(await startTimeOf(pid)).toBeUndefined();
  });
});
