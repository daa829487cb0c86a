import { decodeOutput, outputLimit } from './truncate.ts';

export interface Matches {
  lines: string[];
  matches: number;
  files: number;
  /** There was more than is kept. */
  full: boolean;
}

/** Room for the notes below the lines. */
const notesLimit = 1_000;

/**
 * Puts together what ripgrep prints with `--null`: `path NUL number : text` for a match, `-` for context, `--` between groups.
 * `nameOf` gives the path to show, or undefined to leave a file out. `add` returns false once there is enough.
 */
export function collectMatches(maxMatches: number, nameOf: (path: string) => string | undefined) {
  const found: Matches = { lines: [], matches: 0, files: 0, full: false };
  let room = outputLimit - notesLimit;
  let lastFile: string | undefined;
  let gap = false;

  const push = (line: string, isMatch: boolean): boolean => {
    room -= Buffer.byteLength(line) + (gap ? 4 : 1);
    found.full = room < 0 || (isMatch && found.matches === maxMatches);
    if (found.full) return false;
    if (gap && found.lines.length > 0) found.lines.push('--');
    gap = false;
    found.lines.push(line);
    if (isMatch) found.matches += 1;
    return true;
  };

  const enter = (path: string): string | undefined => {
    const name = nameOf(path);
    if (name !== undefined && name !== lastFile) {
      found.files += 1;
      lastFile = name;
    }
    return name;
  };

  return {
    get: (): Matches => found,
    add(record: Buffer): boolean {
      const end = record.indexOf(0);
      if (end === -1) return addOther(record.toString());
      const name = enter(record.subarray(0, end).toString());
      const [, number, sign, text] = /^(\d+)([:-])(.*)$/s.exec(decodeOutput(record.subarray(end + 1))) ?? [];
      if (name === undefined || sign === undefined) return true;
      return push(`${name}${sign}${number}${sign}${text?.replace(/\r$/, '')}`, sign === ':');
    },
  };

  function addOther(text: string): boolean {
    if (text === '--') {
      gap = true;
      return true;
    }
    const [, path, says] = /^(.*): (binary file matches|WARNING: stopped searching)/.exec(text) ?? [];
    const name = path === undefined ? undefined : enter(path);
    if (name === undefined) return true;
    const matches = says === 'binary file matches';
    return push(`${name}: ${matches ? 'binary file matches' : 'a binary file, not searched to its end'}`, matches);
  }
}
