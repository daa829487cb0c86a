import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';
import { createAssets } from '../../electron/assets.ts';
import type { ModelServer } from '../fakes/model-server.ts';
import { apiKey } from './harness.ts';

const root = join(import.meta.dirname, '..', '..');

const bundles: string[] = [];
afterAll(() => Promise.all(bundles.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The command line as the build makes it, from the sources as they are now; removed after the file's tests. */
export const bundleCli = (): Promise<string> => bundleProgram(join(root, 'electron', 'cli.ts'));

/** A program over the core as one file for plain Node, with what the core reads and runs beside it. */
export async function bundleProgram(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-cli-'));
  bundles.push(folder);
  const file = join(folder, 'cli.cjs');
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    platform: 'node',
    external: ['electron'],
    logLevel: 'silent',
  });
  await bundle.write({ file, format: 'cjs', exports: 'named', codeSplitting: false });
  await bundle.close();
  const assets = join(folder, 'assets');
  await mkdir(assets);
  await symlink(createAssets(undefined).rg, join(assets, 'rg'));
  await symlink(createAssets(undefined).sample, join(assets, 'sample'));
  for (const name of ['web-tree-sitter', 'tree-sitter-bash']) {
    await copyFile(join(root, 'node_modules', name, `${name}.wasm`), join(assets, `${name}.wasm`));
  }
  return file;
}

export interface CliRun {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when standard output matches, or the process has ended. */
  until(look: (stdout: string) => boolean): Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

/** Starts the command line in an environment of its own. */
export function startCli(
  cli: string,
  args: string[],
  { server, cwd, env = {} }: { server?: ModelServer; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): CliRun {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: cwd ?? tmpdir(),
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      ...(server ? { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: apiKey, OPENAI_MODEL: 'scripted' } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const looks = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const look of looks) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    until: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          if (!matches(stdout)) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
        void ended.then(() => resolve());
      }),
  };
}
