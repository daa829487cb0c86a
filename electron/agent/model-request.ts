import { isCall } from '../../shared/session/selectors.ts';
import type { CallItem, Item, MessageItem } from '../../shared/session/state.ts';
import type { ChatMessage, ContentPart, WireCall } from '../model/model-client.ts';

/**
 * The request's messages from the transcript: system, then prompts, replies and results in order. Every call is followed by exactly
 * one result before the next reply, whatever happened to it; neighbouring prompts become one message, for many chat templates refuse
 * two of the same role.
 */
export async function buildMessages(
  items: readonly Item[],
  systemPrompt: string,
  readBlob: (hash: string) => Promise<Uint8Array>,
): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [{ role: 'system', content: systemPrompt }];
  for (let place = 0; place < items.length; place += 1) {
    const item = items[place] as Item;
    if (item.kind === 'prompt') pushUser(messages, item.text);
    else if (item.kind === 'message') {
      const calls = callsAfter(items, place);
      pushReply(messages, item, calls);
      for (const call of calls) messages.push(resultMessage(call));
      const images = await imageParts(calls, readBlob);
      if (images.length > 0) messages.push({ role: 'user', content: images });
    }
  }
  return messages;
}

function callsAfter(items: readonly Item[], place: number): CallItem[] {
  const { runId, turn } = items[place] as MessageItem;
  const calls: CallItem[] = [];
  for (let next = place + 1; next < items.length; next += 1) {
    const item = items[next] as Item;
    if (item.kind === 'message' || item.kind === 'prompt') break;
    if (isCall(item) && item.runId === runId && item.turn === turn) calls.push(item);
  }
  return calls;
}

function pushUser(messages: ChatMessage[], text: string): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && typeof last.content === 'string') last.content += `\n\n${text}`;
  else if (last?.role === 'user' && Array.isArray(last.content)) last.content.push({ type: 'text', text });
  else messages.push({ role: 'user', content: text });
}

function pushReply(messages: ChatMessage[], item: MessageItem, calls: CallItem[]): void {
  const text = item.partial && item.text ? `${item.text}\n[cut short]` : item.text;
  if (calls.length > 0) messages.push({ role: 'assistant', content: text || null, tool_calls: calls.map(wireCall) });
  else if (text) messages.push({ role: 'assistant', content: text });
}

const wireCall = (call: CallItem): WireCall => ({
  id: call.providerCallId,
  type: 'function',
  // Providers reject arguments that are not JSON, so a malformed text travels as a JSON string inside an object.
  function: { name: call.tool, arguments: JSON.stringify(call.malformed ? { malformed: call.args } : call.args) },
});

const resultMessage = (call: CallItem): ChatMessage => ({
  role: 'tool',
  tool_call_id: call.providerCallId,
  content: call.result?.output || (call.result ? '(no output)' : 'No result: this call was not completed.'),
});

/** Chat Completions takes images from the user only, so what a call read follows its results. */
async function imageParts(calls: CallItem[], readBlob: (hash: string) => Promise<Uint8Array>): Promise<ContentPart[]> {
  const parts: ContentPart[] = [];
  for (const call of calls) {
    for (const { blob, mediaType } of call.result?.images ?? []) {
      const base64 = Buffer.from(await readBlob(blob)).toString('base64');
      parts.push({ type: 'text', text: `Image read by ${call.tool}: ${call.title}` });
      parts.push({ type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } });
    }
  }
  return parts;
}
