import { Command } from 'cmdk';
import { afterDialog, goToSession } from '../sessions/go-to-session.ts';
import { statusWord } from '../sessions/status-text.ts';
import { useApp } from '../state/app-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StateDot } from '../ui/state-dot.tsx';
import { commandGroups, commands } from './commands.ts';

const itemLook = 'flex h-8 items-center gap-2 rounded-md px-2 aria-selected:bg-selected [&_svg]:shrink-0 select-none';

/** Everything by name: sessions first, then commands. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const sessions = useApp((app) => app.sessions);
  const inOrder = Object.values(sessions).sort((a, b) => b.updatedAt - a.updatedAt);
  const choose = (run: () => void) => () => {
    onClose();
    afterDialog(run);
  };
  return (
    <Dialog title="Command palette" hideTitle open onOpenChange={onClose} place="top" className="max-w-xl">
      {/* Its vim keys would take Ctrl+K, which closes the palette. */}
      <Command label="Command palette" loop vimBindings={false} className="flex min-h-0 flex-col">
        <Command.Input
          autoFocus
          placeholder="Go to a session or do something…"
          className="h-11 shrink-0 border-b border-border bg-transparent px-4 text-lg outline-none"
        />
        <Command.List
          label="Results"
          className="max-h-[50vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
        >
          <Command.Empty className="px-2 py-6 text-center text-muted">Nothing has that name.</Command.Empty>
          <Command.Group heading="Go to session">
            {inOrder.map((session) => (
              <Command.Item
                key={session.id}
                value={session.id}
                keywords={[session.title, session.workspace]}
                onSelect={choose(() => goToSession(session.id))}
                className={itemLook}
              >
                <StateDot state={session.status} label={statusWord(session.status)} />
                <span className="min-w-0 truncate">{session.title}</span>
                <span className="min-w-0 flex-1 truncate text-sm text-faint">{session.workspace}</span>
                <RelativeTime at={session.updatedAt} className="shrink-0 text-xs text-faint" />
              </Command.Item>
            ))}
          </Command.Group>
          {commandGroups.map((group) => (
            <Command.Group key={group} heading={group}>
              {commands
                .filter((command) => command.group === group && command.id !== 'palette')
                .filter((command) => !command.when || command.when())
                .map(({ id, label, keys, run }) => (
                  <Command.Item key={id} value={id} keywords={[label]} onSelect={choose(run)} className={itemLook}>
                    <span className="min-w-0 flex-1 truncate">{label}</span>
                    {keys !== undefined && <Kbd keys={keys} />}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
