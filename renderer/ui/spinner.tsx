import clsx from 'clsx';

/** Motion only; whoever shows it says in words what is under way. */
export function Spinner({ size = 12, className }: { size?: number; className?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      aria-hidden="true"
      className={clsx('spin shrink-0', className)}
    >
      <circle cx="6" cy="6" r="4.75" stroke="currentColor" strokeWidth="1.5" opacity="0.25" />
      <path d="M6 1.25A4.75 4.75 0 0 1 10.75 6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
