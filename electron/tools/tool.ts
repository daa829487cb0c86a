import type { z } from 'zod';
import type { Comparison } from '../../shared/approvals/editing.ts';
import { type Failure, failureText } from '../../shared/errors.ts';
import type { CallSandbox } from '../../shared/sandbox/sandbox.ts';
import type { CallStatus, Detail, ToolKind } from '../../shared/session/parts.ts';

/** What a tool may touch. Drives permissions, concurrency and audit; a tool must declare all it can do. */
export interface Effects {
  reads: boolean;
  writes: boolean;
  /** Runs programs. */
  runs: boolean;
  /** Talks to other machines. */
  network: boolean;
}

/** How a call is shown before it has run. Making it must have no effect but reading. */
export interface Description {
  title: string;
  detail: Detail;
}

/** What one execution may use. Nothing else reaches a tool. */
export interface ToolContext {
  sessionId: string;
  callId: string;
  /** Canonical folder of the session. */
  workspace: string;
  /**
   * Canonical paths that exactly this call was allowed to use, wherever they lie: a file tool uses no other, whatever its arguments
   * lead to by now. Undefined when nothing was recorded; then it stays in the workspace.
   */
  approvedPlaces: readonly string[] | undefined;
  /** Whether this must be left out of what is found in a folder: a deny rule forbids it, or it holds keys. `names`: it would only be named. */
  leftOut?(path: string, names: boolean): boolean;
  /** Aborted on cancel, close and quit; a tool then ends what it began and returns `cancelled`. */
  signal: AbortSignal;
  /** Live output for the person; what the model gets is the returned `output`. */
  output(text: string): void;
  /** Must be called before a spawned process can do anything lasting; resolves when the fact is on disk. */
  processStarted(pid: number, startTime: string): Promise<void>;
  /** Keeps bytes beside the session and returns their SHA-256 in hex. */
  saveBlob(bytes: Uint8Array): Promise<string>;
  /** Environment for child processes, secrets already removed. */
  env: Record<string, string>;
  /** Turns a command line into the one to start in its place: the same, in the sandbox. Absent: as it is. */
  wrap?(command: string[]): string[];
}

export interface ToolResult {
  status: Extract<CallStatus, 'ok' | 'error' | 'cancelled' | 'timedOut'>;
  /** Exactly what the model is told; at most 100 KiB. */
  output: string;
  summary?: string;
  detail?: Detail;
  exitCode?: number | null;
  /** Hash of the whole output when `output` is cut. */
  blob?: string;
  images?: { blob: string; mediaType: string }[];
  survivors?: string[];
  sandbox?: CallSandbox;
}

/**
 * A tool the model can call. `execute` gets arguments that passed `schema`; it returns failures as results and may throw only on a
 * defect, which the executor turns into an error result.
 */
export interface Tool<Args = unknown> {
  name: string;
  /** For the model: what it does, limits included. */
  description: string;
  schema: z.ZodType<Args>;
  kind: ToolKind;
  effects: Effects;
  /** Of a tool of an MCP server: the argument that a rule's pattern without a name is about. Absent: such a rule never grants. */
  mainArgument?: string;
  /** The call is itself a question to the person, of this kind: it is always asked, never allowed by rule or mode. */
  asks?: 'plan';
  /** May run at the same time as other concurrent calls of its turn. */
  concurrent: boolean;
  describe(args: Args, context: { workspace: string }): Promise<Description>;
  /** Which texts a person compares while editing the call. Must have no effect but reading. */
  editing?(args: Args, context: { workspace: string }): Promise<Comparison | undefined>;
  execute(args: Args, context: ToolContext): Promise<ToolResult>;
}

/** Keeps a tool's own argument type inside while lists hold `Tool`. */
export const defineTool = <Args>(tool: Tool<Args>): Tool => tool;

/** A call that did not do what was asked, in words for the model. */
export const failure = (what: string | Failure): ToolResult => ({
  status: 'error',
  output: typeof what === 'string' ? what : failureText(what),
});
