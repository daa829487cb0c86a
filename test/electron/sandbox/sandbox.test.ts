import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBashTool } from '../../../electron/tools/bash.ts';
import { findBash } from '../../../electron/tools/find-bash.ts';
import { groupMembers } from '../../../electron/tools/process-group.ts';
import { call, contextFor } from '../tools/tool-bench.ts';
import { tryProbe } from './pretend-probe.ts';
import { missing, sandboxBench } from './sandbox-bench.ts';

const bashTool = createBashTool(findBash(process.env));

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });

describe.skipIf(missing !== undefined)('a sandboxed command', () => {
  it('writes in the workspace and in its temporary folder, which the next command finds again [sandbox.files]', async () => {
    const { run, workspace } = sandboxBench();
    expect(await run('echo hi > made && mkdir -p a/b && echo kept > /tmp/x && echo $TMPDIR')).toMatchObject({
      code: 0,
      stdout: '/tmp\n',
    });
    expect(readFileSync(join(workspace, 'made'), 'utf8')).toBe('hi\n');
    expect((await run('cat /tmp/x')).stdout).toBe('kept\n');
    expect((await run('cat /tmp/x', { sessionId: 'other' })).code).not.toBe(0);
    expect(existsSync('/tmp/x')).toBe(false);
  });

  it('writes nowhere else: not by a path, a link, a hard link or another name of the place [sandbox.files]', async () => {
    const bench = sandboxBench({ 'outside/kept': 'kept' });
    symlinkSync(bench.outside, join(bench.workspace, 'link'));
    const lines = [
      'echo x > ../outside/kept',
      'echo x > link/kept',
      'ln ../outside/kept hard && echo x > hard',
      'echo x > /proc/self/root$HOME/outside/kept',
      'echo x > /proc/1/root$HOME/outside/kept',
      'rm -rf ../outside',
      'mv ../outside ../gone',
      'touch ~/new /etc/new /usr/new /var/new',
      'mount -o remount,rw / && echo x > ../outside/kept',
      'unshare -Urm sh -c "mount -o remount,rw /; echo x > ../outside/kept"',
    ];
    for (const line of lines) await bench.run(line);
    expect(readFileSync(join(bench.outside, 'kept'), 'utf8')).toBe('kept');
    for (const path of [join(bench.home, 'new'), '/etc/new', '/usr/new', '/var/new'])
      expect(existsSync(path)).toBe(false);
  });

  it('does not see keys or our own data, and cannot change shell start-up files [sandbox.protected]', async () => {
    const bench = sandboxBench({
      '.ssh/id_ed25519': 'key',
      '.aws/credentials': 'key',
      '.npmrc': 'token',
      '.config/gh/hosts.yml': 'token',
      '.config/switchyard/settings.json': '{}',
      '.bashrc': 'start',
      'notes.txt': 'readable',
    });
    const seen = await bench.run('cd ~; cat .ssh/* .aws/* .npmrc .config/gh/* .config/switchyard/*; echo x >> .bashrc');
    expect(seen.stdout).toBe('');
    expect(readFileSync(join(bench.home, '.bashrc'), 'utf8')).toBe('start');
    expect((await bench.run('cat ~/notes.txt')).stdout).toBe('readable');
  });

  it('cannot change what makes Git or an editor run programs, and commits all the same [sandbox.protected]', async () => {
    const bench = sandboxBench({ 'workspace/.vscode/tasks.json': '{}', 'workspace/.envrc': 'env', 'workspace/a': 'a' });
    git(bench.workspace, 'init', '-q');
    git(bench.workspace, 'config', 'user.email', 'a@example.com');
    git(bench.workspace, 'config', 'user.name', 'A');
    const config = readFileSync(join(bench.workspace, '.git/config'), 'utf8');
    const lines = [
      'echo evil > .git/hooks/post-commit',
      'git config core.fsmonitor evil',
      'mv .git .git2; cp -r .git2 .git; echo "[core] fsmonitor = evil" >> .git/config',
      'rm -rf .git',
      'echo evil > .vscode/tasks.json',
      'mv .vscode other; mkdir .vscode; echo evil > .vscode/tasks.json',
      'echo evil > .envrc',
    ];
    for (const line of lines) expect((await bench.run(line)).code, line).not.toBe(0);
    git(bench.workspace, 'init', '-q');
    expect(readFileSync(join(bench.workspace, '.git/config'), 'utf8')).toBe(config);
    expect(readFileSync(join(bench.workspace, '.vscode/tasks.json'), 'utf8')).toBe('{}');
    expect(readFileSync(join(bench.workspace, '.envrc'), 'utf8')).toBe('env');
    expect(existsSync(join(bench.workspace, '.git/hooks/post-commit'))).toBe(false);
    expect(await bench.run('git add a && git commit -qm first && git log --oneline | wc -l')).toMatchObject({
      stdout: '1\n',
    });
  });

  it('commits in a linked worktree, whose repository lies elsewhere; a forged link opens nothing [sandbox.protected]', async () => {
    const bench = sandboxBench({
      'repo/a': 'a',
      'outside/.git/HEAD': 'ref',
      'forged/.git': 'gitdir: ../outside/.git\n',
    });
    const repo = join(bench.home, 'repo');
    const who = ['-c', 'user.email=a@example.com', '-c', 'user.name=A'];
    git(repo, 'init', '-q');
    git(repo, 'config', 'user.email', 'a@example.com');
    git(repo, 'config', 'user.name', 'A');
    git(repo, 'add', '.');
    git(repo, ...who, 'commit', '-qm', 'first');
    git(repo, 'worktree', 'add', '-q', '../tree');
    const tree = join(bench.home, 'tree');
    const commit = await bench.run(`cd ${tree} && echo b > b && git add b && git commit -qm second`, {
      workspace: tree,
    });
    expect(commit).toMatchObject({ code: 0 });
    expect((await bench.run(`echo x >> ${repo}/.git/config`, { workspace: tree })).code).not.toBe(0);
    expect((await bench.run(`echo x > ${repo}/a`, { workspace: tree })).code).not.toBe(0);
    const forged = join(bench.home, 'forged');
    expect((await bench.run(`echo x > ${bench.outside}/.git/HEAD`, { workspace: forged })).code).not.toBe(0);
  });

  it('a workspace that is the home folder, or lies in our data, works and keeps its protected places [sandbox.protected]', async () => {
    const bench = sandboxBench({ '.ssh/id': 'key', '.bashrc': 'start', '.config/switchyard/sample/a': 'a' });
    const inHome = await bench.run('cat .ssh/id; echo x > .bashrc; ls .config/switchyard; echo ok > made', {
      workspace: bench.home,
    });
    expect(inHome.stdout).toBe('');
    expect(readFileSync(join(bench.home, '.bashrc'), 'utf8')).toBe('start');
    expect(existsSync(join(bench.home, 'made'))).toBe(true);
    const sample = join(bench.data, 'sample');
    const inData = await bench.run('cat a; echo x > b; ls ..', { workspace: sample });
    expect(inData).toMatchObject({ code: 0, stdout: 'asample\n' });
    expect(existsSync(join(sample, 'b'))).toBe(true);
  });

  it('what a deny rule names is hidden, or cannot be changed [sandbox.protected]', async () => {
    const bench = sandboxBench({ 'workspace/secret/a': 'a', 'workspace/key.pem': 'b', 'workspace/locked': 'c' });
    const denied = {
      read: [join(bench.workspace, 'secret'), join(bench.workspace, 'key.pem')],
      write: [join(bench.workspace, 'locked')],
    };
    expect((await bench.run('cat secret/a key.pem; echo x > locked', { denied })).stdout).toBe('');
    expect(readFileSync(join(bench.workspace, 'locked'), 'utf8')).toBe('c');
  });

  it('sees and reaches no process, socket or network of the machine [sandbox.network]', async () => {
    const bench = sandboxBench();
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect((await bench.run(`exec 3<>/dev/tcp/127.0.0.1/${port}`)).code).not.toBe(0);
    expect((await bench.run(`kill -0 ${process.pid}`)).code).not.toBe(0);
    expect((await bench.run('ls /run /var/tmp')).stdout).not.toContain('dbus');
    const names = await bench.run('env');
    expect(names.stdout).not.toMatch(/SSH_AUTH_SOCK|DBUS|XDG_RUNTIME_DIR|DISPLAY/);
  });

  it('more folders can be opened for writing [sandbox.files]', async () => {
    const bench = sandboxBench();
    bench.set({ folders: ['~/outside', '~/not-there', '/'] });
    expect((await bench.run('echo x > ~/outside/made')).code).toBe(0);
    expect((await bench.run('echo x > ~/other')).code).not.toBe(0);
  });

  it('tells which protected places came into being', async () => {
    const bench = sandboxBench();
    const confined = await bench.sandbox.confine({
      sessionId: 's',
      workspace: bench.workspace,
      denied: { read: [], write: [] },
    });
    if (!confined.ok) throw new Error(confined.error.message);
    expect(confined.value.appeared()).toEqual([]);
    mkdirSync(join(bench.workspace, '.vscode'));
    expect(confined.value.appeared()).toEqual([join(bench.workspace, '.vscode')]);
  });
});

