import { join } from 'node:path';
import { bubblewrapLine } from '../../../electron/sandbox/bubblewrap.ts';
import { type Problem, probe } from '../../../electron/sandbox/probe.ts';

/** The probe with a bubblewrap of the test's own. */
export const tryProbe = (bin: string, home: string): Promise<Problem | undefined> =>
  probe({
    home,
    env: process.env,
    line: async (command, places) => bubblewrapLine({ bwrap: join(bin, 'bwrap'), bash: '/bin/bash' }, command, places),
  });
