import { z } from 'zod';
import type { QueuedApproval, SessionSummary } from '../../shared/app/state.ts';
import { idSchema } from '../../shared/ids.ts';
import { modelCallKinds, modeSchema, rulesSchema, shownApproval } from '../../shared/session/events.ts';
import type { LedgerRow } from '../../shared/session/ledger.ts';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';
import { explain } from './storage-error.ts';

export interface IndexEntry {
  summary: SessionSummary;
  /** Length of the journal that the summary was made from; another length on disk means that the summary is out of date. */
  journalBytes: number;
  approvals: QueuedApproval[];
  ledger: LedgerRow[];
}

export type IndexEntries = Record<string, IndexEntry>;

/** The cache of the session list in `index.json`. Losing it costs reading the sessions, never a fact. */
export interface SessionIndex {
  /** What is cached; empty when the file is missing, damaged or of another version, and the caller then rebuilds it. Never throws. */
  load(): Promise<IndexEntries>;
  /**
   * Remembers an entry; written ten seconds after the first change, together with all that came meanwhile: the file holds every session,
   * and what it lacks after a crash costs reading those that changed last.
   */
  put(id: string, entry: IndexEntry): void;
  remove(id: string): void;
  /** Writes what is waiting now. Never rejects: a failure is logged and the next change tries again. */
  flush(): Promise<void>;
}

export interface SessionIndexOptions {
  path: string;
  log: Log;
  /** For processes other than the window's: `put`, `remove` and `flush` do nothing. */
  readOnly?: boolean;
  delayMs?: number;
}

const version = 1;

const summarySchema: z.ZodType<SessionSummary> = z.object({
  id: idSchema,
  title: z.string(),
  workspace: z.string(),
  parentId: idSchema.optional(),
  depth: z.number(),
  status: z.custom<SessionSummary['status']>((value) => typeof value === 'string'),
  mode: modeSchema,
  rules: rulesSchema.optional(),
  profileId: idSchema.optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  waiting: z.number(),
  setAside: z.number(),
  queued: z.number(),
  context: z
    .object({
      used: z.number(),
      window: z.number().optional(),
      source: z.enum(['reported', 'estimated']),
      windowSource: z.enum(['setting', 'endpoint', 'catalogue']).optional(),
    })
    .optional(),
  totals: z.object({
    input: z.number(),
    output: z.number(),
    cachedInput: z.number(),
    modelCalls: z.number(),
    cost: z.number(),
    unpriced: z.number(),
  }),
  work: z
    .object({
      turns: z.number(),
      ms: z.number(),
      since: z.number().optional(),
      open: z.array(z.object({ id: idSchema, task: z.boolean() })),
    })
    .optional(),
  archived: z.boolean().optional(),
  activity: z.string(),
  paused: z.boolean().optional(),
  unsaved: z.string().optional(),
  store: z.string().optional(),
  elsewhere: z.boolean().optional(),
  damaged: z.string().optional(),
});

const approvalSchema: z.ZodType<QueuedApproval> = z.object({
  id: idSchema,
  at: z.number(),
  ...shownApproval,
  deferred: z.boolean(),
  sessionId: idSchema,
  path: z.array(z.object({ id: idSchema, title: z.string() })),
  workspace: z.string(),
});

const ledgerRowSchema: z.ZodType<LedgerRow> = z.object({
  hour: z.number(),
  model: z.string(),
  kind: z.enum(['turn', ...modelCallKinds]),
  calls: z.number(),
  input: z.number(),
  output: z.number(),
  cachedInput: z.number(),
  cost: z.number(),
  unpriced: z.number(),
});

const indexSchema = z.object({
  version: z.number(),
  sessions: z.record(idSchema, z.unknown()),
});

const entrySchema: z.ZodType<IndexEntry> = z.object({
  summary: summarySchema,
  journalBytes: z.number().int().nonnegative(),
  approvals: z.array(approvalSchema),
  ledger: z.array(ledgerRowSchema),
});

export function createSessionIndex({
  path,
  log,
  readOnly = false,
  delayMs = 10_000,
}: SessionIndexOptions): SessionIndex {
  const defaults = (): z.infer<typeof indexSchema> => ({ version, sessions: {} });
  const document = createDocument({ path, schema: indexSchema, defaults, log, makeFolder: true });
  const entries = new Map<string, IndexEntry>();
  let timer: NodeJS.Timeout | undefined;
  let changed = false;

  function schedule(): void {
    if (readOnly) return;
    changed = true;
    timer ??= setTimeout(() => void flush(), delayMs);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!changed) return document.idle();
    changed = false;
    try {
      await document.save({ version, sessions: Object.fromEntries(entries) });
    } catch (error) {
      changed = true;
      log.warn('The session index could not be written', { path, reason: explain(error) });
    }
  }

  return {
    async load() {
      entries.clear();
      try {
        const { data } = await document.load({ readOnly });
        // One entry that does not fit costs reading that session, not all of them.
        for (const [id, stored] of Object.entries(data.version === version ? data.sessions : {})) {
          const parsed = entrySchema.safeParse(stored);
          if (parsed.success && parsed.data.summary.id === id) entries.set(id, parsed.data);
        }
      } catch (error) {
        log.warn('The session index could not be read', { path, reason: explain(error) });
      }
      return Object.fromEntries(entries);
    },
    put(id, entry) {
      entries.set(id, entry);
      schedule();
    },
    remove(id) {
      if (entries.delete(id)) schedule();
    },
    flush,
  };
}
