/** Puts back the texts that signs in a piece of a prompt stand for. */
export interface Show {
  /** What was quoted, without its quotes. */
  (text: string): string;
  /** As the person wrote it, quotes included. */
  original(text: string): string;
}

/** A quoted text stands as one sign, so that words inside it are never taken for wording of the request. */
export const quotedText = '⟦\\d+⟧';

/** Puts quoted texts and code blocks aside; `show` puts them back. */
export function hideQuotes(text: string): { text: string; show: Show } {
  const kept: { content: string; original: string }[] = [];
  const hide = (original: string, content: string) => `⟦${kept.push({ content, original }) - 1}⟧`;
  const hidden = text
    .replace(/[⟦⟧]/g, '')
    .replace(/```[^\n]*\n([\s\S]*?)```/g, hide)
    .replace(/`([^`\n]+)`|"([^"\n]*)"|“([^”\n]*)”|(?<!\w)'([^'\n]+)'(?!\w)/g, (all: string, ...groups) =>
      hide(all, groups.slice(0, 4).find((group) => group !== undefined) as string),
    );
  const putBack = (key: 'content' | 'original') => (part: string) => {
    let shown = part;
    // A block may hold quotes, and a quote signs of a block put aside before it.
    while (/⟦\d+⟧/.test(shown))
      shown = shown.replace(/⟦(\d+)⟧/g, (_all, index: string) => kept[Number(index)]?.[key] ?? '');
    return shown;
  };
  return { text: hidden, show: Object.assign(putBack('content'), { original: putBack('original') }) };
}
