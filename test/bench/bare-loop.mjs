// The least that an agent can do: ask the model, read the file it names, note both where a crash cannot lose them, ask again.
// No permissions, no state, no context to look after. Arguments: the base URL, the workspace, the file for the notes.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';

const [baseURL, workspace, notes] = process.argv.slice(2);
const openai = new OpenAI({ baseURL, apiKey: 'bench' });
const file = await open(notes, 'a');
const messages = [{ role: 'user', content: 'go' }];
for (let calls = [{}]; calls.length > 0; ) {
  const reply = { role: 'assistant', content: '' };
  calls = [];
  for await (const { choices } of await openai.chat.completions.create({ model: 'scripted', messages, stream: true })) {
    const delta = choices[0]?.delta ?? {};
    reply.content += delta.content ?? '';
    calls.push(...(delta.tool_calls ?? []));
  }
  messages.push(calls.length > 0 ? { ...reply, tool_calls: calls } : reply);
  for (const {
    id,
    function: { arguments: text },
  } of calls) {
    const content = await readFile(join(workspace, JSON.parse(text).file_path), 'utf8');
    messages.push({ role: 'tool', tool_call_id: id, content });
  }
  await file.appendFile(`${JSON.stringify(messages.slice(-1 - calls.length))}\n`);
  await file.datasync();
}
