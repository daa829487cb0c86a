import { Language, type Node, Parser } from 'web-tree-sitter';
import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { LoadWasm } from './shipped-wasm.ts';

export type { Node };

/** Beyond these a line is not judged but asked about. */
const MAX_BYTES = 64 * 1024;
const MAX_MILLISECONDS = 500;
const MAX_NODES = 30_000;
const MAX_DEPTH = 200;

/**
 * Parses a line with the bash grammar, within bounds, and hands the tree to `use`, after which it is freed. Fails when the line is too
 * long, too deep, takes too long or is not bash; `use` still sees a tree with errors through `broken`, for what can be found in it.
 */
export type WithShellTree = <T>(source: string, use: (root: Node, broken: boolean) => T) => Promise<Result<T>>;

async function loadParser(loadWasm: LoadWasm): Promise<Parser> {
  await Parser.init({ wasmBinary: await loadWasm('web-tree-sitter.wasm') });
  const parser = new Parser();
  parser.setLanguage(await Language.load(await loadWasm('tree-sitter-bash.wasm')));
  return parser;
}

/** Counts without recursion, so that a hostile depth cannot exhaust the stack. */
function isBounded(root: Node): boolean {
  const stack: { node: Node; depth: number }[] = [{ node: root, depth: 0 }];
  let count = 0;
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    count += 1;
    if (count > MAX_NODES || entry.depth > MAX_DEPTH) return false;
    for (const child of entry.node.children) if (child) stack.push({ node: child, depth: entry.depth + 1 });
  }
  return true;
}

export function createShellGrammar(loadWasm: LoadWasm): WithShellTree {
  let loading: Promise<Parser> | undefined;
  const ready = (): Promise<Parser> => {
    loading ??= loadParser(loadWasm).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  return async (source, use) => {
    if (Buffer.byteLength(source) > MAX_BYTES) return fail('unsupported', 'the line is longer than 64 KiB');
    try {
      const parser = await ready();
      const deadline = performance.now() + MAX_MILLISECONDS;
      const tree = parser.parse(source, null, { progressCallback: () => performance.now() > deadline });
      if (!tree) {
        parser.reset();
        return fail('unsupported', 'the line takes too long to parse');
      }
      try {
        if (!isBounded(tree.rootNode))
          return fail('unsupported', 'the line is nested too deeply or has too many parts');
        return ok(use(tree.rootNode, tree.rootNode.hasError));
      } finally {
        tree.delete();
      }
    } catch (error) {
      return fail('unsupported', `the shell grammar failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
