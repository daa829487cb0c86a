import { readdirSync, readFileSync } from 'node:fs';

/** Living processes (zombies left out) that have this text in their command line. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const state = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]?.[0];
        return state !== 'Z' && readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** A number of seconds to sleep that no other test uses, so that its processes can be found by it. */
export const uniqueSeconds = (): string => `${9000 + (process.pid % 900)}.${Math.random().toString().slice(2, 10)}`;
