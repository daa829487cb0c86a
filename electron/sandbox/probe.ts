import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../programs.ts';
import type { Confinement } from './places.ts';

export interface ProbeDeps {
  home: string;
  env: Record<string, string | undefined>;
  line(command: string[], places: Confinement): Promise<string[]>;
}

export interface Problem {
  reason: string;
  hint?: string;
}

const limitMs = 5_000;

/** Writes inside, writes outside, looks at what is hidden and calls out; says which of it went through. */
const script = `: >"$1" && echo inside
: >"$2" && echo outside
: <"$3" && echo hidden
(exec 3<>"/dev/tcp/127.0.0.1/$4") && echo network
exit 0`;

/** Tries for real whether a sandboxed command can do what it must and cannot do what it must not. Never throws. */
export async function probe({ home, env, line }: ProbeDeps): Promise<Problem | undefined> {
  const folders: string[] = [];
  const outside = join(home, `.switchyard-sandbox-test-${randomBytes(6).toString('hex')}`);
  let reached = false;
  const server = createServer((socket) => {
    reached = true;
    socket.destroy();
  });
  try {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-test-')));
    folders.push(base);
    const [workspace, temp, secret] = ['workspace', 'temp', 'workspace/secret'].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [workspace, temp, secret]) mkdirSync(folder);
    mkdirSync(join(secret, 'key'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const places: Confinement = {
      workspace,
      temp,
      writable: [workspace],
      pinned: [],
      readOnly: [],
      hidden: [{ path: secret, folder: true }],
      absent: [],
    };
    const inside = join(workspace, 'inside');
    const port = String((server.address() as AddressInfo).port);
    const bash = findProgram('bash', env);
    if (!bash) return { reason: 'no bash was found' };
    const command = [bash, '--norc', '--noprofile', '-c', script, 'probe', inside, outside, join(secret, 'key'), port];
    const { said, errors } = await run(await line(command, places), env);
    if (!said.includes('inside') || !existsSync(inside)) return whyNot(errors);
    if (said.includes('outside') || existsSync(outside)) return { reason: 'it did not keep a write out' };
    if (said.includes('hidden')) return { reason: 'it did not hide a folder' };
    if (said.includes('network') || reached) return { reason: 'it did not keep the network out' };
    return undefined;
  } catch (error) {
    return { reason: `it could not be tried: ${(error as Error).message}` };
  } finally {
    server.close();
    await Promise.all([...folders, outside].map((path) => rm(path, { recursive: true, force: true }).catch(() => {})));
  }
}

function run(words: string[], env: Record<string, string | undefined>): Promise<{ said: string[]; errors: string }> {
  const [program = '', ...args] = words;
  return new Promise((resolve) => {
    const options = { timeout: limitMs, killSignal: 'SIGKILL' as const, env: { PATH: env.PATH, LC_ALL: 'C' } };
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ said: stdout.split('\n'), errors: stderr || (error?.message ?? '') }),
    );
  });
}

/** What the sandbox's program said, in words that help. */
function whyNot(errors: string): Problem {
  if (/namespace|uid map|Operation not permitted|Permission denied|loopback/i.test(errors)) {
    return {
      reason: 'this machine does not let programs make user namespaces',
      hint: 'On Ubuntu an AppArmor profile for bwrap allows it; in a container the container must.',
    };
  }
  const said = errors.split('\n').find((line) => line.trim() !== '');
  return { reason: said ? `it failed its test: ${said.trim().slice(0, 200)}` : 'it failed its test' };
}
