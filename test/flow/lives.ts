import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { expect } from 'vitest';
import type { SessionSummary } from '../../shared/app/state.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { call, type ModelServer, type ModelServerRequest, type Step, say } from '../fakes/model-server.ts';
import { fc } from '../properties.ts';
import { bundleProgram } from './cli-process.ts';
import { apiKey, startBench, tempFolder } from './harness.ts';
import { expectCallLaws, expectRunLaws, onDisk } from './laws.ts';
import type { LifeLine, LifePlan } from './life.ts';

export const bundleLife = (): Promise<string> => bundleProgram(join(import.meta.dirname, 'life.ts'));

/** What the model does for `life.ts`: files, commands that each leave a mark of their own in `log`, children, and streamed text. */
export function modelOfLives({ body, lastUser }: ModelServerRequest): Step {
  const place = body.messages.findLastIndex((message) => message.role === 'user');
  const turn = body.messages.length - 1 - place;
  // A prompt that was cut off stands before the one that follows, in the same message.
  const newest = lastUser.trimEnd().split('\n').at(-1) ?? '';
  const [, name = '', life = ''] = /(begun \d|gone on) of (\d+)/.exec(newest) ?? [];
  const mark = `${life}-${name.replace(' ', '')}`;
  const command = (step: string) => call('bash', { command: `echo ${mark}-${step} >> log` });
  if (lastUser.includes('as a child')) return turn === 0 ? say('child', command('child')) : say('child done');
  if (name === '') return say(...Array.from({ length: 3 }, (_, n) => `again ${n} `));
  if (turn === 0) return say('First ', call('write', { file_path: `${mark}.txt`, content: mark }), command('a'));
  const results = body.messages.slice(place).filter((message) => message.role === 'tool').length;
  if (results < 3 && Number(life) % 4 === 0) {
    return say('Then ', call('task', { description: 'child', prompt: `${name} of ${life} as a child` }));
  }
  return say(...Array.from({ length: 5 }, (_, n) => `word ${n} `));
}

export interface Death {
  /** The process is ended at this byte of what it prints, or when it has nothing left to do. */
  atByte: number;
  /**
   * `kill`: at once. `quit`: it is asked to quit and may. `killInQuit`: it is asked, and killed so many milliseconds later. `refuse`: its
   * disk is made to refuse, and it is killed once it says that it noticed.
   */
  how: 'kill' | 'quit' | { killInQuit: number } | { refuse: () => unknown };
}

const isRefused = (death: Death): death is Death & { how: { refuse: () => unknown } } =>
  typeof death.how === 'object' && 'refuse' in death.how;

/** Lets one process live until its death. Resolves with what it has acknowledged. */
export async function live(program: string, plan: LifePlan, server: ModelServer, death: Death): Promise<LifeLine[]> {
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    cwd: plan.workspace,
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: apiKey,
      OPENAI_MODEL: 'scripted',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  let dying = false;
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (dying && isRefused(death) && /"kind":"(refused|idle)"/.test(printed)) child.kill('SIGKILL');
    if (dying) return;
    if (printed.length < death.atByte && !printed.includes('{"kind":"idle"}')) return;
    dying = true;
    if (isRefused(death)) return void death.how.refuse();
    if (death.how === 'kill') child.kill('SIGKILL');
    else child.stdin.write('quit\n');
    if (typeof death.how === 'object' && 'killInQuit' in death.how) {
      setTimeout(() => child.kill('SIGKILL'), death.how.killInQuit);
    }
  });
  const hangs = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await once(child, 'close');
  clearTimeout(hangs);
  expect(complaints).toBe('');
  expect(dying, `it ended by itself, or hung: ${printed.slice(-1000)}`).toBe(true);
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LifeLine);
}

