import { beforeEach, describe, expect, it } from 'vitest';
import {
  closeTab,
  cycleTab,
  forgetSessions,
  isInspectorShown,
  openTab,
  reopenTab,
  setCollapsed,
  setDraft,
  setNarrow,
  showInspector,
  toggleInspector,
  useUi,
} from '../../../renderer/state/ui-store.ts';

const initial = useUi.getState();
const ui = () => useUi.getState();

beforeEach(() => useUi.setState({ ...initial, tabs: ['a', 'b', 'c'], activeTab: 'b' }, true));

describe('tabs', () => {
  it('open after the shown one, and only once', () => {
    openTab('d');
    expect(ui()).toMatchObject({ tabs: ['a', 'b', 'd', 'c'], activeTab: 'd' });
    openTab('a');
    expect(ui()).toMatchObject({ tabs: ['a', 'b', 'd', 'c'], activeTab: 'a' });
  });

  it('give way to the right neighbour, then to the left', () => {
    closeTab('b');
    expect(ui().activeTab).toBe('c');
    closeTab('c');
    expect(ui().activeTab).toBe('a');
    closeTab('a');
    expect(ui()).toMatchObject({ tabs: [], activeTab: undefined });
  });

  it('that are not shown close without changing what is shown', () => {
    closeTab('a');
    expect(ui()).toMatchObject({ tabs: ['b', 'c'], activeTab: 'b' });
  });

  it('reopen newest first', () => {
    closeTab('a');
    closeTab('b');
    reopenTab();
    expect(ui().activeTab).toBe('b');
    reopenTab();
    expect(ui().activeTab).toBe('a');
    reopenTab();
    expect(ui().tabs).toHaveLength(3);
  });

  it('are gone through round the ends', () => {
    cycleTab(1);
    cycleTab(1);
    expect(ui().activeTab).toBe('a');
    cycleTab(-1);
    expect(ui().activeTab).toBe('c');
  });

  it('of sessions that are no more go with all that belongs to them', () => {
    setDraft('b', 'text');
    setDraft('c', 'kept');
    setCollapsed('b', true);
    forgetSessions((id) => id !== 'b');
    expect(ui()).toMatchObject({ tabs: ['a', 'c'], activeTab: 'c', drafts: { c: 'kept' }, collapsed: [] });
  });

  it('stay as they are while every session is known', () => {
    const before = ui();
    forgetSessions(() => true);
    expect(ui()).toBe(before);
  });
});

it('an emptied draft leaves nothing behind', () => {
  setDraft('a', 'x');
  setDraft('a', '');
  expect(ui().drafts).toEqual({});
});

describe('the inspector', () => {
  it('is a column in a wide window', () => {
    toggleInspector();
    expect(isInspectorShown(ui())).toBe(false);
    showInspector('context');
    expect(ui()).toMatchObject({ inspectorOpen: true, inspectorTab: 'context' });
  });

  it('lies over a narrow one only while it is called for, and the column comes back as it was', () => {
    setNarrow(true);
    expect(isInspectorShown(ui())).toBe(false);
    showInspector('approvals');
    expect(isInspectorShown(ui())).toBe(true);
    toggleInspector();
    expect(isInspectorShown(ui())).toBe(false);
    setNarrow(false);
    expect(isInspectorShown(ui())).toBe(true);
  });
});
