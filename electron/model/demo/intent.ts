import { file, patterns } from './patterns.ts';
import { hideQuotes, quotedText as Q, type Show } from './quotes.ts';

/** What the demo understood of a prompt. Writing and running need explicit words; everything unclear is `help`. */
export type Intent =
  | { kind: 'list'; path: string }
  | { kind: 'read'; file: string }
  | { kind: 'look'; path: string }
  | { kind: 'search'; text: string; path?: string }
  | { kind: 'findFiles'; pattern: string }
  | { kind: 'summarise' }
  | { kind: 'create'; file: string; content: string }
  | { kind: 'replace'; file: string; from: string; to: string; all: boolean }
  | { kind: 'fixTypos'; file: string }
  | { kind: 'run'; command: string }
  | { kind: 'parallel'; targets: string[] }
  | { kind: 'help' };

/** Several intents where the prompt says "… then …". Never empty. */
export function understand(prompt: string): Intent[] {
  const quoted = hideQuotes(prompt.trim());
  const parts = quoted.text
    .split(/(?:[.;,]\s*)?(?:\band\s+)?\b(?:then|after that|afterwards)\b,?\s*/i)
    .filter((part) => part.trim());
  const chain = parts.map((part) => understandOne(part, quoted.show));
  if (chain.length > 1 && chain.every((intent) => intent.kind !== 'help')) return chain;
  return [understandOne(lastRequest(quoted.text, quoted.show), quoted.show)];
}

/** Prompts of runs that failed stand before the newest one in the same message. */
function lastRequest(text: string, show: Show): string {
  const paragraphs = text.split(/\n\s*\n/);
  const last = paragraphs.at(-1) ?? '';
  return understandOne(last, show).kind === 'help' ? text : last;
}

/** Tried in this order: what is more explicit first. */
function understandOne(text: string, show: Show): Intent {
  return (
    understandParallel(text, show) ??
    understandOrder(text, show) ??
    understandSearch(text, show) ??
    understandReading(text, show) ?? { kind: 'help' }
  );
}

function understandParallel(text: string, show: Show): Intent | undefined {
  if (!patterns.parallel.test(text)) return undefined;
  const rest = patterns.look.exec(text.replace(patterns.parallel, ' ').replace(/\bin\s*[,.:]?\s*$/, ''))?.[1];
  const targets = rest === undefined ? [] : targetsOf(rest, show);
  return targets.length > 1 ? { kind: 'parallel', targets } : undefined;
}

/** What changes something needs the form of an order. */
function understandOrder(text: string, show: Show): Intent | undefined {
  return patterns.noOrder.test(text) ? undefined : (understandRun(text, show) ?? understandWrite(text, show));
}

function understandRun(text: string, show: Show): Intent | undefined {
  const quoted = patterns.run.exec(text)?.[1];
  if (quoted !== undefined) return { kind: 'run', command: show(quoted).trim() };
  const plain = patterns.runPlain.exec(text)?.[1];
  return plain === undefined ? undefined : { kind: 'run', command: show.original(plain).trim() };
}

function understandWrite(text: string, show: Show): Intent | undefined {
  const replace = patterns.replace.exec(text);
  if (replace) {
    const [, all, from = '', to = '', everywhere, name = ''] = replace;
    return {
      kind: 'replace',
      file: fileName(name, show),
      from: show(from),
      to: show(to),
      all: Boolean(all ?? everywhere),
    };
  }
  const replaceIn = patterns.replaceIn.exec(text);
  if (replaceIn) {
    const [, name = '', all, from = '', to = ''] = replaceIn;
    return { kind: 'replace', file: fileName(name, show), from: show(from), to: show(to), all: Boolean(all) };
  }
  if (patterns.fixTypos.test(text)) {
    const named = new RegExp(file, 'i').exec(text)?.[0];
    return { kind: 'fixTypos', file: named ? fileName(named, show) : 'README.md' };
  }
  const writeTo = patterns.writeTo.exec(text);
  if (writeTo)
    return { kind: 'create', file: fileName(writeTo[2] ?? '', show), content: withEscapes(show(writeTo[1] ?? '')) };
  const created = patterns.createWith.exec(text);
  if (created)
    return { kind: 'create', file: fileName(created[1] ?? '', show), content: contentOf(created[2] ?? '', show) };
  const empty = patterns.createEmpty.exec(text);
  return empty ? { kind: 'create', file: fileName(empty[1] ?? '', show), content: '' } : undefined;
}

