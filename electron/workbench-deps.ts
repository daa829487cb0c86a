import type { Host } from './ipc/host.ts';
import type { Log } from './log.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { Secrets } from './storage/secrets.ts';
import type { SessionStore } from './storage/session-store.ts';
import type { Tool } from './tools/tool.ts';

/** What a workbench is given by whoever starts it. */
export interface WorkbenchDeps {
  /** The window owns the index and the layout, and has a person to ask; the command line has neither. */
  kind: 'window' | 'cli';
  userDataDir: string;
  /** Folder of programs and grammars; undefined when running from sources. */
  assetsDir: string | undefined;
  env: NodeJS.ProcessEnv;
  log: Log;
  secrets: Secrets;
  host?: Host;
  folderToOpen?: string;
  /** From flags of the command line; stands above every other model. */
  model?: { baseUrl?: string; model?: string };
  versions?: { app: string; electron?: string };
  store?: SessionStore;
  /** Further places where sessions can be kept, by their names. */
  stores?: SessionStore[];
  /** Further tools for agents, such as those of MCP servers, named `mcp__server__tool`. */
  tools?: Tool[];
  /** Found on this machine when absent. */
  sandbox?: Sandbox;
  now?: () => number;
  newId?: () => string;
}
