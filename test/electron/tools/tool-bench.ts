import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createAssets } from '../../../electron/assets.ts';
import type { Tool, ToolContext, ToolResult } from '../../../electron/tools/tool.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, canonical, gone after the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-tools-')));
  folders.push(folder);
  return folder;
}

export const rg = createAssets(undefined).rg;

/** A context that remembers what the tool did with it. */
export function contextFor(workspace: string, changes: Partial<ToolContext> = {}) {
  const blobs = new Map<string, Buffer>();
  const live: string[] = [];
  const started: { pid: number; startTime: string }[] = [];
  const context: ToolContext = {
    sessionId: 'session',
    callId: randomUUID().replaceAll('-', ''),
    workspace,
    approvedPlaces: undefined,
    signal: new AbortController().signal,
    output: (text) => live.push(text),
    processStarted: async (pid, startTime) => {
      started.push({ pid, startTime });
    },
    saveBlob: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      blobs.set(hash, Buffer.from(bytes));
      return hash;
    },
    env: { PATH: process.env.PATH ?? '' },
    ...changes,
  };
  return { context, blobs, live, started };
}

/** Runs a tool as the pipeline would: arguments through the schema first. */
export function call(tool: Tool, args: unknown, context: ToolContext): Promise<ToolResult> {
  return tool.execute(tool.schema.parse(args), context);
}

/** What the schema says against arguments, undefined when nothing. */
export const refusal = (tool: Tool, args: unknown): string | undefined => tool.schema.safeParse(args).error?.message;
