// How the scripts speak: one line at a time, always on standard error, so that standard output stays the program's own.

/** Writes one line to standard error. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A failure the person can mend: `cause` is what went wrong, `mend` what to do about it. */
export class Mendable extends Error {
  constructor(cause, mend) {
    super(cause);
    this.mend = mend;
  }
}

/** Prints a failure with its mend, when it has one, and ends with exit code 1. */
export function fail(error) {
  say(`switchyard: ${error instanceof Mendable ? error.message : (error?.stack ?? error)}`);
  if (error instanceof Mendable) say(`  to mend it: ${error.mend}`);
  process.exit(1);
}
