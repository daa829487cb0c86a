import { ChevronDown, GitBranch, GitFork } from 'lucide-react';
import { isRunning } from '../../shared/session/selectors.ts';
import type { Branch } from '../../shared/session/state.ts';
import { restoreBranch } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { openTab } from '../state/ui-store.ts';
import { plural } from '../ui/amounts.ts';
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx';

const chipLook = 'inline-flex min-w-0 shrink-0 items-center gap-1 rounded-sm text-sm text-muted hover:text-text';

/** Where the conversation came from, and where else it has been. */
export function SessionHistory({ id }: { id: string }) {
  const forkedFrom = useSession(id, (state) => state.head.forkedFrom);
  const branches = useSession(id, (state) => state.head.branches);
  const running = useSession(id, (state) => isRunning(state.head)) ?? false;
  return (
    <>
      {forkedFrom && <ForkedFrom sessionId={forkedFrom.sessionId} title={forkedFrom.title} />}
      {branches && branches.length > 0 && <Branches id={id} branches={branches} running={running} />}
    </>
  );
}

function ForkedFrom({ sessionId, title }: { sessionId: string; title: string }) {
  const origin = useApp((app) => app.sessions[sessionId]);
  const text = `Forked from ${origin?.title ?? title}`;
  const shown = (
    <>
      <GitFork aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
      <span className="max-w-48 truncate">{text}</span>
    </>
  );
  if (!origin) return <span className="inline-flex items-center gap-1 text-sm text-muted">{shown}</span>;
  return (
    <button type="button" title={text} className={`${chipLook} hover:underline`} onClick={() => openTab(sessionId)}>
      {shown}
    </button>
  );
}

function Branches({ id, branches, running }: { id: string; branches: readonly Branch[]; running: boolean }) {
  return (
    <Menu
      align="end"
      className="w-80"
      trigger={
        <button type="button" className={chipLook}>
          <GitBranch aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
          {plural(branches.length, 'branch', 'branches')}
          <ChevronDown aria-hidden="true" className="size-3 shrink-0 opacity-70" />
        </button>
      }
    >
      <MenuLabel>{running ? 'Can be restored when the run has ended' : 'Go back to a branch'}</MenuLabel>
      {branches.toReversed().map((branch) => (
        <MenuItem key={branch.id} disabled={running} onSelect={() => void restoreBranch(id, branch.id)}>
          <span className="block truncate">{branch.title || 'Without a prompt'}</span>
          <span className="block text-sm text-muted">
            {plural(branch.length, 'entry', 'entries')}, left {new Date(branch.at).toLocaleString()}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
