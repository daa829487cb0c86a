/** Stands where a secret stood. Distinct enough that a text holding it was surely redacted. */
export const redactionMark = '[redacted:switchyard]';

/**
 * Replaces what looks like a secret: keys and tokens of known shapes, private key blocks, credentials in addresses and headers, and
 * values given to names such as PASSWORD, TOKEN or API_KEY. For logs, notifications and exports; a guess, so never for what a tool
 * returns or what is executed. Linear in the length of the text; applying it twice changes nothing more.
 */
export function redact(text: string): string {
  let clean = redactPrivateKeys(text);
  clean = clean.replace(addressPassword, (_, before: string) => before + redactionMark);
  clean = clean.replace(authorization, (_, before: string) => before + redactionMark);
  clean = clean.replace(knownShapes, (found) => (/\d/.test(found) ? redactionMark : found));
  clean = clean.replace(bearer, (found, before: string, value: string) =>
    /\d/.test(value) || isMixedCase(value) ? before + redactionMark : found,
  );
  clean = clean.replace(option, (found, before: string, name: string, value: string) =>
    isSecretValue(name, value) ? before + redactionMark : found,
  );
  return clean.replace(assignment, (...match) => redactAssignment(match as unknown as AssignmentMatch));
}

// Every pattern begins at a fixed word or at the edge of a run, and repeats are bounded or consumed, so no input is scanned over and over.
const tokenEdge = '(?<![A-Za-z0-9_-])';

const knownShapes = new RegExp(
  `${tokenEdge}(?:${[
    'sk-[A-Za-z0-9_-]{20,}',
    '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}',
    'gh[opsur]_[A-Za-z0-9]{30,}',
    'github_pat_[A-Za-z0-9_]{22,}',
    'glpat-[A-Za-z0-9_-]{20,}',
    '(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])',
    'xox[abeoprs]-[A-Za-z0-9-]{10,}',
    'xapp-[A-Za-z0-9-]{20,}',
    'AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
    'ya29\\.[A-Za-z0-9_-]{20,}',
    'npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])',
    'pypi-[A-Za-z0-9_-]{50,}',
    'hf_[A-Za-z0-9]{30,}',
    'gsk_[A-Za-z0-9]{30,}',
    'xai-[A-Za-z0-9]{40,}',
    'r8_[A-Za-z0-9]{30,}',
    'dop_v1_[a-f0-9]{64}',
    'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
    'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
    'AGE-SECRET-KEY-1[A-Z0-9]{50,}',
    'eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}',
  ].join('|')})`,
  'g',
);