describe.skipIf(missing !== undefined)('the bash tool in the sandbox', () => {
  it('gives output, exit codes and deaths as outside [sandbox.command]', async () => {
    const { workspace, wrap } = await confined();
    const { context, started } = contextFor(workspace, { wrap });
    const result = await call(bashTool, { command: 'echo one; echo two >&2; exit 3' }, context);
    expect(result).toMatchObject({ status: 'error', exitCode: 3 });
    expect(result.output).toContain('one\ntwo\n');
    expect(started).toHaveLength(1);
    const killed = await call(bashTool, { command: 'kill -9 $$' }, contextFor(workspace, { wrap }).context);
    expect(killed.output).toContain('exit code 137: ended by SIGKILL');
  });

  it('nothing runs before its start is on record, and nothing at all when that fails [sandbox.command]', async () => {
    const { workspace, wrap } = await confined();
    const { context } = contextFor(workspace, {
      wrap,
      processStarted: async () => {
        expect(existsSync(join(workspace, 'ran'))).toBe(false);
        throw new Error('disk full');
      },
    });
    expect((await call(bashTool, { command: 'touch ran' }, context)).output).toContain('disk full');
    expect(existsSync(join(workspace, 'ran'))).toBe(false);
  });

  it('timeout and cancel end everything, what left the group too, and leave nothing behind [sandbox.command]', async () => {
    const { workspace, wrap } = await confined();
    const late = contextFor(workspace, { wrap });
    const command = 'setsid sleep 60 & sleep 61 & echo up; sleep 62';
    const timedOut = await call(bashTool, { command, timeout: 700 }, late.context);
    expect(timedOut.status).toBe('timedOut');
    expect(timedOut.survivors).toBeUndefined();
    expect(await groupMembers(late.started[0]!.pid)).toEqual([]);

    const stop = new AbortController();
    const stopped = contextFor(workspace, { wrap, signal: stop.signal, output: () => stop.abort() });
    expect((await call(bashTool, { command }, stopped.context)).status).toBe('cancelled');
    expect(await groupMembers(stopped.started[0]!.pid)).toEqual([]);
  });

  it('what it left in the background ends with the shell, whatever it did to get away [sandbox.command]', async () => {
    const { workspace, wrap } = await confined();
    const { context, started } = contextFor(workspace, { wrap });
    const command = '(setsid sh -c "sleep 1; touch late" &) ; (sleep 1; touch late) & echo done';
    const result = await call(bashTool, { command }, context);
    expect(result).toMatchObject({ status: 'ok', exitCode: 0 });
    expect(result.survivors).toBeUndefined();
    expect(await groupMembers(started[0]!.pid)).toEqual([]);
  });

  async function confined() {
    const { sandbox, workspace } = sandboxBench();
    const made = await sandbox.confine({ sessionId: 's', workspace, denied: { read: [], write: [] } });
    if (!made.ok) throw new Error(made.error.message);
    return { workspace, wrap: made.value.wrap };
  }
});

