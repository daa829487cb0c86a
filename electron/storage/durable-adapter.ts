import { randomBytes } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import type { z } from 'zod';
import { syncDirectory, writeDurably } from './durable-file.ts';
import { codeOf, explain, storageError } from './storage-error.ts';

/** A lowdb adapter whose writes survive power cuts. */
export interface DurableAdapter<T> extends Adapter<T> {
  /** What the last read found wrong and did about it, for the person. */
  problem(): string | undefined;
}

export interface DurableAdapterOptions<T> {
  path: string;
  schema: z.ZodType<T>;
  pretty: boolean;
  /** Asked at each read: whether damaged files may be moved aside now. */
  mayRepair: () => boolean;
}

/**
 * Reads `path`, or where that is missing or damaged the generation before it, `<path>.prev`; `null` when neither is there. A damaged
 * file is moved aside under its name with the date, or, without leave to do so, before the next write; never overwritten. A file that
 * is there but cannot be read throws `storage`.
 */
export function createDurableAdapter<T>({
  path,
  schema,
  pretty,
  mayRepair,
}: DurableAdapterOptions<T>): DurableAdapter<T> {
  const previous = `${path}.prev`;
  let problem: string | undefined;
  let inTheWay: string[] = [];

  async function clearTheWay(): Promise<string[]> {
    const kept: string[] = [];
    for (let damaged = inTheWay[0]; damaged !== undefined; damaged = inTheWay[0]) {
      kept.push(await moveAside(damaged));
      inTheWay = inTheWay.slice(1);
    }
    return kept;
  }

  return {
    problem: () => problem,
    async read() {
      problem = undefined;
      const now = await readGeneration(path, schema);
      inTheWay = now.reason === undefined ? [] : [path];
      if (now.data !== undefined) return now.data;
      const before = await readGeneration(previous, schema);
      if (before.reason !== undefined) inTheWay.push(previous);
      if (inTheWay.length > 0) {
        const instead = before.data === undefined ? 'It starts anew.' : 'The version before it is used.';
        problem = `${basename(inTheWay[0] as string)} is damaged: ${now.reason ?? before.reason}. ${instead}`;
        if (mayRepair()) problem += ` The damaged file is kept as ${(await clearTheWay()).join(' and ')}.`;
      }
      return before.data ?? null;
    },
    async write(data) {
      try {
        await clearTheWay();
        await writeDurably(path, `${JSON.stringify(data, null, pretty ? 2 : undefined)}\n`, previous);
      } catch (error) {
        throw storageError(`save ${path}`, error);
      }
    },
  };
}

/** `data` when it is good, `reason` when it is damaged, neither when there is no such file. */
async function readGeneration<T>(path: string, schema: z.ZodType<T>): Promise<{ data?: T; reason?: string }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw storageError(`read ${path}`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { reason: text.length === 0 ? 'it is empty' : `it is not JSON (${explain(error)})` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  const issue = parsed.error.issues[0];
  return { reason: `${issue?.path.join('.') || 'its content'}: ${issue?.message ?? 'not as expected'}` };
}

async function moveAside(path: string): Promise<string> {
  const date = new Date().toISOString().replaceAll(':', '-');
  const aside = `${path}.damaged-${date}-${randomBytes(2).toString('hex')}`;
  try {
    await rename(path, aside);
    await syncDirectory(dirname(path));
    return basename(aside);
  } catch (error) {
    throw storageError(`move the damaged ${path} aside`, error);
  }
}
