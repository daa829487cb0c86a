import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createSecrets, type SafeStorage } from '../../../electron/storage/secrets.ts';
import { silentLog, temporaryFolder } from './storage-fixture.ts';

/** The operating system's keyring, which cannot be had in a test: turns bytes round. */
const keyring = (changes: Partial<SafeStorage> = {}): SafeStorage => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
  decryptString: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString(),
  ...changes,
});

const refuse = () => {
  throw new Error('no keyring');
};
const key = 'sk-very-secret-key-1';

async function secretsPath() {
  const folder = await temporaryFolder();
  return { folder, path: join(folder, 'secrets.json') };
}

async function everythingIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

describe('secrets', () => {
  it('go through the keyring to disk and come back in the next run', async () => {
    const { folder, path } = await secretsPath();
    const secrets = createSecrets({ path, log: silentLog, safeStorage: keyring() });
    await secrets.load();
    expect(await secrets.set('p1', key)).toBe('keyring');
    expect(secrets.home()).toBe('keyring');
    expect(await everythingIn(folder)).not.toContain(key);
    expect(await everythingIn(folder)).not.toContain(Buffer.from(key).toString('base64'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const later = createSecrets({ path, log: silentLog, safeStorage: keyring() });
    await later.load();
    expect(later.has('p1')).toBe(true);
    expect(later.has('p2')).toBe(false);
    expect(later.known()).toEqual([]);
    expect(await later.get('p1')).toBe(key);
    expect(await later.get('p2')).toBeUndefined();
    expect(later.known()).toEqual([key]);
  });

  const unusable: [string, SafeStorage | undefined][] = [
    ['there is none', undefined],
    ['it is not available', keyring({ isEncryptionAvailable: () => false, encryptString: refuse })],
    ['asking it throws', keyring({ isEncryptionAvailable: refuse })],
    ['it refuses to encrypt', keyring({ encryptString: refuse })],
    ['it is only obfuscation', keyring({ getSelectedStorageBackend: () => 'basic_text' })],
  ];

  it.each(unusable)('stay in memory, and say so, when %s', async (_, safeStorage) => {
    const { folder, path } = await secretsPath();
    const secrets = createSecrets({ path, log: silentLog, ...(safeStorage ? { safeStorage } : {}) });
    const homes = vi.fn();
    secrets.onHome(homes);
    await secrets.load();
    expect(await secrets.set('p1', key)).toBe('memory');
    expect(secrets.home()).toBe('memory');
    expect(homes).toHaveBeenLastCalledWith('memory');
    expect(secrets.has('p1')).toBe(true);
    expect(await secrets.get('p1')).toBe(key);
    expect(await everythingIn(folder)).toBe('');
  });

  it('do not touch the keyring before a key is stored or read', async () => {
    const { path } = await secretsPath();
    const touched = vi.fn(() => true);
    await createSecrets({ path, log: silentLog, safeStorage: keyring() }).set('p1', key);
    const secrets = createSecrets({ path, log: silentLog, safeStorage: keyring({ isEncryptionAvailable: touched }) });
    await secrets.load();
    expect(secrets.home()).toBe('unavailable');
    expect(secrets.has('p1')).toBe(true);
    expect(await secrets.get('p2')).toBeUndefined();
    expect(touched).not.toHaveBeenCalled();
    expect(await secrets.get('p1')).toBe(key);
    expect(touched).toHaveBeenCalledTimes(1);
  });

  it('are kept, with a clear error, while the keyring cannot give them back', async () => {
    const { path } = await secretsPath();
    await createSecrets({ path, log: silentLog, safeStorage: keyring() }).set('p1', key);
    for (const safeStorage of [undefined, keyring({ decryptString: refuse })]) {
      const secrets = createSecrets({ path, log: silentLog, ...(safeStorage ? { safeStorage } : {}) });
      await secrets.load();
      await expect(secrets.get('p1')).rejects.toMatchObject({
        code: 'storage',
        hint: expect.stringContaining('again'),
      });
      expect(secrets.has('p1')).toBe(true);
    }
    const back = createSecrets({ path, log: silentLog, safeStorage: keyring() });
    expect(await back.get('p1')).toBe(key);
  });

  it('do not come back in an older form when the new one could only be kept in memory', async () => {
    const { path } = await secretsPath();
    await createSecrets({ path, log: silentLog, safeStorage: keyring() }).set('p1', key);
    await createSecrets({ path, log: silentLog }).set('p1', 'newer-key-2');
    expect(await createSecrets({ path, log: silentLog, safeStorage: keyring() }).get('p1')).toBeUndefined();
  });

  it('are gone after removal but stay known for redaction', async () => {
    const { path } = await secretsPath();
    const secrets = createSecrets({ path, log: silentLog, safeStorage: keyring() });
    await secrets.set('p1', key);
    await secrets.set('p2', 'other-key-3');
    await secrets.remove('p1');
    await secrets.remove('p1');
    expect(secrets.has('p1')).toBe(false);
    expect(await secrets.get('p1')).toBeUndefined();
    expect(await secrets.get('p2')).toBe('other-key-3');
    expect(secrets.known()).toEqual([key, 'other-key-3']);
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')).keys)).toEqual(['p2']);
  });

  it('appear in no log', async () => {
    const { path } = await secretsPath();
    const lines: string[] = [];
    const write = (message: string, fields?: Record<string, unknown>) =>
      void lines.push(message + JSON.stringify(fields));
    const log = { debug: write, info: write, warn: write, error: write };
    await writeFile(path, '{');
    const failing = createSecrets({ path, log, safeStorage: keyring({ encryptString: refuse }) });
    await failing.set('p1', key);
    await createSecrets({ path, log, safeStorage: keyring() }).set('p1', key);
    await createSecrets({ path, log, safeStorage: keyring({ decryptString: refuse }) })
      .get('p1')
      .catch(() => undefined);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toContain(key);
  });
});
