import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files that the app reads or runs, wherever it was started from. */
export interface Assets {
  /** The ripgrep program. */
  rg: string;
  /** Folder of the sample workspace; to be copied, never worked in. */
  sample: string;
  /** A WebAssembly module by its file name, such as `tree-sitter-bash.wasm`. */
  wasm(name: string): Promise<Uint8Array>;
}

const rgName = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** `folder`: what the build wrote as `dist/assets`, never inside an archive, where no program can be started; undefined when running from sources, where packages hold the same files. */
export function createAssets(folder: string | undefined): Assets {
  if (folder === undefined) return fromSources();
  return {
    rg: join(folder, rgName),
    sample: join(folder, 'sample'),
    wasm: (name) => readFile(join(folder, name)),
  };
}

function fromSources(): Assets {
  const { resolve } = createRequire(import.meta.url);
  const { resolve: besideRipgrep } = createRequire(resolve('@vscode/ripgrep'));
  const ripgrep = besideRipgrep(`@vscode/ripgrep-${process.platform}-${process.arch}/package.json`);
  return {
    rg: join(dirname(ripgrep), 'bin', rgName),
    sample: join(import.meta.dirname, '..', 'assets', 'sample'),
    wasm: (name) => readFile(resolve(`${name.replace(/\.wasm$/, '')}/${name}`)),
  };
}
