import { expect, it } from 'vitest';
import type { ChatMessage, ToolDefinition } from '../../../electron/model/model-client.ts';
import { createBodyWriter } from '../../../electron/model/request-body.ts';

const system = (content: string): ChatMessage => ({ role: 'system', content });
const user = (content: string): ChatMessage => ({ role: 'user', content });
const reply = (content: string): ChatMessage => ({ role: 'assistant', content });
const tool: ToolDefinition = { name: 'read', description: 'Reads "it"', parameters: { type: 'object' } };
const fields = { model: 'm', stream: true };

it('writes what JSON says of the request, however it differs from the one before', () => {
  const write = createBodyWriter();
  const first = reply('größer 🧵');
  const long = reply('x'.repeat(200_000));
  const requests: { messages: ChatMessage[]; tools: ToolDefinition[] }[] = [
    { messages: [system('a'), user('b')], tools: [tool] },
    { messages: [system('a'), user('b'), first, user('c')], tools: [tool] },
    // The last prompt has become longer, and then a reply has come.
    { messages: [system('a'), user('b'), first, user('c\n\nd')], tools: [tool] },
    { messages: [system('a'), user('b'), first, user('c\n\nd'), long, reply('')], tools: [tool] },
    // Compacted: fewer and others.
    { messages: [system('a'), user('summary'), long], tools: [] },
    { messages: [system('other')], tools: [tool] },
    { messages: [], tools: [] },
    { messages: [user('b'), { role: 'user', content: [{ type: 'text', text: 'b' }] }], tools: [] },
  ];
  for (const { messages, tools } of requests) {
    const wire = tools.map((definition) => ({ type: 'function', function: definition }));
    const expected = { ...fields, messages, ...(wire.length > 0 ? { tools: wire } : {}) };
    expect(JSON.parse(write(messages, tools, fields).toString('utf8'))).toEqual(expected);
  }
});
