import { confirmationInForce } from '../../shared/permissions/confirmation.ts';
import { strictest } from '../permissions/evaluate.ts';
import type { Session } from './session.ts';

/**
 * Puts a session into its parent's place, which is about to be left. It was judged with that parent, so the parent's mode, its ask and deny
 * rules and its confirmation policy become the child's own: nothing it may not do today is allowed to it tomorrow.
 */
export function takePlaceOf(child: Session, parent: Session): { flushed: Promise<void> } {
  const above = parent.state.head;
  const own = child.state.head.config;
  const { mode, ask, deny } = strictest([
    { ...own.rules, mode: own.mode },
    { ...above.config.rules, mode: above.config.mode },
  ]);
  const parentsOwn = above.config.confirmation;
  const confirmation = parentsOwn && confirmationInForce(own.confirmation, [parentsOwn]);
  child.append({
    type: 'session.configured',
    changes: { mode, rules: { ...own.rules, ask, deny }, ...(confirmation ? { confirmation } : {}) },
  });
  const place = above.parent ? { parent: { sessionId: above.parent.sessionId } } : {};
  return child.append({ type: 'session.moved', ...place, depth: above.depth });
}

/** One above it has gone up a place, and it with that one. */
export function moveUp(session: Session): { flushed: Promise<void> } {
  const { parent, depth } = session.state.head;
  return session.append({ type: 'session.moved', ...(parent ? { parent } : {}), depth: Math.max(0, depth - 1) });
}
