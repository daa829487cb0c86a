import type { SessionEventType } from './events.ts';

/**
 * Replay law: whatever an ephemeral event built is replaced by a later durable one, so the disk alone rebuilds the state at every
 * turn end. A new event type does not compile until it is declared here.
 */
const durability: Record<SessionEventType, 'durable' | 'ephemeral'> = {
  'session.created': 'durable',
  'session.configured': 'durable',
  'session.paused': 'durable',
  'session.resumed': 'durable',
  'session.archived': 'durable',
  'session.unarchived': 'durable',
  'session.destroyed': 'durable',
  'prompt.queued': 'durable',
  'prompt.changed': 'durable',
  'prompt.moved': 'durable',
  'prompt.removed': 'durable',
  'prompt.steered': 'durable',
  'run.started': 'durable',
  'run.held': 'durable',
  'run.ended': 'durable',
  'turn.started': 'durable',
  'turn.ended': 'durable',
  'model.called': 'durable',
  'turn.retrying': 'ephemeral',
  'message.delta': 'ephemeral',
  'reasoning.delta': 'ephemeral',
  'call.delta': 'ephemeral',
  'message.completed': 'durable',
  'call.requested': 'durable',
  'call.decided': 'durable',
  'call.started': 'durable',
  'process.started': 'durable',
  'call.output': 'ephemeral',
  'call.ended': 'durable',
  'approval.requested': 'durable',
  'approval.deferred': 'durable',
  'approval.resolved': 'durable',
  'context.measured': 'durable',
  'context.compacting': 'ephemeral',
  'context.compacted': 'durable',
  'context.compactionFailed': 'durable',
  'context.restored': 'durable',
  'summary.changed': 'durable',
  'item.pinned': 'durable',
  'item.dropped': 'durable',
  'budget.extended': 'durable',
  'child.spawned': 'durable',
  'notice.posted': 'durable',
};

export const isDurable = (type: SessionEventType): boolean => durability[type] === 'durable';
