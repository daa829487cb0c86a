import { z } from 'zod';
import { type SessionEvent, sessionEventSchema } from '../../shared/session/events.ts';
import { detailSchema } from '../../shared/session/parts.ts';
import { within } from '../storage/deadline.ts';
import type { Description, Tool, ToolResult } from './tool.ts';
import { outputLimit, truncateOutput } from './truncate.ts';

/** Of the one line that names a call. */
const maxTitle = 1_000;

const descriptionSchema = z.object({ title: z.string(), detail: detailSchema });

/** How long a tool may take to say what a call is, in milliseconds: nothing of a reply is shown as a call before. */
const describeMs = 5_000;

/**
 * What a tool says of a call before it has run, as it can be recorded; undefined where it says nothing that can, or not in time. Tools
 * that are added are somebody else's code, and what is recorded must be readable for good.
 */
export async function describeCall(tool: Tool, args: unknown, workspace: string): Promise<Description | undefined> {
  try {
    const describing = tool.describe(args, { workspace });
    if (!(await within(describing, describeMs))) return undefined;
    const said = descriptionSchema.parse(await describing);
    return { ...said, title: said.title.slice(0, maxTitle) };
  } catch {
    return undefined;
  }
}

/** A result as it can be recorded: one that cannot is an error, of which the model is told that the call may have done its work. */
export async function recordable(
  tool: Tool,
  callId: string,
  result: unknown,
  saveBlob: (bytes: Uint8Array) => Promise<string>,
): Promise<ToolResult> {
  const given = typeof result === 'object' && result !== null ? result : {};
  const read = sessionEventSchema.safeParse({ ...given, type: 'call.ended', callId, durationMs: 0 });
  if (!read.success) {
    const reasons = z.prettifyError(read.error).slice(0, 1_000);
    return {
      status: 'error',
      output: `The tool ${tool.name} ran, but its result cannot be recorded, so what it found is not known:\n${reasons}`,
    };
  }
  const { type: _type, callId: _call, durationMs: _duration, ...known } = read.data as ToolResult & RecordedParts;
  if (Buffer.byteLength(known.output) <= outputLimit) return known;
  const blob = known.blob ?? (await saveBlob(Buffer.from(known.output)));
  return { ...known, blob, output: truncateOutput(known.output, blob) };
}

type RecordedParts = Pick<SessionEvent & { type: 'call.ended' }, 'type' | 'callId' | 'durationMs'>;
