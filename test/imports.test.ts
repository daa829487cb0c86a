import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Import {
  /** Relative to the root, with `/`. */
  from: string;
  /** The same for our own files; the bare name of a package. */
  to: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Static, re-exported, dynamic and type imports; worker and asset URLs relative to the module too. */
const specifier = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\(\s*|new URL\(\s*)(['"])([^'"\n]+)\1/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
  return [...text.matchAll(specifier)].map((match) => {
    const named = (match[2] as string).replace(/\?.*$/, '');
    const to = named.startsWith('.')
      ? relative(root, join(root, dirname(file), named))
          .split(sep)
          .join('/')
      : named;
    return { from: file, to };
  });
}

const files = ['shared', 'electron', 'renderer'].flatMap(sources);
const imports = files.flatMap(importsOf);
const shown = (wrong: Import[]) => wrong.map(({ from, to }) => `${from} → ${to}`);
const under = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
const isOurs = ({ to }: Import) => under(to, 'shared', 'electron', 'renderer', 'test', 'scripts');
const within = (...folders: string[]) => imports.filter(({ from }) => under(from, ...folders));

/** Is given the part of Electron that it uses, so that the command line can do without. */
const secrets = 'electron/storage/secrets.ts';

/** What truly needs Electron; everything else also runs in plain Node. */
const mayImportElectron = [
  'electron/main.ts',
  'electron/notifications.ts',
  'electron/quit.ts',
  'electron/window.ts',
  'electron/preload.ts',
  'electron/menu.ts',
  'electron/lockdown.ts',
  'electron/ipc/transport.ts',
  secrets,
];

describe('imports', () => {
  it('are found at all, and lead to files that are there', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports).toContainEqual({ from: 'electron/main.ts', to: 'electron' });
    expect(imports).toContainEqual({ from: 'electron/agent/run-loop.ts', to: 'electron/agent/turn.ts' });
    const known = new Set(files);
    const lost = imports.filter((one) => isOurs(one) && /\.tsx?$/.test(one.to) && !known.has(one.to));
    expect(shown(lost)).toEqual([]);
  });

  it('of our own files name their extension', () => {
    const bare = imports.filter((one) => isOurs(one) && !/\.(tsx?|json|css|html|svg|png|wasm)$/.test(one.to));
    expect(shown(bare)).toEqual([]);
  });

  it('renderer → shared ← electron, and nothing of ours needs a test or a script', () => {
    expect(shown(within('renderer').filter((one) => isOurs(one) && !under(one.to, 'renderer', 'shared')))).toEqual([]);
    expect(shown(within('electron').filter((one) => isOurs(one) && !under(one.to, 'electron', 'shared')))).toEqual([]);
    expect(shown(within('shared').filter((one) => isOurs(one) && !under(one.to, 'shared')))).toEqual([]);
  });

  it('no view pulls in the schema library: main validates, and the window starts without it', () => {
    const values = (file: string): string[] =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^import (?!type\b)[^;]*?from '([^']+)';/gm)].map(([, to]) =>
        (to as string).startsWith('.')
          ? relative(root, join(root, dirname(file), to as string))
              .split(sep)
              .join('/')
          : (to as string),
      );
    const seen = new Map<string, string>(sources('renderer').map((file) => [file, file]));
    for (const [file, way] of seen) {
      expect(file === 'zod' ? way : '').toBe('');
      if (/\.tsx?$/.test(file)) for (const to of values(file)) if (!seen.has(to)) seen.set(to, `${way} → ${to}`);
    }
    expect(seen.size).toBeGreaterThan(200);
  });

  it('shared and renderer use nothing of Node', () => {
    expect(shown(within('shared', 'renderer').filter(({ to }) => to.startsWith('node:') || to === 'electron'))).toEqual(
      [],
    );
  });

  it('only the connection of the renderer talks over the bridge, which is handed to it at the start', () => {
    const users = files.filter(
      (file) =>
        under(file, 'renderer') && /window\.workbench\b(?!\??\.platform)/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(users).toEqual(['renderer/main.tsx']);
  });

  it('ui of the renderer knows nothing of sessions', () => {
    const wrong = within('renderer/ui').filter(({ to }) =>
      under(
        to,
        'renderer/sessions',
        'renderer/transcript',
        'renderer/approvals',
        'renderer/composer',
        'renderer/state',
        'shared/session',
      ),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('the agent loop knows neither IPC nor storage nor sessions', () => {
    expect(
      shown(
        within('electron/agent').filter(({ to }) => under(to, 'electron/ipc', 'electron/storage', 'electron/session')),
      ),
    ).toEqual([]);
  });

  it('storage knows no sessions', () => {
    expect(
      shown(
        within('electron/storage').filter(({ to }) => under(to, 'electron/session', 'electron/agent', 'electron/ipc')),
      ),
    ).toEqual([]);
  });

  it('tools do not know each other', () => {
    const tools = files
      .filter(
        (file) =>
          /^electron\/tools\/[^/]+\.ts$/.test(file) &&
          /\bdefineTool\b.*[(<]/.test(readFileSync(join(root, file), 'utf8')),
      )
      .filter((file) => file !== 'electron/tools/tool.ts');
    expect(tools.length).toBeGreaterThanOrEqual(8);
    expect(shown(imports.filter(({ from, to }) => tools.includes(from) && tools.includes(to)))).toEqual([]);
  });

  it('only what truly needs it imports electron', () => {
    const users = [...new Set(imports.filter(({ to }) => to === 'electron').map(({ from }) => from))];
    expect(users.filter((file) => !mayImportElectron.includes(file))).toEqual([]);
  });

  it('the command line reaches nothing that needs Electron', () => {
    const reached = new Set<string>();
    const visit = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { to } of imports.filter(({ from }) => from === file)) visit(to);
    };
    visit('electron/cli.ts');
    expect(reached).toContain('electron/workbench.ts');
    expect(mayImportElectron.filter((file) => file !== secrets && reached.has(file))).toEqual([]);
    expect(imports.filter(({ from, to }) => from === secrets && to === 'electron')).toEqual([]);
  });
});
