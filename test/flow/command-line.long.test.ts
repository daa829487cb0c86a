import { mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isDurable } from '../../shared/session/durability.ts';
import { type Envelope, envelopeSchema } from '../../shared/session/events.ts';
import { call, gate, hang, httpError, say, startModelServer } from '../fakes/model-server.ts';
import { bundleCli, startCli } from './cli-process.ts';
import { apiKey, startBench, tempFolder } from './harness.ts';
import { expectCallLaws, expectRunLaws, onDisk } from './laws.ts';
import { mountWorks } from './mounted-disk.ts';
import { processesWith, uniqueSeconds } from './processes.ts';
import { smallDisk } from './small-disk.ts';

// Each test starts several processes, which takes long on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let cli = '';
beforeAll(async () => {
  cli = await bundleCli();
}, 60_000);

async function setting(folder?: string) {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  const [workspace, dataDir] = [await tempFolder(), folder ?? (await tempFolder())];
  const start = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    startCli(cli, [...args, '--user-data-dir', dataDir], { server, cwd: workspace, env });
  return {
    server,
    workspace,
    dataDir,
    start,
    run: (args: string[], env?: NodeJS.ProcessEnv) => start(['run', ...args], env).ended,
    plain: (args: string[]) => start(args).ended,
  };
}

const parsed = (stdout: string): Envelope[] =>
  stdout
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => envelopeSchema.parse(JSON.parse(line)));

/** Every file below a folder with what a write would change. */
async function traces(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const { mtimeMs, size, ino } = await stat(path);
    found.push(`${path} ${mtimeMs} ${size} ${ino}`);
    if ((await stat(path)).isDirectory()) found.push(...(await traces(path)));
  }
  return found;
}

