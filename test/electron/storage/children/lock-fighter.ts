import { readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { startTimeOf } from '../../../../electron/process-identity.ts';
import { tryLock } from '../../../../electron/storage/process-lock.ts';

// Takes the lock again and again; alone inside it must be able to make a file that nobody else has. Dies inside when told to.
const [path = '', rounds = '0', dieInside = ''] = process.argv.slice(2);
const inside = `${path}-inside`;
let taken = 0;
while (taken < Number(rounds)) {
  const attempt = await tryLock(path);
  if (!attempt.taken) {
    await turn();
    continue;
  }
  taken += 1;
  try {
    writeFileSync(inside, String(process.pid), { flag: 'wx' });
  } catch {
    const other = Number(readFileSync(inside, 'utf8'));
    // Not by signal 0, which a killed process that nobody has waited for still answers.
    if ((await startTimeOf(other)) !== undefined) writeSync(1, `violation: ${other} is inside with ${process.pid}\n`);
    else writeFileSync(inside, String(process.pid));
  }
  await turn();
  if (dieInside && taken === Number(rounds)) {
    writeSync(1, 'dying\n');
    process.kill(process.pid, 'SIGKILL');
  }
  rmSync(inside);
  await attempt.lock.release();
}
writeSync(1, `taken ${taken}\n`);
