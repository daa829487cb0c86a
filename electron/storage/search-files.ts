import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';
import { explain } from './storage-error.ts';

/** A text index as lists. */
export interface KeptText {
  nextId: number;
  averageLength: number;
  /** Short id, id and number of words of each document. */
  documents: [number, string, number][];
  terms: string[];
  /** For each term the short ids of the documents it is in, each followed by how often it is there. */
  postings: number[][];
}

/** One part of the search index. */
export interface KeptPart {
  /** The version of each session that is in it. */
  sessions: Record<string, number>;
  /** Of all texts that were ever taken up. */
  chars: number;
  text: KeptText;
}

/** Where the search index is kept between starts, in parts. Losing one costs reading its sessions again. Never rejects. */
export interface SearchFiles {
  /** In how many parts it was left, 0 when there is none. */
  parts(): Promise<number>;
  load(name: string): Promise<KeptPart | undefined>;
  save(name: string, kept: KeptPart): Promise<void>;
  /** Also the generation before it. */
  drop(name: string): Promise<void>;
  dropAll(): Promise<void>;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
}

/** Our own writing, so its frame is checked and not each word. */
const partSchema = z
  .object({
    version: z.literal(1),
    sessions: z.record(z.string(), z.number()),
    chars: z.number(),
    text: z.object({
      nextId: z.number(),
      averageLength: z.number(),
      documents: z.custom<KeptText['documents']>(Array.isArray),
      terms: z.custom<KeptText['terms']>(Array.isArray),
      postings: z.custom<KeptText['postings']>(Array.isArray),
    }),
  })
  .nullable();

/** The parts as documents in `folder`. One that is damaged is deleted, for all that is in it stands in the sessions. */
export function createSearchFiles({ folder, log }: { folder: string; log: Log }): SearchFiles {
  let last: Promise<unknown> = Promise.resolve();

  const pathOf = (name: string) => join(folder, `${name}.json`);
  const documentOf = (name: string) =>
    createDocument({ path: pathOf(name), schema: partSchema, defaults: () => null, log, makeFolder: true });

  /** One after the other, so that what is deleted is not written behind it. */
  function inTurn<T>(what: string, instead: T, work: () => Promise<T>): Promise<T> {
    const done = last.then(work).catch((error) => {
      log.warn(`The search index could not be ${what}`, { folder, reason: explain(error) });
      return instead;
    });
    last = done;
    return done;
  }

  async function remove(name: string): Promise<void> {
    await Promise.all([pathOf(name), `${pathOf(name)}.prev`].map((path) => rm(path, { force: true })));
  }

  return {
    parts: () =>
      inTurn('found', 0, async () => {
        const names = await readdir(folder).catch(() => []);
        const counts = names.map((name) => /^(\d+)-\d+\.json$/.exec(name)?.[1]).filter((count) => count !== undefined);
        return Math.max(0, ...counts.map(Number));
      }),
    load: (name) =>
      inTurn('read', undefined, async () => {
        const { data, problem } = await documentOf(name).load({ readOnly: true });
        if (problem !== undefined) await remove(name);
        return problem === undefined ? (data ?? undefined) : undefined;
      }),
    save: (name, kept: KeptPart) =>
      inTurn('written', undefined, async () => {
        await documentOf(name).save({ version: 1, ...kept });
      }),
    drop: (name) => inTurn('cleared', undefined, () => remove(name)),
    dropAll: () => inTurn('cleared', undefined, () => rm(folder, { recursive: true, force: true })),
    idle: () => last.then(() => undefined),
  };
}
