const log = `
2024-04-14 River path 5.2
2024-05-01 Lake loop 7.4
2024-05-19 North ridge 12.6
2024-06-02 Old mill and back 4.8
`;

/** Reads one line of the log: a date, a name and a distance in kilometres. */
export function parseWalk(line) {
  const match = /^(\d{4}-\d{2}-\d{2}) (.+) (\d+(?:\.\d+)?)$/.exec(line.trim());
  if (!match) throw new Error(`Not a walk: ${line}`);
  const [, date, name, distance] = match;
  return { date, name, distance: Number(distance) };
}

// TODO: read the log from a file given on the command line.
export function loadWalks() {
  return log.trim().split('\n').map(parseWalk);
}
