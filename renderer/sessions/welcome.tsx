import { SquarePen } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import { useApp } from '../state/app-store.ts';
import { showNewSession } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StateDot } from '../ui/state-dot.tsx';
import { goToSession } from './go-to-session.ts';
import { statusWord } from './status-text.ts';

/** The centre while no session is shown. */
export function Welcome() {
  const recent = useApp(
    useShallow((app) =>
      Object.values(app.sessions)
        .filter((session) => session.parentId === undefined && !session.archived)
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, 6),
    ),
  );
  return (
    <section aria-label="Start" className="flex h-full items-center justify-center overflow-y-auto bg-bg p-6">
      <div className="w-full max-w-96">
        <h2 className="text-xl font-semibold">
          {recent.length === 0 ? 'Start your first session' : 'No session is open'}
        </h2>
        <p className="mt-1 text-muted">A session is one agent at work in one folder. Run as many as you like.</p>
        <div className="mt-4 flex items-center gap-3">
          <Button variant="primary" onClick={() => showNewSession()}>
            <SquarePen aria-hidden="true" className="size-4" /> New session
          </Button>
          <Kbd keys="Mod+N" />
        </div>
        {recent.length > 0 && (
          <>
            <h3 className="mt-8 mb-1 text-sm font-medium text-faint">Recent</h3>
            <ul className="-mx-2">
              {recent.map((session) => (
                <li key={session.id}>
                  <button
                    type="button"
                    onClick={() => goToSession(session.id)}
                    className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
                  >
                    <StateDot state={session.status} label={statusWord(session.status)} />
                    <span className="min-w-0 flex-1 truncate">{session.title}</span>
                    <RelativeTime at={session.updatedAt} className="text-xs text-faint" />
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}
