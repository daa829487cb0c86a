import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import type { z } from 'zod';
import { readPlain, syncDirectory, writeDurably, writeSynced } from './durable-file.ts';
import { codeOf, explain, storageError } from './storage-error.ts';

/** A lowdb adapter whose writes survive power cuts. */
export interface DurableAdapter<T> extends Adapter<T> {
  /** What the last read found wrong and did about it, for the person. */
  problem(): string | undefined;
  /** The last read took parts of a file that does not fit, not so much missing that nothing should run. */
  isUsable(): boolean;
}

/** What could be used of a content that does not fit its schema. */
export interface Salvaged<T> {
  data: T;
  /** What could not, what stands for it, and what to do; absent where nothing is lost. For the person. */
  problem?: string;
  /** So much is lost that nothing should run while nobody is there to see it. */
  blocksRuns?: boolean;
}

export interface DurableAdapterOptions<T> {
  path: string;
  schema: z.ZodType<T>;
  pretty: boolean;
  /** Takes what is good out of JSON that does not fit; undefined where that is nothing. */
  salvage?: ((value: unknown) => Salvaged<T> | undefined) | undefined;
  /** Asked at each read: whether damaged files may be moved aside now. */
  mayRepair: () => boolean;
}

/**
 * Reads `path`, or where that is missing or damaged the generation before it, `<path>.prev`; `null` when neither is there. A damaged
 * file is moved aside under its name with the date, or, without leave to do so, before the next write; never overwritten. A file that
 * is there but cannot be read throws `storage`. What was only salvaged in part stays where it is, and is kept aside by the next write.
 */
export function createDurableAdapter<T>({
  path,
  schema,
  pretty,
  salvage,
  mayRepair,
}: DurableAdapterOptions<T>): DurableAdapter<T> {
  const previous = `${path}.prev`;
  let problem: string | undefined;
  let usable = true;
  let inTheWay: string[] = [];
  let salvaged: string | undefined;

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
    isUsable: () => usable,
    async read() {
      problem = undefined;
      usable = true;
      salvaged = undefined;
      const now = await readGeneration(path, schema, salvage);
      if (now.salvaged?.problem !== undefined) {
        problem = now.salvaged.problem;
        usable = !now.salvaged.blocksRuns;
        salvaged = path;
        inTheWay = [];
        return now.salvaged.data;
      }
      inTheWay = now.reason === undefined ? [] : [path];
      if (now.data !== undefined) return now.data;
      const before = await readGeneration(previous, schema, undefined);
      if (before.reason !== undefined) inTheWay.push(previous);
      if (inTheWay.length > 0) {
        usable = false;
        const instead = before.data === undefined ? 'It starts anew.' : 'The version before it is used.';
        problem = `${basename(inTheWay[0] as string)} is damaged: ${now.reason ?? before.reason}. ${instead}`;
        if (mayRepair()) problem += ` The damaged file is kept as ${(await clearTheWay()).join(' and ')}.`;
      }
      return before.data ?? null;
    },
    async write(data) {
      try {
        await clearTheWay();
        if (salvaged !== undefined) {
          const kept = await copyAside(salvaged);
          problem = `${problem ?? ''} The file as it was is kept as ${kept}.`.trimStart();
          salvaged = undefined;
        }
        await writeDurably(path, `${JSON.stringify(data, null, pretty ? 2 : undefined)}\n`, previous);
      } catch (error) {
        throw storageError(`save ${path}`, error);
      }
    },
  };
}

/** `data` when it is good, `salvaged` or else `reason` when it is damaged, none when there is no such file. */
async function readGeneration<T>(
  path: string,
  schema: z.ZodType<T>,
  salvage: DurableAdapterOptions<T>['salvage'],
): Promise<{ data?: T; salvaged?: Salvaged<T>; reason?: string }> {
  let text: string;
  try {
    text = (await readPlain(path)).toString('utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return {};
    if (code === 'EISDIR' || code === 'ELOOP') return { reason: 'it is no file' };
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
  const salvaged = salvage?.(value);
  if (salvaged) return salvaged.problem === undefined ? { data: salvaged.data } : { salvaged };
  const issue = parsed.error.issues[0];
  return { reason: `${issue?.path.join('.') || 'its content'}: ${issue?.message ?? 'not as expected'}` };
}

const asideName = (path: string): string =>
  `${path}.damaged-${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(2).toString('hex')}`;

async function copyAside(path: string): Promise<string> {
  const aside = asideName(path);
  try {
    await writeSynced(aside, await readPlain(path));
    await syncDirectory(dirname(path));
    return basename(aside);
  } catch (error) {
    throw storageError(`keep ${path} aside`, error);
  }
}

async function moveAside(path: string): Promise<string> {
  const aside = asideName(path);
  try {
    await rename(path, aside);
    await syncDirectory(dirname(path));
    return basename(aside);
  } catch (error) {
    throw storageError(`move the damaged ${path} aside`, error);
  }
}
