import { z } from 'zod';
import type { SecretsHome } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import type { Log } from '../log.ts';
import { createDocument, type Loaded } from './durable-json.ts';
import { explain } from './storage-error.ts';

/** The part of Electron's `safeStorage` that is used. Its calls can block for as long as a locked keyring asks to be unlocked. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux; missing in older versions of Electron. */
  getSelectedStorageBackend?(): string;
}

/** API keys by the id of the profile they belong to. */
export interface Secrets {
  /** Where keys go. `unavailable` until the keyring was first needed: asking it can block, so nobody asks for this alone. */
  home(): SecretsHome;
  /** Reads which keys there are, none of them itself; once, before the rest. Returns what is wrong with the file, for the person. Throws `storage`. */
  load(): Promise<string | undefined>;
  /** Whether there is a key, without reading it. */
  has(id: string): boolean;
  /** The key. `undefined` when there is none; throws `storage` when there is one that the keyring cannot give back. */
  get(id: string): Promise<string | undefined>;
  /** Says where it went: `memory` means for this run only. */
  set(id: string, key: string): Promise<'keyring' | 'memory'>;
  remove(id: string): Promise<void>;
  /** Keys seen in this run, for redaction. */
  known(): readonly string[];
  /** Tells when `home()` has become known. */
  onHome(listener: (home: SecretsHome) => void): void;
}

export interface SecretsOptions {
  path: string;
  log: Log;
  /** Electron's own; without it keys live in memory. It is first called when a key is stored or read, never at the start. */
  safeStorage?: SafeStorage;
}

const secretsSchema = z.object({ keys: z.record(z.string(), z.string()).default({}) });

/** Keys encrypted by the operating system's keyring in `secrets.json`; in memory where there is none. Never in plain text on disk. */
export function createSecrets({ path, log, safeStorage }: SecretsOptions): Secrets {
  const document = createDocument({
    path,
    schema: secretsSchema,
    defaults: () => secretsSchema.parse({}),
    log,
    makeFolder: true,
  });
  const inMemory = new Map<string, string>();
  const seen: string[] = [];
  const listeners = new Set<(home: SecretsHome) => void>();
  let loaded: Promise<Loaded<unknown>> | undefined;
  let keyring: { storage?: SafeStorage } | undefined;
  let home: SecretsHome = 'unavailable';

  async function stored(): Promise<Record<string, string>> {
    loaded ??= document.load().catch((error) => {
      loaded = undefined;
      throw error;
    });
    await loaded;
    return document.current().keys;
  }

  function settle(next: SecretsHome): void {
    if (home === next) return;
    home = next;
    for (const listener of listeners) listener(home);
  }

  function openKeyring(): SafeStorage | undefined {
    keyring ??= isUsable(safeStorage, log) ? { storage: safeStorage } : {};
    settle(keyring.storage ? 'keyring' : 'memory');
    return keyring.storage;
  }

  function remember(id: string, key: string): void {
    inMemory.set(id, key);
    if (!seen.includes(key)) seen.push(key);
  }

  /** `encrypted` absent takes the entry away, so that no older key comes back after a restart. */
  const write = (id: string, encrypted?: string) =>
    document.update((data) => {
      const { [id]: before, ...others } = data.keys;
      if (before === encrypted) return data;
      return { keys: encrypted === undefined ? others : { ...others, [id]: encrypted } };
    });

  return {
    home: () => home,
    async load() {
      await stored();
      return (await loaded)?.problem;
    },
    has: (id) => inMemory.has(id) || Object.hasOwn(document.current().keys, id),
    async get(id) {
      const known = inMemory.get(id);
      if (known !== undefined) return known;
      const keys = await stored();
      const encrypted = Object.hasOwn(keys, id) ? keys[id] : undefined;
      if (encrypted === undefined) return undefined;
      const storage = openKeyring();
      if (!storage) throw unreadable('this system has no keyring now');
      try {
        const key = storage.decryptString(Buffer.from(encrypted, 'base64'));
        remember(id, key);
        return key;
      } catch (error) {
        log.warn('A stored key could not be decrypted', { profile: id, reason: explain(error) });
        throw unreadable('the keyring does not decrypt it');
      }
    },
    async set(id, key) {
      const encrypted = encrypt(openKeyring(), key, log);
      remember(id, key);
      if (encrypted !== undefined) {
        await write(id, encrypted);
        return 'keyring';
      }
      settle('memory');
      await write(id).catch((error) => log.warn('An older key could not be taken away', { reason: explain(error) }));
      return 'memory';
    },
    async remove(id) {
      inMemory.delete(id);
      await write(id);
    },
    known: () => seen,
    onHome: (listener) => void listeners.add(listener),
  };
}

/** Linux's `basic_text` encrypts with a password that is in Chromium's source: no better than plain text. */
function isUsable(storage: SafeStorage | undefined, log: Log): boolean {
  try {
    return storage?.isEncryptionAvailable() === true && storage.getSelectedStorageBackend?.() !== 'basic_text';
  } catch (error) {
    log.warn('The keyring cannot be used', { reason: explain(error) });
    return false;
  }
}

function encrypt(storage: SafeStorage | undefined, key: string, log: Log): string | undefined {
  try {
    return storage?.encryptString(key).toString('base64');
  } catch (error) {
    log.warn('The keyring refused a key', { reason: explain(error) });
    return undefined;
  }
}

const unreadable = (why: string): WorkbenchError =>
  new WorkbenchError('storage', `The stored key cannot be read: ${why}.`, 'Enter the key again in Settings.');
