import { describe, expect, it } from 'vitest';
import { treeMove, typeAhead } from '../../../renderer/sessions/tree-keys.ts';
import { treeGroups } from '../../../renderer/sessions/tree-rows.ts';
import { byId, listed } from './session-fixture.ts';

const sessions = byId(
  listed('root', { title: 'Bake' }),
  listed('child', { parentId: 'root', title: 'Apple' }),
  listed('grandchild', { parentId: 'child', title: 'Anise' }),
  listed('other', { workspace: '/two', title: 'Apricot' }),
);
const rowsWith = (...collapsed: string[]) =>
  treeGroups({ sessions, collapsed: new Set(collapsed) }).flatMap((group) => group.rows);
const all = rowsWith();

describe('keys of the tree', () => {
  it('move over the rows that are shown, across groups, and stop at the ends', () => {
    expect(treeMove('ArrowDown', all, 'grandchild')).toEqual({ focus: 'other' });
    expect(treeMove('ArrowUp', all, 'root')).toBeUndefined();
    expect(treeMove('ArrowDown', all, 'other')).toBeUndefined();
    expect(treeMove('Home', all, 'other')).toEqual({ focus: 'root' });
    expect(treeMove('End', all, 'root')).toEqual({ focus: 'other' });
  });

  it('open and close, then go in and out', () => {
    expect(treeMove('ArrowRight', rowsWith('root'), 'root')).toEqual({ expand: 'root' });
    expect(treeMove('ArrowRight', all, 'root')).toEqual({ focus: 'child' });
    expect(treeMove('ArrowRight', all, 'grandchild')).toBeUndefined();
    expect(treeMove('ArrowLeft', all, 'grandchild')).toEqual({ focus: 'child' });
    expect(treeMove('ArrowLeft', all, 'child')).toEqual({ collapse: 'child' });
    expect(treeMove('ArrowLeft', all, 'other')).toBeUndefined();
  });

  it('open the focused session by Enter and Space', () => {
    expect(treeMove('Enter', all, 'child')).toEqual({ open: 'child' });
    expect(treeMove(' ', all, 'child')).toEqual({ open: 'child' });
    expect(treeMove('x', all, 'child')).toBeUndefined();
  });

  it('begin at the top when nothing has the focus', () => {
    expect(treeMove('ArrowDown', all, undefined)).toEqual({ focus: 'root' });
  });
});

describe('type-ahead', () => {
  it('goes round the rows that begin with a repeated letter', () => {
    expect(typeAhead('a', all, 'root')).toBe('child');
    expect(typeAhead('aa', all, 'child')).toBe('grandchild');
    expect(typeAhead('a', all, 'other')).toBe('child');
  });

  it('keeps the row that more letters still fit', () => {
    expect(typeAhead('ap', all, 'child')).toBe('child');
    expect(typeAhead('apr', all, 'child')).toBe('other');
    expect(typeAhead('zz', all, 'child')).toBeUndefined();
  });
});
