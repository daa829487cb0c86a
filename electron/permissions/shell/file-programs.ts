import type { Access } from '../protected-paths.ts';
import { readOptions } from './program-options.ts';
import type { FileUse } from './read-only-programs.ts';
import { literal, type Word } from './shell-word.ts';

const words = (text: string): Set<string> => new Set(text.split(/\s+/));

const readers =
  words(`ls cat head tail less more bat wc nl tac rev cut paste column fold expand comm cmp diff sort uniq stat file du tree
  realpath readlink md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum od hexdump xxd strings base64 base32 source . find
  zcat gzip gunzip view nano vi vim emacs open xdg-open`);
const patternReaders = words('grep egrep fgrep rg ag ack awk gawk mawk jq yq sed');
const writers =
  words(`rm rmdir mv touch mkdir tee truncate shred unlink chmod chown chgrp chattr patch mkfifo mknod mktemp vi vim nano emacs
  gzip gunzip unzip split csplit`);
const copiers = words('cp ln install rsync scp');
const gitWriters = words('checkout restore rm mv clean apply reset stash');

export interface NamedFiles {
  uses: FileUse[];
  /** The program is one whose use of files is known. */
  known: boolean;
}

const use =
  (access: Access) =>
  (word: Word): FileUse => ({ word, access, folder: true });

const withText = (word: Word, text: string): Word => ({
  source: word.source,
  start: -1,
  pieces: [{ kind: 'text', text }],
});

/** The words that may name files: operands, and the values in `--option=value`, `of=value`, `-d@.env` and `-C.git`. */
function operandsOf(all: Word[]): Word[] {
  return all.slice(1).flatMap((word) => {
    const text = literal(word);
    if (text === undefined) return [word];
    const local = /^file:\/\/(?:localhost)?(\/[\s\S]*)$/i.exec(text)?.[1];
    if (local) return [withText(word, local)];
    const value = /^(?:--?[\w-]+|[\w.]+)=[@<]?([\s\S]+)$/.exec(text)?.[1];
    if (value) return [withText(word, value), ...(text.startsWith('-') ? [] : [word])];
    if (text.startsWith('@') && text.length > 1) return [withText(word, text.slice(1))];
    const glued = /^-[A-Za-z0-9]+@?([./~][\s\S]*)$/.exec(text)?.[1];
    if (glued) return [withText(word, glued)];
    return text.startsWith('-') ? [] : [word];
  });
}

const has = (all: Word[], pattern: RegExp): boolean => all.some((word) => pattern.test(literal(word) ?? ''));

function dd(all: Word[]): FileUse[] {
  return all.slice(1).flatMap((word) => {
    const [, key, value] = /^(if|of)=([\s\S]+)$/.exec(literal(word) ?? '') ?? [];
    return key && value ? [use(key === 'of' ? 'write' : 'read')(withText(word, value))] : [];
  });
}

/** The word after one of the options, or glued to it. */
function valuesOf(all: Word[], options: string[], access: Access): FileUse[] {
  return all.flatMap((word, index) => {
    const text = literal(word) ?? '';
    if (options.includes(text)) return all[index + 1] ? [use(access)(all[index + 1]!)] : [];
    const option = options.find((candidate) => !candidate.startsWith('--') && text.startsWith(candidate));
    return option ? [use(access)(withText(word, text.slice(option.length)))] : [];
  });
}

interface Outputs {
  short: string;
  long: string[];
}

/** Options with which programs whose files are known write one: in a cluster, glued, or in the next word. */
const outputs: Record<string, Outputs> = {
  curl: {
    short: 'oDc',
    long: ['output', 'dump-header', 'cookie-jar', 'trace', 'stderr', 'etag-save', 'libcurl', 'hsts', 'alt-svc'],
  },
  wget: {
    short: 'OoaP',
    long: ['output', 'append-output', 'directory-prefix', 'save-cookies', 'rejected-log', 'hsts-file'],
  },
  sort: { short: 'o', long: ['output'] },
  less: { short: 'oO', long: ['log-file', 'LOG-FILE'] },
  tree: { short: 'o', long: ['output'] },
  git: { short: 'o', long: ['output'] },
};

function writtenBy(all: Word[], { short, long }: Outputs): FileUse[] {
  const write = use('write');
  const glued = new RegExp(`^-[A-Za-z0-9#]*?[${short}]([\\s\\S]*)$`);
  return all.slice(1).flatMap((word, index): FileUse[] => {
    const text = literal(word) ?? '';
    const [, name, given] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
    // A long option can be cut short, and may have a longer brother.
    const isLong = name !== undefined && long.some((full) => full.startsWith(name) || name.startsWith(full));
    const value = name === undefined ? glued.exec(text)?.[1] : isLong ? (given ?? '') : undefined;
    if (value === undefined) return [];
    if (value !== '') return [write(withText(word, value))];
    const next = all[index + 2];
    return next ? [write(next)] : [];
  });
}

/** `uniq in out`: the last of two or more is written. */
const lastIsWritten = (operands: Word[]): FileUse[] =>
  operands.map((word, index) => use(index > 0 && index === operands.length - 1 ? 'write' : 'read')(word));

/** `HEAD:.env` and `-L1,9:.env` are the file `.env` as it was. */
const ofRevisions = (all: Word[]): FileUse[] =>
  all.slice(1).flatMap((word) => {
    const [, path] = /:([^:]+)$/.exec(literal(word) ?? '') ?? [];
    return path ? [use('read')(withText(word, path))] : [];
  });

