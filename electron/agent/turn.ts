import type { Failure } from '../../shared/errors.ts';
import type { ModelCall, ModelReply } from '../model/model-client.ts';
import { definitionOf } from '../tools/registry.ts';
import { describeCall } from '../tools/tool-facts.ts';
import { estimateRequest } from './context/estimate.ts';
import { measureEstimated, measureReported } from './context-usage.ts';
import { coalesceDeltas } from './delta-coalescer.ts';
import { buildMessages } from './model-request.ts';
import type { LoopPorts } from './ports.ts';
import { priceOf } from './price.ts';

export type TurnEnd = { status: 'replied' } | { status: 'aborted' } | { status: 'failed'; error: Failure };

interface ReplyEnd {
  status: TurnEnd['status'];
  reply: ModelReply;
  error?: Failure;
}

/**
 * One model call: appends its start, its deltas, the reply, the calls it asks for, and its usage. `turn.ended` follows the reply and
 * not the calls, so that a crash in a call cannot lose what the reply has cost.
 */
export async function takeTurn(ports: LoopPorts, turn: number, signal: AbortSignal): Promise<TurnEnd> {
  const runId = ports.state().head.run?.id ?? '';
  const found = await ports.model();
  if (signal.aborted) return { status: 'aborted' };
  if (!found.ok) return { status: 'failed', error: found.error };
  const model = found.value;
  await ports.makeRoom('threshold', signal);
  if (signal.aborted) return { status: 'aborted' };
  const messageId = ports.newId();
  const fixed = {
    systemPrompt: ports.systemPrompt(),
    tools: ports.offered().map(definitionOf),
    parts: ports.promptParts(),
  };
  const state = ports.state();
  const estimated = estimateRequest(state, fixed);
  ports.append({ type: 'context.measured', ...measureEstimated(state.head, estimated, model) });
  const request = {
    messages: await buildMessages(state, fixed.systemPrompt, ports.readBlob),
    tools: fixed.tools,
  };
  const startedAt = ports.now();
  let firstTokenAt: number | undefined;
  ports.append({ type: 'turn.started', runId, turn, messageId, model: model.model });

  const deltas = coalesceDeltas((event) => ports.append(event), messageId);
  let end: ReplyEnd | undefined;
  for await (const event of model.client.stream(request, signal)) {
    if (event.type === 'retrying') {
      const { attempt, delayMs, reason } = event;
      ports.append({ type: 'turn.retrying', runId, attempt, delayMs, reason });
      continue;
    }
    firstTokenAt ??= ports.now();
    if (event.type === 'text') deltas.text(event.text);
    else if (event.type === 'reasoning') deltas.reasoning(event.text);
    else if (event.type === 'call') deltas.call(event.index, event.name, event.chars);
    else if (event.type === 'completed') end = { status: 'replied', reply: event.reply };
    else if (event.type === 'failed') end = { status: 'failed', reply: event.partial, error: event.error };
    else end = { status: 'aborted', reply: event.partial };
  }
  deltas.flush();
  const { status, reply, error } = end ?? streamWithoutEnd(model.model);

  const requested = status === 'replied' ? await describeCalls(ports, reply.calls) : [];
  ports.append({
    type: 'message.completed',
    messageId,
    runId,
    text: reply.text,
    ...(reply.reasoning ? { reasoning: reply.reasoning } : {}),
    ...(status !== 'replied' || reply.finishReason === 'length' ? { partial: true } : {}),
  });
  requested.forEach((call, index) => {
    ports.append({ type: 'call.requested', callId: ports.newId(), runId, turn, index, ...call });
  });
  const cost = reply.usage && model.prices ? priceOf(reply.usage, model.prices) : undefined;
  ports.append({
    type: 'turn.ended',
    runId,
    turn,
    model: reply.model,
    ...(reply.usage ? { usage: reply.usage } : {}),
    ...(cost === undefined ? {} : { cost }),
    finishReason: reply.finishReason,
    durationMs: ports.now() - startedAt,
    ...(firstTokenAt === undefined ? {} : { firstTokenMs: firstTokenAt - startedAt }),
  });
  const { head } = ports.state();
  const measured =
    (reply.usage && measureReported(reply.usage, estimated, model, head.config)) ??
    measureEstimated(head, estimateRequest(ports.state(), fixed), model);
  ports.append({ type: 'context.measured', ...measured });

  if (status === 'failed') return { status, error: error as Failure };
  if (status === 'replied' && requested.length === 0 && reply.text.trim() === '') {
    return { status: 'failed', error: emptyReply(reply) };
  }
  return status === 'aborted' ? { status } : { status: 'replied' };
}

const streamWithoutEnd = (model: string): ReplyEnd => ({
  status: 'failed',
  reply: { text: '', reasoning: '', calls: [], finishReason: 'unknown', model },
  error: { code: 'internal', message: 'The model client ended without a last event.' },
});

/** Nothing said and nothing asked for is no answer, and would look like one that was lost. */
const emptyReply = ({ finishReason }: ModelReply): Failure => ({
  code: 'provider',
  message:
    finishReason === 'length'
      ? 'The model used up its output limit before it said anything.'
      : 'The model sent an empty reply.',
  hint: 'Send the prompt again, or choose another model.',
});

/** Parses and titles every call of a reply; nothing here runs anything. */
export async function describeCalls(ports: LoopPorts, calls: ModelCall[]) {
  const tools = new Map(ports.tools().map((tool) => [tool.name, tool]));
  const workspace = ports.state().head.config.workspace;
  const seen = new Set<string>();
  return Promise.all(
    calls.map(async (call) => {
      const providerCallId = wireId.test(call.id) && !seen.has(call.id) ? call.id : ports.newId();
      seen.add(providerCallId);
      const { args, malformed } = parseArgs(call.argsText);
      const tool = tools.get(call.name);
      const name = tool ? call.name : call.name.replace(notInNames, '_').slice(0, 64);
      const parsed = malformed ? undefined : tool?.schema.safeParse(args);
      const shown = tool && parsed?.success ? await describeCall(tool, parsed.data, workspace) : undefined;
      return {
        providerCallId,
        tool: name,
        args,
        ...(malformed ? { malformed } : {}),
        kind: tool?.kind ?? ('other' as const),
        title: shown?.title ?? name,
        detail: shown?.detail ?? ({ type: 'json' } as const),
      };
    }),
  );
}

/**
 * What servers take back with the next request, which must not fail for good because of one odd call: ids of visible ASCII, and of
 * tools that there are not, names as a tool could have. Ids of some thousand characters are real and go back as they came: proxies
 * keep a model's signature in them, without which it refuses (BerriAI/litellm#37849).
 */
const wireId = /^[!-~]+$/;
const notInNames = /[^A-Za-z0-9_-]/g;

/** Deeper arguments could not be written down again: JSON is written recursively, though it is not read so. */
const maxDepth = 200;

function parseArgs(text: string): { args: unknown; malformed: boolean } {
  if (text.trim() === '') return { args: {}, malformed: false };
  try {
    const args: unknown = JSON.parse(text);
    return isDeeper(args, maxDepth) ? { args: text, malformed: true } : { args, malformed: false };
  } catch {
    return { args: text, malformed: true };
  }
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1)));
