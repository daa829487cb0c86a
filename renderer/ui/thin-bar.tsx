import clsx from 'clsx';

/** A bar two pixels high that shows a share. Decoration: the number itself must be said elsewhere. `share` is 0 to 1. */
export function ThinBar({ share, className }: { share: number; className?: string }) {
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <span aria-hidden="true" className={clsx('block h-0.5 overflow-hidden rounded-full bg-selected', className)}>
      <span
        style={{ width: `${percent}%` }}
        className={clsx(
          'block h-full rounded-full forced-colors:bg-[CanvasText]',
          percent < 60 ? 'bg-faint' : percent <= 85 ? 'bg-amber-fill' : 'bg-red-fill',
        )}
      />
    </span>
  );
}
