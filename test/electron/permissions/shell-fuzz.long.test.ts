import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../electron/permissions/evaluate.ts';
import { fc } from '../../properties.ts';
import { changedLine, generatedLine } from './shell-lines.ts';
import { makeTracedPlace, type TracedPlace } from './traced-run.ts';
import { bash, policy } from './workspace-fixture.ts';

const names = (text: string): string[] => text.split(' ');

const allow = ['good *', 'tool sub *', 'xargs *', 'find *', 'bash *', 'sudo *', 'env *'].map((rule) => `Bash(${rule})`);
const evil = names('evil evil2 rm go d ev il ood ls2 lsevil goodevil echoevil then do');
const reading = names('ls cat grep head wc sort sed git stat tr cut date whoami uname sleep');

/** What may have been started under the rules above: listed programs, and those that only read. */
function isListed(started: string): boolean {
  const [name = '', first] = started.split(' ');
  return name === 'tool' ? first === 'sub' : name === 'good' || reading.includes(name);
}

let place: TracedPlace;
let emptyPlace: TracedPlace;
beforeAll(async () => {
  // Names that a wildcard would turn into options and programs.
  const files = { evil: 'evil\n', '-exec': '', '-c': '', 'a.txt': 'evil\n', 'b.txt': 'evil\n', good: 'evil\n' };
  const programs = ['good', 'tool', ...evil, ...reading];
  place = await makeTracedPlace(programs, files);
  // Here no file holds commands: what a script does is not in the line.
  emptyPlace = await makeTracedPlace(programs, Object.fromEntries(Object.keys(files).map((name) => [name, ''])));
});
afterAll(() => Promise.all([place.remove(), emptyPlace.remove()]));

const decisionOn = async (line: string) => {
  const { workspace, home } = place;
  return (await decide(bash(line), policy('manual', { allow }), { workspace, home })).decision;
};

async function startsOnlyWhatIsListed(line: string): Promise<void> {
  if ((await decisionOn(line)) !== 'allow') return;
  const started = await place.run(line);
  expect(started.filter((one) => !isListed(one))).toEqual([]);
  expect(await place.newFiles()).toEqual([]);
}

const numRuns = Number(process.env.FUZZ_RUNS ?? 200);
const limit = { timeout: 3_600_000 };

describe('an allowed line starts nothing that is not listed', () => {
  it('the place itself works: a listed and an unlisted program leave their trace', async () => {
    expect(await place.run("good a; bash -c 'evil b'; xargs evil < /dev/null")).toEqual(['good a', 'evil b', 'evil ']);
  });

  it('whatever is generated from the grammar', limit, () =>
    fc.assert(fc.asyncProperty(generatedLine, startsOnlyWhatIsListed), { numRuns }),
  );

  it('whatever is done to an allowed line', limit, () =>
    fc.assert(fc.asyncProperty(changedLine, startsOnlyWhatIsListed), { numRuns }),
  );

  it('enough of these lines are allowed for the test to mean something', async () => {
    const sample = { numRuns: 300, seed: 1 };
    const lines = [...fc.sample(changedLine, sample), ...fc.sample(generatedLine, sample)];
    const decisions = await Promise.all(lines.map(decisionOn));
    expect(decisions.filter((decision) => decision === 'allow').length).toBeGreaterThan(60);
  });
});

describe('a denied program is not started, not even in Bypass', () => {
  const deny = ['Bash(evil *)'];

  async function startsNothingDenied(line: string): Promise<void> {
    const { workspace, home } = emptyPlace;
    const { decision } = await decide(bash(line), policy('bypass', { deny }), { workspace, home });
    if (decision !== 'allow') return;
    expect((await emptyPlace.run(line)).filter((started) => started.startsWith('evil '))).toEqual([]);
  }

  it('whatever is generated from the grammar', limit, () =>
    fc.assert(fc.asyncProperty(generatedLine, startsNothingDenied), { numRuns }),
  );

  it('whatever is done to a line', limit, () =>
    fc.assert(fc.asyncProperty(changedLine, startsNothingDenied), { numRuns }),
  );
});
