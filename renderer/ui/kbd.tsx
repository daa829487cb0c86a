import clsx from 'clsx';
import { keyNames } from './key-names.ts';

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
