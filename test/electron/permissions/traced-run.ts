import { spawn } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A place where lines can really run: every program on its PATH only writes down that it was started. */
export interface TracedPlace {
  workspace: string;
  home: string;
  /** Runs the line with bash and returns what was started, one `name arguments` each. */
  run(line: string): Promise<string[]>;
  /** Names in the workspace that were not there at first. */
  newFiles(): Promise<string[]>;
  remove(): Promise<void>;
}

/** These start what they are given, so they must be real for a hole to show. */
const real = ['env', 'timeout', 'nice', 'nohup', 'xargs', 'find', 'stdbuf', 'bash', 'sh'];

const MAX_MILLISECONDS = 5_000;

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

async function makePrograms(folder: string, stubs: string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const shell = await findProgram('sh');
  // Only builtins of the shell, so that the stub itself leaves no trace.
  const stub = `#!${shell}\nname=\${0##*/}\nprintf '%s\\0' "$name $*" >> "$TRACE"\n`;
  for (const name of stubs) {
    await writeFile(join(folder, name), stub);
    await chmod(join(folder, name), 0o755);
  }
  for (const name of real) {
    const path = await findProgram(name);
    if (path) await symlink(path, join(folder, name));
  }
  await writeFile(join(folder, 'sudo'), `#!${shell}\nexec "$@"\n`);
  await chmod(join(folder, 'sudo'), 0o755);
  return folder;
}

export async function makeTracedPlace(stubs: string[], files: Record<string, string>): Promise<TracedPlace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'traced-')));
  const [workspace, home, trace] = ['workspace', 'home', 'trace'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(workspace);
  await mkdir(home);
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text, { mode: 0o755 });
  const programs = await makePrograms(join(root, 'bin'), stubs);
  const bash = (await findProgram('bash')) ?? 'bash';
  const before = new Set(await readdir(workspace));

  async function run(line: string): Promise<string[]> {
    // No program can be started with such an argument.
    if (line.includes('\0')) return [];
    await writeFile(trace, '');
    const env = { PATH: programs, HOME: home, TRACE: trace, x: 'evil', y: '; evil', LC_ALL: 'C.UTF-8' };
    const child = spawn(bash, ['-c', line], { cwd: workspace, env, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), MAX_MILLISECONDS);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    // What the line left in the background ends before the trace is read.
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Nothing was left.
    }
    return (await readFile(trace, 'utf8')).split('\0').filter(Boolean);
  }

  return {
    workspace,
    home,
    run,
    newFiles: async () => (await readdir(workspace)).filter((name) => !before.has(name)),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
