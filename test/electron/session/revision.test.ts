import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replay, Session } from '../../../electron/session/session.ts';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import type { SessionLog } from '../../../electron/storage/session-store.ts';
import { isDurable } from '../../../shared/session/durability.ts';
import type { SessionEvent } from '../../../shared/session/events.ts';
import { quiet, tempFolder } from '../../flow/harness.ts';
import { mountWorks } from '../../flow/mounted-disk.ts';
import { RevisionWatch } from '../../flow/revision-watch.ts';
import { smallDisk } from '../../flow/small-disk.ts';
import { fc } from '../../properties.ts';
import { arbitraryEvent, arbitraryOf } from '../../shared/session/arbitrary-events.ts';

const long = (length: number): SessionEvent => ({
  type: 'notice.posted',
  noticeId: 'long',
  level: 'info',
  text: 'x'.repeat(length),
});

type Step = { does: 'append'; events: SessionEvent[] } | { does: 'wait' | 'snapshot' | 'reopen' | 'fill' | 'makeRoom' };

const events = fc.oneof(
  { weight: 4, arbitrary: fc.array(arbitraryEvent, { minLength: 1, maxLength: 6 }) },
  { weight: 2, arbitrary: fc.array(arbitraryOf('message.delta'), { minLength: 1, maxLength: 6 }) },
  // Some of it fits in the last page, so that a full disk takes a part of what is written.
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 100, max: 6000 }).map(long), { minLength: 1, maxLength: 4 }) },
);
const does = (...names: Exclude<Step['does'], 'append'>[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...names).map((does) => ({ does }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: events.map((events) => ({ does: 'append' as const, events })) },
  { weight: 3, arbitrary: does('wait', 'snapshot', 'reopen') },
  { weight: 2, arbitrary: does('fill', 'makeRoom') },
);

const canFail = mountWorks();
const runs = 25;

it(`whatever a session does and its disk refuses, no revision that was once on disk is gone later [I5] [L2] [S-W40] [S-W41] [S-W42]`, async () => {
  const disk = canFail ? await smallDisk('256k') : undefined;
  const root = disk?.folder ?? (await tempFolder());
  const store = createFileStore({ root, log: quiet });
  let count = 0;
  const revisions = new Set<number>();

  async function play(steps: Step[]): Promise<void> {
    count += 1;
    const id = `s${count}`;
    const watch = new RevisionWatch(root, id);
    let acknowledged = 0;
    const begin = (log: SessionLog, make: typeof Session.create): Session => {
      const session = make(id, { log, now: () => 1, redact: (event) => event });
      session.subscribe({
        envelope: ({ seq, event }) => {
          if (!session.unsaved && isDurable(event.type)) acknowledged = Math.max(acknowledged, seq);
        },
      });
      return session;
    };
    await disk?.makeRoom();
    let log = await store.create(id);
    let session = begin(log, Session.create);

    /** Closes as a quit does, which gives up what the disk refuses, and opens what is there. */
    const reopen = async () => {
      await log.close(session.unsaved ? 10 : 2000);
      // A lock wants room, too.
      const opened = await store.open(id).catch(() => disk?.makeRoom().then(() => store.open(id)));
      log = opened as SessionLog;
      const loaded = await log.load();
      const whole = await store.read(id, { fromStart: true });
      session = begin(log, (_id, deps) => Session.restore(id, loaded, deps));
      // More, where a snapshot was taken between streamed words.
      expect(session.state.seq).toBeGreaterThanOrEqual(replay(id, whole).seq);
    };
    const take = async (next: Step): Promise<unknown> => {
      switch (next.does) {
        case 'append':
          return next.events.forEach((event) => void session.append(event));
        case 'wait':
          return session.allSaved();
        case 'snapshot':
          return session.snapshotIfDue('closing');
        case 'reopen':
          return reopen();
        case 'fill':
          return disk?.fill();
        case 'makeRoom':
          return disk?.makeRoom();
      }
    };
    for (const next of steps) {
      await watch.during(take(next));
      await watch.look(acknowledged);
    }
    await disk?.makeRoom();
    const last = session.append(long(1));
    await watch.during(last.flushed);
    await watch.during(session.snapshotIfDue('closing'));
    await watch.look(last.envelope.seq);
    await watch.during(reopen());
    await watch.look(last.envelope.seq);
    await log.close(2000);
    for (const revision of watch.revisions) revisions.add(revision);
    await rm(join(root, 'sessions', id), { recursive: true });
  }

  const steps = fc.array(step, { minLength: 3, maxLength: 25 });
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: runs, endOnFailure: true });
  expect(revisions.size).toBeGreaterThan(10);
}, 240_000);
