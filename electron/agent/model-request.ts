import type { CallItem, MessageItem, SessionState } from '../../shared/session/state.ts';
import type { ChatMessage, ContentPart, WireCall } from '../model/model-client.ts';
import { type ShownCall, type Slot, selectSlots } from './context/selection.ts';
import { promptText, prunedOutput, summaryText } from './context/wording.ts';

/** A message with the prompts, replies and calls of which it is made. */
export interface SourcedMessage {
  message: ChatMessage;
  items: string[];
}

/**
 * The request's messages from the session: system, then what its context holds in order. Every call is followed by exactly one result
 * before the next reply, whatever happened to it; neighbours of the same role become one message, for many chat templates refuse two.
 */
export async function buildMessages(
  state: SessionState,
  systemPrompt: string,
  readBlob: (hash: string) => Promise<Uint8Array>,
): Promise<ChatMessage[]> {
  return (await buildSourced(selectSlots(state), systemPrompt, readBlob)).map(({ message }) => message);
}

/** As `buildMessages`, and where each message comes from. */
export async function buildSourced(
  slots: readonly Slot[],
  systemPrompt: string,
  readBlob: (hash: string) => Promise<Uint8Array>,
): Promise<SourcedMessage[]> {
  const messages: SourcedMessage[] = [{ message: { role: 'system', content: systemPrompt }, items: [] }];
  for (const slot of slots) {
    if (slot.kind === 'prompt') pushUser(messages, promptText(slot.item), slot.item.id);
    else if (slot.kind === 'summary') pushUser(messages, summaryText(slot.item.text));
    else {
      pushReply(messages, slot.item, slot.text, slot.calls);
      for (const shown of slot.calls) messages.push({ message: resultMessage(shown), items: [shown.call.id] });
      if (!slot.calls.some(({ call }) => call.result?.images)) continue;
      const images = await imageParts(slot.calls, readBlob);
      if (images.length > 0) messages.push({ message: { role: 'user', content: images }, items: [] });
    }
  }
  return messages;
}

function pushUser(messages: SourcedMessage[], text: string, id?: string): void {
  const from = id === undefined ? [] : [id];
  const last = messages.at(-1);
  if (last?.message.role !== 'user') {
    messages.push({ message: { role: 'user', content: text }, items: from });
    return;
  }
  last.items.push(...from);
  if (typeof last.message.content === 'string') last.message.content += `\n\n${text}`;
  else last.message.content.push({ type: 'text', text });
}

function pushReply(
  messages: SourcedMessage[],
  item: MessageItem,
  withText: boolean,
  calls: readonly ShownCall[],
): void {
  const said = withText ? item.text : '';
  const text = item.partial && said ? `${said}\n[cut short]` : said;
  if (calls.length === 0 && !text) return;
  const last = messages.at(-1);
  if (last?.message.role !== 'assistant' || last.message.tool_calls) {
    messages.push({ message: replyMessage(item, text, calls), items: [item.id] });
    return;
  }
  const both = [last.message.content, text].filter(Boolean).join('\n\n');
  Object.assign(last, { message: wireReply(both, calls), items: [...last.items, item.id] });
}

/** Items never change in place, and a message that stays the same object is put into words only once. */
const replies = new WeakMap<MessageItem, { text: string; calls: CallItem[]; message: ChatMessage }>();

function replyMessage(item: MessageItem, text: string, shown: readonly ShownCall[]): ChatMessage {
  const known = replies.get(item);
  const isSame = known?.text === text && known.calls.length === shown.length;
  if (known && isSame && shown.every(({ call }, index) => call === known.calls[index])) return known.message;
  const message = wireReply(text, shown);
  replies.set(item, { text, calls: shown.map(({ call }) => call), message });
  return message;
}

const wireReply = (text: string, calls: readonly ShownCall[]): ChatMessage => ({
  role: 'assistant',
  content: text || null,
  ...(calls.length > 0 ? { tool_calls: calls.map(wireCall) } : {}),
});

const wireCall = ({ call }: ShownCall): WireCall => ({
  id: call.providerCallId,
  type: 'function',
  // Providers reject a name of nothing, and arguments that are not JSON, so a malformed text travels as a JSON string inside an object.
  function: {
    name: call.tool || 'unnamed',
    arguments: JSON.stringify(call.malformed ? { malformed: call.args } : call.args),
  },
});

const results = { whole: new WeakMap<CallItem, ChatMessage>(), pruned: new WeakMap<CallItem, ChatMessage>() };

function resultMessage({ call, pruned }: ShownCall): ChatMessage {
  const kept = pruned ? results.pruned : results.whole;
  const known = kept.get(call);
  if (known) return known;
  const message: ChatMessage = { role: 'tool', tool_call_id: call.providerCallId, content: outputOf(call, pruned) };
  kept.set(call, message);
  return message;
}

function outputOf(call: ShownCall['call'], pruned: boolean): string {
  const output = call.result?.output || (call.result ? '(no output)' : 'No result: this call was not completed.');
  const marker = pruned ? prunedOutput(call) : output;
  return marker.length < output.length ? marker : output;
}

/** Chat Completions takes images from the user only, so what a call read follows its results. */
async function imageParts(
  calls: readonly ShownCall[],
  readBlob: (hash: string) => Promise<Uint8Array>,
): Promise<ContentPart[]> {
  const parts: ContentPart[] = [];
  for (const { call, pruned } of calls) {
    for (const { blob, mediaType } of pruned ? [] : (call.result?.images ?? [])) {
      const bytes = await readBlob(blob).catch(() => undefined);
      if (!bytes) {
        // A lost picture must not end every run from here on.
        parts.push({ type: 'text', text: `The image read by ${call.tool} (${call.title}) is no longer stored.` });
        continue;
      }
      const base64 = Buffer.from(bytes).toString('base64');
      parts.push({ type: 'text', text: `Image read by ${call.tool}: ${call.title}` });
      parts.push({ type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } });
    }
  }
  return parts;
}
