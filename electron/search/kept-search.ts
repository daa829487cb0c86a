import MiniSearch from 'minisearch';
import type { KeptText } from '../storage/search-files.ts';

interface Entry {
  /** `<session>/<item>`. */
  id: string;
  text: string;
}

/** Terms that are looked at before others get their turn: some milliseconds' work. */
const termsAtOnce = 1000;

const othersTurn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A text index that can be kept. The library's own way holds a dictionary a term: read back, that takes a third of the time that building
 * anew takes, and a halt of a second to write it; lists of numbers take a twentieth, in slices.
 */
export class KeptSearch extends MiniSearch<Entry> {
  constructor() {
    super({ fields: ['text'], storeFields: [], searchOptions: { combineWith: 'AND' } });
  }

  /** What `restore` makes the same index from. Nothing may be added or taken out meanwhile. */
  async compact(): Promise<KeptText> {
    const terms: string[] = [];
    const postings: number[][] = [];
    for (const [term, fields] of this._index) {
      const posting: number[] = [];
      for (const [document, times] of fields.get(0) ?? []) posting.push(document, times);
      terms.push(term);
      postings.push(posting);
      if (terms.length % termsAtOnce === 0) await othersTurn();
    }
    return {
      nextId: this._nextId,
      averageLength: this._avgFieldLength[0] ?? 0,
      documents: [...this._documentIds].map(([short, id]) => [short, id, this._fieldLength.get(short)?.[0] ?? 0]),
      terms,
      postings,
    };
  }

  static async restore(kept: KeptText): Promise<KeptSearch> {
    const search = new KeptSearch();
    search._nextId = kept.nextId;
    search._avgFieldLength = [kept.averageLength];
    search._documentCount = kept.documents.length;
    for (const [short, id, length] of kept.documents) {
      search._documentIds.set(short, id);
      search._idToShortId.set(id, short);
      search._fieldLength.set(short, [length]);
    }
    for (let place = 0; place < kept.terms.length; place += 1) {
      const posting = kept.postings[place] as number[];
      const documents = new Map<number, number>();
      for (let k = 0; k < posting.length; k += 2) documents.set(posting[k] as number, posting[k + 1] as number);
      search._index.set(kept.terms[place] as string, new Map([[0, documents]]));
      if (place % termsAtOnce === 0) await othersTurn();
    }
    return search;
  }

  /** `<session>/<item>` of all that is in it. */
  ids(): string[] {
    return [...this._documentIds.values()];
  }
}
