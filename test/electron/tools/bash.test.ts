import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isSameProcess } from '../../../electron/process-identity.ts';
import { createBashTool } from '../../../electron/tools/bash.ts';
import { findBash } from '../../../electron/tools/find-bash.ts';
import type { ToolContext } from '../../../electron/tools/tool.ts';
import { outputLimit } from '../../../electron/tools/truncate.ts';
import { call, contextFor, refusal, tempFolder } from './tool-bench.ts';

const bash = createBashTool(findBash(process.env));
const stray: number[] = [];

afterEach(() => {
  for (const pid of stray.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

function run(command: string, args: { timeout?: number } = {}, changes: Partial<ToolContext> = {}) {
  const bench = contextFor(tempFolder(), changes);
  return call(bash, { command, ...args }, bench.context);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Runs a command, cancels it once it has printed `ready`, and tells how long that took. */
/** It takes less than 2 s; the rest, which is far below the 60 s of the sleeps, is room for what runs beside the tests. */
const soon = 8_000;

async function cancelWhenReady(command: string) {
  const cancel = new AbortController();
  let cancelled = 0;
  let printed = '';
  const bench = contextFor(tempFolder(), {
    signal: cancel.signal,
    output: (text) => {
      printed += text;
      if (cancelled || !printed.includes('ready')) return;
      cancelled = performance.now();
      cancel.abort();
    },
  });
  const result = await call(bash, { command }, bench.context);
  return {
    result,
    took: performance.now() - cancelled,
    pids: (/^[^r]*/.exec(printed)?.[0].match(/\d+/g) ?? []).map(Number),
    ...bench,
  };
}

describe('bash runs a command', () => {
  const cases: [command: string, output: string, exitCode: number][] = [
    ['echo a; echo b >&2; echo c; echo d >&2', 'a\nb\nc\nd\n[exit code 0]', 0],
    ['true', '[exit code 0]', 0],
    ['printf "no newline"', 'no newline\n[exit code 0]', 0],
    ['exit 7', '[exit code 7]', 7],
    ['# only a comment', '[exit code 0]', 0],
    ['cat; echo "$?"', '0\n[exit code 0]', 0],
    ['cat <<X\nhere $((1 + 1))\nX', 'here 2\n[exit code 0]', 0],
    ['[[ $BASH_VERSION == [3-9]* ]] && echo real bash', 'real bash\n[exit code 0]', 0],
    ['nope-nope', expect.stringContaining('line 1: nope-nope: command not found\n[exit code 127]'), 127],
    ["sh -c 'kill -TERM $$'; exit $?", expect.stringContaining('[exit code 143: ended by SIGTERM]'), 143],
    ['if then', expect.stringMatching(/syntax error.*\[exit code 2\]/s), 2],
    ['printf "a\\0b"', 'a\uFFFDb\n[exit code 0]', 0],
    ['printf "\\xff\\n"', '\uFFFD\n[exit code 0]', 0],
  ];
  it.each(cases)('%s', async (command, output, exitCode) => {
    const result = await run(command);
    expect(result).toMatchObject({
      status: exitCode === 0 ? 'ok' : 'error',
      output,
      exitCode,
      summary: `exit ${exitCode}`,
    });
    expect(result.survivors).toBeUndefined();
  });

  it('in the workspace', async () => {
    const { context } = contextFor(tempFolder());
    expect((await call(bash, { command: 'pwd' }, context)).output).toBe(`${context.workspace}\n[exit code 0]`);
  });

  it('and says when a signal ended the shell', async () => {
    expect(await run('kill -KILL $$')).toMatchObject({
      status: 'error',
      exitCode: null,
      output: '[killed by SIGKILL]',
      summary: 'SIGKILL',
    });
  });

  it('shows output while it runs, whole characters only', async () => {
    const { context, live } = contextFor(tempFolder());
    await call(bash, { command: 'printf "\\xc3"; sleep 0.05; printf "\\xa4\\n"; echo end' }, context);
    expect(live.join('')).toBe('ä\nend\n');
  });

  it('without the start files of the person', async () => {
    const home = tempFolder();
    for (const name of ['.bashrc', '.profile', '.bash_profile']) writeFileSync(join(home, name), 'echo hooked');
    const env = { PATH: process.env.PATH ?? '', HOME: home, SSH_CLIENT: '::1 1 2', SSH2_CLIENT: '::1 1 2' };
    expect((await run('echo "$HOME"', {}, { env })).output).toBe(`${home}\n[exit code 0]`);
  });

  it('without what makes a shell do more than its command', async () => {
    const hook = join(tempFolder(), 'hook');
    writeFileSync(hook, 'echo hooked');
    const env = {
      PATH: process.env.PATH ?? '',
      BASH_ENV: hook,
      ENV: hook,
      'BASH_FUNC_echo%%': '() { printf hooked; }',
      KEPT: 'kept',
    };
    expect((await run('echo "$KEPT"', {}, { env })).output).toBe('kept\n[exit code 0]');
  });
});

describe('bash bounds its output', () => {
  it('keeps the whole beside the session and gives head and tail', async () => {
    const { context, blobs } = contextFor(tempFolder());
    const result = await call(bash, { command: 'seq 1 400000' }, context);
    expect(Buffer.byteLength(result.output)).toBeLessThanOrEqual(outputLimit);
    expect(result.output).toMatch(
      /^1\n2\n.*left out here\. The whole output is kept.*\n399999\n400000\n\[exit code 0\]$/s,
    );
    const whole = blobs
      .get(result.blob ?? '')
      ?.toString()
      .split('\n');
    expect([whole?.length, whole?.[399_999]]).toEqual([400_001, '400000']);
  });

  it('keeps from 64 KiB on, cuts from 100 KiB on', async () => {
    const under = await run(`head -c ${64 * 1024} /dev/zero | tr '\\0' x`);
    expect(under.blob).toBeUndefined();
    const over = await run(`head -c ${64 * 1024 + 1} /dev/zero | tr '\\0' x`);
    expect(over.blob).toHaveLength(64);
    expect(over.output).not.toContain('left out');
  });

  it('copes with bytes that are no text', async () => {
    const { context, blobs } = contextFor(tempFolder());
    const result = await call(bash, { command: 'head -c 3000000 /dev/urandom' }, context);
    expect(Buffer.byteLength(result.output)).toBeLessThanOrEqual(outputLimit);
    expect(blobs.get(result.blob ?? '')?.length).toBe(3_000_000);
  });

  it('keeps no more than 64 MiB of what never ends, and says so', async () => {
    const { context, blobs, live } = contextFor(tempFolder());
    const result = await call(bash, { command: 'head -c 80000000 /dev/zero | tr "\\0" y' }, context);
    expect(result.output).toContain('of 80,000,000 bytes left out here. Only the first 64 MiB are kept');
    expect(blobs.get(result.blob ?? '')?.length).toBe(64 * 1024 * 1024);
    expect(live.join('').length).toBeLessThan(10_000_000);
  });

  it('tells when the whole could not be kept', async () => {
    const saveBlob = () => Promise.reject(new Error('disk full'));
    const result = await run('seq 1 100000', {}, { saveBlob });
    expect(result).toMatchObject({ status: 'ok', output: expect.stringContaining('could not be kept: disk full') });
    expect(result.blob).toBeUndefined();
  });
});

describe('bash and the record of its start', () => {
  it('tells the very process, before the command does anything', async () => {
    const workspace = tempFolder();
    let release = () => {};
    const recorded = new Promise<void>((resolve) => {
      release = resolve;
    });
    const starts: Promise<boolean>[] = [];
    let announced = () => {};
    const toldOf = new Promise<void>((resolve) => {
      announced = resolve;
    });
    const { context } = contextFor(workspace, {
      processStarted: (pid, startTime) => {
        starts.push(isSameProcess(pid, startTime));
        announced();
        return recorded;
      },
    });
    const result = call(bash, { command: 'touch done; echo done' }, context);
    await toldOf;
    expect(await Promise.all(starts)).toEqual([true]);
    expect(existsSync(join(workspace, 'done'))).toBe(false);
    release();
    expect(await result).toMatchObject({ status: 'ok' });
    expect(existsSync(join(workspace, 'done'))).toBe(true);
  });

  it('runs nothing when it cannot be recorded', async () => {
    const workspace = tempFolder();
    const { context } = contextFor(workspace, { processStarted: () => Promise.reject(new Error('disk full')) });
    const result = await call(bash, { command: 'touch done' }, context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(/did not run.*disk full/) });
    expect(existsSync(join(workspace, 'done'))).toBe(false);
  });

  it('runs nothing when cancelled before', async () => {
    const workspace = tempFolder();
    const cancel = new AbortController();
    const { context } = contextFor(workspace, {
      signal: cancel.signal,
      processStarted: () => {
        cancel.abort();
        return new Promise(() => {});
      },
    });
    expect(await call(bash, { command: 'touch done' }, context)).toMatchObject({ status: 'cancelled' });
    const again = contextFor(workspace, { signal: cancel.signal });
    expect(await call(bash, { command: 'touch done' }, again.context)).toMatchObject({ status: 'cancelled' });
    expect(again.started).toEqual([]);
    expect(existsSync(join(workspace, 'done'))).toBe(false);
  });
});

describe('bash ends everything of a command', () => {
  const stubborn: [what: string, command: string][] = [
    ['children', 'sleep 60 & echo $!; echo ready; wait'],
    ['grandchildren', 'bash -c "sleep 60 & echo \\$!; echo ready; wait" & wait'],
    ['a shell that ignores TERM', 'trap "" TERM; echo $$; echo ready; while :; do sleep 0.2; done'],
    ['children that ignore TERM', '(trap "" TERM; echo $BASHPID; echo ready; while :; do sleep 0.2; done) & wait'],
    ['timeout, which makes its own group', 'timeout 50 bash -c "echo \\$\\$; echo ready; sleep 60"; true'],
    ['job control, which makes one too', 'set -m; sleep 60 & echo $!; echo ready; wait'],
    ['a stopped process', 'sleep 60 & echo $!; kill -STOP $!; echo ready; wait'],
    ['one that prints without end', 'echo $$ ready; exec yes'],
  ];
  it.each(stubborn)('on cancel: %s', async (_what, command) => {
    const { result, took, pids } = await cancelWhenReady(command);
    expect(result).toMatchObject({ status: 'cancelled', summary: 'cancelled' });
    expect(result.output).toMatch(/\[cancelled; \d+ process(es)? w(as|ere) ended\]$/);
    expect(took).toBeLessThan(soon);
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(result.survivors).toBeUndefined();
  });

  it('on timeout, keeping what was printed', async () => {
    const result = await run('echo before; sleep 60; echo after', { timeout: 700 });
    expect(result).toMatchObject({ status: 'timedOut', summary: 'timed out', exitCode: null });
    expect(result.output).toMatch(/^before\n\[timed out after 0\.7 s; 2 processes were ended\]$/);
  });

  it('when the shell leaves a child in the background', async () => {
    const started = performance.now();
    const result = await run('sleep 60 & echo $!');
    const pid = Number.parseInt(result.output, 10);
    expect(performance.now() - started).toBeLessThan(soon);
    expect(result).toMatchObject({
      status: 'ok',
      output: expect.stringContaining(`ended with the command: ${pid} sleep 60`),
    });
    expect(isAlive(pid)).toBe(false);
  });

  it('but lets a child finish that needs a moment', async () => {
    const result = await run('(sleep 0.05; echo late) &');
    expect(result.output).toBe('late\n[exit code 0]');
  });
});

describe.runIf(process.platform === 'linux')('bash names what left its session', () => {
  // Each stray tells by a file that it has a session of its own.
  const left = 'setsid bash -c "touch up; exec sleep 60"';
  const isUp = 'until [ -e up ]; do sleep 0.01; done';
  it.each([
    ['setsid', `${left} & ${isUp}`],
    ['setsid with output elsewhere', `${left} >/dev/null 2>&1 & ${isUp}`],
    ['a double fork', `(setsid bash -c "(touch up; exec sleep 60) & disown; exit" &); ${isUp}`],
  ])('%s', async (_what, command) => {
    const started = performance.now();
    const result = await run(command);
    expect(performance.now() - started).toBeLessThan(soon);
    expect(result.survivors).toEqual([expect.stringMatching(/^\d+ .*sleep 60/)]);
    const pid = Number.parseInt(result.survivors?.[0] ?? '', 10);
    stray.push(pid);
    expect(isAlive(pid)).toBe(true);
    expect(result.output).toContain(`still running outside the command's process group, not ended: ${pid} `);
  });

  it('also when the command is cancelled', async () => {
    const { result, took } = await cancelWhenReady(`${left} & ${isUp}; echo ready; sleep 60`);
    stray.push(Number.parseInt(result.survivors?.[0] ?? '', 10));
    expect(took).toBeLessThan(soon);
    expect(result).toMatchObject({ status: 'cancelled', survivors: [expect.stringContaining('sleep 60')] });
  });

  it('and never takes the processes of another call for its own', async () => {
    const other = contextFor(tempFolder());
    const first = await call(bash, { command: `${left} & ${isUp}` }, other.context);
    stray.push(Number.parseInt(first.survivors?.[0] ?? '', 10));
    expect((await run('sleep 0.01; true')).survivors).toBeUndefined();
  });
});

describe('bash refuses', () => {
  it.each([
    [{}, 'command'],
    [{ command: ' \n' }, 'command'],
    [{ command: 'a\0b' }, 'NUL'],
    [{ command: 'true', timeout: 0 }, 'timeout'],
    [{ command: 'true', timeout: 600_001 }, 'timeout'],
    [{ command: 'true', cwd: '/' }, 'cwd'],
  ])('%j', (args, names) => {
    expect(refusal(bash, args)).toContain(names);
  });

  it('to run in a workspace that is gone', async () => {
    const workspace = tempFolder();
    const { context } = contextFor(workspace);
    rmSync(workspace, { recursive: true });
    const result = await call(bash, { command: 'true' }, context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('not there any more') });
  });

  it('to run in a workspace that became a file', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const result = await call(bash, { command: 'true' }, contextFor(file).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('not there any more') });
  });

  it('what no system takes as an argument', async () => {
    const result = await run(`true ${'x'.repeat(300_000)}`);
    expect(result).toMatchObject({ status: 'error', output: expect.stringMatching(/did not run.*E2BIG/) });
  });

  it('to run without a bash', async () => {
    const none = createBashTool(undefined);
    expect(none.description).toContain('Unavailable');
    const result = await call(none, { command: 'true' }, contextFor(tempFolder()).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('no bash was found') });
  });

  it('to hide that the program cannot be started', async () => {
    const broken = createBashTool('/nonexistent/bash');
    const result = await call(broken, { command: 'true' }, contextFor(tempFolder()).context);
    expect(result).toMatchObject({ status: 'error', output: expect.stringContaining('ENOENT') });
  });
});

it.each([
  ['npm test', 'npm test'],
  ['\n  ls -l\nrm x', 'ls -l …'],
  ['x'.repeat(200), `${'x'.repeat(119)}…`],
])('the title of %j', async (command, title) => {
  const shown = await bash.describe(bash.schema.parse({ command }), { workspace: '/' });
  expect(shown).toEqual({ title, detail: { type: 'command', command } });
});

describe('findBash', () => {
  it('takes no bash that the workspace could bring', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'bash'), '', { mode: 0o755 });
    expect(findBash({ PATH: `.:bin::${folder}` }, 'linux')).not.toContain(folder);
    expect(findBash({ Path: 'C:\\Windows\\System32' }, 'win32')).toBeUndefined();
  });
});
