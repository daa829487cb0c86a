// Running another program from a script.
import { spawn } from 'node:child_process';
import { say } from './say.mjs';

const HEARTBEAT_MS = 10_000;
const KEPT_BYTES = 1024 * 1024;

/**
 * Runs a program to its end and resolves with `{ code, signal, output }`; never rejects (a program that cannot be
 * started has code 127). The end of what it wrote is kept in `output`; `live` also shows it on standard error.
 * `label` makes long silence visible, `watch(child)` may end it early.
 */
export function run(command, args, { cwd, env, label, live = false, watch } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = Date.now();
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-KEPT_BYTES);
      if (live) process.stderr.write(chunk);
    };
    const beat = label
      ? setInterval(() => say(`  … ${label} (${Math.round((Date.now() - started) / 1000)} s)`), HEARTBEAT_MS)
      : undefined;
    const stopWatching = watch?.(child);
    const end = (result) => {
      clearInterval(beat);
      stopWatching?.();
      resolve({ output, ...result });
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => end({ code: 127, signal: null, output: String(error) }));
    child.on('close', (code, signal) => end({ code: code ?? 1, signal }));
  });
}

/** How to call npm from here: the npm that called us, else the one on the path. */
export function npmCommand() {
  const own = process.env.npm_execpath;
  if (own?.endsWith('.js')) return { command: process.execPath, before: [own] };
  return process.platform === 'win32' ? { command: 'cmd.exe', before: ['/c', 'npm'] } : { command: 'npm', before: [] };
}

/** Runs npm as `run` does. */
export function runNpm(args, options) {
  const { command, before } = npmCommand();
  return run(command, [...before, ...args], options);
}

/** Whether a process with this id exists. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