function understandSearch(text: string, show: Show): Intent | undefined {
  const found = patterns.findFiles.exec(text)?.[1] ?? patterns.globs.exec(text)?.[1];
  if (found !== undefined) {
    const name = trimEnd(show(found));
    return { kind: 'findFiles', pattern: /[*?[{]/.test(name) ? name : `**/*${name}*` };
  }
  const [, place, wanted] = patterns.searchIn.exec(text) ?? [];
  if (
    place !== undefined &&
    wanted !== undefined &&
    !/^(?:project|code|files|workspace|everywhere|everything)$/i.test(place)
  ) {
    return { kind: 'search', text: trimEnd(show(wanted)), path: fileName(place, show) };
  }
  const sought = patterns.search.exec(text) ?? patterns.searchPlain.exec(text) ?? patterns.mentions.exec(text);
  if (!sought) return undefined;
  const within = patterns.ofPath.exec(text.slice(sought.index + sought[0].length))?.[1];
  const query = { kind: 'search' as const, text: trimEnd(show(sought[1] ?? '')) };
  return within === undefined ? query : { ...query, path: fileName(within, show) };
}

function understandReading(text: string, show: Show): Intent | undefined {
  const lsPath = patterns.lsPath.exec(text)?.[1];
  if (lsPath !== undefined) return { kind: 'list', path: fileName(lsPath, show) };
  const inside = patterns.whatIsIn.exec(text)?.[1];
  if (inside !== undefined) return { kind: 'look', path: fileName(inside, show) };
  const read = patterns.readFile.exec(text)?.[1];
  if (read !== undefined && !patterns.list.test(text.slice(0, text.indexOf(read)))) {
    const name = fileName(read, show);
    return name.endsWith('/') ? { kind: 'list', path: name } : { kind: 'read', file: name };
  }
  const target = patterns.look.exec(text)?.[1];
  const first = target === undefined ? undefined : targetsOf(target, show)[0];
  if (patterns.project.test(text) && !(first && new RegExp(`^${file}$`, 'i').test(first))) return { kind: 'summarise' };
  if (patterns.list.test(text)) {
    const within = patterns.ofPath.exec(text)?.[1];
    return { kind: 'list', path: within === undefined ? '.' : fileName(within, show) };
  }
  if (first === undefined) return undefined;
  return { kind: 'look', path: first };
}

/** "a, b and c" in the many ways people write lists. */
function targetsOf(text: string, show: Show): string[] {
  const list =
    text.split(
      /[.:;!?](?:\s|$)|\b(?:and (?:report|tell|say|summar\w+|list|answer)|in this (?:workspace|project)|using|with|to see|for)\b/i,
    )[0] ?? '';
  return list
    .split(/,|\band\b|&|\n/i)
    .map((target) => target.replace(/\b(?:the|folders?|files?|director(?:y|ies)|each|also|in)\b/gi, ' ').trim())
    .map((target) => trimEnd(show(target)))
    .filter(
      (target) =>
        target !== '' && !/\s/.test(target) && !/^(?:it|this|them|around|everything|me|how|what)$/i.test(target),
    )
    .slice(0, 8);
}

function fileName(text: string, show: Show): string {
  const name = trimEnd(show(text));
  return /^readme$/i.test(name) ? 'README.md' : /^changelog$/i.test(name) ? 'CHANGELOG.md' : name;
}

function contentOf(text: string, show: Show): string {
  const hidden = new RegExp(`^\\s*(${Q})`).exec(text)?.[1];
  return hidden === undefined ? text.trim() : withEscapes(show(hidden));
}

const withEscapes = (text: string): string => text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
const trimEnd = (text: string): string => text.trim().replace(/(?<=.)[.,;:!?]+$/, '');
