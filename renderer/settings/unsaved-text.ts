import { create } from 'zustand';

const useTexts = create<{ readonly [name: string]: string }>()(() => ({}));

/** What was typed for a setting and not saved; it outlives the page and the dialog. `undefined` lets go of it. */
export function useUnsavedText(name: string): [text: string | undefined, keep: (text: string | undefined) => void] {
  const text = useTexts((texts) => texts[name]);
  const keep = (next: string | undefined) =>
    useTexts.setState(
      ({ [name]: _old, ...others }) => (next === undefined ? others : { ...others, [name]: next }),
      true,
    );
  return [text, keep];
}
