import { beforeAll, it, onTestFinished } from 'vitest';
import { startModelServer } from '../fakes/model-server.ts';
import { bundleLife, killMany, modelOfLives } from '../flow/lives.ts';
import { seedOfRun } from '../properties.ts';
import { report, timed } from './measure.ts';

let program = '';
beforeAll(async () => {
  program = await bundleLife();
}, 120_000);

const deaths = 2000;

it(`kill -9 at ${deaths} random points loses nothing that was acknowledged`, async () => {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  server.reply(modelOfLives);
  const seed = seedOfRun();
  const ms = await timed(() => killMany(program, server, deaths, seed));
  report(`${deaths} kills at random points, seed ${seed}`, `nothing lost, ${Math.round(ms / 1000)} s`, 'nothing lost');
}, 7_200_000);
