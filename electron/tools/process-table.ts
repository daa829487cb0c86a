import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  /** Known on Linux only. */
  session?: number;
}

/** Living processes, zombies left out; of these pids only, or of those that `wanted` takes. Empty on Windows. */
export async function listProcesses(wanted: number[] | ((pid: number) => boolean) = () => true): Promise<ProcessRow[]> {
  if (process.platform === 'win32') return [];
  const takes = Array.isArray(wanted) ? (pid: number) => wanted.includes(pid) : wanted;
  if (process.platform !== 'linux') return (await fromPs()).filter(({ pid }) => takes(pid));
  const pids = Array.isArray(wanted)
    ? wanted
    : (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && takes(pid));
  return pids.map(fromProc).filter((row) => row !== undefined);
}

/** "pid command" as a person knows a process, at most 200 characters. */
export async function describeProcess(pid: number): Promise<string> {
  return `${pid} ${(await commandOf(pid)) || '(unknown)'}`.slice(0, 200);
}

/** True when the process was started with this `NAME=value` in its environment; false too when that cannot be read. */
export async function hasInEnvironment(pid: number, entry: string): Promise<boolean> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const environment = readNow(`/proc/${pid}/environ`);
    if (environment === undefined) return false;
    if (environment !== '') return environment.split('\0').includes(entry);
    // While a process turns into another program it shows none.
    await pause(5 * 2 ** attempt);
  }
  return false;
}

function fromProc(pid: number): ProcessRow | undefined {
  const stat = readNow(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command in parentheses may itself hold spaces and parentheses; after the last one the fields are plain.
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session) };
}

/** Synchronous: the kernel answers from memory, and a trip through the thread pool costs many times as much. */
function readNow(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

async function fromPs(): Promise<ProcessRow[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith('Z')) return [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group) };
  });
}

async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform !== 'linux') return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim();
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return words ? words.split('\0').join(' ').trim() : (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch {
    return '';
  }
}
