import { useState } from 'react';
import type { CallItem } from '../../shared/session/state.ts';
import { loadBlob } from '../actions.ts';
import { CopyButton } from '../code/copy-button.tsx';
import { TerminalOutput } from '../code/terminal-output.tsx';
import { Button } from '../ui/button.tsx';

/** What a call printed or returned: live while it runs, head and tail of a long one afterwards, the whole on demand. */
export function CallOutput({ sessionId, call }: { sessionId: string; call: CallItem }) {
  const [whole, setWhole] = useState<string>();
  const [busy, setBusy] = useState(false);
  const blob = call.result?.blob;
  const text = whole ?? call.result?.output ?? call.liveOutput;
  if (text === '') return null;
  const showWhole = async (hash: string) => {
    setBusy(true);
    const answer = await loadBlob(sessionId, hash);
    setBusy(false);
    if (answer.ok) setWhole(answer.value.text);
  };
  return (
    <div className="group/output relative">
      <TerminalOutput text={text} maxHeight={whole === undefined ? 'max-h-72' : 'max-h-[60vh]'} />
      <div className="absolute top-1 right-3 rounded-md bg-sunken opacity-0 group-focus-within/output:opacity-100 group-hover/output:opacity-100">
        <CopyButton text={text} label="Copy output" />
      </div>
      {blob !== undefined && whole === undefined && (
        <Button size="sm" variant="ghost" busy={busy} className="mt-1" onClick={() => void showWhole(blob)}>
          Show whole output
        </Button>
      )}
    </div>
  );
}