describe('run', () => {
  it.each([
    ['are no JSON', '{"rules":'],
    ['hold a deny rule that is none', '{"rules":{"allow":[],"ask":[],"deny":[7]}}'],
    ['hold a model that is none', '{"profiles":[{"id":"a"}]}'],
  ])('runs nothing while the settings %s [settings.salvage]', async (_, content) => {
    const { server, dataDir, run } = await setting();
    await writeFile(join(dataDir, 'settings.json'), content);
    const { code, stderr } = await run(['Read notes.txt']);
    expect(code).toBe(2);
    expect(stderr).toContain('Nothing was run');
    expect(server.requests).toHaveLength(0);
    expect(await readFile(join(dataDir, 'settings.json'), 'utf8')).toBe(content);
  });

  it('goes on beside a setting that has nothing to do with runs, names it, and heeds the rules [settings.salvage]', async () => {
    const { server, dataDir, run } = await setting();
    const rules = { allow: [], ask: [], deny: ['Read'] };
    await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ rules, theme: 'pink' }));
    server.script(say(call('read', { file_path: 'a.txt' })), say('It is denied.'));
    const { code, stdout, stderr } = await run(['Read a.txt']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It is denied.\n' });
    expect(stderr).toContain('`theme`');
    expect(JSON.stringify((await server.request(1)).body.messages)).toContain('Deny rule `Read`');
  });

  it('prints the answer alone and ends with 0 [cli.run]', async () => {
    const { server, run, workspace } = await setting();
    await writeFile(join(workspace, 'a.txt'), 'hello');
    server.script(say('Looking', call('read', { file_path: 'a.txt' })), say('It says hello.'));
    const { code, stdout, stderr } = await run(['what is in a.txt?']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It says hello.\n' });
    expect(stderr).toContain('read: a.txt');
    expect(stderr).not.toMatch(/warning|error/i);
    const prompt = server.requests[0]?.body.messages[0]?.content;
    expect(prompt).toContain(workspace);
    expect(server.requests[0]?.body.model).toBe('scripted');
  });

  it('--output json prints one envelope a line, its own session first, nothing that is not on disk, and nothing else [cli.json] [L7] [I4]', async () => {
    const { server, run, dataDir } = await setting();
    server.when('part one', say('1', call('ls', {})), say('one'));
    server.when('part two', say('two'));
    server.script(
      say(
        call('task', { description: 'one', prompt: 'part one' }),
        call('task', { description: 'two', prompt: 'part two' }),
      ),
      say('both'),
    );
    const { code, stdout } = await run(['go', '--output', 'json']);
    expect(code).toBe(0);
    const envelopes = parsed(stdout);
    expect(envelopes[0]?.event).toMatchObject({ type: 'session.created', depth: 0 });
    const own = envelopes[0]?.stream ?? '';
    const streams = [...new Set(envelopes.map(({ stream }) => stream))];
    expect(streams).toHaveLength(3);
    expect(streams[0]).toBe(own);
    for (const stream of streams) {
      const of = envelopes.filter((envelope) => envelope.stream === stream);
      expect(of.map(({ seq }) => seq)).toEqual(of.map((_, index) => index + 1));
      const disk = await onDisk(dataDir, stream);
      expect(of.filter(({ event }) => isDurable(event.type))).toEqual(disk.envelopes);
      expectRunLaws(disk.envelopes);
      expectCallLaws(disk.state, disk.envelopes);
    }
    expect(stdout).not.toContain(apiKey);
  });

  it('denies what it would have to ask, says so to the model and to the person, and goes on [cli.ask-is-deny]', async () => {
    const { server, run, workspace } = await setting();
    server.script(say(call('write', { file_path: 'a.txt', content: 'x' })), say('I could not.'));
    const { code, stdout, stderr } = await run(['write it']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I could not.\n' });
    expect(stderr).toMatch(/denied.*nobody is here.*--allow/is);
    const told = server.requests[1]?.body.messages.find((message) => message.role === 'tool')?.content;
    expect(told).toMatch(/nobody is here to approve/);
    expect(await readdir(workspace)).toEqual([]);
  });

  it('says what to mend where the rules of the workspace cannot be read [cli.ask-is-deny] [policy.workspace]', async () => {
    const { server, run, workspace } = await setting();
    await mkdir(join(workspace, '.switchyard'));
    await writeFile(join(workspace, '.switchyard', 'permissions.json'), '{"deny":["Bash("]}');
    server.script(say(call('bash', { command: 'touch a' })), say('I could not.'));
    const { stderr } = await run(['--mode', 'bypass', 'go']);
    const told = String(server.requests[1]?.body.messages.findLast(({ role }) => role === 'tool')?.content);
    for (const text of [told, stderr]) {
      expect(text).toMatch(/Correct or remove \.switchyard\/permissions\.json.* Nobody is here to approve it\.$/m);
      expect(text).not.toContain('--allow');
    }
  });

  it('--mode, --allow and --deny permit and forbid [cli.flags]', async () => {
    const { server, run, workspace } = await setting();
    const three = () =>
      say(
        call('write', { file_path: 'a.txt', content: 'x' }),
        call('bash', { command: 'touch allowed.txt' }),
        call('bash', { command: 'rm a.txt' }),
      );
    server.script(three(), say('done'));
    const { code, stderr } = await run([
      'go',
      '--mode',
      'accept-edits',
      '--allow',
      'Bash(touch *)',
      '--allow',
      'Bash(rm *)',
      '--deny',
      'Bash(rm *)',
    ]);
    expect(code).toBe(0);
    expect((await readdir(workspace)).sort()).toEqual(['a.txt', 'allowed.txt']);
    expect(stderr).toMatch(/denied/);
    server.script(say(call('bash', { command: 'touch never.txt' })), say('no'));
    await run(['go', '--mode', 'plan', '--allow', 'Bash(touch *)']);
    expect(await readdir(workspace)).not.toContain('never.txt');
    server.script(say(call('bash', { command: 'rm a.txt allowed.txt' })), say('ok'));
    await run(['go', '--mode', 'bypass']);
    expect(await readdir(workspace)).toEqual([]);
  });

  it('--session continues with what was said before, --workspace and --model are heard [cli.session]', async () => {
    const { server, run, plain, dataDir } = await setting();
    const elsewhere = await tempFolder();
    server.script(say('Hello Ada.'), say('You are Ada.'));
    const first = await run(['I am Ada', '--workspace', elsewhere, '--model', 'other', '--output', 'json']);
    expect(server.requests[0]?.body.model).toBe('other');
    const id = parsed(first.stdout)[0]?.stream ?? '';
    const second = await run(['Who am I?', '--session', id]);
    expect(second).toMatchObject({ code: 0, stdout: 'You are Ada.\n' });
    const texts = server.requests[1]?.body.messages.map((message) => message.content) ?? [];
    expect(texts).toEqual(expect.arrayContaining(['I am Ada', 'Hello Ada.', 'Who am I?']));
    expect(texts[0]).toContain(elsewhere);
    const { envelopes } = await onDisk(dataDir, id);
    expect(envelopes.filter(({ event }) => event.type === 'run.ended')).toHaveLength(2);
    const shown = await plain(['show', id]);
    expect(shown.stdout).toContain('> Who am I?');
  });

  it('--session of one that waits for a person ends that run instead of hanging [cli.session] [approval.restart]', async () => {
    const { server, run, dataDir, workspace } = await setting();
    const bench = await startBench({ userDataDir: dataDir });
    bench.server.script(say(call('write', { file_path: 'a.txt', content: 'x' })));
    const id = await bench.newSession({ workspace });
    await bench.send(id, 'write');
    await bench.window.approval();
    await bench.workbench.shutdown(2000);
    server.script(say('Fine.'));
    expect(await run(['never mind', '--session', id])).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    const { state, envelopes } = await onDisk(dataDir, id);
    expect(envelopes.map(({ event }) => (event.type === 'run.ended' ? event.outcome : ''))).toEqual(
      expect.arrayContaining(['interrupted', 'completed']),
    );
    expectCallLaws(state, envelopes);
  });

  it('ends with 4 at the limit of turns [cli.exit-codes] [limit.turns]', async () => {
    const { server, run } = await setting();
    server.script(say(call('ls', {})), say(call('glob', { pattern: '*' })));
    const { code, stderr, stdout } = await run(['go', '--max-turns', '2']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/2 turns/);
  });

  it('ends with 1 and the reason when the run fails [cli.exit-codes]', async () => {
    const { server, run } = await setting();
    server.script(httpError(401, { error: { message: 'wrong key' } }));
    const { code, stdout, stderr } = await run(['go']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/key/i);
    expect(stderr).not.toContain(apiKey);
  });

  it.each([
    ['no prompt', ['run']],
    ['an empty prompt', ['run', '  ']],
    ['an unknown flag', ['run', 'go', '--colour', 'red']],
    ['an unknown mode', ['run', 'go', '--mode', 'yolo']],
    ['a rule that does not parse', ['run', 'go', '--allow', 'Bash(']],
    ['turns that are no number', ['run', 'go', '--max-turns', '0']],
    ['an unknown format', ['run', 'go', '--output', 'xml']],
    ['an unknown command', ['dance']],
    ['no command', []],
    ['an unknown session', ['run', 'go', '--session', 'nosuch']],
    ['a session id that is none', ['run', 'go', '--session', '../../etc']],
    ['a workspace that is not there', ['run', 'go', '--workspace', '/nowhere/at/all']],
    ['a session to show that is not there', ['show', 'nosuch']],
  ])('ends with 2 for %s, and sends nothing [cli.exit-codes]', async (_name, args) => {
    const { server, plain } = await setting();
    const { code, stdout, stderr } = await plain(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(server.requests).toEqual([]);
  });

  it('--help explains itself without an error [cli.flags]', async () => {
    const { plain } = await setting();
    const { code, stderr } = await plain(['run', '--help']);
    expect(code).toBe(0);
    for (const flag of [
      '--workspace',
      '--model',
      '--base-url',
      '--mode',
      '--allow',
      '--deny',
      '--session',
      '--max-turns',
      '--output',
      '--user-data-dir',
    ]) {
      expect(stderr).toContain(flag);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends the command and the run, with 3 [cli.exit-codes] [cancel.command]',
    async (signal) => {
      const seconds = uniqueSeconds();
      const { server, start, dataDir } = await setting();
      server.script(say(call('bash', { command: `echo begun; sleep ${seconds} & sleep ${seconds}` })));
      const running = start(['run', 'go', '--mode', 'bypass', '--output', 'json']);
      await running.until((stdout) => stdout.includes('"call.output"'));
      running.child.kill(signal);
      const { code, stdout } = await running.ended;
      expect(code).toBe(3);
      expect(processesWith(seconds)).toEqual([]);
      const envelopes = parsed(stdout);
      expect(envelopes.at(-1)?.event).toMatchObject({ type: 'run.ended', outcome: 'cancelled' });
      const disk = await onDisk(dataDir, envelopes[0]?.stream ?? '');
      expectCallLaws(disk.state, disk.envelopes);
    },
  );

  it('SIGINT while the model is silent ends with 3 at once [cli.exit-codes] [cancel.stream]', async () => {
    const { server, start } = await setting();
    server.script(say(hang));
    const running = start(['run', 'go']);
    await server.request(0);
    const before = Date.now();
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(3);
    expect(Date.now() - before).toBeLessThan(8000);
  });

  it('ends with 5 when another process runs the session, which goes on unharmed [cli.exit-codes] [lock]', async () => {
    const { server, start, run } = await setting();
    server.script(say(hang));
    const running = start(['run', 'go', '--output', 'json']);
    await server.request(0);
    await running.until((stdout) => stdout.includes('"run.started"'));
    const id = parsed(running.stdout())[0]?.stream ?? '';
    const second = await run(['me too', '--session', id]);
    expect(second).toMatchObject({ code: 5, stdout: '' });
    expect(second.stderr).toContain(`process ${running.child.pid}`);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(3);
    server.script(say('now it works'));
    expect(await run(['me too', '--session', id])).toMatchObject({ code: 0, stdout: 'now it works\n' });
  });
});

it.skipIf(!mountWorks())(
  'a run that cannot be saved stops, prints no more than the disk has, and ends with 1 (needs root and mount on Linux) [disk.full] [cli.exit-codes]',
  async () => {
    const disk = await smallDisk();
    const { server, start, plain, workspace } = await setting(disk.folder);
    const hold = gate();
    server.script(
      say('so far', hold, 'more than fits. '.repeat(2000), call('write', { file_path: 'a.txt', content: 'x' })),
    );
    const running = start(['run', 'go', '--mode', 'bypass', '--output', 'json']);
    await hold.reached;
    await disk.fill();
    hold.open();
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be saved: .*full/);
    expect(await readdir(workspace)).toEqual([]);
    await disk.makeRoom();
    const printed = parsed(stdout);
    // The line that did not fit may have been cut; `show` says so and gives the rest.
    const shown = await plain(['show', printed[0]?.stream ?? '', '--json']);
    const envelopes = parsed(shown.stdout);
    const durable = printed.filter(({ event }) => isDurable(event.type));
    expect(envelopes.slice(0, durable.length)).toEqual(durable);
  },
);

it.each(['.', 'below'])('--workspace %s is meant from where the person stands', async (typed) => {
  const { server, run, workspace } = await setting();
  await mkdir(join(workspace, 'below'));
  server.script(say('done'));
  const { code, stdout } = await run(['go', '--workspace', typed, '--output', 'json']);
  const [created] = parsed(stdout);
  expect({ code, workspace: created?.event.type === 'session.created' && created.event.config.workspace }).toEqual({
    code: 0,
    workspace: await realpath(join(workspace, typed)),
  });
});

describe('sessions and show', () => {
  it('list and print without a lock and without writing anything, even while a run is under way [cli.read-only] [S-W80]', async () => {
    const { server, start, run, plain, dataDir } = await setting();
    server.script(say('first answer'), say('streaming', hang));
    const first = parsed((await run(['one', '--output', 'json'])).stdout)[0]?.stream ?? '';
    const running = start(['run', 'two', '--output', 'json']);
    await running.until((stdout) => stdout.includes('"message.delta"'));
    const second = parsed(running.stdout())[0]?.stream ?? '';
    const before = await traces(dataDir);

    const listed = await plain(['sessions', '--json']);
    expect(listed.code).toBe(0);
    const rows = listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => [row.id, row.title, row.status])).toEqual([
      [second, 'two', 'working'],
      [first, 'one', 'completed'],
    ]);
    expect(rows[0].elsewhere).toBe(true);
    const text = await plain(['sessions']);
    expect(text.stdout.split('\n').filter(Boolean)).toHaveLength(2);

    const shown = await plain(['show', first]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/> one\n\nfirst answer/) });
    const envelopes = parsed((await plain(['show', first, '--json'])).stdout);
    expect(envelopes).toEqual((await onDisk(dataDir, first)).envelopes);
    expect(await traces(dataDir)).toEqual(before);
    running.child.kill('SIGINT');
    await running.ended;
  });

  it('list what can be read beside a session whose lock cannot [damage] [cli.read-only]', async () => {
    const { server, run, plain, dataDir } = await setting();
    server.script(say('one'), say('two'));
    const [first, second] = [
      parsed((await run(['one', '--output', 'json'])).stdout)[0]?.stream ?? '',
      parsed((await run(['two', '--output', 'json'])).stdout)[0]?.stream ?? '',
    ];
    await mkdir(join(dataDir, 'sessions', first, 'lock'));
    const { code, stdout, stderr } = await plain(['sessions']);
    expect({ code, ids: stdout.match(/^\w+/gm)?.sort() }).toEqual({ code: 0, ids: [first, second].sort() });
    expect(stderr).toContain(first);
  });

  it('say so when there are none, and make no folder [cli.read-only]', async () => {
    const { start, dataDir } = await setting();
    const { code, stdout, stderr } = await start(['sessions']).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/no sessions/i);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('that are cut off by a reader do not end in an error [cli.read-only]', async () => {
    const { server, run, start } = await setting();
    server.script(say('word '.repeat(60_000)));
    const id = parsed((await run(['one', '--output', 'json'])).stdout)[0]?.stream ?? '';
    const shown = start(['show', id]);
    shown.child.stdout?.once('data', () => shown.child.stdout?.destroy());
    const { code, stderr } = await shown.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
