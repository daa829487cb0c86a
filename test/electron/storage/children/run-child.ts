import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

/** Bundles a script of this folder, so that plain Node can run it; the bundle is removed after the file's tests. */
export async function bundleChild(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-child-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, `${name}.mjs`);
  const bundle = await rolldown({
    input: join(import.meta.dirname, `${name}.ts`),
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return file;
}

export interface RunningChild {
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Resolves with exit code or signal and the whole output. */
  ended: Promise<{ code: number | null; signal: string | null; output: string }>;
}

/** Starts a child; `onOutput` is told with each piece it prints. Its standard error goes to ours. */
export function startChild(
  script: string,
  args: string[],
  onOutput: (output: string) => void = () => {},
): RunningChild {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    onOutput(output);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }));
  return { child, output: () => output, ended };
}

/** Resolves when the child has printed the text. */
export function startAndWaitFor(script: string, args: string[], text: string): Promise<RunningChild> {
  return new Promise((resolve, reject) => {
    const running = startChild(script, args, (output) => output.includes(text) && resolve(running));
    running.ended.then(({ output }) => reject(new Error(`ended without "${text}": ${output}`)), reject);
  });
}
