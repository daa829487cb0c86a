import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { createWorkbench, type Workbench } from '../../electron/workbench.ts';
import type { WorkbenchDeps } from '../../electron/workbench-deps.ts';
import { reduceApp } from '../../shared/app/reduce.ts';
import type { AppEnvelope, AppState, QueuedApproval } from '../../shared/app/state.ts';
import type { Answer, Input, Output, Route } from '../../shared/ipc/contract.ts';
import type { EventBatch } from '../../shared/ipc/types.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { applyEnvelopes } from '../../shared/session/replica.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import type { CallItem, SessionState } from '../../shared/session/state.ts';
import { type ModelServer, startModelServer } from '../fakes/model-server.ts';

/** The key of the scripted model: it must never be seen anywhere but in the requests. */
export const apiKey = 'sk-scripted-0123456789abcdef';

export const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** An empty folder that goes away with the test, and with it what tools may have written beside it. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const inner = join(folder, 'folder');
  await mkdir(inner);
  return inner;
}

/**
 * A window without a window: everything it asks and hears passes through `structuredClone`, as over IPC, and it keeps replicas by the
 * same reducer as the renderer.
 */
export class FakeWindow {
  app!: AppState;
  readonly replicas = new Map<string, SessionState>();
  /** What each session was when it was last opened here. */
  readonly opened = new Map<string, SessionState>();
  /** Every session envelope heard, in order. */
  readonly heard: Envelope[] = [];
  /** Opened while another process ran them: only there may a gap be. */
  readonly #readOnly = new Set<string>();
  readonly #opening = new Map<string, Envelope[]>();
  readonly #workbench: Workbench;
  readonly #id: number;
  #appSeq = 0;
  #checks: (() => void)[] = [];

  private constructor(workbench: Workbench, id: number) {
    this.#workbench = workbench;
    this.#id = id;
  }

