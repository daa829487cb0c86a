// Whether Chromium's sandbox can work here. It is never switched off for an ordinary person; as root it cannot work.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { Mendable } from './say.mjs';
import { asRoot } from './system-libraries.mjs';

function isSet(kernelSwitch, value) {
  try {
    return readFileSync(`/proc/sys/kernel/${kernelSwitch}`, 'utf8').trim() === value;
  } catch {
    return false;
  }
}

function setuidHelper(dist) {
  const helper = join(dist, 'chrome-sandbox');
  const stat = statSync(helper, { throwIfNoEntry: false });
  return {
    helper,
    exists: stat !== undefined,
    works: stat !== undefined && stat.uid === 0 && (stat.mode & 0o4000) !== 0,
  };
}

function mend({ helper, exists }) {
  if (isSet('unprivileged_userns_clone', '0')) return asRoot('sysctl -w kernel.unprivileged_userns_clone=1');
  if (exists) return asRoot(`chown root:root '${helper}' && chmod 4755 '${helper}'`);
  if (isSet('apparmor_restrict_unprivileged_userns', '1'))
    return asRoot('sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
  return 'allow this account to create user namespaces (in a container: run it with a seccomp profile that permits them)';
}

/** The flags the sandbox needs: none, or --no-sandbox as root. Throws with the mending command where it cannot work. */
export async function sandboxFlags(dist) {
  if (process.platform !== 'linux') return [];
  if (process.getuid() === 0) return ['--no-sandbox'];
  const helper = setuidHelper(dist);
  if (helper.works || !existsSync('/usr/bin/unshare')) return [];
  const { code } = await run('/usr/bin/unshare', ['--user', '--map-root-user', '--pid', '--net', '--fork', 'true']);
  if (code === 0) return [];
  throw new Mendable("Chromium's sandbox cannot work here, and Switchyard does not run without it.", mend(helper));
}
