import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, it } from 'vitest';
import { Session } from '../../electron/session/session.ts';
import { createFileStore } from '../../electron/storage/file-store.ts';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { createWorkbench, type Workbench } from '../../electron/workbench.ts';
import type { SearchAnswer } from '../../shared/ipc/contract.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import { inTurn, report, timed } from './measure.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let server: ReturnType<typeof fork>;
let baseUrl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  await mkdir(join(folder, 'work'));
  server = fork(join(import.meta.dirname, 'streaming-server.mjs'), ['200', '10']);
  const [port] = await once(server, 'message');
  baseUrl = `http://127.0.0.1:${port}/v1`;
});
afterAll(async () => {
  server.kill();
  await rm(folder, { recursive: true, force: true });
});

function startWorkbench(name: string): Promise<Workbench> {
  const userDataDir = join(folder, name);
  return createWorkbench({
    kind: 'window',
    userDataDir,
    assetsDir: undefined,
    env: { PATH: process.env.PATH, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'bench', OPENAI_MODEL: 'scripted' },
    log: quiet,
    secrets: createSecrets({ path: join(userDataDir, 'secrets.json'), log: quiet }),
  });
}

const created: SessionEvent = {
  type: 'session.created',
  config: {
    title: 'bench',
    workspace: '/tmp',
    mode: 'manual',
    rules: { allow: [], ask: [], deny: [] },
    maxTurns: 50,
  },
  depth: 0,
};
const letters = 'etaoinshrdlucmfwypvbgkjqxz';
/** Of a vocabulary in which a few words are frequent, as where people write. */
const word = (n: number): string => {
  let text = '';
  for (let rest = (n + 1) * 7919; rest > 0; rest = Math.floor(rest / 26)) text += letters[rest % 26];
  return text;
};
const wordsOf = (bytes: number): string =>
  Array.from({ length: bytes / 5 }, () => word(Math.floor(30_000 * Math.random() ** 4))).join(' ');
const prompt = (n: number, bytes: number): SessionEvent[] => [
  { type: 'prompt.queued', promptId: `p${n}`, text: wordsOf(bytes), by: 'person' },
  { type: 'run.started', runId: `r${n}`, promptId: `p${n}` },
  { type: 'run.ended', runId: `r${n}`, outcome: 'completed' },
];

async function stored(root: string, id: string): Promise<{ session: Session; close(): Promise<boolean> }> {
  const log = await createFileStore({ root, log: quiet }).create(id);
  const session = Session.create(id, { log, now: Date.now, redact: (event) => event });
  await session.append(created).flushed;
  return { session, close: () => log.close(5000) };
}

it('append in a session of 10 MB, against an empty one', async () => {
  const [full, empty] = [await stored(join(folder, 'full'), 'full'), await stored(join(folder, 'empty'), 'empty')];
  for (let n = 0; n < 10_000; n += 1) for (const event of prompt(n, 1000)) full.session.append(event);
  await full.session.allSaved();
  for (const { session } of [full, empty]) {
    session.append({ type: 'prompt.queued', promptId: 'p', text: 'go', by: 'person' });
    session.append({ type: 'run.started', runId: 'r', promptId: 'p' });
    session.append({ type: 'turn.started', runId: 'r', turn: 1, messageId: 'm', model: 'scripted' });
  }
  let n = 0;
  const fact = (of: Session) => () => {
    n += 1;
    const noticeId = `n${n}`;
    return timed(() => of.append({ type: 'notice.posted', noticeId, level: 'info', text: 'x'.repeat(100) }).flushed);
  };
  const words = (of: Session) => () =>
    timed(async () => {
      for (let k = 0; k < 100; k += 1) of.append({ type: 'message.delta', messageId: 'm', text: 'some words ' });
      // Looked at more often than by its row in the list, which is every half second.
      return of.state;
    });
  const [fullOne, emptyOne] = await inTurn(300, fact(full.session), fact(empty.session));
  const [fullWords, emptyWords] = await inTurn(50, words(full.session), words(empty.session));
  const figure = (a: number, b: number) => `${(a / b).toFixed(2)} × (${a.toFixed(2)} of ${b.toFixed(2)} ms)`;
  report('append until on disk, 10 MB session ÷ empty', figure(fullOne, emptyOne), '≤ 1.2 ×');
  report('100 streamed deltas, 10 MB session ÷ empty', figure(fullWords, emptyWords), '≤ 1.2 ×');
  await full.close();
  await empty.close();
});

