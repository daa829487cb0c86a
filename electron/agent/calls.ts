import pLimit from 'p-limit';
import { z } from 'zod';
import { toFailure } from '../../shared/errors.ts';
import type { CallStatus } from '../../shared/session/parts.ts';
import type { CallItem } from '../../shared/session/state.ts';
import type { Tool } from '../tools/tool.ts';
import { firstOf, outcomeOfAbort } from './abort.ts';
import { repeatedCall } from './loop-guards.ts';
import type { LoopPorts, Resolution } from './ports.ts';

/** Concurrent calls of one turn that may run at the same time. */
const atOnce = 8;

/**
 * Takes every open call of a turn to its end. All questions of a reply are asked at once; execution keeps the model's order: a call
 * that is not concurrent waits for all before it, and all after it wait for it.
 */
export async function settleCalls(ports: LoopPorts, calls: CallItem[], signal: AbortSignal): Promise<void> {
  const tools = new Map(ports.tools().map((tool) => [tool.name, tool]));
  const limit = pLimit(atOnce);
  const all: Promise<void>[] = [];
  let lastExclusive: Promise<unknown> = Promise.resolve();
  let lastAsked: Promise<void> = Promise.resolve();
  for (const call of calls) {
    const tool = tools.get(call.tool);
    const concurrent = tool?.concurrent ?? true;
    const turnToRun = concurrent ? lastExclusive : Promise.all(all);
    const run = (task: () => Promise<void>) => (concurrent ? limit(task) : task());
    const turnToAsk = turnAfter(lastAsked);
    lastAsked = turnToAsk.done;
    const settled = settleCall(ports, call, tool, turnToAsk, turnToRun, run, signal).catch((thrown) =>
      end(ports, call, 'error', `Not completed, for a defect: ${toFailure(thrown).message}`),
    );
    all.push(settled);
    if (!concurrent) lastExclusive = settled;
  }
  await Promise.all(all);
}

/** Questions stand in the queue in the order of the calls, however long it took to judge each. */
interface Turn {
  before: Promise<void>;
  done: Promise<void>;
  end(): void;
}

function turnAfter(before: Promise<void>): Turn {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { before, done: Promise.all([before, ended]).then(() => undefined), end };
}

