// Starts the app: node scripts/start.mjs [DIR] [flags]. Flags go to Electron as they are.
import { spawn } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findRuntime } from './electron-runtime.mjs';
import { ROOT } from './paths.mjs';
import { sandboxFlags } from './sandbox.mjs';
import { fail, Mendable, say } from './say.mjs';
import { hasDisplay } from './system-libraries.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';
import { xwdToPng } from './xwd-to-png.mjs';

const PICTURE_EVERY_MS = 3000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Splits what the person typed into flags and folders. Folders are meant from where the person stands, which npm keeps
 * for us; a flag's value may follow it as its own word, which Electron itself would take for a folder.
 */
function appArguments(args) {
  const here = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);
  const flags = [];
  const folders = [];
  for (let i = 0; i < args.length; i++) {
    const [name, value] = args[i].split(/=(.*)/s);
    if (name === '--user-data-dir') flags.push(`${name}=${here(value ?? args[++i] ?? '.')}`);
    else (name.startsWith('-') ? flags : folders).push(name.startsWith('-') ? args[i] : here(args[i]));
  }
  return { flags, folders };
}

/** Keeps a picture of the virtual screen up to date, so that a person can look at it. */
function keepPicture(frame, file) {
  let shown = Buffer.alloc(0);
  const refresh = async () => {
    const screen = await readFile(frame);
    if (screen.equals(shown)) return;
    shown = screen;
    await writeFile(`${file}.new`, xwdToPng(screen), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  // A frame that cannot be read now can be read the next time.
  const timer = setInterval(() => refresh().catch(() => undefined), PICTURE_EVERY_MS);
  return () => clearInterval(timer);
}

async function ensureDisplay() {
  if (hasDisplay()) return { env: {}, stop: async () => {} };
  const display = await startVirtualDisplay();
  const file = join(tmpdir(), `switchyard-screen${display.env.DISPLAY.replace(':', '-')}.png`);
  say(
    `No display here: Switchyard runs on a virtual one (DISPLAY=${display.env.DISPLAY}). Look at it in ${file}; Ctrl+C ends it.`,
  );
  const stopPicture = keepPicture(display.frame, file);
  return {
    env: display.env,
    stop: async () => {
      stopPicture();
      await rm(file, { force: true });
      await display.stop();
    },
  };
}

/**
 * Runs the app to its end and resolves with the exit code a shell would report. It gets a process group of its own:
 * Ctrl+C would otherwise also end the processes that its orderly shutdown still needs.
 */
function runApp(executable, args, env) {
  return new Promise((end, reject) => {
    const stdio = ['ignore', 'inherit', 'inherit'];
    const child = spawn(executable, args, { cwd: ROOT, env, stdio, detached: process.platform !== 'win32' });
    for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function start(args) {
  const runtime = findRuntime();
  if (!runtime) throw new Mendable('No Electron is here yet.', 'use "npm start", which fetches it');
  const { flags, folders } = appArguments(args);
  const sandbox = await sandboxFlags(runtime.dist);
  const display = await ensureDisplay();
  const env = { ...process.env, ...display.env };
  // Set by some editors' terminals; Electron would then run as plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  try {
    return await runApp(runtime.executable, [...sandbox, '--log-level=3', ...flags, ROOT, ...folders], env);
  } finally {
    await display.stop();
  }
}

start(process.argv.slice(2)).then((code) => process.exit(code), fail);
