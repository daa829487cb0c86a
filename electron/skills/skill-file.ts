import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { maxDescription, skillName } from '../../shared/skills/skill.ts';

/** What a SKILL.md says: YAML between two lines of `---`, then the instructions. */
export interface SkillFile {
  name: string;
  description: string;
  /** Absent: it bounds nothing. */
  allowedTools?: string[];
  /** Only a person loads it. */
  manual: boolean;
  /** The one workspace for which an agent wrote it. */
  workspace?: string;
  body: string;
}

const frontMatter = /^\uFEFF?---[ \t]*\n([\s\S]*?)\n---[ \t]*(?:\n|$)([\s\S]*)$/;

const schema = z.looseObject({
  name: z.string().regex(skillName, 'must be lower-case words joined by hyphens, at most 64 characters').optional(),
  description: z.string().trim().min(1, 'is empty').max(maxDescription, `is longer than ${maxDescription} characters`),
  'allowed-tools': z.union([z.string(), z.array(z.string())]).nullish(),
  'disable-model-invocation': z.boolean().nullish(),
  metadata: z.looseObject({ workspace: z.string().optional() }).nullish(),
});

/** Reads the text of a SKILL.md in a folder of that name. What is wrong is said without repeating what the file holds. */
export async function parseSkill(text: string, folder: string): Promise<Result<SkillFile>> {
  const [, head, body = ''] = frontMatter.exec(text.replaceAll('\r\n', '\n')) ?? [];
  if (head === undefined) {
    return fail('invalid', 'It does not begin with front matter: name and description between two lines of ---.');
  }
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(head, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = lines.linePos(error.pos[0]).line + 1;
    return fail('invalid', `Its front matter is not YAML (line ${line}). Values that hold a colon or # need quotes.`);
  }
  let values: unknown;
  try {
    values = document.toJS({ maxAliasCount: 20 });
  } catch {
    return fail('invalid', 'Its front matter is too deep or refers to itself.');
  }
  const read = schema.safeParse(values);
  if (!read.success) return fail('invalid', problemOf(read.error));
  const { name = folder, description, metadata } = read.data;
  if (!skillName.test(name)) {
    return fail('invalid', 'It has no name, and its folder is not lower-case words joined by hyphens.');
  }
  const tools = toolsOf(read.data['allowed-tools']);
  return ok({
    name,
    description: description.replace(/\s+/g, ' '),
    ...(tools.length > 0 ? { allowedTools: tools } : {}),
    manual: read.data['disable-model-invocation'] ?? false,
    ...(metadata?.workspace ? { workspace: metadata.workspace } : {}),
    body: body.trim(),
  });
}

function problemOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  const place = issue?.path[0];
  if (place === undefined) return 'Its front matter is no list of names and values.';
  const isOurs = issue?.code === 'too_small' || issue?.code === 'too_big' || issue?.code === 'invalid_format';
  if (isOurs) return `Its ${String(place)} ${issue.message}.`;
  // Other words than ours would speak of types.
  return place === 'description'
    ? 'Its description is missing, or no text: it says when to use the skill.'
    : `Its ${String(place)} is not written as it must be.`;
}

/** A list, or a text whose entries are divided by commas or spaces outside of parentheses. */
function toolsOf(value: string | string[] | null | undefined): string[] {
  const entries = Array.isArray(value) ? value : [...(value ?? '').matchAll(/(?:\([^()]*\)|[^\s,()])+/g)].map(String);
  return entries.map((entry) => entry.trim()).filter(Boolean);
}

export interface NewSkill {
  name: string;
  description: string;
  content: string;
  allowedTools?: string[];
  /** Set when an agent writes it, which then counts in this workspace alone. */
  byAgentIn?: string;
}

/** The text of a SKILL.md. Values are written as data, so nothing in them can become another key. */
export async function formatSkill({ name, description, content, allowedTools, byAgentIn }: NewSkill): Promise<string> {
  const { stringify } = await import('yaml');
  const head = stringify({
    name,
    description,
    ...(allowedTools?.length ? { 'allowed-tools': allowedTools } : {}),
    ...(byAgentIn ? { metadata: { author: 'agent', workspace: byAgentIn } } : {}),
  });
  return `---\n${head}---\n\n${content.trim()}\n`;
}
