import { withoutSkills, withoutSummary } from '../../agent/context/wording.ts';

/** A message as far as the demo reads it; its content is text. */
export interface DemoMessage {
  role: string;
  content?: string | null | undefined;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[] | undefined;
  tool_call_id?: string | undefined;
}

/** One call that the demo made, with what it was told about it. */
export interface DemoResult {
  tool: string;
  args: Record<string, unknown>;
  /** As the tool said it, without notes of the workbench. */
  output: string;
  /** It did not run because somebody or something refused it. */
  denied?: { byPerson: boolean; reason: string };
  /** It did not run, or not to its end, for another reason. */
  stopped?: string;
  /** The person changed the arguments before allowing it; `args` are the changed ones. */
  edited: boolean;
}

export interface Conversation {
  prompt: string;
  /** Results of the replies since the prompt, one list a reply. */
  steps: DemoResult[][];
}

/** What the demo needs of a request: the newest prompt and what came of the calls made for it. */
export function readConversation(messages: DemoMessage[]): Conversation {
  const at = messages.map(promptText).reduce((newest, text, index) => (text === undefined ? newest : index), -1);
  const prompt = messages[at];
  const outputs = new Map<string, string>();
  const steps: DemoResult[][] = [];
  for (const message of messages.slice(at + 1)) {
    if (message.role === 'tool') outputs.set(message.tool_call_id ?? '', message.content ?? '');
  }
  for (const message of messages.slice(at + 1)) {
    if (message.role !== 'assistant' || !message.tool_calls?.length) continue;
    steps.push(
      message.tool_calls.map(({ id, function: { name, arguments: text } }) =>
        readResult(name, text, outputs.get(id) ?? ''),
      ),
    );
  }
  return { prompt: (prompt && promptText(prompt)) ?? '', steps };
}

/** Images that a call read travel as a user message too, but are no prompt. */
function promptText({ role, content }: DemoMessage): string | undefined {
  return role === 'user' && !content?.startsWith('Image read by ')
    ? withoutSkills(withoutSummary(content ?? ''))
    : undefined;
}

const editedNote = /^\[The person edited this call before allowing it\. What ran: (.*)\]$/;

function readResult(tool: string, argsText: string, content: string): DemoResult {
  const lines = content.split('\n');
  let args = parseObject(argsText);
  let edited = false;
  while (/^\[The person(?: edited|'s comment)/.test(lines[0] ?? '')) {
    const ran = editedNote.exec(lines.shift() ?? '')?.[1];
    if (ran === undefined) continue;
    edited = true;
    args = parseObject(ran);
  }
  const output = lines.join('\n').trimEnd();
  return { tool, args, output, edited, ...refusal(output) };
}

/** Reads the workbench's own words about calls that did not run. */
function refusal(output: string): Pick<DemoResult, 'denied' | 'stopped'> {
  const person =
    /^Denied by the person; it was not run\. Do not make the same call again\.(?:\nThey said: ([\s\S]*))?$/.exec(
      output,
    );
  if (person) return { denied: { byPerson: true, reason: person[1]?.trim() ?? '' } };
  const rule = /^Denied: ([\s\S]*)$/.exec(output);
  if (rule) return { denied: { byPerson: false, reason: rule[1]?.trim() ?? '' } };
  const stopped = /^(?:Nobody answered in time|Cancelled |Interrupted |Stopped before it began|No result: )/.test(
    output,
  );
  return stopped ? { stopped: output } : {};
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
