import { createBashTool } from './bash.ts';
import { editTool } from './edit.ts';
import { findBash } from './find-bash.ts';
import { createGlobTool } from './glob.ts';
import { createGrepTool } from './grep.ts';
import { lsTool } from './ls.ts';
import { readTool } from './read.ts';
import type { Tool } from './tool.ts';
import { writeTool } from './write.ts';

/** The tools that every session has. `rg`: path of the ripgrep program. */
export function builtInTools({ rg }: { rg: string }): Tool[] {
  const bash = createBashTool(findBash(process.env));
  return [readTool, writeTool, editTool, bash, lsTool, createGlobTool(rg), createGrepTool(rg)];
}
