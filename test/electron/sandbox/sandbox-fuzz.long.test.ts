import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { decide } from '../../../electron/permissions/evaluate.ts';
import { createSandbox } from '../../../electron/sandbox/sandbox.ts';
import { fc } from '../../properties.ts';
import { changedLine, generatedLine } from '../permissions/shell-lines.ts';
import { makeTracedPlace, type TracedPlace } from '../permissions/traced-run.ts';
import { bash, policy } from '../permissions/workspace-fixture.ts';
import { missing, sandboxBench } from './sandbox-bench.ts';

const names = (text: string): string[] => text.split(' ');
const allow = ['good *', 'tool sub *', 'xargs *', 'find *', 'bash *', 'sudo *', 'env *'].map((rule) => `Bash(${rule})`);
const evil = names('evil evil2 rm go d ev il ood ls2 lsevil goodevil echoevil then do');
const reading = names('ls cat grep head wc sort sed git stat tr cut date whoami uname sleep');
const numRuns = Number(process.env.FUZZ_RUNS ?? 60);
const limit = { timeout: 3_600_000 };

/** Runs a program and does not mind how it ends. */
const run = (words: string[], cwd: string, env: Record<string, string>): Promise<void> =>
  new Promise((resolve) => {
    const options = { cwd, env, timeout: 5_000, killSignal: 'SIGKILL' as const };
    execFile(words[0] ?? '', words.slice(1), options, () => resolve());
  });

describe.skipIf(missing !== undefined)('an allowed line in the sandbox', () => {
  let place: TracedPlace;
  beforeAll(async () => {
    const files = { evil: 'evil\n', '-exec': '', '-c': '', 'a.txt': 'evil\n', 'b.txt': 'evil\n', good: 'evil\n' };
    place = await makeTracedPlace(['good', 'tool', ...evil, ...reading], files);
  });
  afterAll(() => place.remove());

  it('starts nothing that is not listed, whatever the line [sandbox.command]', limit, async () => {
    const root = join(place.workspace, '..');
    const trace = join(root, 'trace');
    const sandbox = createSandbox({
      env: process.env,
      home: place.home,
      protectedFolders: [],
      // The programs and their trace lie beside the workspace.
      settings: () => ({ enabled: true, autoAllow: false, domains: [], folders: [root] }),
    });
    onTestFinished(() => sandbox.close());
    const { workspace, home } = place;
    const confined = await sandbox.confine({ sessionId: 's', workspace, denied: { read: [], write: [] } });
    if (!confined.ok) throw new Error(confined.error.message);
    const { wrap, env } = confined.value;
    const seen = async (line: string): Promise<string[]> => {
      writeFileSync(trace, '');
      const own = { PATH: join(root, 'bin'), HOME: home, TRACE: trace, x: 'evil', y: '; evil', LC_ALL: 'C.UTF-8' };
      await run(wrap(['/bin/bash', '-c', line]), workspace, env(own));
      return readFileSync(trace, 'utf8').split('\0').filter(Boolean);
    };
    expect(await seen("good a; bash -c 'evil b'")).toEqual(['good a', 'evil b']);
    const isListed = (started: string) => {
      const [name = '', first] = started.split(' ');
      return name === 'tool' ? first === 'sub' : name === 'good' || reading.includes(name);
    };
    let allowed = 0;
    const startsOnlyWhatIsListed = async (line: string) => {
      if (line.includes('\0')) return;
      if ((await decide(bash(line), policy('manual', { allow }), { workspace, home })).decision !== 'allow') return;
      allowed += 1;
      expect((await seen(line)).filter((one) => !isListed(one))).toEqual([]);
      expect(await place.newFiles()).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(changedLine, startsOnlyWhatIsListed), { numRuns });
    await fc.assert(fc.asyncProperty(generatedLine, startsOnlyWhatIsListed), { numRuns });
    expect(allowed).toBeGreaterThan(0);
  });
});

const target = fc.constantFrom(
  '../outside/kept',
  '~/outside/kept',
  '$HOME/outside/kept',
  'link/kept',
  '/proc/1/root$OUT/kept',
  '$OUT/new',
);
const writing = fc.constantFrom(
  'echo x > T',
  'echo x >> T',
  'rm -rf T',
  'cp a T',
  'mv a T',
  'ln -f a T',
  'ln -sf a T',
  'touch T',
  'mkdir -p T/d',
  'chmod 777 T',
  'dd if=a of=T 2>/dev/null',
  'tee T < a',
  'truncate -s 0 T',
  'sed -i s/k/x/ T',
  "python3 -c \"open('T', 'w')\"",
  'perl -e \'open(F, ">", "T")\'',
  '(cd "$(dirname T)" && echo x > kept)',
  'setsid bash -c "echo x > T" &',
  'nsenter -t 1 -m bash -c "echo x > T"',
  'unshare -Urm bash -c "mount -o remount,rw /; echo x > T"',
);

describe.skipIf(missing !== undefined)('any line in the sandbox', () => {
  it('changes nothing outside, whatever writes where [sandbox.files]', limit, async () => {
    const bench = sandboxBench({ 'outside/kept': 'kept', 'workspace/a': 'a' });
    mkdirSync(join(bench.workspace, 'sub'));
    await bench.run('ln -s ../outside link');
    const line = fc
      .array(
        fc.tuple(writing, target).map(([write, path]) => write.replaceAll('T', path)),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('; '));
    const changesNothing = async (text: string) => {
      await bench.run(`OUT=${bench.outside}; export OUT; ${text}; wait`);
      expect(readdirSync(bench.outside)).toEqual(['kept']);
      expect(readFileSync(join(bench.outside, 'kept'), 'utf8')).toBe('kept');
    };
    await fc.assert(fc.asyncProperty(line, changesNothing), { numRuns });
  });
});
