import { expect, it } from 'vitest';
import type { SessionEvent } from '../../../shared/session/events.ts';
import { activeBefore, activeItems } from '../../../shared/session/line.ts';
import { emptySession, reduceSession } from '../../../shared/session/reduce.ts';
import { windowOf } from '../../../shared/session/replica.ts';
import type { SessionState } from '../../../shared/session/state.ts';
import { fc } from '../../properties.ts';

type Step = { add: number } | { back: number } | { restore: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ back: fc.nat(20) }),
    fc.record({ restore: fc.nat(5) }),
  ),
  { maxLength: 25 },
);

/** The same conversation kept the plain way: lists of ids, each branch a whole copy. */
function play(script: Step[]): { state: SessionState; line: string[]; branches: Map<string, string[]> } {
  let state = emptySession('s1');
  let line: string[] = [];
  const branches = new Map<string, string[]>();
  const append = (event: SessionEvent) => {
    state = reduceSession(state, { stream: 's1', seq: state.seq + 1, at: 1, event });
  };
  const leave = (id: string) => {
    if (state.head.branches?.some((branch) => branch.id === id)) branches.set(id, line);
  };
  script.forEach((step, n) => {
    const id = `b${n}`;
    if ('add' in step) {
      for (let k = 0; k < step.add; k += 1) {
        append({ type: 'notice.posted', noticeId: `n${n}x${k}`, level: 'info', text: '' });
        line = [...line, `n${n}x${k}`];
      }
    } else if ('back' in step) {
      const target = line[step.back % (line.length + 1)];
      const place = target ? state.items.findIndex((item) => item.id === target) : state.items.length;
      append({ type: 'history.rewound', branchId: id, place, cause: 'edit', title: '', compactions: 0 });
      leave(id);
      line = line.slice(0, target ? line.indexOf(target) : line.length);
    } else {
      const branch = [...branches.keys()][step.restore];
      if (branch === undefined) return;
      append({ type: 'history.restored', branchId: branch, leftId: id, title: '' });
      leave(id);
      line = branches.get(branch) ?? [];
      branches.delete(branch);
    }
  });
  return { state, line, branches };
}

const ids = (state: SessionState) => activeItems(state).map((item) => item.id);

it('a line is what a list copied at every branch would be, and no line is ever lost [session.branches]', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const { state, line, branches } = play(script);
      expect(ids(state)).toEqual(line);
      expect(state.head.branches?.map((branch) => branch.id) ?? []).toEqual([...branches.keys()]);
      expect(state.head.branches?.map((branch) => branch.length) ?? []).toEqual(
        [...branches.values()].map((branch) => branch.length),
      );
      // Every item is on some line: nothing becomes unreachable.
      const reachable = new Set([...line, ...[...branches.values()].flat()]);
      expect(state.items.every((item) => reachable.has(item.id))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('a window shows the end of the same line, and knows how much of it stands before', () => {
  fc.assert(
    fc.property(steps, fc.nat(30), (script, first) => {
      const { state, line } = play(script);
      const window = windowOf(state, Math.min(first, state.items.length));
      const before = activeBefore(window);
      expect(ids(window)).toEqual(line.slice(before));
    }),
  );
});
