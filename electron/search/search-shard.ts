import type { Item, SessionState } from '../../shared/session/state.ts';
import type { KeptPart } from '../storage/search-files.ts';
import { KeptSearch } from './kept-search.ts';

/** Of longer texts only the beginning can be found. */
const mostChars = 20_000;
/** Characters that are taken up before others get their turn: some milliseconds' work. */
const charsAtOnce = 30_000;
/** The file of a larger shard would halt everything while it is parsed; its sessions are sooner read again. */
const mostCharsKept = 20_000_000;

/** The full text of some sessions. */
export class SearchShard {
  readonly #search: KeptSearch;
  /** The version of each session that is in it. */
  readonly versions: Map<string, number>;
  readonly #items: Map<string, Set<string>>;
  readonly #unreadable = new Set<string>();
  #chars: number;
  #revision = 0;

  constructor(search = new KeptSearch(), { sessions, chars }: Pick<KeptPart, 'sessions' | 'chars'> = empty) {
    this.#search = search;
    this.versions = new Map(Object.entries(sessions));
    this.#items = itemsBySession(search.ids());
    this.#chars = chars;
  }

  /** Throws anything when it is not what `kept` gave. */
  static async restore(kept: KeptPart): Promise<SearchShard> {
    return new SearchShard(await KeptSearch.restore(kept.text), kept);
  }

  /** Rises with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Adds what is new in a session and takes out what is no longer there. */
  async take(id: string, version: number, state: SessionState): Promise<void> {
    const known = this.#items.get(id) ?? new Set<string>();
    this.#items.set(id, known);
    const gone = new Set(known);
    let since = 0;
    for (const item of state.items) {
      const text = textOf(item).slice(0, mostChars);
      if (text === '') continue;
      gone.delete(item.id);
      if (known.has(item.id)) continue;
      known.add(item.id);
      this.#search.add({ id: `${id}/${item.id}`, text });
      this.#revision += 1;
      this.#chars += text.length;
      since += text.length;
      if (since < charsAtOnce) continue;
      since = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const itemId of gone) {
      known.delete(itemId);
      this.#search.discard(`${id}/${itemId}`);
    }
    this.#revision += 1;
    this.versions.set(id, version);
    this.#unreadable.delete(id);
  }

  /** This version of a session cannot be read: it is tried again when there is another, or after the next start. */
  skip(id: string, version: number): void {
    this.versions.set(id, version);
    this.#unreadable.add(id);
  }

  forget(id: string): void {
    for (const itemId of this.#items.get(id) ?? []) this.#search.discard(`${id}/${itemId}`);
    this.#items.delete(id);
    this.versions.delete(id);
    this.#revision += 1;
  }

  find(text: string): { id: string; score: number; terms: string[] }[] {
    const found = this.#search.search(text, {
      // Two letters begin so many words that looking them all up would halt everything.
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 5 ? 0.15 : 0),
    });
    return found.map(({ id, score, match }) => ({ id: String(id), score, terms: Object.keys(match) }));
  }

  /**
   * What is to be kept of it, without a word of what was taken out; nothing of one that has grown too large. Worth something only when
   * `revision` is the same as before.
   */
  async kept(): Promise<KeptPart | undefined> {
    if (this.#chars > mostCharsKept) return undefined;
    if (this.#search.dirtCount > 0) await this.#search.vacuum();
    const sessions = Object.fromEntries([...this.versions].filter(([id]) => !this.#unreadable.has(id)));
    return { sessions, chars: this.#chars, text: await this.#search.compact() };
  }
}

const empty = { sessions: {}, chars: 0 };

function itemsBySession(ids: string[]): Map<string, Set<string>> {
  const items = new Map<string, Set<string>>();
  for (const id of ids) {
    const [sessionId = '', itemId = ''] = id.split('/');
    const known = items.get(sessionId);
    if (known) known.add(itemId);
    else items.set(sessionId, new Set([itemId]));
  }
  return items;
}

/** What of an item can be found. Empty while it is still being made. */
export function textOf(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return item.text;
    case 'message':
      return item.streaming ? '' : item.text;
    case 'call':
      return item.result ? `${item.tool} ${item.title}\n${item.result.output}` : '';
    case 'notice':
      return item.text;
    default:
      return '';
  }
}
