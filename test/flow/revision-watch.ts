import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeLine } from '../../electron/storage/journal-line.ts';
import { listSegments } from '../../electron/storage/journal-read.ts';

/**
 * Looks at the files of one session as any other process may at any moment, and holds what it sees against what it has seen before: a
 * fact that was on disk stays there as it was, and the snapshot is never older than the one before, nor ahead of the journal.
 */
export class RevisionWatch {
  readonly #folder: string;
  readonly #id: string;
  readonly #seen = new Map<number, string>();
  #snapshot = 0;
  /** How often it has looked, and at how many different revisions. */
  looks = 0;
  readonly revisions = new Set<number>();

  constructor(userDataDir: string, id: string) {
    this.#folder = join(userDataDir, 'sessions', id);
    this.#id = id;
  }

  /** The newest fact on disk; at least `acknowledged`. */
  async look(acknowledged = 0): Promise<number> {
    // The snapshot first: what it holds must be in the journal by then.
    const snapshot = await this.#snapshotSeq();
    const facts = await this.#facts();
    const revision = facts.at(-1)?.seq ?? 0;
    const now = new Map(facts.map(({ seq, line }) => [seq, line]));
    const lost = [...this.#seen].filter(([seq, line]) => now.get(seq) !== line).map(([seq]) => seq);
    expect(lost, `these facts were on disk and are not any more; the newest is ${revision}`).toEqual([]);
    expect(revision).toBeGreaterThanOrEqual(acknowledged);
    expect(snapshot).toBeGreaterThanOrEqual(this.#snapshot);
    expect(revision).toBeGreaterThanOrEqual(snapshot);
    for (const [seq, line] of now) this.#seen.set(seq, line);
    this.#snapshot = snapshot;
    this.looks += 1;
    this.revisions.add(revision);
    return revision;
  }

  /** Looks again and again until `done` is settled, then once more. */
  async during<T>(done: Promise<T>): Promise<T> {
    let settled = false;
    const end = done.finally(() => {
      settled = true;
    });
    end.catch(() => undefined);
    while (!settled) await this.look();
    await this.look();
    return end;
  }

  async #facts(): Promise<{ seq: number; line: string }[]> {
    const segments = await listSegments(join(this.#folder, 'journal'));
    const texts = await Promise.all(segments.map(({ path }) => readFile(path).catch(() => Buffer.alloc(0))));
    const facts: { seq: number; line: string }[] = [];
    for (const bytes of texts) {
      for (let from = 0, end = bytes.indexOf(10); end !== -1; from = end + 1, end = bytes.indexOf(10, from)) {
        const line = bytes.subarray(from, end);
        const decoded = decodeLine(line, this.#id);
        if (decoded.kind === 'envelope') facts.push({ seq: decoded.envelope.seq, line: line.toString('utf8') });
      }
    }
    const seqs = facts.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    return facts;
  }

  async #snapshotSeq(): Promise<number> {
    const text = await readFile(join(this.#folder, 'session.json'), 'utf8').catch(() => '{"seq":0}');
    return (JSON.parse(text) as { seq: number }).seq;
  }
}
