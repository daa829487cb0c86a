import type { Detail } from '../session/parts.ts';

/** Two texts that are read side by side while a call is edited. */
export interface Comparison {
  /** Name of the argument that holds the new text. */
  after: string;
  /** Where the old text is: in another argument, on disk, or nowhere that can be shown, for the reason that `note` gives. */
  before: { argument: string } | { path: string; text: string } | { note: string };
}

/** What the form for editing a call is made from. */
export interface Editing {
  /** JSON schema of the arguments; absent when the tool is no longer there. */
  schema?: unknown;
  compare?: Comparison;
}

/** How a waiting call looks by now, where that is no longer as its card shows it: a file changed meanwhile. */
export interface FreshLook {
  detail?: Detail;
}
