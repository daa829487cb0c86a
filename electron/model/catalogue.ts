import type { Prices } from '../../shared/settings.ts';
import catalogue from './catalogue.json' with { type: 'json' };

export interface CatalogueEntry {
  contextWindow: number;
  /** Absent where the catalogue knows none. */
  prices?: Prices;
}

/** When the bundled data was published, as `YYYY-MM-DD`, and where it comes from: the window shows both. */
export const catalogueDate = catalogue.date;
export const catalogueSource = catalogue.source;

const models = new Map(Object.entries(catalogue.models as Record<string, number[]>));

/**
 * What the bundled catalogue knows of a model. The exact id first; then without a release date, then without the prefixes that hosts put
 * before a name. Undefined rather than a guess: other suffixes (sizes, variants) name other models.
 */
export function lookUpModel(id: string): CatalogueEntry | undefined {
  const name = id.trim().toLowerCase();
  const bare = name.slice(name.lastIndexOf('/') + 1);
  for (const candidate of [name, withoutDate(name), bare, withoutDate(bare)]) {
    const entry = models.get(candidate);
    if (entry) return toEntry(entry);
  }
  return undefined;
}

const withoutDate = (name: string): string => name.replace(/[-@](\d{4}-\d{2}-\d{2}|20\d{6})$/, '');

function toEntry([contextWindow = 0, input, output, cachedInput]: number[]): CatalogueEntry {
  if (input === undefined || output === undefined) return { contextWindow };
  return { contextWindow, prices: cachedInput === undefined ? { input, output } : { input, output, cachedInput } };
}
