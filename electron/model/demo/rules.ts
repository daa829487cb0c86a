import { label } from './answers.ts';
import { type DemoMessage, readConversation } from './conversation.ts';
import { understand } from './intent.ts';
import { type DemoCall, scriptOf } from './scripts.ts';

export interface DemoReply {
  text: string;
  calls: DemoCall[];
}

/**
 * The demo's next reply to a conversation: a pure function of its messages and of the tools on offer. Every final answer says that it
 * does not come from a language model.
 */
export function demoReply(messages: DemoMessage[], tools: ReadonlySet<string>): DemoReply {
  const { prompt, steps } = readConversation(messages);
  const answers: string[] = [];
  let step = 0;
  for (const intent of understand(prompt)) {
    // Replayed from its start each time: the results in the messages are all the memory there is.
    const script = scriptOf(intent);
    let next = script.next();
    while (!next.done) {
      const missing = next.value.calls.find(({ name }) => !tools.has(name));
      if (missing)
        return final([...answers, `For this I need the tool \`${missing.name}\`, which this session does not have.`]);
      const results = steps[step++];
      if (!results) return next.value;
      next = script.next(results);
    }
    answers.push(next.value);
  }
  return final(answers);
}

const final = (answers: string[]): DemoReply => ({ text: [...answers, label].join('\n\n'), calls: [] });
