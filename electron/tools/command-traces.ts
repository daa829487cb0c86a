import { readFileSync } from 'node:fs';
import { groupMembers } from './process-group.ts';
import { hasInEnvironment, listProcesses } from './process-table.ts';

/** What a command left running. */
export interface Traces {
  /** Still in its group or session: ours to end. */
  members: boolean;
  /** Started by it, but in a session of their own. Found on Linux only. */
  strays: number[];
}

/** Looks for what the shell `leader` left; every process it started carries `mark` (`NAME=value`) in its environment. */
export async function findTraces(leader: number, mark: string): Promise<Traces> {
  if (process.platform !== 'linux') return { members: (await groupMembers(leader)).length > 0, strays: [] };
  const newest = newestPid();
  if (newest === leader) return { members: false, strays: [] };
  const rows = await listProcesses(newerThan(leader, newest));
  const strays = await Promise.all(
    rows
      .filter((row) => row.session !== leader && row.session !== kernelThreads)
      .map(async ({ pid }) => ((await hasInEnvironment(pid, mark)) ? pid : undefined)),
  );
  return {
    members: rows.some((row) => row.session === leader),
    strays: strays.filter((pid) => pid !== undefined),
  };
}

const kernelThreads = 0;

/** Every system-wide fork since the shell began costs a look, so a few are looked up one by one instead of by listing all. */
const fewProcesses = 100;

/** Pids are given in rising order, so what it started is newer than itself, unless they began anew. */
function newerThan(leader: number, newest: number): number[] | ((pid: number) => boolean) {
  const since = newest - leader;
  if (since > 0 && since <= fewProcesses) return Array.from({ length: since }, (_, at) => leader + 1 + at);
  return (pid) => pid > leader || newest < leader;
}

/** The pid given last, 0 when the kernel does not tell: then everything is looked at. */
function newestPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1)) || 0;
  } catch {
    return 0;
  }
}
