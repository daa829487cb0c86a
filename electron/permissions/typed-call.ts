import { fail, ok, type Result } from '../../shared/errors.ts';
import type { CallToJudge } from './policy.ts';

/** The argument that says most about a call of a tool, for calls typed by a person. */
const mainArgument: Record<string, string> = {
  bash: 'command',
  read: 'file_path',
  write: 'file_path',
  edit: 'file_path',
  ls: 'path',
  glob: 'pattern',
  grep: 'pattern',
  webfetch: 'url',
  task: 'prompt',
};

/**
 * Reads a call as a person types it: `bash: git push`, `edit: src/app.ts`, or a tool with its arguments as JSON. `declared` tells the
 * main argument of other tools.
 */
export function readTypedCall(
  text: string,
  declared: (tool: string) => string | undefined = () => undefined,
): Result<CallToJudge> {
  const [, tool, rest = ''] = /^\s*([\w-]+)\s*:\s*([\s\S]*)$/.exec(text) ?? [];
  if (!tool)
    return fail('invalid', 'This is not a call.', 'Write a tool and what it shall do, such as `bash: git push`.');
  if (rest.trim().startsWith('{')) {
    try {
      return ok({ tool, args: JSON.parse(rest) });
    } catch {
      return fail('invalid', 'The arguments are not valid JSON.');
    }
  }
  const name = declared(tool) ?? mainArgument[tool.toLowerCase()];
  if (!name) return ok({ tool, args: {} });
  return ok({ tool, args: { [name]: rest.trim() } });
}
