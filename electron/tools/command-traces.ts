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
  // Pids are given in rising order, so what it started is newer than itself, unless they began anew.
  const rows = await listProcesses((pid) => pid > leader || newest < leader);
  const strays = await Promise.all(
    rows
      .filter((row) => row.session !== leader)
      .map(async ({ pid }) => ((await hasInEnvironment(pid, mark)) ? pid : undefined)),
  );
  return {
    members: rows.some((row) => row.session === leader),
    strays: strays.filter((pid) => pid !== undefined),
  };
}

/** The pid given last, 0 when the kernel does not tell: then everything is looked at. */
function newestPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1)) || 0;
  } catch {
    return 0;
  }
}
