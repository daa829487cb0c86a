import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { commandGroups, commands } from './commands.ts';

/** Keys that belong to one part of the window, beside the commands' own. */
const local: { title: string; keys: [keys: string, what: string][] }[] = [
  {
    title: 'Tabs',
    keys: [
      ['Mod+1…8', 'Tab by its place'],
      ['Mod+9', 'Last tab'],
    ],
  },
  {
    title: 'Composer',
    keys: [
      ['Enter', 'Send'],
      ['Mod+Enter', 'Send into the run under way'],
      ['Shift+Enter', 'New line'],
      ['Up', 'Last prompt'],
      ['Shift+Tab', 'Next permission mode'],
      ['Esc', 'Stop the run'],
    ],
  },
  {
    title: 'Approvals',
    keys: [
      ['A', 'Allow once'],
      ['D', 'Deny'],
      ['E', 'Edit the call'],
      ['C', 'Comment'],
      ['L', 'Later, or bring back'],
      ['X', 'Select'],
      ['J', 'Next'],
      ['K', 'Previous'],
    ],
  },
  {
    title: 'Session list',
    keys: [
      ['Enter', 'Open'],
      ['F2', 'Rename'],
      ['Delete', 'Delete'],
    ],
  },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const sections = [
    ...commandGroups.map((title) => ({
      title,
      keys: commands
        .filter((command) => command.group === title && command.keys !== undefined)
        .map((command): [string, string] => [command.keys ?? '', command.label.replace('…', '')]),
    })),
    ...local,
  ];
  return (
    <Dialog title="Keyboard shortcuts" open onOpenChange={onClose} className="max-w-2xl">
      <div className="columns-2 gap-8 overflow-y-auto p-4">
        {sections.map(({ title, keys }) => (
          <section key={title} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-sm font-medium text-faint">{title}</h3>
            <dl>
              {keys.map(([shortcut, what]) => (
                <div key={what} className="flex min-h-7 items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd>
                    <Kbd keys={shortcut} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