function copies(all: Word[], name: string): FileUse[] {
  const operands = operandsOf(all);
  const targets = [...operands.slice(-1).map(use('write')), ...valuesOf(all, ['-t', '--target-directory'], 'write')];
  return [...operands.slice(0, -1).map(use(name === 'mv' ? 'write' : 'read')), ...targets];
}

/** The pattern or script, or its file, is given by an option: glued to it, so that the first operand is a file already. */
const givenByOption = /^(-e|--regexp|--expression|--files|-[A-Za-z0-9]*[ef].)/s;

/** With a `*` in it the suffix of `-i` says where `sed` leaves the file as it was, in another folder, too. */
const keptBySed = (all: Word[]): FileUse[] =>
  all.flatMap((word) => {
    const folder = /^(?:-[nErsuzb]*i|--i[a-z-]*=)([\s\S]*)\/[^/]*$/.exec(literal(word) ?? '')?.[1];
    return folder === undefined ? [] : [use('write')(withText(word, folder || '/'))];
  });

function patterns(all: Word[], name: string): FileUse[] {
  const operands = operandsOf(all);
  const inPlace = name === 'sed' && has(all, /^(-[a-zA-Z]*i|--in-place)/);
  const skip = has(all, givenByOption) ? 0 : 1;
  return [
    ...operands.slice(skip).map(use(inPlace ? 'write' : 'read')),
    ...valuesOf(all, ['-f', '--file'], 'read'),
    ...(name === 'sed' ? keptBySed(all) : []),
  ];
}

/** Which files a command names, as far as its program is known; the words of an unknown one may be files that it reads. */
export function namedFiles(all: Word[]): NamedFiles {
  const name = programName(all) ?? '';
  const known = (uses: FileUse[]): NamedFiles => ({ uses, known: true });
  if (name === 'dd') return known(dd(all));
  if (name === 'mv' || copiers.has(name)) return known(copies(all, name));
  if (name === 'curl' || name === 'wget') {
    return known([...writtenBy(all, outputs[name]!), ...operandsOf(all).map(use('read'))]);
  }
  if (name === 'uniq' || name === 'xxd') return known(lastIsWritten(operandsOf(all)));
  if (patternReaders.has(name)) return known(patterns(all, name));
  if (name === 'find' && has(all, /^-(delete|fprint|fls)/)) return known(operandsOf(all).map(use('write')));
  if (name === 'git' && gitWriters.has(literal(all[1]) ?? '')) return known(operandsOf(all.slice(1)).map(use('write')));
  if (writers.has(name)) return known(operandsOf(all).map(use('write')));
  if (readers.has(name) || name === 'git') {
    const written = Object.hasOwn(outputs, name) ? writtenBy(all, outputs[name]!) : [];
    return known([...written, ...operandsOf(all).map(use('read')), ...(name === 'git' ? ofRevisions(all) : [])]);
  }
  if (name === 'echo' || name === 'printf') return known([]);
  return { uses: operandsOf(all).map(use('read')), known: false };
}

/** The program's name without its folder, as a careless file system compares it. */
export function programName(all: Word[]): string | undefined {
  return literal(all[0])
    ?.split(/[\\/]/)
    .at(-1)
    ?.toLowerCase()
    .replace(/\.exe$/, '');
}

export interface WriterCommand {
  uses: FileUse[];
  /** Brings whole folders elsewhere, so that other paths of the line may mean something else than now. */
  moves: boolean;
}

const writerSpecs = {
  mkdir: { flags: 'pv', values: 'm', long: 'parents verbose mode=' },
  touch: { flags: 'acm', values: 'dt', long: 'no-create date=' },
  tee: { flags: 'ai', long: 'append' },
  cp: { flags: 'fnprRuvT', long: 'force no-clobber recursive update verbose no-target-directory' },
  mv: { flags: 'fnuvT', long: 'force no-clobber update verbose no-target-directory' },
};

/** `cp a/b c` writes `c`, or `c/b` where `c` is a folder. */
function copyTargets(operands: Word[]): FileUse[] | undefined {
  const target = operands.at(-1);
  const sources = operands.slice(0, -1);
  if (!target || sources.length === 0) return undefined;
  const inside = sources.map((source) => {
    const name = literal(source)?.replace(/\/+$/, '').split('/').at(-1);
    if (!name) return undefined;
    return { ...target, pieces: [...target.pieces, { kind: 'text' as const, text: `/${name}` }] };
  });
  if (inside.some((word) => word === undefined)) return undefined;
  return [target, ...inside.filter((word) => word !== undefined)].map((word) => ({ word, access: 'write' }));
}

/** The files that a command writes, when it is one of the few whose writing is fully known. Removing is never among them. */
export function writerCommand(all: Word[]): WriterCommand | undefined {
  const name = literal(all[0]) ?? '';
  if (!Object.hasOwn(writerSpecs, name)) return undefined;
  const options = readOptions(all, writerSpecs[name as keyof typeof writerSpecs]);
  if (!options || options.operands.some((word) => word.pieces.some((piece) => piece.kind === 'glob'))) return undefined;
  const { operands } = options;
  if (name !== 'cp' && name !== 'mv')
    return { uses: operands.map((word) => ({ word, access: 'write' })), moves: false };
  const targets = copyTargets(operands);
  const sources = operands.slice(0, -1).map((word): FileUse => ({ word, access: name === 'mv' ? 'write' : 'read' }));
  return targets && { uses: [...sources, ...targets], moves: true };
}
