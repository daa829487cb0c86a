import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startTimeOf, unknownStartTime } from '../process-identity.ts';
import { describeProcess, listProcesses, type ProcessRow } from './process-table.ts';

const run = promisify(execFile);

/** How long a group may take to end by itself after it was asked to. */
const graceMs = 1_500;
/** How long the kernel may take to end what was killed. */
const killMs = 300;

/** What ending a group came to; both hold "pid command". `alive` is never empty while something is left. */
export interface EndedGroup {
  ended: string[];
  alive: string[];
}

/** Starts a program as leader of its own process group (on POSIX of its own session too). */
export function spawnGroup(program: string, args: string[], options: SpawnOptions): ChildProcess {
  return spawn(program, args, { ...options, detached: process.platform !== 'win32', windowsHide: true });
}

/**
 * Living processes that belong to the leader: of its group, and of other groups in its session, which is where `timeout` and job
 * control put theirs. Without sessions to look at, its descendants stand for them.
 */
export async function groupMembers(leader: number): Promise<ProcessRow[]> {
  const rows = await listProcesses();
  const family = new Set([leader]);
  if (process.platform !== 'linux') addDescendants(rows, family);
  return rows.filter((row) => row.group === leader || row.session === leader || family.has(row.pid));
}

/** Asks the group to end, kills it after 1.5 s, and says truthfully what is left. Takes less than 2 s. */
export async function endGroup(leader: number): Promise<EndedGroup> {
  if (process.platform === 'win32') return endTree(leader);
  const seen = new Map<number, string>();
  const look = async () => {
    const members = await groupMembers(leader);
    await Promise.all(
      members.map(async ({ pid }) => {
        if (!seen.has(pid)) seen.set(pid, await describeProcess(pid));
      }),
    );
    return members;
  };
  signal(await look(), 'SIGTERM');
  let left = await until(look, graceMs);
  if (left.length > 0) {
    left = await until(async () => {
      const members = await look();
      signal(members, 'SIGKILL');
      return members;
    }, killMs);
  }
  const alive = new Set(left.map(({ pid }) => pid));
  const names = [...seen].sort(([a], [b]) => a - b);
  return {
    ended: names.filter(([pid]) => !alive.has(pid)).map(([, name]) => name),
    alive: names.filter(([pid]) => alive.has(pid)).map(([, name]) => name),
  };
}

/**
 * Ends the group whose leader is still the very process that was recorded. `other`: the pid now belongs to somebody else, or the
 * leader is gone while processes of a group with its number live; nothing is touched then, `groupMembers` names them.
 */
export async function endGroupIfSame(leader: number, startTime: string): Promise<'ended' | 'gone' | 'other'> {
  const now = await startTimeOf(leader);
  if (now === undefined) return (await groupMembers(leader)).length === 0 ? 'gone' : 'other';
  if (now !== startTime || now === unknownStartTime) return 'other';
  await endGroup(leader);
  return 'ended';
}

function addDescendants(rows: ProcessRow[], family: Set<number>): void {
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
  }
}

function signal(members: ProcessRow[], name: 'SIGTERM' | 'SIGKILL'): void {
  for (const group of new Set(members.map((member) => member.group))) {
    // 0 would mean our own group and 1 everybody.
    if (group <= 1) continue;
    try {
      process.kill(-group, name);
    } catch {
      // Gone meanwhile, or not ours to end; the next look tells.
    }
  }
}

/** Looks more and more seldom until nothing is left or the time is up; returns what is left. */
async function until(look: () => Promise<ProcessRow[]>, ms: number): Promise<ProcessRow[]> {
  const deadline = Date.now() + ms;
  for (let wait = 5; ; wait = Math.min(wait * 2, 80)) {
    const left = await look();
    const remaining = deadline - Date.now();
    if (left.length === 0 || remaining <= 0) return left;
    await pause(Math.min(wait, remaining));
  }
}

async function endTree(leader: number): Promise<EndedGroup> {
  await run('taskkill', ['/PID', String(leader), '/T', '/F'], { windowsHide: true }).catch(() => undefined);
  const left = (await startTimeOf(leader)) !== undefined;
  return left ? { ended: [], alive: [String(leader)] } : { ended: [String(leader)], alive: [] };
}