/** One pipeline for every call, from whatever source: schema → decision → approval → execution → record. */
async function settleCall(
  ports: LoopPorts,
  call: CallItem,
  tool: Tool | undefined,
  turnToAsk: Turn,
  turnToRun: Promise<unknown>,
  run: (task: () => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const checked = check(ports, call, tool);
  if ('refusal' in checked) {
    turnToAsk.end();
    return end(ports, call, 'error', checked.refusal);
  }

  const permitted = await permit(ports, call, checked.tool, checked.args, turnToAsk, signal).finally(turnToAsk.end);
  if ('status' in permitted) return end(ports, call, permitted.status, permitted.output);

  await turnToRun;
  await run(() => execute(ports, call, checked.tool, permitted, signal));
}

function check(
  ports: LoopPorts,
  call: CallItem,
  tool: Tool | undefined,
): { refusal: string } | { tool: Tool; args: unknown } {
  if (!tool) {
    const names = ports.tools().map((known) => known.name);
    return { refusal: `There is no tool "${call.tool}". The tools are: ${names.join(', ')}.` };
  }
  if (call.malformed)
    return {
      refusal: `The arguments are not valid JSON, or nested more than 200 levels deep, so nothing was run. Send one JSON object.`,
    };
  const parsed = tool.schema.safeParse(call.args);
  if (!parsed.success) return { refusal: `Wrong arguments for ${tool.name}:\n${z.prettifyError(parsed.error)}` };
  const repeated = call.state === 'requested' ? repeatedCall(ports.state(), call) : undefined;
  return repeated ? { refusal: repeated } : { tool, args: parsed.data };
}

const notRun = 'Stopped before it began; it was not run.';

interface Permitted {
  args: unknown;
  note?: string;
}

/** Asks whom it must. A call that was decided before a restart is taken up where it stood. */
async function permit(
  ports: LoopPorts,
  call: CallItem,
  tool: Tool,
  args: unknown,
  turn: Turn,
  signal: AbortSignal,
): Promise<Permitted | { status: CallStatus; output: string }> {
  if (call.state === 'approved' || call.state === 'running') {
    const { finalArgs, comment } = call.approval ?? {};
    return { args: finalArgs ?? args, note: noteOf(finalArgs, comment) };
  }
  let reason = call.decision?.reason ?? '';
  let { rule, sandbox } = call.decision ?? {};
  if (call.state === 'requested') {
    const decision = await ports.decide(tool, call, args);
    ports.append({ type: 'call.decided', callId: call.id, ...decision });
    if (decision.decision === 'allow') return { args };
    if (decision.decision === 'deny') return { status: 'denied', output: `Denied: ${decision.reason}` };
    ({ reason, rule, sandbox } = decision);
  }
  const risk = await ports.assessRisk(call, args);
  await turn.before;
  const kind = tool.asks ? { kind: tool.asks } : {};
  const answer = ports.ask({ call, args, reason, rule, risk, ...kind, ...(sandbox ? { sandbox } : {}) }, signal);
  turn.end();
  return afterAnswer(await answer, tool.asks);
}

/** The model is always told what truly happened to its call. */
function afterAnswer(answer: Resolution, asks: Tool['asks']): Permitted | { status: CallStatus; output: string } {
  const said = answer.comment ? `\nThey said: ${answer.comment}` : '';
  switch (answer.outcome) {
    case 'allowed': {
      const note = noteOf(answer.edited ? answer.args : undefined, answer.comment);
      return { args: answer.args, note: answer.settledBy?.unanswered ? `[${answer.settledBy.reason}.]` : note };
    }
    case 'denied':
      if (answer.settledBy) return { status: 'denied', output: `Denied: ${answer.settledBy.reason}` };
      if (asks === 'plan')
        return { status: 'denied', output: `The person did not approve the plan: it needs more work.${said}` };
      return {
        status: 'denied',
        output: `Denied by the person; it was not run. Do not make the same call again.${said}`,
      };
    case 'timedOut':
      return {
        status: 'timedOut',
        output: `${answer.settledBy?.reason ?? 'Nobody answered in time'}; it was not run. This is not a refusal by the person.`,
      };
    case 'cancelled':
      if (answer.settledBy) return { status: 'cancelled', output: `${answer.settledBy.reason}; it was not run.` };
      return { status: 'cancelled', output: 'Cancelled by a stop while it waited for approval; it was not run.' };
    case 'interrupted':
      return { status: 'interrupted', output: 'Interrupted while it waited for approval; it was not run.' };
  }
}

/** What stands before the result when the person changed the call or said something about it. */
function noteOf(edited: unknown, comment: string | undefined): string | undefined {
  const notes: string[] = [];
  if (edited !== undefined) {
    notes.push(`[The person edited this call before allowing it. What ran: ${JSON.stringify(edited)}]`);
  }
  if (comment) notes.push(`[The person's comment: ${comment}]`);
  return notes.length > 0 ? notes.join('\n') : undefined;
}

async function execute(
  ports: LoopPorts,
  call: CallItem,
  tool: Tool,
  { args, note }: Permitted,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return end(ports, call, outcomeOfAbort(signal), notRun);
  if (call.state !== 'running') {
    const started = ports.append({ type: 'call.started', callId: call.id });
    const { reads, writes, runs, network } = tool.effects;
    // What only reads leaves nothing behind that a lost start would have to account for: it is written meanwhile. What has no effect
    // on files may make a child all the same, which a lost start would make twice; a disk that refuses does not hold it up.
    if (writes || runs || network) await firstOf(started.flushed, signal);
    else if (reads) void started.flushed;
    else await firstOf(ports.saved(started), signal);
    if (signal.aborted) return end(ports, call, outcomeOfAbort(signal), notRun);
  }
  const startedAt = ports.now();
  const result = await ports.execute(tool, call, args, signal);
  const status = result.status === 'cancelled' ? outcomeOfAbort(signal) : result.status;
  const output = note ? `${note}\n${result.output}` : result.output;
  ports.append({ type: 'call.ended', callId: call.id, ...result, status, output, durationMs: ports.now() - startedAt });
}

function end(ports: LoopPorts, call: CallItem, status: CallStatus, output: string): void {
  ports.append({ type: 'call.ended', callId: call.id, status, output, durationMs: 0 });
}
