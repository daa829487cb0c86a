import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** What is added to a bundle's name for the byte code that the build made of it. */
const cacheSuffix = '.cache';

type Loaded = NodeModule & { _compile(source: string, file: string): void };

/**
 * From here on our bundles start from the byte code beside them, which spares the start their parsing. V8 itself
 * refuses byte code of another version or of other options; then, as where there is none, the source is compiled.
 */
export function installCodeCache(): void {
  const { _extensions: extensions } = Module as unknown as {
    _extensions: Record<string, (module: Loaded, file: string) => void>;
  };
  extensions['.cjs'] = (module, file) => {
    const source = readFileSync(file, 'utf8');
    const cache = file + cacheSuffix;
    if (!existsSync(cache)) return module._compile(source, file);
    const script = new Script(Module.wrap(source), { filename: file, cachedData: readFileSync(cache) });
    script.runInThisContext()(module.exports, (id: string) => module.require(id), module, file, dirname(file));
  };
}