/** Remembers what all lives on one data folder were told, and finds it again. */
export class Witness {
  readonly #userDataDir: string;
  readonly #facts = new Map<string, Map<number, Envelope>>();
  readonly #there = new Set<string>();
  readonly #leaving = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(userDataDir: string) {
    this.#userDataDir = userDataDir;
  }

  /** Takes in what a life has printed, after comparing what it found at its start with what was known before. */
  hear(lines: LifeLine[]): void {
    for (const line of lines) {
      if (line.kind === 'listed') this.#compare(line.sessions);
      else if (line.kind === 'created') this.#there.add(line.id);
      else if (line.kind === 'destroying') {
        this.#there.delete(line.id);
        this.#leaving.add(line.id);
      } else if (line.kind === 'destroyed') this.#gone.add(line.id);
      else if (line.kind === 'fact') {
        const { envelope } = line;
        const facts = this.#facts.get(envelope.stream) ?? new Map();
        this.#facts.set(envelope.stream, facts.set(envelope.seq, envelope));
      } else if (line.kind === 'quit') expect(line.unsaved).toBe(0);
    }
  }

  #compare(sessions: Extract<LifeLine, { kind: 'listed' }>['sessions']): void {
    const listed = new Map(sessions.map((session) => [session.id, session]));
    const missing = [...this.#there].filter((id) => !listed.has(id));
    expect(missing, missing.map((id) => this.#remainsOf(id)).join('\n')).toEqual([]);
    expect([...this.#gone].filter((id) => listed.has(id))).toEqual([]);
    // A parent works as long as its child does, and that may wait for a person.
    const waits = ({ id, status }: (typeof sessions)[number]): boolean =>
      status === 'needsInput' ||
      (status === 'working' && sessions.some((child) => child.parentId === id && waits(child)));
    const isRight = (session: (typeof sessions)[number]) =>
      session.damaged === undefined &&
      session.unsaved === undefined &&
      (/^(completed|interrupted|idle)$/.test(session.status) || waits(session));
    expect(sessions.filter((session) => !isRight(session))).toEqual([]);
  }

  /** All that can tell why a session is not listed: what was heard of it, its files with their times, and what the index says. */
  #remainsOf(id: string): string {
    const sessions = join(this.#userDataDir, 'sessions');
    const names = readdirSync(sessions).filter((name) => name.endsWith(id));
    const files = names.flatMap((name) => [
      name,
      ...readdirSync(join(sessions, name), { recursive: true }).map((file) => join(name, String(file))),
    ]);
    const described = files.map((file) => {
      const { size, mtime, ctime } = statSync(join(sessions, file));
      const content = /\.log$|lock$/.test(file) ? `\n${readFileSync(join(sessions, file), 'utf8')}` : '';
      return `${file} ${size} ${mtime.toISOString()} ${ctime.toISOString()}${content}`;
    });
    const heard = [...(this.#facts.get(id)?.values() ?? [])].map(({ seq, at, event }) => `${seq} ${at} ${event.type}`);
    const indexed = ['index.json', 'index.json.bak'].map((name) => {
      const path = join(this.#userDataDir, name);
      return `${name}: ${existsSync(path) ? JSON.stringify(JSON.parse(readFileSync(path, 'utf8')).sessions?.[id]) : 'absent'}`;
    });
    return [`session ${id}; on disk:`, ...described, 'heard:', ...heard, ...indexed].join('\n');
  }

  /** Every fact that was acknowledged is on disk, as it was, in the sessions that these lines are about. */
  async findFacts(lines: LifeLine[]): Promise<void> {
    const streams = new Set(lines.flatMap((line) => (line.kind === 'fact' ? line.envelope.stream : [])));
    await Promise.all([...streams].map((id) => this.#findFactsOf(id)));
  }

  async #findFactsOf(id: string): Promise<Envelope[]> {
    if (this.#gone.has(id)) return [];
    const facts = this.#facts.get(id) ?? new Map<number, Envelope>();
    const mayBeGone =
      this.#leaving.has(id) ||
      [...facts.values()].some(
        ({ event }) =>
          event.type === 'session.destroyed' ||
          (event.type === 'session.created' && this.#leaving.has(event.parent?.sessionId ?? '')),
      );
    const found = await onDisk(this.#userDataDir, id).catch((thrown) => {
      if (mayBeGone) return undefined;
      throw thrown;
    });
    if (!found) return [];
    const bySeq = new Map(found.envelopes.map((envelope) => [envelope.seq, envelope]));
    const lost = [...facts.values()].filter((envelope) => !isDeepStrictEqual(bySeq.get(envelope.seq), envelope));
    expect(lost).toEqual(lost.map(({ seq }) => bySeq.get(seq)));
    return found.envelopes;
  }

  /** What a start finds is what is known; tells what is wrong. */
  compare(sessions: Extract<LifeLine, { kind: 'listed' }>['sessions']): void {
    this.#compare(sessions);
  }

  /** After the last life: all of it once more, the laws of every session, no mark twice, and an index that a rebuilt one equals. */
  async close(workspace: string): Promise<void> {
    const bench = await startBench({ userDataDir: this.#userDataDir, workspace });
    const rows = structuredClone(bench.window.app.sessions);
    this.#compare(Object.values(rows));
    for (const { id, status } of Object.values(rows)) {
      await this.#findFactsOf(id);
      const { state, envelopes } = await onDisk(this.#userDataDir, id);
      if (status === 'needsInput' || status === 'working') continue;
      expectRunLaws(envelopes);
      if (!state.head.forkedFrom) expectCallLaws(state, envelopes);
    }
    await bench.workbench.shutdown(5000);
    await rm(join(this.#userDataDir, 'index.json'));
    const rebuilt = await startBench({ userDataDir: this.#userDataDir, workspace });
    const isAtRest = ({ status }: SessionSummary) => status !== 'needsInput' && status !== 'working';
    const different = Object.values(rebuilt.window.app.sessions)
      .filter(isAtRest)
      .filter((row) => !isDeepStrictEqual(row, rows[row.id]));
    expect(different).toEqual(different.map(({ id }) => rows[id]));
    expect(Object.keys(rebuilt.window.app.sessions).sort()).toEqual(Object.keys(rows).sort());
    await rebuilt.workbench.shutdown(5000);
    const log = await readFile(join(workspace, 'log'), 'utf8').catch(() => '');
    const marks = log.trimEnd().split('\n');
    expect(marks.length).toBe(new Set(marks).size);
  }
}

/** About as many bytes as a life prints that nobody ends. */
const bytesOfALife = 16_000;
const livesOfAChain = 10;

/** Deaths at any byte, and now and then in the middle of an ordered quit. */
const death: fc.Arbitrary<Death> = fc.record({
  atByte: fc.integer({ min: 0, max: bytesOfALife }),
  how: fc.oneof(
    { arbitrary: fc.constant('kill' as const), weight: 8 },
    { arbitrary: fc.record({ killInQuit: fc.integer({ min: 0, max: 25 }) }), weight: 1 },
  ),
});

/** So many deaths, ten in a row on each data folder. One of the ten quits in order, so that there is an index to be out of date. */
export async function killMany(program: string, server: ModelServer, deaths: number, seed: number): Promise<void> {
  const sampled = fc.sample(death, { numRuns: deaths, seed });
  const chain = async (first: number) => {
    const [userDataDir, workspace] = [await tempFolder(), await tempFolder()];
    const witness = new Witness(userDataDir);
    for (let life = 0; life < livesOfAChain; life += 1) {
      const dies = sampled[first + life] as Death;
      const plan = { userDataDir, workspace, seed: seed + first + life, sessions: 1 };
      const lines = await live(program, plan, server, life === 4 ? { ...dies, how: 'quit' } : dies);
      witness.hear(lines);
      await witness.findFacts(lines);
    }
    await witness.close(workspace);
  };
  const atOnce = pLimit(Math.max(2, availableParallelism()));
  const chains = Array.from({ length: deaths / livesOfAChain }, (_, n) => atOnce(() => chain(n * livesOfAChain)));
  const failed = (await Promise.allSettled(chains)).flatMap((ended, n) =>
    ended.status === 'rejected' ? [`deaths from ${n * livesOfAChain} on: ${(ended.reason as Error).stack}`] : [],
  );
  if (failed.length > 0) throw new Error(`with SWITCHYARD_SEED=${seed}\n${failed.join('\n')}`);
}
