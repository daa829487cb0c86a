import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from './log.ts';

const MAX_BYTES = 1024 * 1024;
const CHECK_EVERY = 100;

export interface LogFileOptions {
  file: string;
  /** Takes secrets out of a whole line. */
  redact(text: string): string;
  now(): Date;
}

function rotate(file: string): void {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > MAX_BYTES) renameSync(file, `${file}.1`);
}

/** Errors have no enumerable fields, so JSON alone would lose them. */
const plain = (_key: string, value: unknown) => (value instanceof Error ? (value.stack ?? value.message) : value);

/**
 * A log in a file with one older generation. Entries are rare, so each is written at once and survives a crash; what
 * cannot be written goes to standard error.
 */
export function createLogFile({ file, redact, now }: LogFileOptions): Log {
  let entries = 0;
  const write = (level: string, message: string, fields?: Record<string, unknown>) => {
    const detail = fields ? ` ${JSON.stringify(fields, plain)}` : '';
    const line = redact(`${now().toISOString()} ${level} ${message}${detail}\n`);
    try {
      if (entries === 0) mkdirSync(dirname(file), { recursive: true });
      if (entries++ % CHECK_EVERY === 0) rotate(file);
      appendFileSync(file, line);
    } catch {
      process.stderr.write(line);
    }
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}
