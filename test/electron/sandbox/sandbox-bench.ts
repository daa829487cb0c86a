import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ConfineRequest, createSandbox, type SandboxDeps } from '../../../electron/sandbox/sandbox.ts';
import type { SandboxSettings } from '../../../shared/sandbox/sandbox.ts';

const plain: SandboxSettings = { enabled: true, autoAllow: false, domains: [], folders: [] };

/** Not under /tmp, which commands have of their own, so that what they may not touch is in their sight. */
function newBase(): string {
  const outsideTemp = [homedir(), tmpdir()];
  for (const place of outsideTemp) {
    try {
      const base = realpathSync(mkdtempSync(join(place, '.switchyard-sandbox-bench-')));
      onTestFinished(() => rmSync(base, { recursive: true, force: true }));
      return base;
    } catch {
      // Not ours to write to.
    }
  }
  throw new Error('no folder can be made');
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A home with a workspace in it, and a sandbox over both. */
export function sandboxBench(files: Record<string, string> = {}, deps: Partial<SandboxDeps> = {}) {
  const home = newBase();
  const workspace = join(home, 'workspace');
  const data = join(home, '.config/switchyard');
  const outside = join(home, 'outside');
  for (const folder of [workspace, data, outside]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  let settings = plain;
  const sandbox = createSandbox({
    env: process.env,
    home,
    protectedFolders: [data],
    settings: () => settings,
    ...deps,
  });
  onTestFinished(() => sandbox.close());

  async function run(command: string, changes: Partial<ConfineRequest> = {}): Promise<Ran> {
    const confined = await sandbox.confine({
      sessionId: 'session',
      workspace,
      denied: { read: [], write: [] },
      ...changes,
    });
    if (!confined.ok) throw new Error(confined.error.message);
    const [program = '', ...args] = confined.value.wrap(['/bin/bash', '--norc', '-c', command]);
    const env = confined.value.env({ PATH: process.env.PATH ?? '', HOME: home });
    return new Promise((resolve) => {
      execFile(program, args, { cwd: workspace, env, timeout: 20_000 }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  }

  return {
    home,
    workspace,
    outside,
    data,
    sandbox,
    run,
    set: (changes: Partial<SandboxSettings>) => {
      settings = { ...settings, ...changes };
    },
  };
}

/** Why commands cannot be confined here, for tests that need it to say when they are skipped. */
export async function whyNoSandbox(): Promise<string | undefined> {
  const sandbox = createSandbox({ env: process.env, home: homedir(), protectedFolders: [], settings: () => plain });
  const status = await sandbox.check();
  await sandbox.close();
  if (status.state === 'ready') return undefined;
  return status.state === 'unavailable' ? status.reason : 'not checked';
}

export const missing = await whyNoSandbox();
if (missing !== undefined)
  console.warn(`SKIPPED: tests that confine commands, for there is no sandbox here: ${missing}`);
