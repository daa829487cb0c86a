import { WorkbenchError } from '../../shared/errors.ts';
import type { Item } from '../../shared/session/state.ts';
import { replay } from '../session/session.ts';
import { isDeleted, readEntries } from '../session/stored-sessions.ts';
import type { LoadedSession } from '../storage/session-store.ts';
import { createStores } from '../storage/stores.ts';
import { exitCodeOfError, exitCodes } from './exit-codes.ts';
import { openStore } from './surroundings.ts';

interface Flags {
  json?: boolean;
  userDataDir: string;
}

const all = ({ problems, torn }: LoadedSession): string[] => [...problems, ...(torn ? [torn] : [])];

/** Lists sessions without taking a lock or writing anything. */
export async function listSessions(flags: Flags): Promise<number> {
  const entries = await readEntries(createStores(openStore(flags.userDataDir)), {}, () => false);
  const rows = entries.filter((entry) => !isDeleted(entry)).map(({ summary }) => summary);
  for (const row of rows.sort((a, b) => b.updatedAt - a.updatedAt)) {
    if (row.damaged) process.stderr.write(`${row.id}: ${row.damaged}\n`);
    const when = new Date(row.updatedAt).toISOString().slice(0, 16).replace('T', ' ');
    const text = `${row.id}  ${when}  ${row.status.padEnd(11)}  ${row.title}  (${row.workspace})`;
    process.stdout.write(`${flags.json ? JSON.stringify(row) : text}\n`);
  }
  if (rows.length === 0) process.stderr.write(`No sessions in ${flags.userDataDir}.\n`);
  return exitCodes.completed;
}

/** Prints a session without taking its lock. */
export async function showSession(id: string, flags: Flags): Promise<number> {
  try {
    const loaded = await openStore(flags.userDataDir).read(id, { fromStart: true });
    for (const problem of all(loaded)) process.stderr.write(`${problem}\n`);
    if (flags.json) for (const envelope of loaded.envelopes) process.stdout.write(`${JSON.stringify(envelope)}\n`);
    else for (const item of replay(id, loaded).items) process.stdout.write(`${asText(item)}\n\n`);
    return exitCodes.completed;
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return exitCodeOfError(thrown.code);
  }
}

function asText(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return `> ${item.text.replaceAll('\n', '\n> ')}`;
    case 'message':
      return item.text;
    case 'call': {
      const output = item.result?.output.trimEnd() ?? '';
      return `[${item.tool}: ${item.title}] ${item.state}${output ? `\n${output}` : ''}`;
    }
    case 'notice':
      return `(${item.level}) ${item.text}`;
    case 'summary':
      return `(context compacted: ${item.method}, ${item.tokensBefore} to ${item.tokensAfter} tokens)${item.text ? `\n${item.text}` : ''}`;
  }
}
