import { makeVisible } from '../../shared/visible.ts';

/** What a call is called; where a person made another one of it, what was asked and then what ran. */
export function EditedTitle({ title, to }: { title: string; to: string | undefined }) {
  if (to === undefined) return makeVisible(title);
  return (
    <>
      <del className="text-muted">{makeVisible(title)}</del>
      <span aria-hidden="true"> → </span>
      <span className="sr-only"> changed to </span>
      <ins className="no-underline">{makeVisible(to)}</ins>
    </>
  );
}
