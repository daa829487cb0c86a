import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Stands for a start time that this machine does not tell; it never proves that a process is another one. */
export const unknownStartTime = 'unknown';

/**
 * When the process with this pid began, as an opaque string: equal strings mean the same process, across reboots too. `undefined`
 * when there is no such process, or only its zombie. `unknownStartTime` when it lives but cannot be dated.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    if (process.platform === 'linux') return await fromProc(pid);
    return process.platform === 'win32' ? await fromPowerShell(pid) : await fromPs(pid);
  } catch {
    return isAlive(pid) ? unknownStartTime : undefined;
  }
}

let own: Promise<string> | undefined;

/** Start time of this process. */
export function ownStartTime(): Promise<string> {
  own ??= startTimeOf(process.pid).then((time) => time ?? unknownStartTime);
  return own;
}

/** True while the process that had this pid and start time lives. When the start time is unknown, a living pid counts. */
export async function isSameProcess(pid: number, startTime: string): Promise<boolean> {
  const now = await startTimeOf(pid);
  if (now === undefined) return false;
  return now === startTime || now === unknownStartTime || startTime === unknownStartTime;
}

/** Whether there is a process with this pid, whosever it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let bootId: Promise<string> | undefined;

/** Ticks count from boot, so two boots can give the same pid the same ticks. */
function readBootId(): Promise<string> {
  bootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  return bootId;
}

async function fromProc(pid: number): Promise<string | undefined> {
  // Synchronous: the kernel answers from memory, and a trip through the thread pool costs many times as much.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command in parentheses may itself hold spaces and parentheses; after the last one the fields are plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const ticks = fields[19];
  if (ticks === undefined) return unknownStartTime;
  // The main thread of a killed process turns zombie first; the others may still be finishing a write.
  const isGone = state === 'X' || (state === 'Z' && Number(fields[17]) <= 1);
  return isGone ? undefined : `${ticks}@${await readBootId()}`;
}

async function fromPs(pid: number): Promise<string | undefined> {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC0' };
  const { stdout } = await run('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { env });
  const [, state, startedAt] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(stdout) ?? [];
  if (state === undefined || startedAt === undefined) return unknownStartTime;
  return state.startsWith('Z') ? undefined : startedAt;
}

async function fromPowerShell(pid: number): Promise<string> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], {
    windowsHide: true,
  });
  return stdout.trim() || unknownStartTime;
}
