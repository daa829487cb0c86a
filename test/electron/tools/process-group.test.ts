import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startTimeOf, unknownStartTime } from '../../../electron/process-identity.ts';
import { endGroup, endGroupIfSame, groupMembers, spawnGroup } from '../../../electron/tools/process-group.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function group(command: string): Promise<{ gone: Promise<unknown>; pid: number; startTime: string }> {
  const child = spawnGroup('/bin/bash', ['-c', `${command}\necho ready; wait`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const gone = once(child, 'exit');
  if (child.stdout) await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  return { gone, pid, startTime: (await startTimeOf(pid)) ?? '' };
}

describe('endGroup', () => {
  it('ends a group and tells what it was', async () => {
    const { pid } = await group('sleep 61 & sleep 62 &');
    expect(await groupMembers(pid)).toHaveLength(3);
    const { ended, alive } = await endGroup(pid);
    expect(ended).toHaveLength(3);
    expect(ended[0]).toMatch(new RegExp(`^${pid} /bin/bash -c sleep 61`));
    expect(alive).toEqual([]);
    expect(await groupMembers(pid)).toEqual([]);
  });

  it('does nothing to a group that is gone', async () => {
    const { gone, pid } = await group('true');
    await gone;
    expect(await endGroup(pid)).toEqual({ ended: [], alive: [] });
  });
});

describe('endGroupIfSame', () => {
  it('ends the group of the recorded process', async () => {
    const { pid, startTime } = await group('sleep 60 &');
    expect(await endGroupIfSame(pid, startTime)).toBe('ended');
    expect(await groupMembers(pid)).toEqual([]);
  });

  it.each(['1@another-boot', '', unknownStartTime])(
    'leaves a process alone that began at another time (%j)',
    async (startTime) => {
      const { pid } = await group('sleep 60 &');
      expect(await endGroupIfSame(pid, startTime)).toBe('other');
      expect(await groupMembers(pid)).toHaveLength(2);
      await endGroup(pid);
    },
  );

  it('knows when all is gone', async () => {
    const { gone, pid, startTime } = await group('true');
    await gone;
    expect(await endGroupIfSame(pid, startTime)).toBe('gone');
  });

  it('touches nothing when only children of the leader are left', async () => {
    const { gone, pid, startTime } = await group('sleep 60 &');
    process.kill(pid, 'SIGKILL');
    await gone;
    expect(await endGroupIfSame(pid, startTime)).toBe('other');
    expect(await groupMembers(pid)).toHaveLength(1);
    await endGroup(pid);
  });

  it('never ends a process that merely has the number', async () => {
    const bystander = spawn('/bin/sleep', ['60']);
    children.push(bystander);
    await once(bystander, 'spawn');
    expect(await endGroupIfSame(bystander.pid ?? 0, '5@boot')).toBe('other');
    expect(bystander.exitCode).toBeNull();
  });
});
