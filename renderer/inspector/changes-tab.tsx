import { ChevronRight, FilePen } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Item } from '../../shared/session/state.ts';
import { DiffView } from '../code/diff-view.tsx';
import { useSession } from '../state/replicas.ts';
import { formatClock, plural } from '../ui/amounts.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { type ChangedFile, changedFiles } from './changes.ts';

const noItems: readonly Item[] = [];

/** The files that this session's calls have changed, each with its diffs, newest first. */
export function ChangesTab({ sessionId }: { sessionId: string }) {
  const items = useSession(sessionId, (state) => state.items) ?? noItems;
  const older = useSession(sessionId, (state) => state.firstItem > 0) ?? false;
  const files = useMemo(() => changedFiles(items), [items]);
  if (files.length === 0) {
    return (
      <EmptyState icon={<FilePen />} title="No files changed" text="Edits that this session makes show up here." />
    );
  }
  return (
    <div className="relative h-full overflow-y-auto p-2">
      <p className="px-1 pb-1 text-sm text-muted">
        {plural(files.length, 'file')} changed{older && ' in the items that are loaded'}
      </p>
      <ul className="flex flex-col gap-1">
        {files.map((file) => (
          <File key={file.path} file={file} />
        ))}
      </ul>
    </div>
  );
}

function File({ file }: { file: ChangedFile }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="rounded-md border border-border bg-raised">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
      >
        <ChevronRight aria-hidden="true" className={open ? 'size-3.5 rotate-90 text-faint' : 'size-3.5 text-faint'} />
        <span className="min-w-0 flex-1 truncate font-mono text-sm [direction:rtl]" title={file.path}>
          <bdi>{file.path}</bdi>
        </span>
        {file.changes.some((change) => change.created) && <span className="text-xs text-muted">new</span>}
        <span className="text-sm text-green">+{file.added}</span>
        <span className="text-sm text-red">−{file.removed}</span>
      </button>
      {open && (
        <ol className="flex flex-col gap-2 border-t border-border p-2">
          {file.changes.map((change) => (
            <li key={change.callId}>
              <p className="pb-1 text-xs text-faint">{formatClock(change.at)}</p>
              <DiffView path={file.path} patch={change.patch} />
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
