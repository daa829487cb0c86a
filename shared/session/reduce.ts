import type { Id } from '../ids.ts';
import { updateCall, updateLast, updateMessage, updatePrompt, withHead, withItem, withRun } from './changes.ts';
import { afterCompaction, afterRestore, rewoundPlan, withDropped, withPinned } from './context-plan.ts';
import { isDurable } from './durability.ts';
import type { Envelope, EventOf, SessionEventType } from './events.ts';
import { billed } from './ledger.ts';
import { leftBranch, lineFrom, lineOfBranch } from './line.ts';
import type { Item, MessageItem, PendingApproval, SessionHead, SessionState, SummaryItem } from './state.ts';
import { workAfter } from './work.ts';

/** What a running call has printed is kept to this many characters, newest last. */
const liveOutputLimit = 64 * 1024;

/** The state of a session before its first event. */
export function emptySession(id: Id): SessionState {
  return {
    id,
    seq: 0,
    firstItem: 0,
    items: [],
    head: {
      config: { title: '', workspace: '', mode: 'manual', rules: { allow: [], ask: [], deny: [] }, maxTurns: 50 },
      depth: 0,
      createdAt: 0,
      updatedAt: 0,
      destroyed: false,
      queue: [],
      approvals: [],
      totals: { input: 0, output: 0, cachedInput: 0, modelCalls: 0, cost: 0, unpriced: 0 },
      children: [],
    },
  };
}

/**
 * The one reducer: in the main process, in the renderer and in replay from disk. Pure and total: an event about something it does
 * not hold (an item before `firstItem`, an approval already settled) changes nothing but `seq`. It never mutates `state`.
 */
export function reduceSession(state: SessionState, envelope: Envelope): SessionState {
  const { event, at, seq } = envelope;
  const handler = handlers[event.type] as Handler<SessionEventType>;
  const next = handler(state, event, at);
  if (!isDurable(event.type)) return { ...next, seq };
  const head: SessionHead = { ...billed(next.head, envelope), updatedAt: at };
  const work = workAfter(state.head, head, event, at);
  return { ...next, head: work ? { ...head, work } : head, seq };
}

type Handler<T extends SessionEventType> = (state: SessionState, event: EventOf<T>, at: number) => SessionState;

