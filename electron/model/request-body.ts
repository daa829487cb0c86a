import type { ChatMessage, ToolDefinition } from './model-client.ts';

/**
 * Writes the requests of one model as JSON, in bytes. Messages and tools never change in place, and nearly every request begins with
 * all that the one before it held: that part is written only once, so a turn does not cost more the longer its session is.
 */
export function createBodyWriter() {
  let written: { message: ChatMessage; end: number }[] = [];
  let bytes = Buffer.allocUnsafe(64 * 1024);

  /** The messages with a comma before each. */
  function messagesBytes(messages: readonly ChatMessage[]): Buffer {
    const changed = written.findIndex(({ message }, at) => !isSame(message, messages[at]));
    if (changed >= 0) written = written.slice(0, changed);
    for (const message of messages.slice(written.length)) {
      const text = `,${JSON.stringify(message)}`;
      const start = written.at(-1)?.end ?? 0;
      const end = start + Buffer.byteLength(text);
      if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, start)], 2 * end);
      bytes.write(text, start);
      written.push({ message, end });
    }
    return bytes.subarray(0, written.at(-1)?.end ?? 0);
  }

  /** `fields` are those beside messages and tools. */
  return (messages: readonly ChatMessage[], tools: readonly ToolDefinition[], fields: Record<string, unknown>) => {
    const all = tools.length > 0 ? `],"tools":[${tools.map(toolText).join(',')}]}` : ']}';
    const start = `${JSON.stringify(fields).slice(0, -1)},"messages":[`;
    return Buffer.concat([Buffer.from(start), messagesBytes(messages).subarray(1), Buffer.from(all)]);
  };
}

const isSame = (a: ChatMessage, b: ChatMessage | undefined): boolean =>
  a === b || ((a.role === 'system' || a.role === 'user') && a.role === b?.role && a.content === b.content);

const toolTexts = new WeakMap<ToolDefinition, string>();

function toolText(tool: ToolDefinition): string {
  const known = toolTexts.get(tool);
  if (known !== undefined) return known;
  const text = JSON.stringify({ type: 'function', function: tool });
  toolTexts.set(tool, text);
  return text;
}
