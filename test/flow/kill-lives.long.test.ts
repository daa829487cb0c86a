import { beforeAll, it, onTestFinished } from 'vitest';
import { startModelServer } from '../fakes/model-server.ts';
import { seedOfRun } from '../properties.ts';
import { bundleLife, killMany, modelOfLives } from './lives.ts';

let program = '';
beforeAll(async () => {
  program = await bundleLife();
}, 120_000);

/** The bench does it 2,000 times. */
const deaths = 200;

it(`kill -9 at ${deaths} random points: every life finds all that those before it were told is saved, whole, with nothing running [restart.kill] [I5] [S-W10] [S-W15] [S-W28] [S-W40]`, async () => {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  server.reply(modelOfLives);
  await killMany(program, server, deaths, seedOfRun());
}, 600_000);
