// Two commands at once in one clone must not install or build into each other's files.
import { createHash, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './run.mjs';
import { say } from './say.mjs';

const LOOK_MS = 200;
/** A lock that nobody has touched for so long is stale, for its number may be another process's by now. */
const TOUCH_MS = 5000;
const STALE_MS = 120_000;

/** The lock file of a clone: beside it nothing is littered, and npm may remove all of node_modules. */
export function lockFileOf(root, user = process.getuid?.() ?? 'user') {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `switchyard-prepare-${user}-${name}.lock`);
}

/**
 * Does the work while no other process on this machine does with the same file; waits for one that does, and says so. The lock of a
 * process that is gone is taken over. Where no lock file can be written the work is done all the same.
 */
export async function oneAtATime(file, work) {
  const own = `${process.pid} ${randomBytes(6).toString('hex')}`;
  for (let told = false; ; ) {
    const holder = take(file, own);
    if (holder === undefined) break;
    if (!told) say(`Another command (process ${holder}) prepares this folder: waiting for it …`);
    told = true;
    await pause(LOOK_MS);
  }
  const letGo = () => {
    if (read(file) === own) unlinkSync(file);
  };
  process.once('exit', letGo);
  const touching = setInterval(() => touch(file), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    process.off('exit', letGo);
    letGo();
  }
}

/** Takes the lock, whole or not at all, or returns the id of the process that holds it. */
function take(file, own) {
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, own);
    linkSync(aside, file);
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') return undefined;
  } finally {
    rmSync(aside, { force: true });
  }
  const text = read(file);
  const holder = Number.parseInt(text, 10);
  if (text !== undefined && isAlive(holder) && ageOf(file) < STALE_MS) return holder;
  if (text !== undefined) removeStale(file, text, aside);
  return take(file, own);
}

/** Moved away first and looked at again: between the look and the move somebody else may have taken it over. */
function removeStale(file, text, aside) {
  try {
    renameSync(file, aside);
    if (read(aside) !== text) linkSync(aside, file);
    unlinkSync(aside);
  } catch {
    // Somebody else was faster.
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Nothing to touch: there was nowhere to write it.
  }
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