const handlers: { [T in SessionEventType]: Handler<T> } = {
  'session.created': (state, event, at) =>
    withHead(state, {
      config: event.config,
      parent: event.parent,
      depth: event.depth,
      createdAt: at,
      forkedFrom: event.forkedFrom,
    }),
  'history.copied': (state, { items, contextPlan }) => ({
    ...withHead(state, contextPlan ? { contextPlan } : {}),
    items: [...state.items, ...items],
  }),
  'history.rewound': (state, { branchId, place, title, compactions }, at) => {
    const ended = withEndOf(state, at);
    const line = lineFrom(ended, place);
    const branches = [...(state.head.branches ?? []), ...leftBranch(ended, line, { id: branchId, at, title })];
    const contextPlan = rewoundPlan(state.head, compactions);
    return withHead(ended, { line, branches, contextPlan, run: undefined, context: undefined });
  },
  'history.restored': (state, { branchId, leftId, title }, at) => {
    const branch = state.head.branches?.find((one) => one.id === branchId);
    if (!branch) return state;
    const others = state.head.branches?.filter((one) => one !== branch) ?? [];
    const ended = withHead(withEndOf(state, at), { branches: others });
    const line = lineOfBranch(ended, branch);
    const branches = [...others, ...leftBranch(ended, line, { id: leftId, at, title })];
    const { context, contextPlan } = branch;
    return withHead(ended, { line, branches, contextPlan, run: undefined, context });
  },
  'session.configured': (state, { changes, unset }) => {
    const config = { ...state.head.config, ...changes };
    for (const name of unset ?? []) delete config[name];
    return withHead(state, { config });
  },
  'session.paused': (state, _event, at) => withHead(state, { pausedAt: state.head.pausedAt ?? at }),
  'session.resumed': (state, _event, at) => released(withHead(state, { pausedAt: undefined }), at),
  'session.archived': (state, _event, at) => withHead(state, { archivedAt: at }),
  'session.unarchived': (state) => withHead(state, { archivedAt: undefined }),
  'session.moved': (state, { parent, depth }) => withHead(state, { parent, depth }),
  'session.destroyed': (state) => withHead(state, { destroyed: true }),

  'prompt.queued': (state, { promptId, text, by, steer, call }, at) => {
    const how = { ...(steer ? { steer } : {}), ...(call ? { call } : {}) };
    return withHead(state, { queue: [...state.head.queue, { id: promptId, at, text, by, ...how }] });
  },
  'prompt.changed': (state, { type: _type, promptId, ...changes }) => {
    // What is written anew is a prompt like any other: a call would no longer be what its text says.
    const next = changes.text === undefined ? changes : { ...changes, call: undefined };
    return withHead(state, { queue: state.head.queue.map((p) => (p.id === promptId ? { ...p, ...next } : p)) });
  },
  'prompt.moved': (state, { promptId, place }) => {
    const prompt = state.head.queue.find((p) => p.id === promptId);
    if (!prompt) return state;
    const others = state.head.queue.filter((p) => p !== prompt);
    return withHead(state, { queue: [...others.slice(0, place), prompt, ...others.slice(place)] });
  },
  'prompt.removed': (state, { promptId }) =>
    withHead(state, { queue: state.head.queue.filter((p) => p.id !== promptId) }),

  'prompt.steered': (state, { promptId, runId }, at) => {
    const prompt = state.head.queue.find((p) => p.id === promptId);
    if (!prompt) return state;
    const taken = withHead(state, { queue: state.head.queue.filter((p) => p !== prompt) });
    const { text, by } = prompt;
    return withItem(taken, { kind: 'prompt', id: promptId, at, runId, text, by, steered: true });
  },

  'run.started': (state, { runId, promptId }, at) => {
    const prompt = state.head.queue.find((p) => p.id === promptId);
    const started = withHead(withEndOf(state, at), {
      run: { id: runId, promptId, startedAt: at, turn: 0 },
      queue: state.head.queue.filter((p) => p.id !== promptId),
    });
    if (!prompt) return started;
    const { text, by, call } = prompt;
    return withItem(started, { kind: 'prompt', id: promptId, at, runId, text, by, ...(call ? { call } : {}) });
  },
  'skill.loaded': (state, { runId, name, source, promptId, text, allowedTools }) => {
    if (state.head.run?.id !== runId) return state;
    const { skills = [] } = state.head.run;
    const loaded = withRun(state, { skills: [...skills, { name, source, ...(allowedTools ? { allowedTools } : {}) }] });
    if (promptId === undefined || text === undefined) return loaded;
    return updatePrompt(loaded, promptId, (prompt) => ({ ...prompt, skill: { name, source, text } }));
  },
  'run.held': (state, { runId }, at) => (state.head.run?.id === runId ? withRun(state, { heldAt: at }) : state),
  'run.ended': (state, { runId, outcome, error }, at) => {
    if (state.head.run?.id !== runId) return state;
    // What was to steer this run waits like any other prompt now.
    const queue = state.head.queue.map((p) => (p.steer ? { ...p, steer: undefined } : p));
    const closed = withRun(released(state, at), {
      endedAt: at,
      outcome,
      error,
      retry: undefined,
      compacting: undefined,
    });
    const ended = withHead(closed, { queue });
    return updateLast(ended, isStreaming, (message) => ({ ...message, streaming: false, partial: true, drafts: [] }));
  },

  'turn.started': (state, { runId, turn, messageId, model }, at) =>
    withItem(withRun(released(state, at), { turn, retry: undefined, compacting: undefined }), {
      kind: 'message',
      id: messageId,
      at,
      runId,
      turn,
      model,
      text: '',
      reasoning: '',
      streaming: true,
      partial: false,
      drafts: [],
    }),
  'turn.ended': (state) => withRun(state, { retry: undefined }),
  'model.called': (state) => state,
  'turn.retrying': (state, { attempt, delayMs, reason }) => withRun(state, { retry: { attempt, delayMs, reason } }),

  'message.delta': (state, { messageId, text }) =>
    updateMessage(state, messageId, (m) => ({ ...m, text: m.text + text })),
  'reasoning.delta': (state, { messageId, text }) =>
    updateMessage(state, messageId, (m) => ({ ...m, reasoning: m.reasoning + text })),
  'call.delta': (state, { messageId, index, tool, chars }) =>
    updateMessage(state, messageId, (m) => ({
      ...m,
      drafts: [...m.drafts.filter((d) => d.index !== index), { index, tool, chars }].sort((a, b) => a.index - b.index),
    })),
  'message.completed': (state, { messageId, text, reasoning, partial }) =>
    updateMessage(state, messageId, (m) => ({
      ...m,
      text,
      reasoning: reasoning ?? '',
      partial: partial ?? false,
      streaming: false,
      drafts: [],
    })),

  'call.requested': (state, event, at) =>
    withItem(state, {
      kind: 'call',
      id: event.callId,
      at,
      runId: event.runId,
      turn: event.turn,
      index: event.index,
      providerCallId: event.providerCallId,
      tool: event.tool,
      title: event.title,
      toolKind: event.kind,
      args: event.args,
      malformed: event.malformed ?? false,
      detail: event.detail,
      state: 'requested',
      liveOutput: '',
    }),
  'call.decided': (state, { type: _type, callId, ...decision }, at) =>
    updateCall(state, callId, (call) => ({
      ...call,
      decision: { ...decision, at },
      state: decision.decision === 'allow' ? 'approved' : call.state,
    })),
  'call.started': (state, { callId }, at) =>
    updateCall(state, callId, (call) => ({ ...call, state: 'running', startedAt: at })),
  'process.started': (state, { callId, pid, startTime }) =>
    updateCall(state, callId, (call) => ({ ...call, process: { pid, startTime } })),
  'call.output': (state, { callId, text }) =>
    updateCall(state, callId, (call) => ({ ...call, liveOutput: tail(call.liveOutput + text) })),
  'call.ended': (state, { type: _type, callId, status, ...result }) =>
    updateCall(state, callId, (call) => ({ ...call, state: status, liveOutput: '', result })),

  'approval.requested': (state, { type: _type, approvalId, ...shown }, at) => {
    const approval: PendingApproval = { ...shown, id: approvalId, at, args: shown.args, deferred: false };
    const asked = withHead(state, { approvals: [...state.head.approvals, approval] });
    return updateCall(asked, shown.callId, (call) => ({
      ...call,
      state: 'waiting',
      approval: { id: approvalId, askedAt: at },
    }));
  },
  'approval.deferred': (state, { approvalId, deferred }) => {
    const approval = state.head.approvals.find((a) => a.id === approvalId);
    if (!approval) return state;
    const approvals = state.head.approvals.map((a) => (a === approval ? { ...a, deferred } : a));
    return updateCall(withHead(state, { approvals }), approval.callId, (call) => ({
      ...call,
      state: deferred ? 'setAside' : 'waiting',
    }));
  },
  'approval.scheduled': (state, { approvalId, clock }) =>
    withHead(state, { approvals: state.head.approvals.map((a) => (a.id === approvalId ? { ...a, clock } : a)) }),
  'approval.resolved': (
    state,
    { approvalId, callId, outcome, by, comment, reason, rule, source, rules, finalArgs, finalTitle, places, granted },
    at,
  ) => {
    const asked = finalArgs === undefined ? undefined : state.head.approvals.find((a) => a.id === approvalId)?.args;
    const approvals = state.head.approvals.filter((a) => a.id !== approvalId);
    return updateCall(withHead(state, { approvals }), callId, (call) => ({
      ...call,
      state: outcome === 'allowed' ? 'approved' : call.state,
      approval: {
        id: approvalId,
        askedAt: call.approval?.askedAt,
        answeredAt: at,
        outcome,
        by,
        comment,
        reason,
        rule,
        source,
        rules,
        askedArgs: asked,
        finalArgs,
        finalTitle,
        places,
        granted,
      },
    }));
  },

  'context.measured': (state, { type: _type, ...context }) => withHead(state, { context }),
  'context.compacting': (state) => withRun(state, { compacting: true }),
  'context.compacted': (state, event, at) => {
    const { compactionId: id, method, auto, summary, gone, tokensBefore, tokensAfter, reason, insufficient } = event;
    const done = withRun(withHead(state, afterCompaction(state.head, event)), { compacting: undefined });
    const text = summary ?? '';
    return withItem(done, {
      kind: 'summary',
      id,
      at,
      method,
      auto,
      text,
      edited: false,
      gone,
      tokensBefore,
      tokensAfter,
      reason,
      insufficient,
    });
  },
  'context.compactionFailed': (state) => withRun(state, { compacting: undefined }),
  'context.restored': (state, event) => withHead(state, afterRestore(state.head, event)),
  'summary.changed': (state, { compactionId, text }) =>
    updateLast(
      state,
      (item): item is SummaryItem => item.kind === 'summary' && item.id === compactionId,
      (item) => ({ ...item, text, edited: true }),
    ),
  'item.pinned': (state, { itemId, pinned }) => withHead(state, withPinned(state.head, itemId, pinned)),
  'item.dropped': (state, { itemId, dropped }) => withHead(state, withDropped(state.head, itemId, dropped)),
  'budget.extended': (state, { scope, measure, more }) => {
    const { budgetGrants: grants = {} } = state.head;
    const granted = { ...grants[scope], [measure]: (grants[scope]?.[measure] ?? 0) + more };
    return withHead(state, { budgetGrants: { ...grants, [scope]: granted } });
  },
  'child.spawned': (state, { childId, callId }) => {
    const spawned = withHead(state, { children: [...state.head.children, childId] });
    return updateCall(spawned, callId, (call) => ({ ...call, childId }));
  },
  'notice.posted': (state, { noticeId, level, text, hint }, at) =>
    withItem(state, { kind: 'notice', id: noticeId, at, level, text, hint }),
};

/** How the last run ended stays in the transcript once another one begins; a completed run has its answer there. */
function withEndOf(state: SessionState, at: number): SessionState {
  const { run } = state.head;
  if (!run?.outcome || run.outcome === 'completed') return state;
  const level = run.outcome === 'failed' ? 'error' : 'info';
  const text = run.error?.message ?? endings[run.outcome];
  return withItem(state, { kind: 'notice', id: run.id, at: run.endedAt ?? at, level, text });
}

const endings = {
  failed: 'The run failed.',
  cancelled: 'You stopped this run.',
  limit: 'The run reached its limit.',
  interrupted: 'The run was interrupted.',
};

/** The run goes on, or ends: the time it was held is counted apart. */
function released(state: SessionState, at: number): SessionState {
  const { run } = state.head;
  if (run?.heldAt === undefined) return state;
  return withRun(state, { heldAt: undefined, heldMs: (run.heldMs ?? 0) + at - run.heldAt });
}

const tail = (text: string): string => (text.length > liveOutputLimit ? text.slice(-liveOutputLimit) : text);

const isStreaming = (item: Item): item is MessageItem => item.kind === 'message' && item.streaming;
