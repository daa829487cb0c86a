// Runs a program of node_modules where windows can be drawn, off the person's own screen:
// node scripts/with-display.mjs PACKAGE/FILE [arguments].
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { fail } from './say.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

async function withDisplay([program, ...args]) {
  const display = process.platform === 'linux' ? await startVirtualDisplay({ width: 2600, height: 1500 }) : undefined;
  const env = { ...process.env, ...display?.env };
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
  });
  // Ctrl+C reaches the program too; the display is needed until it has ended.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const code = await new Promise((resolve, reject) =>
    child.once('error', reject).once('exit', (exit) => resolve(exit ?? 1)),
  );
  await display?.stop();
  return code;
}

withDisplay(process.argv.slice(2)).then((code) => process.exit(code), fail);