describe('where there is no sandbox', () => {
  it('the state says why, and nothing can be confined [sandbox.honest]', async () => {
    const none = sandboxBench({}, { platform: 'win32' });
    expect(await none.sandbox.stateFor(none.workspace, false)).toEqual({
      state: 'off',
      reason: 'this system has no sandbox that Switchyard can use',
    });
    await expect(none.run('true')).rejects.toThrow('this system has no sandbox');
  });

  it('a bubblewrap that does not confine, or does not start, is found out by trying it [sandbox.honest]', async () => {
    const bench = sandboxBench();
    const bin = join(bench.home, 'bin');
    mkdirSync(bin);
    const pretend = async (script: string) => {
      writeFileSync(join(bin, 'bwrap'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
      return tryProbe(bin, realpathSync(bench.home));
    };
    expect(await pretend('while [ "$1" != -- ]; do shift; done; shift; exec "$@"')).toMatchObject({
      reason: 'it did not keep a write out',
    });
    expect(await pretend('echo "bwrap: No permissions to create new namespace" >&2; exit 1')).toMatchObject({
      reason: 'this machine does not let programs make user namespaces',
    });
    expect(await pretend('echo "bwrap: something else" >&2; exit 1')).toMatchObject({
      reason: 'it failed its test: bwrap: something else',
    });
  });

  it('it is off by the setting, for the whole disk, and when the call asks to be outside [sandbox.honest]', async () => {
    const bench = sandboxBench();
    bench.set({ enabled: false });
    expect(await bench.sandbox.stateFor(bench.workspace, false)).toMatchObject({
      reason: 'it is turned off in the settings',
    });
    bench.set({ enabled: true });
    if (missing !== undefined) return;
    expect(await bench.sandbox.stateFor('/', false)).toMatchObject({ reason: 'the workspace is the whole disk' });
    expect(await bench.sandbox.stateFor(bench.workspace, true)).toMatchObject({
      reason: 'the call asks to run outside of it',
    });
    expect(await bench.sandbox.stateFor(bench.workspace, false)).toEqual({ state: 'on', network: 'off' });
  });
});

const hasSocat = ['/usr/bin/socat', '/usr/local/bin/socat', '/bin/socat'].some(existsSync);
if (!hasSocat) console.warn('SKIPPED: tests of allowed domains, for socat is not installed');

describe.skipIf(missing !== undefined || !hasSocat)('allowed domains', () => {
  it('only they are reached, through the proxy and no other way; a change holds at once [sandbox.network]', async () => {
    const server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const bench = sandboxBench();
    bench.set({ domains: [`localhost:${port}`] });
    const get = (host: string) => bench.run(`curl -sS --noproxy '' http://${host}/x`);
    const tunnel = (host: string) => bench.run(`curl -sS --noproxy '' -p http://${host}/x`);
    expect((await get(`localhost:${port}`)).stdout).toBe(`localhost:${port}/x`);
    expect((await tunnel(`localhost:${port}`)).stdout).toBe(`localhost:${port}/x`);
    expect((await get(`127.0.0.1:${port}`)).stdout).toContain('is not among the domains allowed');
    expect((await tunnel('example.com:443')).stderr).toContain('403');
    expect((await bench.run(`curl -sS --noproxy '*' http://localhost:${port}/x`)).code).not.toBe(0);
    bench.set({ domains: ['example.com'] });
    expect((await get(`localhost:${port}`)).stdout).toContain('is not among the domains allowed');
  });
});
