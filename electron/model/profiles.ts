import { orThrow } from '../../shared/errors.ts';
import type { ModelProfile, Settings } from '../../shared/settings.ts';
import { listModels } from './discovery.ts';

export interface ProfilesDeps {
  settings: { current(): Settings; change(mutate: (settings: Settings) => Settings): Promise<Settings> };
  secrets: {
    get(profileId: string): Promise<string | undefined>;
    set(profileId: string, key: string): Promise<'keyring' | 'memory'>;
    remove(profileId: string): Promise<void>;
  };
  newId(): string;
}

/** The person's saved models. A key goes to the secret store and nowhere else; an empty one takes it away. */
export function createProfiles({ settings, secrets, newId }: ProfilesDeps) {
  return {
    async save(
      input: Omit<ModelProfile, 'id'> & { id?: string },
      key?: string,
    ): Promise<{ id: string; keyStored: 'keyring' | 'memory' | 'unchanged' }> {
      const profile = { ...input, id: input.id ?? newId() };
      const keyStored = key ? await secrets.set(profile.id, key) : 'unchanged';
      if (key === '') await secrets.remove(profile.id);
      await settings.change((current) => ({
        ...current,
        profiles: current.profiles.some((known) => known.id === profile.id)
          ? current.profiles.map((known) => (known.id === profile.id ? profile : known))
          : [...current.profiles, profile],
        defaultProfileId: current.defaultProfileId ?? profile.id,
      }));
      return { id: profile.id, keyStored };
    },

    async remove(id: string): Promise<void> {
      await settings.change((current) => ({
        ...current,
        profiles: current.profiles.filter((profile) => profile.id !== id),
        ...(current.defaultProfileId === id ? { defaultProfileId: undefined } : {}),
      }));
      await secrets.remove(id);
    },

    /** Asks the endpoint what it serves. Throws `provider` with what it answered. */
    async models(baseUrl: string, key: string | undefined, profileId: string | undefined): Promise<string[]> {
      const stored = key === undefined && profileId ? await secrets.get(profileId) : undefined;
      return orThrow(await listModels(baseUrl, key ?? stored));
    },
  };
}

export type Profiles = ReturnType<typeof createProfiles>;
