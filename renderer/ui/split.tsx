import { Separator } from 'react-resizable-panels';

/** The handle between two panes: one pixel to see, more to grab; arrow keys move it. */
export function SplitHandle({ label }: { label: string }) {
  return (
    <Separator
      aria-label={label}
      className="w-px bg-border outline-offset-0 hover:bg-accent data-[separator=active]:bg-accent focus-visible:bg-accent"
    />
  );
}
