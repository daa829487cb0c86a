import { join } from 'node:path';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { createWorkbench } from '../../electron/workbench.ts';

/** Run as a program of its own: starts the window's workbench on a data folder, says when its sessions are listed, and ends. */
const [userDataDir = ''] = process.argv.slice(2);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const secrets = createSecrets({ path: join(userDataDir, 'secrets.json'), log: quiet });
const env = { PATH: process.env.PATH, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'scripted' };
const workbench = await createWorkbench({
  kind: 'window',
  userDataDir,
  // Programs and grammars are not needed to start.
  assetsDir: userDataDir,
  env,
  log: quiet,
  secrets,
});
await workbench.ready;
process.stdout.write('ready\n');
process.stdin.once('end', () => void workbench.shutdown(5000).then(() => process.exit(0)));
process.stdin.resume();
