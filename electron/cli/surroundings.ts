import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { redact } from '../redact.ts';
import { createFileStore } from '../storage/file-store.ts';
import type { SessionStore } from '../storage/session-store.ts';

/** The assets folder beside the bundle (`dist/cli.cjs`), or undefined when running from sources. */
export function assetsBeside(folder: string): string | undefined {
  const assets = join(folder, 'assets');
  return existsSync(assets) ? assets : undefined;
}

/** Warnings and errors on standard error; standard output belongs to the answer. */
export function createStderrLog(): Log {
  const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    process.stderr.write(redact(`${level}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`));
  };
  return { debug: () => {}, info: () => {}, warn: write('warning'), error: write('error') };
}

/** The sessions of a data folder. */
export const openStore = (userDataDir: string): SessionStore =>
  createFileStore({ root: userDataDir, log: createStderrLog() });
