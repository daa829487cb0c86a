import { beforeEach, describe, expect, it } from 'vitest';
import { closeSession, connect, openSession, request } from '../../renderer/connection.ts';
import { appState, useAppReplica } from '../../renderer/state/app-store.ts';
import { loadOlderItems } from '../../renderer/state/older-items.ts';
import { sessionState, useReplicas } from '../../renderer/state/replicas.ts';
import { createFakeBridge, prompt } from './fake-bridge.ts';

let main: ReturnType<typeof createFakeBridge>;

beforeEach(() => {
  useAppReplica.setState({ phase: 'loading' }, true);
  useReplicas.setState({ replicas: {} }, true);
  main = createFakeBridge();
});

const phaseOf = (id: string) => useReplicas.getState().replicas[id]?.phase;

describe('the app stream', () => {
  it('follows its events after the snapshot', async () => {
    await connect(main.bridge);
    main.emitApp({ type: 'secrets.changed', secrets: 'keyring' });
    expect(appState().secrets).toBe('keyring');
  });

  it('keeps what arrives while the snapshot is on its way, and applies it once', async () => {
    main.hold('app.open');
    const connected = connect(main.bridge);
    main.emitApp({ type: 'notice.listed', notice: { id: 'n', level: 'info', text: 'hello' } });
    main.release();
    await connected;
    expect(appState().notices).toHaveLength(1);
  });

  it('is opened anew after a gap', async () => {
    await connect(main.bridge);
    main.emitApp({ type: 'secrets.changed', secrets: 'keyring' }, { lost: true });
    main.emitApp({ type: 'notice.listed', notice: { id: 'n', level: 'info', text: 'hello' } });
    await expect.poll(() => appState().secrets).toBe('keyring');
    expect(main.asked('app.open')).toBe(2);
  });

  it('of a new epoch opens every session anew', async () => {
    await connect(main.bridge);
    main.append('a', prompt('one', 'p1'));
    await openSession('a');
    main.restart('second');
    main.append('a', prompt('two', 'p2'), { lost: true });
    main.emitApp({ type: 'secrets.changed', secrets: 'keyring' });
    await expect.poll(() => sessionState('a')?.head.queue.length).toBe(2);
  });

  it('says what went wrong when there is nothing to show, and keeps what there is otherwise', async () => {
    const open = main.answers['app.open'];
    main.answers['app.open'] = () => ({ ok: false, error: { code: 'storage', message: 'unreadable' } });
    await connect(main.bridge);
    expect(useAppReplica.getState()).toMatchObject({ phase: 'failed', failure: { message: 'unreadable' } });
    main.answers['app.open'] = open!;
    await connect(main.bridge);
    main.answers['app.open'] = () => ({ ok: false, error: { code: 'storage', message: 'unreadable' } });
    main.emitApp({ type: 'secrets.changed', secrets: 'keyring' }, { lost: true });
    main.emitApp({ type: 'secrets.changed', secrets: 'memory' });
    await expect.poll(() => main.asked('app.open')).toBe(3);
    expect(useAppReplica.getState().phase).toBe('ready');
  });
});

describe('a session stream', () => {
  beforeEach(async () => {
    await connect(main.bridge);
    main.append('a', prompt('one', 'p1'));
  });

  it('equals the state of the main process after every event', async () => {
    await openSession('a');
    main.append('a', prompt('two', 'p2'));
    main.append('a', { type: 'run.started', runId: 'r', promptId: 'p1' });
    expect(sessionState('a')).toEqual(main.session('a'));
  });

  it('buffers what overtakes the snapshot', async () => {
    main.hold('session.open');
    const opened = openSession('a');
    expect(phaseOf('a')).toBe('loading');
    main.append('a', prompt('two', 'p2'));
    main.release();
    await opened;
    expect(sessionState('a')).toEqual(main.session('a'));
  });

  it('is opened anew after a gap and meanwhile shows what it had', async () => {
    await openSession('a');
    main.append('a', prompt('two', 'p2'), { lost: true });
    main.hold('session.open');
    main.append('a', prompt('three', 'p3'));
    expect(sessionState('a')?.head.queue).toHaveLength(1);
    main.append('a', prompt('four', 'p4'));
    main.release();
    await expect.poll(() => sessionState('a')?.head.queue.length).toBe(4);
    expect(sessionState('a')).toEqual(main.session('a'));
  });

  it('gives up when the snapshot always lags behind, and says so', async () => {
    const stale = main.answers['session.open']!({ sessionId: 'a', before: 0, limit: 0 });
    main.append('a', prompt('two', 'p2'), { lost: true });
    main.answers['session.open'] = () => {
      main.append('a', prompt('more', `m${main.requests.length}`));
      return stale;
    };
    await openSession('a');
    expect(phaseOf('a')).toBe('failed');
  });

  it('shows the failure when it cannot be opened', async () => {
    await openSession('nosuch');
    expect(useReplicas.getState().replicas.nosuch).toMatchObject({ phase: 'failed', failure: { code: 'notFound' } });
  });

  it('stays closed when the answer comes after it was closed', async () => {
    main.hold('session.open');
    const opened = openSession('a');
    await closeSession('a');
    main.release();
    await opened;
    expect(phaseOf('a')).toBeUndefined();
    main.append('a', prompt('two', 'p2'));
    expect(phaseOf('a')).toBeUndefined();
    expect(main.asked('session.close')).toBe(1);
  });
});

describe('older items', () => {
  const runs = 250;

  beforeEach(async () => {
    await connect(main.bridge);
    for (let n = 0; n < runs; n += 1) {
      main.append('a', prompt(`prompt ${n}`, `p${n}`));
      main.append('a', { type: 'run.started', runId: `r${n}`, promptId: `p${n}` });
    }
    await openSession('a');
  });

  it('come before the window until the whole transcript is there', async () => {
    expect(sessionState('a')?.firstItem).toBe(runs - 200);
    expect(await loadOlderItems('a')).toEqual({ ok: true, value: runs - 200 });
    expect(sessionState('a')).toEqual(main.session('a'));
    expect(await loadOlderItems('a')).toEqual({ ok: true, value: 0 });
  });

  it('are asked for once at a time and do not disturb what happens meanwhile', async () => {
    main.hold('session.items');
    const first = loadOlderItems('a');
    expect(await loadOlderItems('a')).toEqual({ ok: true, value: 0 });
    main.append('a', prompt('meanwhile', 'px'));
    main.release();
    await first;
    expect(main.asked('session.items')).toBe(1);
    expect(sessionState('a')).toEqual(main.session('a'));
  });
});

describe('request', () => {
  it('turns a bridge that throws into a failure', async () => {
    await connect({ ...main.bridge, request: () => Promise.reject(new Error('gone')) });
    expect(await request('layout.load', {})).toMatchObject({ ok: false, error: { code: 'internal', message: 'gone' } });
  });
});
