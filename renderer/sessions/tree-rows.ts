import type { SessionSummary } from '../../shared/app/state.ts';
import { childrenOf, type Rollup, rollupOf } from '../../shared/app/tree.ts';
import type { ListFilter, ListOrder } from '../../shared/ipc/contract.ts';
import { compareBy, isWanted } from './list-choice.ts';

export interface TreeRow {
  session: SessionSummary;
  /** 1 for a root. */
  level: number;
  /** Absent for a session without children. */
  expanded: boolean | undefined;
  rollup: Rollup;
  /** A child whose parent is not there: it stands among the roots. */
  orphan: boolean;
  position: number;
  siblings: number;
}

export interface TreeGroup {
  workspace: string;
  label: string;
  rows: TreeRow[];
}

export interface TreeInput {
  sessions: Record<string, SessionSummary>;
  collapsed: ReadonlySet<string>;
  /** Shows only sessions that contain it, with the way to them. */
  filter?: string;
  /** Which sessions are listed at all; absent means all that are not archived. */
  show?: ListFilter;
  /** Of the roots; absent means newest first. */
  order?: ListOrder;
  sampleDir?: string;
}

/** Sessions by workspace as the rows of a tree. Roots in the wanted order, children in the order they were made. */
export function treeGroups(input: TreeInput): TreeGroup[] {
  const { sessions, collapsed, filter = '', show = 'all', order = 'created', sampleDir } = input;
  const children = childrenOf(sessions);
  const narrowed = filter.trim() !== '' || show !== 'all';
  const wanted = matching(sessions, filter, show);
  const groups = new Map<string, SessionSummary[]>();
  for (const root of children.get('') ?? []) {
    if (!wanted.has(root.id)) continue;
    const roots = groups.get(root.workspace);
    if (roots) roots.push(root);
    else groups.set(root.workspace, [root]);
  }
  const labels = folderLabels([...groups.keys()], sampleDir);
  return [...groups].map(([workspace, roots]) => ({
    workspace,
    label: labels.get(workspace) ?? workspace,
    rows: roots.sort(compareBy(order)).flatMap((root, index) => rowsOf(root, 1, index + 1, roots.length)),
  }));

  function rowsOf(session: SessionSummary, level: number, position: number, siblings: number): TreeRow[] {
    const below = (children.get(session.id) ?? []).filter((child) => wanted.has(child.id));
    const expanded = below.length === 0 ? undefined : narrowed || !collapsed.has(session.id);
    const orphan = session.parentId !== undefined && sessions[session.parentId] === undefined;
    const row = { session, level, expanded, rollup: rollupOf(session, children), orphan, position, siblings };
    if (!expanded) return [row];
    return [row, ...below.flatMap((child, index) => rowsOf(child, level + 1, index + 1, below.length))];
  }
}

/** Ids of the sessions that are shown and contain the text, and of their ancestors. */
function matching(sessions: Record<string, SessionSummary>, filter: string, show: ListFilter): Set<string> {
  const text = filter.trim().toLowerCase();
  const wanted = new Set<string>();
  for (const session of Object.values(sessions)) {
    const matches =
      text === '' ||
      [session.title, session.activity, session.workspace].some((part) => part.toLowerCase().includes(text));
    if (!matches || !isWanted(session, show, isArchived(sessions, session))) continue;
    for (let at: SessionSummary | undefined = session; at && !wanted.has(at.id); ) {
      wanted.add(at.id);
      at = at.parentId === undefined ? undefined : sessions[at.parentId];
    }
  }
  return wanted;
}

/** A session is archived with everything below it. */
function isArchived(sessions: Record<string, SessionSummary>, session: SessionSummary): boolean {
  const seen = new Set<string>();
  for (let at: SessionSummary | undefined = session; at && !seen.has(at.id); at = sessions[at.parentId ?? '']) {
    if (at.archived) return true;
    seen.add(at.id);
  }
  return false;
}

export const matchesAny = (sessions: Record<string, SessionSummary>, filter: string, show: ListFilter): boolean =>
  matching(sessions, filter, show).size > 0;

const segments = (path: string): string[] => path.split(/[/\\]/).filter((part) => part !== '');

/** The folder's own name; with its parent's where two folders share it. */
export function folderLabels(paths: readonly string[], sampleDir?: string): Map<string, string> {
  const names = paths.map((path) => segments(path).at(-1) ?? path);
  return new Map(
    paths.map((path, index) => {
      if (path === sampleDir) return [path, 'Sample workspace'];
      const name = names[index] ?? path;
      const shared = names.filter((other) => other === name).length > 1;
      return [path, shared ? segments(path).slice(-2).join('/') : name];
    }),
  );
}
