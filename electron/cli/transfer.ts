import { readFile, writeFile } from 'node:fs/promises';
import { WorkbenchError } from '../../shared/errors.ts';
import { newId } from '../new-id.ts';
import { toMarkdown } from '../session/export-markdown.ts';
import { replay } from '../session/session.ts';
import { exportJson, importSession, parseExport } from '../session/transfer.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';
import { openStore } from './surroundings.ts';

export interface ExportFlags {
  format: 'json' | 'markdown';
  output?: string;
  userDataDir: string;
}

/** Writes a session to a file or to standard output, without taking its lock. */
export const exportToFile = (id: string, flags: ExportFlags): Promise<number> =>
  told(async () => {
    const store = openStore(flags.userDataDir);
    const text =
      flags.format === 'json'
        ? await exportJson(store, id)
        : toMarkdown(replay(id, await store.read(id, { fromStart: true })));
    if (flags.output === undefined) process.stdout.write(text);
    else await writeFile(flags.output, text, { mode: 0o600 });
  });

/** Makes a new session from an exported one and prints its id. */
export const importFromFile = (file: string, flags: { userDataDir: string }): Promise<number> =>
  told(async () => {
    const exported = parseExport(await readFile(file, 'utf8'));
    const id = await importSession({ store: openStore(flags.userDataDir), newId, now: Date.now }, exported);
    process.stdout.write(`${id}\n`);
  });

async function told(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return exitCodes.completed;
  } catch (thrown) {
    const isOurs = thrown instanceof WorkbenchError;
    const isFile = typeof (thrown as NodeJS.ErrnoException).code === 'string';
    if (!isOurs && !isFile) throw thrown;
    process.stderr.write(`${(thrown as Error).message}\n`);
    return isOurs ? exitCodeOfError(thrown.code) : exitCodes.usage;
  }
}
