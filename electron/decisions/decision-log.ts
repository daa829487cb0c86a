import { type DecisionEntry, decisionOf } from '../../shared/decisions/decision.ts';
import { isCall } from '../../shared/session/selectors.ts';
import type { SessionState } from '../../shared/session/state.ts';

export interface DecisionLogDeps {
  sessionIds(): string[];
  /** As it stands, without taking the session. Rejects for one that cannot be read. */
  state(sessionId: string): Promise<SessionState>;
}

/** Every decision of every session, newest first. The journals are its only home: it is read from them when it is asked for. */
export function createDecisionLog({ sessionIds, state }: DecisionLogDeps) {
  return {
    async list(): Promise<DecisionEntry[]> {
      const entries: DecisionEntry[] = [];
      for (const id of sessionIds()) {
        const read = await state(id).catch(() => undefined);
        if (read) entries.push(...decisionsOf(read));
      }
      return entries.sort((a, b) => b.at - a.at);
    },
  };
}

const decisionsOf = ({ id, head, items }: SessionState): DecisionEntry[] =>
  items.filter(isCall).flatMap((call) => {
    const decision = decisionOf(call);
    return decision ? [{ ...decision, sessionId: id, session: head.config.title }] : [];
  });

export const asJsonLines = (entries: DecisionEntry[]): string =>
  entries.map((entry) => `${JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() })}\n`).join('');

const columns: (keyof DecisionEntry)[] = [
  'at',
  'session',
  'sessionId',
  'callId',
  'tool',
  'title',
  'outcome',
  'by',
  'reason',
  'rule',
  'source',
  'rules',
  'comment',
  'granted',
  'edited',
  'editedTo',
  'waitedMs',
];

/** RFC 4180. What a spreadsheet would take for a formula gets a quote before it. */
export function asCsv(entries: DecisionEntry[]): string {
  const rows = entries.map((entry) => columns.map((name) => cell(plain(entry, name))).join(','));
  return [columns.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

function plain(entry: DecisionEntry, name: keyof DecisionEntry): unknown {
  if (name === 'at') return new Date(entry.at).toISOString();
  if (name === 'granted') return entry.granted?.rules.join(' + ');
  return name === 'rules' ? entry.rules?.map(({ rule }) => rule).join(' + ') : entry[name];
}

function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export type DecisionLog = ReturnType<typeof createDecisionLog>;
