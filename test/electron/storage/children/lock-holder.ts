import { writeSync } from 'node:fs';
import { tryLock } from '../../../../electron/storage/process-lock.ts';

// Takes a lock and keeps it until its standard input ends or it is killed.
const attempt = await tryLock(process.argv[2] ?? '');
writeSync(1, attempt.taken ? 'holding\n' : 'refused\n');
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
