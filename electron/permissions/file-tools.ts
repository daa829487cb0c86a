import type { Access } from './protected-paths.ts';

export interface FileTool {
  access: Access;
  /** All in the folder is meant; the workspace where none is named. */
  folder: boolean;
}

/**
 * By their plain names the tools whose calls name a file or a folder, as `file_path` or `path`: rules about files, the mode and protected
 * places go by it. Of a tool that is not here every call is asked about whose arguments look like naming one.
 */
const fileTools: Readonly<Record<string, FileTool>> = {
  read: { access: 'read', folder: false },
  ls: { access: 'read', folder: true },
  glob: { access: 'read', folder: true },
  grep: { access: 'read', folder: true },
  write: { access: 'write', folder: false },
  edit: { access: 'write', folder: false },
  patch: { access: 'write', folder: false },
};

/** What a tool does with the file that it names, by its plain name; undefined for all others. */
export const fileTool = (tool: string): FileTool | undefined =>
  Object.hasOwn(fileTools, tool) ? fileTools[tool] : undefined;