const addressPassword = /(:\/\/[^\s/:@"'<>]{0,128}:)[^\s/@"'<>]{1,256}(?=@)/g;
const authorization =
  /(\bauthorization\\{0,4}["']?\s{0,4}[:=]\s{0,4}\\{0,4}["']?(?:basic|bearer|token|apikey)\s{1,4})[^\s"'\\,;]{6,}/gi;
const bearer = /(\bbearer[ \t]{1,4})([A-Za-z0-9._~+/=-]{12,})/gi;

const secretNames =
  'passw(?:or)?d|passphrase|secret|token|credential|[_-]key|api-?key|access-?key|private-?key|auth-?key|signing-?key|encryption-?key';
const option = /(--[a-z-]{0,24}?(password|passphrase|secret|token|api-?key)\s{1,4}["']?)([^\s"'\\-][^\s"'\\]{3,512})/gi;
const assignment = new RegExp(
  `(${secretNames})([A-Za-z0-9_]{0,32})(\\\\{0,4}["'\`]?\\s{0,4}(?:=>|[:=])\\s{0,4}\\\\{0,4}["'\`]?)([^\\s"'\`\\\\,;&<>(){}]{4,512})(\\(?)`,
  'gi',
);

type AssignmentMatch = [found: string, name: string, suffix: string, between: string, value: string, call: string];

function redactAssignment([found, name, suffix, between, value, call]: AssignmentMatch): string {
  // "tokenizer" and "secretary" are other words; "tokens", "TOKEN_2" and "tokenValue" are not.
  const isOtherWord = /^[a-rt-z]/.test(suffix) || /^s[a-z]/.test(suffix);
  if (isOtherWord || call !== '' || !isSecretValue(name, value)) return found;
  return name + suffix + between + redactionMark;
}

const placeholder =
  /^(?:\$|%|\{|<|\*|\.{3}|x{3,}|process\.env|import\.meta|os\.|env\.|string\b|str\b|number\b|bool|true\b|false\b|null\b|none\b|nil\b|undefined\b|optional\b|required\b|unknown\b|any\b|z\.|self\.|this\.)/i;

/** A password may be any word; keys and tokens are told from counts and identifiers by how random they look. */
function isSecretValue(name: string, value: string): boolean {
  if (placeholder.test(value)) return false;
  if (/^pass/i.test(name)) return true;
  if (value.length < 12 || isWordy(value)) return false;
  return entropy(value) >= 3 && (/\d/.test(value) ? /[A-Za-z]/.test(value) : value.length >= 20 && isMixedCase(value));
}

const isMixedCase = (value: string): boolean => /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(value) && value.length >= 16;

/** Words and short numbers joined by punctuation, as in names, paths and versions. */
const isWordy = (value: string): boolean =>
  value.split(/[-_.:/@+=]/).every((part) => /^(?:[A-Za-z]?[a-z]*|[A-Z]+|v?\d{1,4})$/.test(part));

/** Shannon entropy in bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

const keyBoundary = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** What is left of a block whose end is missing. */
const keyBody = /(?:(?:\s|\\[nr]){0,8}[A-Za-z0-9+/=]{16,})*/y;

function redactPrivateKeys(text: string): string {
  let clean = '';
  let done = 0;
  let begin: RegExpMatchArray | undefined;
  const cut = (from: number, to: number) => {
    clean += text.slice(done, from) + redactionMark;
    done = to;
  };
  const cutUnfinished = (boundary: RegExpMatchArray) => {
    keyBody.lastIndex = (boundary.index as number) + boundary[0].length;
    keyBody.test(text);
    cut(boundary.index as number, Math.max(keyBody.lastIndex, (boundary.index as number) + boundary[0].length));
  };
  for (const boundary of text.matchAll(keyBoundary)) {
    if (boundary[1] === 'BEGIN') {
      if (begin) cutUnfinished(begin);
      begin = boundary;
    } else if (begin) {
      cut(begin.index as number, (boundary.index as number) + boundary[0].length);
      begin = undefined;
    }
  }
  if (begin) cutUnfinished(begin);
  return clean + text.slice(done);
}

/** Keys that local servers are given because a field must not be empty; they are no secrets and common words. */
const noSecrets = new Set([
  'ollama',
  'lm-studio',
  'lmstudio',
  'not-needed',
  'no-key',
  'no-key-required',
  'sk-no-key-required',
]);
const shortestKey = 6;

/**
 * Replaces exactly the given keys, wherever they stand: plain, escaped for JSON or an address, in hex, and in base64 at any
 * alignment. `knownKeys` is asked at each call; `ownKey` stands beside them. Keys too short to be told from words are left.
 */
export function createRedactor(knownKeys: () => readonly string[], ownKey = ''): (text: string) => string {
  let keys: readonly string[] = [];
  let pattern = patternOf([ownKey]);
  return (text) => {
    const now = knownKeys();
    if (now.length !== keys.length || now.some((key, index) => key !== keys[index])) {
      keys = [...now];
      pattern = patternOf([...keys, ownKey]);
    }
    return pattern === undefined ? text : text.replace(pattern, redactionMark);
  };
}

function patternOf(keys: readonly string[]): RegExp | undefined {
  const secrets = keys.filter((key) => key.length >= shortestKey && !noSecrets.has(key));
  if (secrets.length === 0) return undefined;
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

function formsOf(key: string): string[] {
  const json = JSON.stringify(key).slice(1, -1);
  const address = encodeURIComponent(key);
  const hex = Buffer.from(key, 'utf8').toString('hex');
  return [
    key,
    json,
    JSON.stringify(json).slice(1, -1),
    address,
    address.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    hex,
    hex.toUpperCase(),
    ...base64Forms(key),
  ];
}

/** Inside a longer text a key begins at one of three places of a base64 group; the characters it shares with its neighbours vary. */
function base64Forms(key: string): string[] {
  const bytes = Buffer.from(key, 'utf8');
  const forms = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const firstOwn = Math.ceil((shift * 8) / 6);
    const lastOwn = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(firstOwn, lastOwn);
  });
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
