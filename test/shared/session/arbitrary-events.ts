import type { EventOf, SessionEvent, SessionEventType } from '../../../shared/session/events.ts';
import {
  approvalOutcomes,
  callStatuses,
  compactionMethods,
  compactionTriggers,
  modelCallKinds,
  runOutcomes,
} from '../../../shared/session/parts.ts';
import { fc } from '../../properties.ts';

/** Few ids, so that generated events often speak of the same things. */
const id = fc.constantFrom('a1', 'b2', 'c3');
const text = fc.string({ maxLength: 8 });
const detail = fc.constant({ type: 'json' as const });
const kind = fc.constantFrom('command' as const, 'edit' as const, 'read' as const);

const byType: { [T in SessionEventType]: fc.Arbitrary<Omit<EventOf<T>, 'type'>> } = {
  'session.created': fc.record({
    config: fc.constant({
      title: 't',
      workspace: '/w',
      mode: 'manual' as const,
      rules: { allow: [], ask: [], deny: [] },
      maxTurns: 50,
    }),
    depth: fc.nat(4),
  }),
  'history.copied': fc.constant({ items: [] }),
  'history.rewound': fc.record({
    branchId: id,
    place: fc.nat(12),
    cause: fc.constantFrom('edit', 'retry', 'clear'),
    title: text,
    compactions: fc.nat(2),
  }),
  'history.restored': fc.record({ branchId: id, leftId: id, title: text }),
  'session.configured': fc.record({
    changes: fc.record({ title: text, profileId: id }),
    unset: fc.subarray(['profileId' as const, 'thinking' as const]),
  }),
  'session.paused': fc.constant({}),
  'session.resumed': fc.constant({}),
  'session.archived': fc.constant({}),
  'session.unarchived': fc.constant({}),
  'session.moved': fc.record({ depth: fc.nat(4) }),
  'session.destroyed': fc.constant({}),
  'prompt.queued': fc.record({ promptId: id, text, by: fc.constant('person' as const), steer: fc.boolean() }),
  'prompt.changed': fc.record({ promptId: id, text }),
  'prompt.moved': fc.record({ promptId: id, place: fc.nat(4) }),
  'prompt.removed': fc.record({ promptId: id }),
  'prompt.steered': fc.record({ promptId: id, runId: id }),
  'skill.loaded': fc.record({
    runId: id,
    name: text,
    source: fc.constantFrom('user', 'workspace'),
    promptId: fc.option(id, { nil: undefined }),
    text: fc.option(text, { nil: undefined }),
    allowedTools: fc.option(fc.constant(['Read']), { nil: undefined }),
  }),
  'run.held': fc.record({ runId: id }),
  'run.started': fc.record({ runId: id, promptId: id }),
  'run.ended': fc.record({ runId: id, outcome: fc.constantFrom(...runOutcomes) }),
  'turn.started': fc.record({ runId: id, turn: fc.nat(5), messageId: id, model: text }),
  'turn.ended': fc.record({
    runId: id,
    turn: fc.nat(5),
    model: text,
    usage: fc.option(fc.record({ input: fc.nat(), output: fc.nat() }), { nil: undefined }),
    cost: fc.option(fc.nat(9), { nil: undefined }),
    finishReason: text,
    durationMs: fc.nat(),
  }),
  'model.called': fc.record({
    kind: fc.constantFrom(...modelCallKinds),
    model: text,
    usage: fc.option(fc.record({ input: fc.nat(), output: fc.nat() }), { nil: undefined }),
    cost: fc.option(fc.nat(9), { nil: undefined }),
  }),
  'turn.retrying': fc.record({ runId: id, attempt: fc.nat(4), delayMs: fc.nat(), reason: text }),
  'message.delta': fc.record({ messageId: id, text }),
  'reasoning.delta': fc.record({ messageId: id, text }),
  'call.delta': fc.record({ messageId: id, index: fc.nat(3), tool: text, chars: fc.nat() }),
  'message.completed': fc.record({ messageId: id, runId: id, text }),
  'call.requested': fc.record({
    callId: id,
    runId: id,
    turn: fc.nat(5),
    index: fc.nat(3),
    providerCallId: text,
    tool: text,
    args: fc.constant({}),
    title: text,
    kind,
    detail,
  }),
  'call.decided': fc.record({ callId: id, decision: fc.constantFrom('allow', 'ask', 'deny'), reason: text }),
  'call.started': fc.record({ callId: id }),
  'process.started': fc.record({ callId: id, pid: fc.nat(), startTime: text }),
  'call.output': fc.record({ callId: id, text }),
  'call.ended': fc.record({ callId: id, status: fc.constantFrom(...callStatuses), output: text, durationMs: fc.nat() }),
  'approval.requested': fc.record({
    approvalId: id,
    kind: fc.constant('call' as const),
    callId: id,
    tool: text,
    title: text,
    toolKind: kind,
    args: fc.constant({}),
    detail,
    hash: text,
    reason: text,
    risk: fc.constant({ level: 'low' as const, reasons: [] }),
  }),
  'approval.deferred': fc.record({ approvalId: id, deferred: fc.boolean() }),
  'approval.scheduled': fc.record({
    approvalId: id,
    clock: fc.option(fc.record({ timeoutMs: fc.nat(), deadline: fc.nat() }), { nil: undefined }),
  }),
  'approval.resolved': fc.record({
    approvalId: id,
    callId: id,
    outcome: fc.constantFrom(...approvalOutcomes),
    by: fc.constantFrom('person', 'workbench', 'rule', 'confirmation'),
    originalHash: text,
    finalHash: text,
    finalArgs: fc.option(fc.record({ command: text }), { nil: undefined }),
    finalTitle: fc.option(text, { nil: undefined }),
    granted: fc.option(
      fc.record({ rules: fc.array(text, { maxLength: 2 }), scope: fc.constantFrom('session', 'user') }),
      {
        nil: undefined,
      },
    ),
    places: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
  }),
  'context.measured': fc.record({ used: fc.nat(), source: fc.constantFrom('reported', 'estimated') }),
  'context.compacting': fc.record({ trigger: fc.constantFrom(...compactionTriggers) }),
  'context.compacted': fc.record({
    compactionId: id,
    method: fc.constantFrom(...compactionMethods),
    auto: fc.boolean(),
    trigger: fc.constantFrom(...compactionTriggers),
    keepFrom: fc.option(id, { nil: undefined }),
    pruneBefore: fc.option(id, { nil: undefined }),
    summary: fc.option(text, { nil: undefined }),
    gone: fc.nat(9),
    tokensBefore: fc.nat(),
    tokensAfter: fc.nat(),
    window: fc.option(fc.nat(), { nil: undefined }),
    insufficient: fc.boolean(),
    modelCalls: fc.nat(3),
  }),
  'context.compactionFailed': fc.record({ auto: fc.boolean(), reason: text, modelCalls: fc.nat(3) }),
  'context.restored': fc.record({ compactionId: id, tokensAfter: fc.nat() }),
  'summary.changed': fc.record({ compactionId: id, text }),
  'item.pinned': fc.record({ itemId: id, pinned: fc.boolean() }),
  'item.dropped': fc.record({ itemId: id, dropped: fc.boolean() }),
  'budget.extended': fc.record({
    scope: fc.constantFrom('session', 'tree'),
    measure: fc.constantFrom('tokens', 'cost'),
    more: fc.nat(9),
  }),
  'child.spawned': fc.record({ childId: id, callId: id, title: text }),
  'notice.posted': fc.record({ noticeId: id, level: fc.constant('info' as const), text }),
};

/** Any event of one type. */
export function arbitraryOf(type: SessionEventType): fc.Arbitrary<SessionEvent> {
  const shape: fc.Arbitrary<object> = byType[type];
  return shape.map((fields) => ({ type, ...fields }) as SessionEvent);
}

/** Any event of any type. A type without a generator here does not compile. */
export const arbitraryEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  ...(Object.keys(byType) as SessionEventType[]).map((type) => arbitraryOf(type)),
);
