import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  /** Known on Linux only. */
  session?: number;
}

/** Living processes, zombies left out; `wanted` narrows them by pid before they are looked at. Empty on Windows. */
export async function listProcesses(wanted: (pid: number) => boolean = () => true): Promise<ProcessRow[]> {
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') return (await fromPs()).filter((row) => wanted(row.pid));
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid) && wanted(pid));
  const rows = await Promise.all(pids.map(fromProc));
  return rows.filter((row) => row !== undefined);
}

/** "pid command" as a person knows a process, at most 200 characters. */
export async function describeProcess(pid: number): Promise<string> {
  return `${pid} ${(await commandOf(pid)) || '(unknown)'}`.slice(0, 200);
}

/** True when the process was started with this `NAME=value` in its environment; false too when that cannot be read. */
export async function hasInEnvironment(pid: number, entry: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`).catch(() => undefined);
  return environment?.toString('latin1').split('\0').includes(entry) ?? false;
}

async function fromProc(pid: number): Promise<ProcessRow | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command in parentheses may itself hold spaces and parentheses; after the last one the fields are plain.
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session) };
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
