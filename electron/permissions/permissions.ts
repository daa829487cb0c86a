import { createFindCovered, type FindCovered } from './covered.ts';
import { createDecide, type DecideInTree } from './evaluate.ts';
import type { AssessRisk, Decide, SuggestRule } from './policy.ts';
import { createAssessRisk } from './risk.ts';
import { createShellReader } from './shell/shell-command.ts';
import { createShellGrammar } from './shell/shell-grammar.ts';
import { type LoadWasm, loadShippedWasm } from './shell/shipped-wasm.ts';
import { createSuggestRule } from './suggest.ts';

export interface PermissionsDeps {
  /** Gives the bytes of the grammar's two wasm files; by default they are looked for beside the bundle and in the packages. */
  loadWasm?: LoadWasm;
  /** Our own data: never touched without a question. */
  protectedFolders?: string[];
}

export interface Permissions {
  decide: Decide;
  decideInTree: DecideInTree;
  assessRisk: AssessRisk;
  suggestRule: SuggestRule;
  findCovered: FindCovered;
}

/** The permission engine. The grammar is loaded when the first shell line comes. */
export function createPermissions({
  loadWasm = loadShippedWasm,
  protectedFolders = [],
}: PermissionsDeps = {}): Permissions {
  const sources = { readLine: createShellReader(createShellGrammar(loadWasm)), protectedFolders };
  const { decide, decideInTree } = createDecide(sources);
  return {
    decide,
    decideInTree,
    assessRisk: createAssessRisk(sources),
    suggestRule: createSuggestRule(decide, sources),
    findCovered: createFindCovered(sources),
  };
}
