import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** What is added to a bundle's name for the byte code that the build made of it. */
export const cacheSuffix = '.cache';

/**
 * From here on our bundles start from the byte code beside them, which spares the start their parsing. V8 itself refuses byte code of
 * another version or of other options; then, as where there is none, the source is compiled. Of the source it looks at the length
 * alone, so byte code must never stand beside another one. What comes from byte code cannot `import()`: the build turns that into
 * `require`. `loaded` hears of each bundle.
 */
export function installCodeCache(loaded: (file: string, script: Script) => void = () => {}): void {
  const { _extensions: extensions } = Module as unknown as {
    _extensions: Record<string, (module: NodeModule, file: string) => void>;
  };
  extensions['.cjs'] = (module, file) => {
    const cache = file + cacheSuffix;
    const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
      filename: file,
      ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
    });
    loaded(file, script);
    script.runInThisContext()(module.exports, (id: string) => module.require(id), module, file, dirname(file));
  };
}