  static async open(workbench: Workbench, id = 1): Promise<FakeWindow> {
    const window = new FakeWindow(workbench, id);
    workbench.attachWindow(id, (batch) => window.#receive(structuredClone(batch)));
    const snapshot = await window.request('app.open', {});
    window.app = snapshot.state;
    window.#appSeq = snapshot.seq;
    return window;
  }

  /** Throws the failure of a request that was refused. */
  async request<R extends Route>(route: R, input: Input<R>): Promise<Output<R>> {
    const result = structuredClone(
      await this.#workbench.router.handle({ windowId: this.#id }, route, structuredClone(input)),
    );
    if (!result.ok) throw Object.assign(new Error(result.error.message), result.error);
    return result.value as Output<R>;
  }

  async openSession(sessionId: string): Promise<SessionState> {
    // What is heard while the answer is on its way follows it.
    const early: Envelope[] = [];
    this.#opening.set(sessionId, early);
    const snapshot = await this.request('session.open', { sessionId });
    this.#opening.delete(sessionId);
    const state = applyEnvelopes(snapshot, early);
    if (!state) throw new Error(`gap in session ${sessionId}`);
    this.replicas.set(sessionId, state);
    this.opened.set(sessionId, snapshot);
    if (this.app.sessions[sessionId]?.elsewhere) this.#readOnly.add(sessionId);
    else this.#readOnly.delete(sessionId);
    return state;
  }

  session(id: string): SessionState {
    const state = this.replicas.get(id);
    if (!state) throw new Error(`session ${id} is not open in this window`);
    return state;
  }

  calls(id: string): CallItem[] {
    return this.session(id).items.filter((item) => item.kind === 'call');
  }

  /** Resolves with the first truthy value, looked at after every batch. */
  until<T>(look: () => T | undefined | false | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#checks = this.#checks.filter((other) => other !== check);
      };
      const check = () => {
        try {
          const value = look();
          if (!value) return;
          end();
          resolve(value);
        } catch (thrown) {
          end();
          reject(thrown);
        }
      };
      this.#checks.push(check);
      check();
    });
  }

  /** The end of the run that is under way or about to begin. */
  async untilIdle(id: string): Promise<SessionState> {
    return this.until(() => {
      const state = this.session(id);
      return state.head.run && !isRunning(state.head) && state.head.queue.length === 0 && state;
    });
  }

  approval(match: (approval: QueuedApproval) => boolean = () => true): Promise<QueuedApproval> {
    return this.until(() => this.app.approvals.find((approval) => !approval.deferred && match(approval)));
  }

  answer(
    approval: QueuedApproval,
    decision: 'allow' | 'deny',
    extra: Partial<Answer> = {},
  ): Promise<Output<'approval.answer'>> {
    return this.request('approval.answer', { id: approval.id, shownHash: approval.hash, decision, ...extra });
  }

  #receive({ batches }: EventBatch): void {
    for (const { stream, envelopes } of batches) {
      if (stream === 'app') this.#followApp(envelopes as AppEnvelope[]);
      else this.#followSession(stream, envelopes as Envelope[]);
    }
    for (const check of [...this.#checks]) check();
  }

  #followApp(envelopes: AppEnvelope[]): void {
    for (const { seq, event } of envelopes) {
      if (seq <= this.#appSeq) continue;
      if (seq !== this.#appSeq + 1) throw new Error(`gap in the app stream: ${this.#appSeq} → ${seq}`);
      this.#appSeq = seq;
      this.app = reduceApp(this.app, event);
    }
  }

  #followSession(id: string, envelopes: Envelope[]): void {
    this.heard.push(...envelopes);
    const early = this.#opening.get(id);
    if (early) {
      early.push(...envelopes);
      return;
    }
    const replica = this.replicas.get(id);
    if (!replica) return;
    const next = applyEnvelopes(replica, envelopes);
    if (next) this.replicas.set(id, next);
    else if (this.#readOnly.has(id)) void this.openSession(id);
    else throw new Error(`gap in session ${id}`);
  }
}

export interface Bench {
  workbench: Workbench;
  window: FakeWindow;
  server: ModelServer;
  userDataDir: string;
  workspace: string;
  /** A session in the workspace, open in the window. */
  newSession(input?: Partial<Input<'session.create'>>): Promise<string>;
  /** Resolves with the prompt's id once the window has heard of it, so that `untilIdle` waits for its end. */
  send(sessionId: string, text: string): Promise<string>;
  file(name: string): Promise<string>;
  /** Ends the workbench in order and starts another on the same folder and server. */
  restart(changes?: Partial<WorkbenchDeps>): Promise<Bench>;
}

export interface BenchOptions extends Partial<WorkbenchDeps> {
  files?: Record<string, string>;
  /** A folder of its own when absent. */
  workspace?: string;
}

/** A whole workbench over a scripted model; everything is ended with the test. */
export async function startBench({ files = {}, userDataDir, ...options }: BenchOptions = {}): Promise<Bench> {
  const { workspace = await tempFolder(), ...deps } = options;
  const server = await startModelServer();
  onTestFinished(() => server.close());
  for (const [name, content] of Object.entries(files)) await writeFile(join(workspace, name), content);
  return benchOn(server, userDataDir ?? (await tempFolder()), workspace, deps);
}

async function benchOn(
  server: ModelServer,
  userDataDir: string,
  workspace: string,
  deps: Partial<WorkbenchDeps>,
): Promise<Bench> {
  // Scripts say what the model answers to prompts; titles are asked for where a test is about them.
  await writeFile(join(userDataDir, 'settings.json'), '{"modelTitles":false}', { flag: 'wx' }).catch(() => undefined);
  const workbench = await createWorkbench({
    kind: 'window',
    userDataDir,
    assetsDir: undefined,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: apiKey,
      OPENAI_MODEL: 'scripted',
    },
    log: quiet,
    secrets: createSecrets({ path: join(userDataDir, 'secrets.json'), log: quiet }),
    ...deps,
  });
  let running = true;
  onTestFinished(async () => {
    if (running) await workbench.shutdown(1000);
  });
  const window = await FakeWindow.open(workbench);
  return {
    workbench,
    window,
    server,
    userDataDir,
    workspace,
    async newSession(input = {}) {
      const { sessionId } = await window.request('session.create', { workspace, ...input });
      await window.openSession(sessionId);
      return sessionId;
    },
    async send(sessionId, text) {
      const { promptId } = await window.request('prompt.send', { sessionId, text });
      await window.until(() => {
        const { head, items } = window.session(sessionId);
        return [...head.queue, ...items].some((entry) => entry.id === promptId);
      });
      return promptId;
    },
    file: (name) => readFile(join(workspace, name), 'utf8'),
    async restart(changes = {}) {
      running = false;
      await workbench.shutdown(2000);
      return benchOn(server, userDataDir, workspace, { ...deps, ...changes });
    },
  };
}
