import { type ChildProcess, spawn } from 'node:child_process';

/** A search that takes longer tells what it has. */
const timeoutMs = 60_000;
const maxErrorChars = 4_000;

export interface Search {
  rg: string;
  args: string[];
  /** Working folder of the search. */
  folder: string;
  /** Descriptor of an open file to search instead of a folder. */
  input?: number;
  /** Byte that ends a record of the output: newline or NUL. */
  separator: number;
  signal: AbortSignal;
  /** Takes one record, without its separator; false ends the search. */
  onRecord(record: Buffer): boolean;
}

export interface SearchEnd {
  end: 'done' | 'enough' | 'cancelled' | 'timedOut';
  /** 0 found, 1 not found, 2 an error, though there may be results. */
  exitCode: number | null;
  errors: string;
}

/** Runs ripgrep with its configuration files left out. Throws when it cannot be started. */
export async function search(request: Search): Promise<SearchEnd> {
  const child = spawn(request.rg, ['--no-config', ...common, ...request.args], {
    cwd: request.folder,
    env: process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
    stdio: [request.input ?? 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let end: SearchEnd['end'] = 'done';
  const stop = (why: SearchEnd['end']) => {
    if (end === 'done') end = why;
    child.kill('SIGKILL');
  };
  const onAbort = () => stop('cancelled');
  const timer = setTimeout(() => stop('timedOut'), timeoutMs);
  request.signal.addEventListener('abort', onAbort, { once: true });
  if (request.signal.aborted) onAbort();
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    if (errors.length < maxErrorChars) errors += text.toString();
  });
  readRecords(child, request, () => stop('enough'));
  try {
    const exitCode = await closed(child);
    return { end, exitCode, errors: errors.trim().slice(0, maxErrorChars) };
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onAbort);
  }
}

/** Ignore files count outside repositories too; the person's own global ones do not, so that all see the same. */
const common = [
  '--no-require-git',
  '--no-ignore-global',
  '--color',
  'never',
  '--sort',
  'path',
  '--path-separator',
  '/',
];

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function readRecords(child: ChildProcess, { separator, onRecord }: Search, enough: () => void): void {
  let pending = Buffer.alloc(0);
  let wanted = true;
  child.stdout?.on('data', (bytes: Buffer) => {
    if (!wanted) return;
    let at = 0;
    for (let end = bytes.indexOf(separator); end !== -1 && wanted; end = bytes.indexOf(separator, at)) {
      wanted = onRecord(Buffer.concat([pending, bytes.subarray(at, end)]));
      pending = Buffer.alloc(0);
      at = end + 1;
    }
    pending = Buffer.concat([pending, bytes.subarray(at)]);
    if (!wanted) enough();
  });
}
