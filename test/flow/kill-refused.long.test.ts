import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../fakes/model-server.ts';
import { seedOfRun } from '../properties.ts';
import { startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';
import { bundleLife, live, modelOfLives, Witness } from './lives.ts';
import { mountWorks } from './mounted-disk.ts';
import { smallDisk } from './small-disk.ts';

let program = '';
beforeAll(async () => {
  program = await bundleLife();
}, 120_000);

const kinds = [
  ['is full', /full/],
  ['is read-only', /read-only/],
] as const;

if (!mountWorks()) console.warn('Not tested here: a disk that refuses needs root and mount on Linux.');

describe.skipIf(!mountWorks()).each(kinds)('a disk that %s (needs root and mount on Linux)', (kind, says) => {
  it.each([0, 1, 2])(
    'at kill %i: a start on it lists all that was acknowledged, with nothing running, and says why; with room again all goes on [restart.kill] [disk.full] [S-W28] [S-W41] [S-W42] [I5]',
    async (n) => {
      const server = await startModelServer();
      onTestFinished(() => server.close());
      server.reply(modelOfLives);
      const [disk, workspace] = [await smallDisk('2m'), await tempFolder()];
      const seed = seedOfRun() + n;
      const refuse = () => (kind === 'is full' ? disk.fill() : disk.setReadOnly(true));
      const mend = () => (kind === 'is full' ? disk.makeRoom() : disk.setReadOnly(false));
      const witness = new Witness(disk.folder);
      const plan = { userDataDir: disk.folder, workspace, seed, sessions: 2 };
      witness.hear(await live(program, plan, server, { atByte: 99_999, how: n % 2 ? 'quit' : 'kill' }));
      // What is open for writing keeps a file system from being made read-only, so the kill comes first there.
      const how = kind === 'is full' ? { refuse } : 'kill';
      const lines = await live(program, { ...plan, seed: seed + 1 }, server, { atByte: 500 + n * 4000, how });
      if (how === 'kill') await refuse();
      witness.hear(lines);
      await witness.findFacts(lines);

      const bench = await startBench({ userDataDir: disk.folder, workspace });
      const refused = bench.window;
      witness.compare(Object.values(refused.app.sessions).map(({ unsaved: _shown, ...session }) => session));
      await refused.until(() => refused.app.stores.some(({ problem }) => says.test(problem ?? '')));
      for (const { id, status } of Object.values(refused.app.sessions)) {
        // Reading takes no disk.
        const state = await refused.openSession(id);
        expect(state.id).toBe(id);
        if (status === 'interrupted') expect(state.head.run?.outcome ?? 'interrupted').toBe('interrupted');
      }
      await mend();
      await bench.workbench.checkStores();
      await refused.until(() => refused.app.stores.every(({ problem }) => problem === undefined));
      await refused.until(() => Object.values(refused.app.sessions).every(({ unsaved }) => unsaved === undefined));

      const { window, send, ...after } = await bench.restart();
      witness.compare(Object.values(window.app.sessions));
      await witness.findFacts(lines);
      after.server.reply(modelOfLives);
      for (const { id, status, queued } of Object.values(window.app.sessions)) {
        // These have something of their own to go on with, which may ask.
        if (status === 'needsInput' || status === 'working' || queued > 0) continue;
        await window.openSession(id);
        await send(id, 'again');
        expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
        // What a fork begins with has its ends in the session that it was made from.
        if (!window.session(id).head.forkedFrom) await expectLaws({ window, send, ...after }, id);
      }
    },
    30_000,
  );
});
