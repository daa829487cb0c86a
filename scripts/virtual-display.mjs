// A screen in memory for machines without one.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mendable } from './say.mjs';

const SETPRIV = '/usr/bin/setpriv';

/** An authority file that holds for any host and display: family, address, number, name, cookie. */
function authority(cookie) {
  const field = (bytes) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const wild = Buffer.from([0xff, 0xff]);
  return Buffer.concat([
    wild,
    ...[Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie].map(field),
  ]);
}

/**
 * Starts Xvfb on a free display number, for this account's processes only. Resolves with `env` (what a program needs to
 * draw there), `frame` (the file that holds the screen's pixels, in xwd format) and `stop()`.
 */
export async function startVirtualDisplay({ width = 1440, height = 900 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-display-'));
  const auth = join(folder, 'authority');
  await writeFile(auth, authority(randomBytes(16)), { mode: 0o600 });
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'];
  args.push('-fbdir', folder, '-auth', auth);
  // Where it can, the kernel ends the server when we die; its own session keeps Ctrl+C away from it, for the app
  // still needs it to close in order.
  const [command, before] = existsSync(SETPRIV) ? [SETPRIV, ['--pdeathsig', 'TERM', '--', 'Xvfb']] : ['Xvfb', []];
  const server = spawn(command, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const number = await displayNumber(server);
  const stop = async () => {
    const ended =
      server.exitCode !== null || server.signalCode !== null ? undefined : new Promise((r) => server.once('exit', r));
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { env: { DISPLAY: `:${number}`, XAUTHORITY: auth }, frame: join(folder, 'Xvfb_screen0'), stop };
}

/** Xvfb writes the number it found once it accepts clients. */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    let number = '';
    const failed = (cause) =>
      reject(new Mendable(`The virtual display did not start: ${cause}`, 'install or repair the package xvfb'));
    server.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-2000);
    });
    server.stdio[3].on('data', (chunk) => {
      number += chunk;
      if (number.includes('\n')) resolve(Number(number));
    });
    server.once('error', (error) => failed(error.message));
    server.once('exit', (code) => failed(`exit code ${code} ${said.trim()}`));
  });
}
