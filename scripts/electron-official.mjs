// Fetching the official Electron runtime with the downloader of the `electron` package.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { officialVersion } from './electron-runtime.mjs';
import { cacheFolder, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const RETRY_AFTER_MS = 6 * 3600_000;
const LONGEST_MS = 15 * 60_000;
const STALLED_MS = 20_000;
const STALLED_BYTES = 64 * 1024;

const NOTE = () => join(cacheFolder(), 'official-electron-blocked.json');

/** Whether a download was tried in the last hours and failed; then it is not tried again yet. */
export function recentlyBlocked(now = Date.now()) {
  try {
    const { version, at } = JSON.parse(readFileSync(NOTE(), 'utf8'));
    return version === officialVersion() && now - at >= 0 && now - at < RETRY_AFTER_MS;
  } catch {
    return false;
  }
}

function rememberBlocked() {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(NOTE(), JSON.stringify({ version: officialVersion(), at: Date.now() }));
}

/** Ends a download that takes too long, or (where the kernel tells) that moves no bytes any more. */
function endWhenStuck(child) {
  const started = Date.now();
  let moved = 0;
  let movedAt = started;
  const timer = setInterval(() => {
    const bytes = bytesMoved(child.pid);
    if (bytes === undefined || bytes - moved > STALLED_BYTES) {
      moved = bytes ?? 0;
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > STALLED_MS || Date.now() - started > LONGEST_MS) child.kill('SIGKILL');
  }, 1000);
  return () => clearInterval(timer);
}

function bytesMoved(pid) {
  try {
    const io = readFileSync(`/proc/${pid}/io`, 'utf8');
    return Number(/rchar: (\d+)/.exec(io)?.[1]) + Number(/wchar: (\d+)/.exec(io)?.[1]);
  } catch {
    return undefined;
  }
}

/** Tries to fetch the official runtime. Resolves with undefined when it is here, else with the reason. */
export async function fetchOfficial() {
  say(`Fetching Electron ${officialVersion()} (about 110 MB, once) …`);
  const script = join(ROOT, 'node_modules', 'electron', 'install.js');
  const { code, signal, output } = await run(process.execPath, [script], {
    label: 'still fetching',
    watch: endWhenStuck,
  });
  if (code === 0) {
    rmSync(NOTE(), { force: true });
    return undefined;
  }
  rememberBlocked();
  if (signal) return 'the download did not move on';
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|cannot|failed/i.test(line) && !line.startsWith('at ')) ?? `exit code ${code}`;
}
