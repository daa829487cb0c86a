import { activeItems } from '../../shared/session/line.ts';
import type { Item, SessionState } from '../../shared/session/state.ts';
import { redact } from '../redact.ts';

/** A session to be read: what was said and done, in order, with what looks like a secret taken out. */
export function toMarkdown(state: SessionState): string {
  const { config, createdAt, totals } = state.head;
  const facts = [
    `- Folder: \`${config.workspace}\``,
    `- Begun: ${new Date(createdAt).toISOString()}`,
    `- Model calls: ${totals.modelCalls}, ${totals.input + totals.output} tokens`,
  ];
  const parts = activeItems(state)
    .map(itemText)
    .filter((part) => part !== '');
  return redact(`${[`# ${config.title || 'Session'}`, facts.join('\n'), ...parts].join('\n\n')}\n`);
}

function itemText(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return `## ${item.by === 'parent' ? 'Task' : 'You'}\n\n${item.text}`;
    case 'message':
      return item.text.trim() === '' ? '' : `## ${item.model || 'Agent'}\n\n${item.text}`;
    case 'call': {
      const how = item.result?.summary ? `${item.state}, ${item.result.summary}` : item.state;
      const output = item.result?.output.trimEnd();
      return `**${item.tool}**: ${item.title} (${how})${output ? `\n\n${fenced(output)}` : ''}`;
    }
    case 'notice':
      return `> ${item.text.replaceAll('\n', '\n> ')}`;
    case 'summary':
      return item.text === '' ? '' : `## Summary of what came before\n\n${item.text}`;
  }
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((found) => found[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
