import type { AppEnvelope } from '../../shared/app/state.ts';
import { createSearchFiles } from '../storage/search-files.ts';
import { createSearchIndex, type SearchIndex, type SearchSource } from './search-index.ts';

export interface SearchWiring extends Omit<SearchSource, 'files'> {
  app: { subscribe(listener: (envelope: AppEnvelope) => void): () => void };
  /** Where it is kept between starts; absent: nowhere. */
  folder?: string;
}

/** The search over a workbench's sessions. What is deleted is forgotten at once. */
export function wireSearch({ app, folder, ...source }: SearchWiring): SearchIndex {
  const { log } = source;
  const index = createSearchIndex({ ...source, ...(folder ? { files: createSearchFiles({ folder, log }) } : {}) });
  app.subscribe(({ event }) => {
    if (event.type === 'session.unlisted') void index.forget(event.id);
  });
  return index;
}
