import { performance } from 'node:perf_hooks';

/** The value that half of the runs stay below. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs the two in turn, so that a machine whose speed drifts treats them alike; the first run of each does not count. */
export async function inTurn(
  runs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<[number, number]> {
  const [first, second]: [number[], number[]] = [[], []];
  for (let run = 0; run <= runs; run += 1) {
    const [one, two] = [await a(), await b()];
    if (run === 0) continue;
    first.push(one);
    second.push(two);
  }
  return [median(first), median(second)];
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** One line a figure: what was measured, the ratio or value, and the aim. Never fails. */
export function report(what: string, figure: string, aim: string): void {
  console.log(`${what.padEnd(64)} ${figure.padEnd(34)} aim ${aim}`);
}
