import { join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../shared/errors.ts';
import { idSchema } from '../../shared/ids.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Log } from '../log.ts';
import { createDocument, type DurableDocument, type Loaded } from './durable-json.ts';
import { type JournalScan, scanJournal } from './journal-read.ts';

/** Where the parts of one session lie. */
export interface SessionPaths {
  folder: string;
  journal: string;
  blobs: string;
  lock: string;
  snapshot: string;
}

export function sessionPaths(sessions: string, id: string): SessionPaths {
  if (!idSchema.safeParse(id).success) throw new WorkbenchError('invalid', 'That is not the id of a session.');
  const folder = join(sessions, id);
  return {
    folder,
    journal: join(folder, 'journal'),
    blobs: join(folder, 'blobs'),
    lock: join(folder, 'lock'),
    snapshot: join(folder, 'session.json'),
  };
}

const snapshotVersion = 1;

/** Our own writing, so its frame is checked and not each item. */
const stateFrame = z.object({
  id: idSchema,
  seq: z.number().int().nonnegative(),
  head: z.object({ config: z.looseObject({}), queue: z.array(z.unknown()), approvals: z.array(z.unknown()) }),
  firstItem: z.number().int().nonnegative(),
  items: z.array(z.looseObject({ kind: z.string(), id: z.string() })),
});

/** `seq` is that of the newest durable event in `state`. */
const snapshotSchema = z.object({
  version: z.literal(snapshotVersion),
  seq: z.number().int().nonnegative(),
  state: z.custom<SessionState>((value) => stateFrame.safeParse(value).success, 'is not the state of a session'),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export const snapshotOf = (seq: number, state: SessionState): Snapshot => ({ version: snapshotVersion, seq, state });

export type SnapshotDocument = DurableDocument<Snapshot | null>;

export const snapshotDocument = (paths: SessionPaths, log: Log): SnapshotDocument =>
  createDocument<Snapshot | null>({ path: paths.snapshot, schema: snapshotSchema, defaults: () => null, log });

export interface SessionContent {
  snapshot?: Snapshot;
  scan: JournalScan;
  problems: string[];
}

/** Snapshot and the journal after it; the whole journal when there is no snapshot that the journal bears out, or none is wanted. */
export async function readContent(
  id: string,
  paths: SessionPaths,
  document: SnapshotDocument | undefined,
  readOnly: boolean,
): Promise<SessionContent> {
  const problems: string[] = [];
  const loaded: Loaded<Snapshot | null> = document ? await document.load({ readOnly }) : { data: null };
  if (loaded.problem !== undefined) problems.push(loaded.problem);
  const snapshot = loaded.data;
  if (snapshot === null) return { scan: await scanJournal(paths.journal, id, 0), problems };
  const scan = await scanJournal(paths.journal, id, snapshot.seq);
  const reached = scan.lastSeq >= snapshot.seq || scan.unreadable.length > 0;
  if (reached && snapshot.state.id === id) return { snapshot, scan, problems };
  problems.push('session.json does not fit the journal, so everything was read from the journal.');
  return { scan: await scanJournal(paths.journal, id, 0), problems };
}
