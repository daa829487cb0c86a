import { compactContext } from '../actions.ts';
import { showInspector } from '../state/ui-store.ts';
import { toast } from '../ui/toast-store.ts';

/** What follows the command's name goes to it. */
const commands: Record<string, (sessionId: string, rest: string) => void> = {
  compact: (sessionId, instructions) => {
    toast({ level: 'info', text: 'Compacting the context…' });
    void compactContext(sessionId, instructions);
  },
  context: () => showInspector('context'),
};

/** Carries out `/compact [instructions]` or `/context`. False for anything else, which is a prompt. */
export function runSlashCommand(sessionId: string, text: string): boolean {
  const [, name = '', rest = ''] = /^\/(\w+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  command?.(sessionId, rest.trim());
  return command !== undefined;
}
