/** On a bar: the share at which something happens by itself. Decoration; the words beside it say the same. */
export const CompactMark = ({ at }: { at: number }) => (
  <span
    aria-hidden="true"
    style={{ left: `${at * 100}%` }}
    className="absolute -inset-y-0.5 w-0.5 rounded-full bg-text/70 forced-colors:bg-[CanvasText]"
  />
);
