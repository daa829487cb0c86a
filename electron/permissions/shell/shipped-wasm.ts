import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type WasmName = 'web-tree-sitter.wasm' | 'tree-sitter-bash.wasm';
export type LoadWasm = (name: WasmName) => Promise<Uint8Array>;

const isMissing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
};

/** Reads a wasm file from `assets` beside the bundle, or from the packages when the sources run unbundled. */
export const loadShippedWasm: LoadWasm = async (name) => {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const place of ['assets', `node_modules/${name.replace('.wasm', '')}`]) {
      try {
        return await readFile(join(folder, place, name));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${name} is missing from this installation`);
    folder = parent;
  }
};
