import { createJsonEnd, type JsonEnd } from './json-end.ts';
import type { ModelCall } from './model-client.ts';

/** One entry of `delta.tool_calls`, as servers of all makes send it: any part may be missing or of another type. */
export interface CallDelta {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
}

interface Open extends ModelCall {
  wireIndex: number | undefined;
  /** Follows `argsText`, so that it is parsed no more than once however many pieces it comes in. */
  end: JsonEnd;
}

/** In characters: longer ones are no such thing. */
const maxName = 256;
const maxId = 32 * 1024;

/**
 * Puts calls together from deltas. Beyond the standard form it understands servers that leave out index or id, give several calls the
 * same index, repeat the name or change the id with every delta, and send the whole arguments at once or as an object.
 * `add` returns the position of the call the delta belongs to, in the order of first appearance.
 */
export function createCallAssembler(toolNames: ReadonlySet<string>) {
  const calls: Open[] = [];
  let chars = 0;

  const start = (wireIndex: number | undefined, id: string, name: string): Open => {
    const call = { id, name, argsText: '', wireIndex, end: createJsonEnd() };
    calls.push(call);
    return call;
  };

  const candidate = (index: number | undefined, id: string): Open | undefined => {
    if (index === undefined) return calls.find((call) => id !== '' && call.id === id) ?? calls.at(-1);
    // The newest call with this index: earlier ones were closed by a server that never counts.
    return calls.findLast((call) => call.wireIndex === index);
  };

  return {
    add(delta: CallDelta): number {
      const index = typeof delta.index === 'number' ? delta.index : undefined;
      const id = typeof delta.id === 'string' && delta.id.length <= maxId ? delta.id : '';
      const name = typeof delta.function?.name === 'string' ? delta.function.name.slice(0, maxName) : '';
      const args = argumentsText(delta.function?.arguments);
      chars += args.length;
      const open = candidate(index, id);
      const call =
        open && !beginsAnother(open, id, name, args, toolNames) ? open : start(index, id, name || (open?.name ?? ''));
      if (call === open) continueCall(call, id, name, args, toolNames);
      else extend(call, args);
      return calls.lastIndexOf(call);
    },
    calls: (): ModelCall[] => calls.map(({ id, name, argsText }) => ({ id, name, argsText })),
    at: (position: number): ModelCall => calls[position] ?? { id: '', name: '', argsText: '' },
    size: () => calls.length,
    /** Length of all arguments. */
    chars: () => chars,
  };
}

function beginsAnother(open: Open, id: string, name: string, args: string, toolNames: ReadonlySet<string>): boolean {
  const sameId = id !== '' && id === open.id;
  // Some servers invent an id for every delta, so an id alone says nothing; with a name it opens a call.
  if (!sameId && id !== '' && open.id !== '' && name !== '') return true;
  if (!sameId && name !== '' && name !== open.name && !isNamePiece(open, name, toolNames)) return true;
  // Complete arguments followed by another object can only be another call, or the same sent twice.
  const another = args.trimStart().startsWith('{') && open.end.isComplete(open.argsText);
  return another && (args !== open.argsText || (name !== '' && !sameId));
}

function continueCall(call: Open, id: string, name: string, args: string, toolNames: ReadonlySet<string>): void {
  if (call.id === '') call.id = id;
  if (name !== '' && name !== call.name && isNamePiece(call, name, toolNames)) {
    call.name = name.startsWith(call.name) ? name : call.name + name;
  }
  const repeated = args !== '' && args === call.argsText && call.end.isComplete(args);
  if (!repeated) extend(call, args);
}

function extend(call: Open, args: string): void {
  call.argsText += args;
  call.end.add(args);
}

/** A name that still grows: no arguments yet, and what we have is not a tool's name. */
const isNamePiece = (call: Open, name: string, toolNames: ReadonlySet<string>): boolean =>
  call.argsText === '' && !toolNames.has(call.name) && (!toolNames.has(name) || name.startsWith(call.name));

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return value === undefined || value === null ? '' : JSON.stringify(value);
  } catch {
    // Too deep to be put into words; no JSON either, so the model is told.
    return '[nested too deeply';
  }
}
