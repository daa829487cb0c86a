import { diffArrays } from 'diff';

/** Which lines of two texts have no counterpart in the other, and where a line of one stands in the other. */
export interface LineMarks {
  removed: ReadonlySet<number>;
  added: ReadonlySet<number>;
  /** For each line of the old text its place in the new one, or that of what stands in its stead. */
  toNew: readonly number[];
  toOld: readonly number[];
}

/** A comparison that takes longer is given up: it is made anew with every key press. */
const limits = { maxEditLength: 2000, timeout: 30 };

/** Nothing when the texts are too different to be compared while somebody types. */
export function lineMarks(before: string, after: string): LineMarks | undefined {
  const changes = diffArrays(before.split('\n'), after.split('\n'), limits);
  if (!changes) return undefined;
  const removed = new Set<number>();
  const added = new Set<number>();
  const toNew: number[] = [];
  const toOld: number[] = [];
  for (const change of changes) {
    for (let line = 0; line < change.value.length; line += 1) {
      const [oldLine, newLine] = [toNew.length, toOld.length];
      if (change.removed) removed.add(oldLine);
      if (change.added) added.add(newLine);
      if (!change.added) toNew.push(newLine);
      if (!change.removed) toOld.push(oldLine);
    }
  }
  return { removed, added, toNew, toOld };
}
