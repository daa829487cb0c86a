import { ArrowUpRight, FolderOpen } from 'lucide-react';
import { sendPrompt } from '../actions.ts';
import { unasked } from '../confirmation/in-force.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { Kbd } from '../ui/kbd.tsx';

/** Prompts that the demo model follows in the sample workspace; the second leads to an approval. */
const examplePrompts = [
  'Summarise the structure of this project',
  'Fix the typo in README.md',
  'In parallel look at src, test and README.md',
] as const;

/** A session that has not been asked anything yet. */
export function EmptySession({ sessionId }: { sessionId: string }) {
  const workspace = useSession(sessionId, (state) => state.head.config.workspace) ?? '';
  const unaskedNow = useApp((app) => unasked(app.sessions, sessionId) !== undefined);
  const sampleDir = useApp((app) => app.runtime.sampleDir);
  return (
    <div className="flex h-full flex-col items-center justify-center overflow-y-auto p-6">
      <div className="w-full max-w-md">
        <p className="flex items-center gap-2 text-sm text-muted">
          <FolderOpen aria-hidden="true" className="size-4 shrink-0 text-faint" />
          <span className="selectable min-w-0 font-mono wrap-anywhere">{workspace}</span>
        </p>
        {workspace === sampleDir ? <Examples sessionId={sessionId} /> : <Hint asks={!unaskedNow} />}
      </div>
    </div>
  );
}

function Examples({ sessionId }: { sessionId: string }) {
  return (
    <>
      <p className="mt-4 mb-2 text-sm text-muted">A sample project to try things in. For example:</p>
      <ul className="flex flex-col gap-1.5">
        {examplePrompts.map((prompt) => (
          <li key={prompt}>
            <button
              type="button"
              onClick={() => void sendPrompt(sessionId, prompt)}
              className="group flex w-full items-center justify-between gap-3 rounded-md border border-border bg-raised px-3 py-2 text-left hover:border-border-strong hover:bg-hover"
            >
              {prompt}
              <ArrowUpRight aria-hidden="true" className="size-3.5 shrink-0 text-faint group-hover:text-text" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const Hint = ({ asks }: { asks: boolean }) => (
  <>
    <p className="mt-4 text-muted">
      Say what should be done in this folder. {asks && 'Whatever changes something waits for your decision.'}
    </p>
    <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1.5 text-sm text-muted">
      <li className="flex items-center gap-1.5">
        <Kbd keys="Enter" /> sends
      </li>
      <li className="flex items-center gap-1.5">
        <Kbd keys="Shift+Enter" /> new line
      </li>
      <li className="flex items-center gap-1.5">
        <Kbd keys="Shift+Tab" /> changes the mode
      </li>
      <li className="flex items-center gap-1.5">
        <Kbd keys="Mod+Shift+J" /> goes to approvals
      </li>
    </ul>
  </>
);
