import { describe, expect, it } from 'vitest';
import { folderLabels, type TreeGroup, treeGroups } from '../../../renderer/sessions/tree-rows.ts';
import { byId, listed } from './session-fixture.ts';

const totals = (input: number, cost: number) => ({
  input,
  output: 0,
  cachedInput: 0,
  modelCalls: 1,
  cost,
  unpriced: 0,
});

const sessions = byId(
  listed('root', { totals: totals(10, 1) }),
  listed('first', { parentId: 'root', waiting: 1, totals: totals(20, 2) }),
  listed('deep', { parentId: 'first', waiting: 2, setAside: 1, title: 'Needle', totals: totals(30, 3) }),
  listed('second', { parentId: 'root' }),
  listed('newer'),
  listed('other', { workspace: '/work/two' }),
);

const none = new Set<string>();
const ids = (groups: TreeGroup[]) => groups.map((group) => group.rows.map((row) => row.session.id));

describe('tree rows', () => {
  it('stand by workspace, newest root first, children in the order they were made', () => {
    expect(ids(treeGroups({ sessions, collapsed: none }))).toEqual([
      ['newer', 'root', 'first', 'deep', 'second'],
      ['other'],
    ]);
  });

  it('tell a child whose parent is not listed from a root [tree.orphan] [S-W27]', () => {
    const [group] = treeGroups({
      sessions: byId(listed('root'), listed('lost', { parentId: 'gone' })),
      collapsed: none,
    });
    expect(group?.rows.map((row) => [row.session.id, row.level, row.orphan])).toEqual([
      ['lost', 1, true],
      ['root', 1, false],
    ]);
  });

  it('sum up what is below [tree.rollup]', () => {
    const [group] = treeGroups({
      sessions: { ...sessions, ...byId(listed('second', { parentId: 'root', status: 'working' })) },
      collapsed: new Set(['root']),
    });
    const row = group?.rows.find(({ session }) => session.id === 'root');
    expect(row?.rollup).toMatchObject({ waiting: 3, setAside: 1, tokens: 60, cost: 6, descendants: 3, working: 1 });
  });

  it('know their level, their place and whether they are open', () => {
    const [group] = treeGroups({ sessions, collapsed: new Set(['first']) });
    const row = (id: string) => group?.rows.find(({ session }) => session.id === id);
    expect(row('root')).toMatchObject({ level: 1, expanded: true, position: 2, siblings: 2 });
    expect(row('first')).toMatchObject({ level: 2, expanded: false, position: 1, siblings: 2 });
    expect(row('second')).toMatchObject({ level: 2, expanded: undefined, position: 2 });
    expect(row('deep')).toBeUndefined();
  });

  it('sum up everything below them', () => {
    const [group] = treeGroups({ sessions, collapsed: none });
    const root = group?.rows.find(({ session }) => session.id === 'root');
    expect(root?.rollup).toEqual({ waiting: 3, setAside: 1, tokens: 60, cost: 6, descendants: 3, working: 0 });
  });

  it('of a filter are the matches and the way to them, whatever is collapsed', () => {
    expect(ids(treeGroups({ sessions, collapsed: new Set(['root']), filter: ' needle ' }))).toEqual([
      ['root', 'first', 'deep'],
    ]);
    expect(treeGroups({ sessions, collapsed: none, filter: 'nothing like it' })).toEqual([]);
  });

  it('leave out what is archived with all below it, unless that is asked for', () => {
    const some = { ...sessions, first: { ...listed('first'), parentId: 'root', archived: true } };
    expect(ids(treeGroups({ sessions: some, collapsed: none }))).toEqual([['newer', 'root', 'second'], ['other']]);
    expect(ids(treeGroups({ sessions: some, collapsed: none, show: 'archived' }))).toEqual([['root', 'first', 'deep']]);
  });

  it('stand in the order and with the filter that a person chose', () => {
    expect(ids(treeGroups({ sessions, collapsed: none, order: 'cost' }))[0]?.[0]).toBe('root');
    expect(ids(treeGroups({ sessions, collapsed: none, order: 'title' }))[0]?.[0]).toBe('newer');
    const some = { ...sessions, root: { ...listed('root'), updatedAt: 9999 } };
    expect(ids(treeGroups({ sessions: some, collapsed: none, order: 'updated' }))[0]?.[0]).toBe('root');
    expect(ids(treeGroups({ sessions, collapsed: none, show: 'waiting' }))).toEqual([['root', 'first', 'deep']]);
    expect(treeGroups({ sessions, collapsed: none, show: 'working' })).toEqual([]);
  });

  it('show a child whose parent is not listed as a root', () => {
    const orphan = byId(listed('lost', { parentId: 'gone' }));
    expect(treeGroups({ sessions: orphan, collapsed: none })[0]?.rows[0]).toMatchObject({ level: 1 });
  });
});

describe('folder labels', () => {
  it('are the folder names, with the parent where two are the same', () => {
    const labels = folderLabels(['/a/app', '/b/app', '/c/tool', 'C:\\code\\x', '/data/sample'], '/data/sample');
    expect([...labels.values()]).toEqual(['a/app', 'b/app', 'tool', 'x', 'Sample workspace']);
  });
});
