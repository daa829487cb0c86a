import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Low } from 'lowdb';
import type { z } from 'zod';
import type { Log } from '../log.ts';
import { createDurableAdapter, type Salvaged } from './durable-adapter.ts';
import { removeLeftovers } from './durable-file.ts';
import { waitForLock } from './process-lock.ts';
import { storageError } from './storage-error.ts';

export interface DocumentOptions<T> {
  path: string;
  schema: z.ZodType<T>;
  /** The content where there is no file yet. */
  defaults: () => T;
  log: Log;
  /** Takes what is good out of a content that does not fit. Without it such a file is damaged as a whole. */
  salvage?: (value: unknown) => Salvaged<T> | undefined;
  /** Indented, for files that people read. */
  pretty?: boolean;
  /** Make the folder before the first write if it is missing. */
  makeFolder?: boolean;
  /** How long to wait for another process that changes the file, in milliseconds. */
  lockTimeoutMs?: number;
}

export interface Loaded<T> {
  data: T;
  /** Set when the file was damaged: what is wrong, what is used instead, where the damaged file is kept. For the person. */
  problem?: string;
  /** Beside a problem: what could be used is enough to go on by when nobody is there to see it. */
  usable?: boolean;
}

/** A JSON file that survives power cuts: mode 0600, replaced as a whole, with the previous generation kept as `<file>.prev`. */
export interface DurableDocument<T> {
  /**
   * Reads the file. A damaged one is moved aside with its date and the previous generation takes its place. With `readOnly` nothing
   * is written and damage is only reported. Throws `storage` when the file is there but cannot be read.
   */
  load(options?: { readOnly?: boolean }): Promise<Loaded<T>>;
  /** What was last loaded, saved or updated. */
  current(): T;
  /** Makes this the content. Calls while a write is running share the next one. Throws `storage`. */
  save(data: T): Promise<void>;
  /**
   * Changes a file that several processes share: under a lock, read anew, and on disk before the lock is released. Nothing is written
   * when `change` returns its argument. Throws `storage`.
   */
  update(change: (data: T) => T): Promise<Loaded<T>>;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
}

export function createDocument<T>(options: DocumentOptions<T>): DurableDocument<T> {
  const { path, schema, defaults, log, salvage, pretty = false, makeFolder = false, lockTimeoutMs = 10_000 } = options;
  let mayRepair = false;
  const adapter = createDurableAdapter({ path, schema, pretty, salvage, mayRepair: () => mayRepair });
  const db = new Low<T>(adapter, defaults());
  let current = db.data;
  let last: Promise<unknown> = Promise.resolve();
  let nextSave: { data: T; done: Promise<void> } | undefined;

  /** All that touches the file goes through here, one after the other. */
  function enqueue<R>(work: () => Promise<R>): Promise<R> {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  }

  async function read(repair: boolean): Promise<Loaded<T>> {
    mayRepair = repair;
    db.data = defaults();
    await db.read();
    current = db.data;
    return found(db.data);
  }

  function found(data: T): Loaded<T> {
    const problem = adapter.problem();
    return problem === undefined ? { data } : { data, problem, ...(adapter.isUsable() ? { usable: true } : {}) };
  }

  async function locked<R>(work: () => Promise<R>): Promise<R> {
    await ensureFolder();
    const lock = await waitForLock(`${path}.lock`, lockTimeoutMs);
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  async function ensureFolder(): Promise<void> {
    if (!makeFolder) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error) => {
      throw storageError(`make the folder of ${path}`, error);
    });
  }

  return {
    load: ({ readOnly = false } = {}) =>
      enqueue(async () => {
        if (!readOnly) await removeLeftovers(path).catch(() => undefined);
        const first = await read(false);
        if (first.problem === undefined || readOnly) return first;
        log.warn('A document is damaged', { path, problem: first.problem });
        // Another process may be repairing it, too: look again under the lock. Where nothing can be written, report what was found.
        return await locked(() => read(true)).catch(() => first);
      }),
    current: () => current,
    save(data) {
      current = data;
      if (nextSave) {
        nextSave.data = data;
        return nextSave.done;
      }
      const save: { data: T; done: Promise<void> } = {
        data,
        done: enqueue(async () => {
          nextSave = undefined;
          await ensureFolder();
          db.data = save.data;
          await db.write();
        }),
      };
      nextSave = save;
      return save.done;
    },
    update: (change) =>
      enqueue(async () => {
        try {
          return await locked(async () => {
            const before = await read(true);
            const data = change(before.data);
            if (data === before.data) return before;
            db.data = data;
            await db.write();
            current = data;
            return found(data);
          });
        } catch (error) {
          throw storageError(`change ${path}`, error);
        }
      }),
    idle: () => last.then(() => undefined),
  };
}
