import { posix } from 'node:path';
import type { ArgumentPattern, GlobPart } from '../../shared/permissions/argument-pattern.ts';
import { hasHiddenCharacters, withoutHidden } from '../../shared/visible.ts';

/** Longer values are compared with no pattern but `*`. */
const MAX_TEXT = 64 * 1024;

/** Whether a wildcard may stand for the character. */
type Reach = (part: '*' | '**', char: string) => boolean;

/** Marks the places of the text that the pattern's parts can reach, one part after the other, so that no text takes exponential time. */
function globMatches(glob: GlobPart[], text: string, reachOf: (index: number) => Reach): boolean {
  let places = new Uint8Array(text.length + 1);
  places[0] = 1;
  for (const [index, part] of glob.entries()) {
    const next = new Uint8Array(text.length + 1);
    if (typeof part !== 'string') {
      for (let at = places.indexOf(1); at >= 0; at = places.indexOf(1, at + 1)) {
        if (text.startsWith(part.text, at)) next[at + part.text.length] = 1;
      }
    } else {
      const reach = reachOf(index);
      let open = false;
      for (let at = 0; at <= text.length; at += 1) {
        open = places[at] === 1 || (open && reach(part, text[at - 1]!));
        if (open) next[at] = 1;
      }
    }
    places = next;
  }
  return places[text.length] === 1;
}

const isAnything = (glob: GlobPart[]): boolean => glob.length === 1 && typeof glob[0] === 'string';
const isWild = (glob: GlobPart[]): boolean => glob.some((part) => typeof part === 'string');

const withinPart: Reach = (part, char) => part === '**' || !/[/\\\r\n]/.test(char);
const withinHost: Reach = (_part, char) => /[\p{L}\p{N}.-]/u.test(char);
const anything: Reach = () => true;

/** Wildcards before this place stand in the scheme or the host of a URL, where they mean nothing that could end it. */
function endOfHost(glob: GlobPart[]): number {
  const textAt = (index: number): string => (typeof glob[index] === 'object' ? glob[index].text : '');
  const scheme = glob.findIndex((_, index) => textAt(index).includes('://'));
  if (scheme < 0) return 0;
  const host = textAt(scheme).slice(textAt(scheme).indexOf('://') + 3);
  // `https://**` is any address.
  const anyAddress = host === '' && glob[scheme + 1] === '**' && scheme + 2 === glob.length;
  if (host.includes('/') || anyAddress) return scheme;
  const end = glob.findIndex((_, index) => index > scheme && textAt(index).includes('/'));
  return end < 0 ? glob.length : end;
}

/** What begins so is an address also without slashes behind the colon. */
const beginsAddress = /^\s*(?:https?|wss?|ftp|file):/i;

/** A part of a path that leads back out, however it is encoded. */
const leadsBack = /(?:^|[/\\]|%2f|%5c)\s*(?:\.|%2e){2}[\s.]*(?:[/\\?#]|%2f|%5c|$)/i;

/** Texts that a value may also mean to a server: for rules that forbid. */
function readings(value: string): string[] {
  const plain = fold(value);
  const found = new Set([plain, plain.trim()]);
  let decoded = plain;
  try {
    decoded = fold(decodeURIComponent(plain));
  } catch {
    // A stray `%` stands for itself.
  }
  found.add(decoded);
  const slashed = decoded.replaceAll('\\', '/');
  if (!slashed.includes('://')) found.add(posix.normalize(slashed).replace(/(?<=.)\/$/, ''));
  try {
    const url = new URL(withoutHidden(value).trim());
    url.username = '';
    url.password = '';
    url.hostname = url.hostname.replace(/\.$/, '');
    found.add(fold(url.href)).add(fold(url.href.replace(/\/$/, '')));
  } catch {
    // Not every value is an address.
  }
  return [...found];
}

const fold = (text: string): string => withoutHidden(text.normalize('NFKC')).toLowerCase();

/** Numbers, `true`, `false` and `null` as JSON; undefined for lists and objects. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? undefined : JSON.stringify(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of own names. `found` is false where it is missing; a list on the way is what is found. */
function valueAt(args: unknown, path: string[]): { found: boolean; value?: unknown } {
  let value = args;
  for (const name of path) {
    if (Array.isArray(value)) break;
    if (!isObject(value) || !Object.hasOwn(value, name)) return { found: false };
    value = value[name];
  }
  return { found: value !== undefined, value };
}

function allowsValue(glob: GlobPart[], value: unknown): boolean {
  const text = textOf(value);
  if (text === undefined || hasHiddenCharacters(text)) return false;
  if (isAnything(glob)) return true;
  if (text.length > MAX_TEXT) return false;
  const end = endOfHost(glob);
  if (isWild(glob)) {
    const plain = text.normalize('NFKC').replace(/%(?:25)+/g, '%');
    const hasScheme = glob.some((part) => typeof part !== 'string' && part.text.includes('://'));
    if (leadsBack.test(plain) || (!hasScheme && beginsAddress.test(plain))) return false;
  }
  return globMatches(glob, text, (index) => (index < end ? withinHost : withinPart));
}

/** Every text inside of a value, names of arguments left out. */
function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [textOf(value) ?? ''];
  return Object.values(value).flatMap(leaves);
}

type Verdict = 'yes' | 'maybe' | 'no';

function forbidsValue(glob: GlobPart[], value: unknown): Verdict {
  if (isAnything(glob)) return 'yes';
  const folded = glob.map((part) => (typeof part === 'string' ? part : { text: fold(part.text) }));
  const hits = (text: string) =>
    text.length <= MAX_TEXT && readings(text).some((one) => globMatches(folded, one, () => anything));
  const text = textOf(value);
  // What a list or an object means to the server is not known.
  if (text === undefined) return leaves(value).some(hits) ? 'yes' : 'maybe';
  if (text.length > MAX_TEXT) return 'maybe';
  if (hits(text)) return 'yes';
  return hasHiddenCharacters(text) ? 'maybe' : 'no';
}

/** Whether an allow rule covers the arguments: never by a missing one, a list, an object, or characters that cannot be seen. */
export function argumentsAllow(pattern: ArgumentPattern, args: unknown, mainArgument: string | undefined): boolean {
  if ('bare' in pattern) {
    const { found, value } = mainArgument === undefined ? { found: false } : valueAt(args, [mainArgument]);
    return found && allowsValue(pattern.bare, value);
  }
  return pattern.pairs.every(({ path, glob }) => {
    const { found, value } = valueAt(args, path);
    return found && allowsValue(glob, value);
  });
}

/**
 * Whether a deny or ask rule holds for the arguments, in doubt for the rule: case, ways of writing and slashes make no difference, and
 * what is missing may be filled in by the server.
 */
export function argumentsForbid(pattern: ArgumentPattern, args: unknown, mainArgument: string | undefined): Verdict {
  if ('bare' in pattern) {
    if (mainArgument === undefined) return forbidsValue(pattern.bare, isObject(args) ? args : {});
    const { found, value } = valueAt(args, [mainArgument]);
    return found ? forbidsValue(pattern.bare, value) : 'maybe';
  }
  const verdicts = pattern.pairs.map(({ path, glob }): Verdict => {
    const { found, value } = valueAt(args, path);
    return found ? forbidsValue(glob, value) : 'maybe';
  });
  return verdicts.includes('no') ? 'no' : verdicts.includes('maybe') ? 'maybe' : 'yes';
}