/** Bytes that this process hands to files from here on. */
async function countBytes(): Promise<{ written(): number; stop(): void }> {
  const probe = await open(join(folder, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { write, writeFile } = prototype;
  let bytes = 0;
  prototype.write = async function (this: FileHandle, ...args: unknown[]) {
    const done = await (write as (...all: unknown[]) => Promise<{ bytesWritten: number }>).apply(this, args);
    bytes += done.bytesWritten;
    return done;
  } as never;
  prototype.writeFile = function (this: FileHandle, data: string | Uint8Array, ...rest: unknown[]) {
    bytes += Buffer.byteLength(data);
    return (writeFile as (...all: unknown[]) => Promise<void>).call(this, data, ...rest);
  } as never;
  return { written: () => bytes, stop: () => Object.assign(prototype, { write, writeFile }) };
}

it('bytes written by a run', async () => {
  const bench = await startWorkbench('bytes');
  await bench.ready;
  const id = await bench.manager.createSession({ workspace: join(folder, 'work') });
  const session = await bench.manager.getSession(id);
  const store = createFileStore({ root: join(folder, 'bytes'), log: quiet });
  const size = async () => (await store.list([id]))[0]?.journalBytes ?? 0;
  const sizeBefore = await size();
  const count = await countBytes();
  for (let run = 0; run < 3; run += 1) await bench.manager.generate(id, 'go');
  await bench.shutdown(5000);
  count.stop();
  const events = (await size()) - sizeBefore;
  const snapshot = JSON.stringify(session.state).length;
  const figure = `${(count.written() / (events + snapshot)).toFixed(2)} × (${count.written()} of ${events} + ${snapshot} bytes)`;
  report('bytes written ÷ bytes of its events and one snapshot', figure, '≤ 2 ×');
});

it('start with 1,000 stored sessions, against none', async () => {
  const made = await startWorkbench('thousand');
  await made.ready;
  for (let n = 0; n < 1000; n += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, k) => {
        const id = await made.manager.createSession({ workspace: join(folder, 'work'), title: `Session ${n + k}` });
        const session = await made.manager.getSession(id);
        for (const event of prompt(n, 20_000)) session.append(event);
      }),
    );
  }
  await made.shutdown(20_000);
  const none = await startWorkbench('none');
  await none.ready;
  await none.shutdown(1000);
  const program = await bundled('start-workbench.ts');
  // Folders that changed a moment ago are looked into once more, which nobody meets with a thousand of them.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const start = (name: string) => async () => {
    const started = performance.now();
    const child = spawn(process.execPath, [program, join(folder, name)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await Promise.race([
      once(child.stdout, 'data'),
      ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
    ]);
    const ms = performance.now() - started;
    child.stdin.end();
    await ended;
    return ms;
  };
  const [many, few] = await inTurn(11, start('thousand'), start('none'));
  const figure = `${(many / few).toFixed(2)} × (${many.toFixed(0)} of ${few.toFixed(0)} ms)`;
  report('start to the listed sessions, 1,000 stored ÷ one', figure, '≤ 1.2 ×');
});

/** A program of this folder and all that it needs in one file, as the build makes it. */
async function bundled(name: string): Promise<string> {
  const file = join(folder, name.replace('.ts', '.mjs'));
  const bundle = await rolldown({ input: join(import.meta.dirname, name), platform: 'node', logLevel: 'silent' });
  await bundle.write({ file, format: 'es', codeSplitting: false });
  await bundle.close();
  return file;
}

it('50 sessions streaming at once, with 1,000 others stored', async () => {
  const bench = await startWorkbench('thousand');
  await bench.ready;
  bench.attachWindow(1, (batch) => void structuredClone(batch));
  await bench.router.handle({ windowId: 1 }, 'app.open', {});
  const ids = await Promise.all(
    Array.from({ length: 50 }, () => bench.manager.createSession({ workspace: join(folder, 'work') })),
  );
  for (const sessionId of ids.slice(0, 4)) await bench.router.handle({ windowId: 1 }, 'session.open', { sessionId });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await Promise.all(ids.map((id) => bench.manager.generate(id, 'go')));
  delay.disable();
  const [p50, p99] = [50, 99].map((share) => (delay.percentile(share) / 1e6).toFixed(1));
  report('50 sessions streaming: delay of the event loop, p99', `${p99} ms (half: ${p50} ms)`, '≤ 20 ms');
  await bench.shutdown(5000);
});

it('search over 1,000 stored sessions: built, and kept from the last start', async () => {
  const parts = join(folder, 'thousand', 'search');
  async function firstAnswer(): Promise<{ ms: number; halt: number; again: number; bench: Workbench }> {
    const bench = await startWorkbench('thousand');
    await bench.ready;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const ask = async () => {
      for (;;) {
        const answer = await bench.router.handle({ windowId: 1 }, 'search.query', { text: `${word(300)} ${word(20)}` });
        if (!(answer as { value: SearchAnswer }).value.indexing) return;
      }
    };
    const ms = await timed(ask);
    delay.disable();
    return { ms, halt: delay.percentile(99) / 1e6, again: await timed(ask), bench };
  }
  const built = await firstAnswer();
  for (let before = -1, now = 0; before < now || now === 0; ) {
    await new Promise((resolve) => setTimeout(resolve, 6000));
    before = now;
    now = (await readdir(parts).catch(() => [])).length;
  }
  await built.bench.shutdown(5000);
  const kept = await firstAnswer();
  await kept.bench.shutdown(5000);
  const figure = `${(kept.ms / built.ms).toFixed(2)} × (${kept.ms.toFixed(0)} of ${built.ms.toFixed(0)} ms)`;
  report('first whole answer, kept index ÷ built anew', figure, '≤ 0.5 ×');
  report('the next answer', `${kept.again.toFixed(0)} ms`, '≤ 100 ms');
  report(
    'delay of the event loop meanwhile, p99',
    `${kept.halt.toFixed(0)} ms (built: ${built.halt.toFixed(0)})`,
    '≤ 50 ms',
  );
});
