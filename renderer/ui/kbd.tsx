import clsx from 'clsx';

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const macNames: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Shift: '⇧', Alt: '⌥', Enter: '↩', Esc: 'esc' };

/** The keys as this machine's keyboard names them: `Mod` is Command on a Mac, Ctrl elsewhere. */
const keyNames = (keys: string): string[] =>
  keys.split('+').map((key) => (isMac ? (macNames[key] ?? key) : key === 'Mod' ? 'Ctrl' : key));

/** A shortcut such as `Mod+Shift+P`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={clsx('inline-flex shrink-0 gap-0.5 font-sans text-xs text-faint', className)}>
      {keyNames(keys).map((key) => (
        <span key={key} className="min-w-4 rounded-sm border border-border px-1 text-center leading-[15px]">
          {key}
        </span>
      ))}
    </kbd>
  );
}
