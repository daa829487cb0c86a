import { type Settings, settingsSchema } from '../../shared/settings.ts';
import type { Log } from '../log.ts';
import { createDocument, type Loaded } from './durable-json.ts';
import { salvageSettings } from './settings-salvage.ts';

/** The person's preferences in `settings.json`, shared by all processes on this data folder. */
export interface SettingsStore {
  /** Reads the file. Call it once before the rest; with `readOnly` nothing is written even when it is damaged. Throws `storage`. */
  load(options?: { readOnly?: boolean }): Promise<Loaded<Settings>>;
  current(): Settings;
  /**
   * Applies a change to what is on disk now, which may be newer than `current()`, and resolves once it is saved. Nothing has changed
   * when it throws `storage`.
   */
  change(mutate: (settings: Settings) => Settings): Promise<Settings>;
  /** Tells each new content, whoever changed it; also damage found while changing. Returns how to stop. */
  onChange(listener: (settings: Settings, problem?: string) => void): () => void;
}

export function createSettings({ path, log }: { path: string; log: Log }): SettingsStore {
  const document = createDocument<Settings>({
    path,
    schema: settingsSchema,
    defaults: () => settingsSchema.parse({}),
    salvage: salvageSettings,
    log,
    pretty: true,
    makeFolder: true,
  });
  const listeners = new Set<(settings: Settings, problem?: string) => void>();
  let announced = JSON.stringify(document.current());

  function announce({ data, problem }: Loaded<Settings>): void {
    const content = JSON.stringify(data);
    if (content === announced && problem === undefined) return;
    announced = content;
    for (const listener of listeners) listener(data, problem);
  }

  return {
    async load(options) {
      const loaded = await document.load(options);
      announced = JSON.stringify(loaded.data);
      return loaded;
    },
    current: document.current,
    async change(mutate) {
      const changed = await document.update(mutate);
      announce(changed);
      return changed.data;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
