import type { CallItem } from '../../../shared/session/state.ts';
import type { Slot } from './selection.ts';

/** How much of one entry the summary is made from: facts, not contents. */
const most = { prompt: 6000, reply: 3000, args: 600, head: 500, tail: 300 };

/** What goes, one text an entry, tool traces included, each bounded however long its item is. */
export const renderSlots = (slots: readonly Slot[]): string[] =>
  slots.flatMap((slot) => {
    if (slot.kind === 'prompt') {
      return [`## ${slot.item.by === 'person' ? 'Person' : 'Parent agent'}\n${middleOut(slot.item.text, most.prompt)}`];
    }
    if (slot.kind === 'summary') return [];
    const said = slot.text && slot.item.text ? [`## Agent\n${middleOut(slot.item.text, most.reply)}`] : [];
    return [...said, ...slot.calls.map(({ call }) => renderCall(call))];
  });

function renderCall(call: CallItem): string {
  const args = middleOut(JSON.stringify(call.approval?.finalArgs ?? call.args) ?? '', most.args);
  const output = call.result?.output ?? '';
  const shown =
    output.length > most.head + most.tail ? `${output.slice(0, most.head)}\n[…]\n${output.slice(-most.tail)}` : output;
  return `## Call of ${call.tool}: ${oneLine(call.title)} (${call.state})\n${args}\n${shown}`.trimEnd();
}

function middleOut(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = Math.floor(length / 2);
  return `${text.slice(0, half)}\n[… ${text.length - length} characters …]\n${text.slice(-half)}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);

/** Entries of a plain list, newest kept. */
const listed = { prompts: 12, lines: 30, reply: 1200 };

/**
 * A summary without a model: what was asked, which files were changed and read, which commands were run, what failed, and the last
 * word, all as it stands in the transcript. `earlier` is the summary that it takes the place of.
 */
export function listOfFacts(slots: readonly Slot[], earlier: string | undefined): string {
  const calls = slots.flatMap((slot) => (slot.kind === 'turn' ? slot.calls.map(({ call }) => call) : []));
  const of = (...kinds: CallItem['toolKind'][]) => calls.filter((call) => kinds.includes(call.toolKind));
  const ok = (call: CallItem) => call.state === 'ok';
  const last = slots.findLast((slot) => slot.kind === 'turn' && slot.text && slot.item.text !== '');
  const parts = [
    earlier && `Earlier:\n${earlier}`,
    list(
      'Asked for',
      slots.flatMap((slot) => (slot.kind === 'prompt' ? [slot.item.text.slice(0, 500)] : [])),
      listed.prompts,
    ),
    list('Files changed', of('edit').filter(ok).map(titleOf), listed.lines),
    list(
      'Commands run',
      of('command').map((call) => `${titleOf(call)} → ${call.result?.summary ?? call.state}`),
      listed.lines,
    ),
    list('Read and searched', of('read', 'search', 'fetch').filter(ok).map(titleOf), listed.lines),
    list(
      'Child sessions',
      of('task').map((call) => `${titleOf(call)} → ${call.state}`),
      listed.lines,
    ),
    list(
      'Did not succeed',
      calls.filter((call) => !ok(call)).map((call) => `${call.tool} ${titleOf(call)} (${call.state})`),
      listed.lines,
    ),
    last?.kind === 'turn' && `Last said:\n${middleOut(last.item.text, listed.reply)}`,
  ];
  return parts.filter(Boolean).join('\n\n').slice(-12_000);
}

const titleOf = (call: CallItem): string => oneLine(call.title);

function list(name: string, lines: string[], longest: number): string | undefined {
  const unique = [...new Set(lines)];
  if (unique.length === 0) return undefined;
  const omitted = unique.length - longest;
  return [
    `${name}:`,
    ...(omitted > 0 ? [`- (${omitted} earlier)`] : []),
    ...unique.slice(-longest).map((line) => `- ${line}`),
  ].join('\n');
}
