import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import type { MemoryItem } from '../../shared/memory/memory.ts';
import { addMemory, changeSettings, listMemory } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { inputLook } from '../ui/text-field.tsx';
import { MemoryForm } from './memory-form.tsx';
import { MemoryRow } from './memory-row.tsx';
import { PageSection, RowList } from './page-parts.tsx';

/** A query in each key stroke is more than a person can read. */
const settleMs = 150;

function useMemory(query: string) {
  const [items, setItems] = useState<MemoryItem[]>();
  const [failure, setFailure] = useState<Failure>();
  const read = useCallback(async () => {
    const answer = await listMemory(query);
    if (answer.ok) setItems(answer.value.items);
    setFailure(answer.ok ? undefined : answer.error);
  }, [query]);
  useEffect(() => {
    const timer = setTimeout(() => void read(), query === '' ? 0 : settleMs);
    return () => clearTimeout(timer);
  }, [read, query]);
  return { items, failure, read };
}

/** What agents remember: to be read, changed and deleted. */
export function MemoryPage() {
  const isOn = useApp((app) => app.settings.memory);
  const session = useApp((app) => app.sessions[useUi.getState().activeTab ?? '']);
  const [query, setQuery] = useState('');
  const [adding, setAdding] = useState(false);
  const { items, failure, read } = useMemory(query);
  return (
    <>
      <PageSection
        title="Memory"
        text="Notes that outlive a session. Agents are told those of their workspace, as data; a new one is asked about like a change of a file. Secrets are refused."
      >
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={isOn}
            onChange={() => void changeSettings({ memory: !isOn })}
            className="size-3.5 accent-(--accent)"
          />
          Use memory
        </label>
      </PageSection>
      <PageSection
        title="What is noted"
        text="What agents noted goes by itself after 90 days when it is of little importance and hardly looked up, unless it is pinned."
        actions={
          !adding && (
            <Button size="sm" onClick={() => setAdding(true)}>
              Add note…
            </Button>
          )
        }
      >
        {adding && (
          <MemoryForm
            label="Add note"
            places={session ? [session.workspace] : []}
            onSave={(content, place) => addMemory(content, place === undefined ? undefined : session?.id)}
            onClose={(saved) => {
              setAdding(false);
              if (saved) void read();
            }}
          />
        )}
        <input
          type="search"
          aria-label="Search notes"
          placeholder="Search notes"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className={`${inputLook} mb-2`}
        />
        {failure && (
          <p role="alert" className="text-sm text-red wrap-anywhere">
            {failure.message} {failure.hint}
          </p>
        )}
        {!items && !failure && <Spinner />}
        {items?.length === 0 && !adding && (
          <p className="rounded-md border border-dashed border-border px-3 py-4 text-center text-sm text-muted">
            {query === '' ? 'Nothing is noted yet.' : 'No note has these words.'}
          </p>
        )}
        {items !== undefined && items.length > 0 && (
          <RowList label="Notes">
            {items.map((item) => (
              <MemoryRow key={item.id} item={item} onChanged={() => void read()} />
            ))}
          </RowList>
        )}
      </PageSection>
    </>
  );
}
