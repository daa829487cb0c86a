import { expect, it } from 'vitest';
import type { Notice } from '../../electron/approvals/notices.ts';
import { call, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';

const bash = (command: string) => call('bash', { command });

/** A host that keeps what it was asked to show. */
function fakeHost() {
  const shown: Notice[] = [];
  const state = { lookedAt: false, badge: -1, fronted: 0, closed: 0 };
  return {
    shown,
    state,
    host: {
      openOutside: async () => {},
      openFolder: async () => {},
      chooseFolder: async () => undefined,
      saveText: async () => undefined,
      openText: async () => undefined,
      setTheme: () => {},
      notices: {
        isLookedAt: () => state.lookedAt,
        notify: (notice: Notice) => {
          shown.push(notice);
          return () => {
            state.closed += 1;
          };
        },
        setBadge: (count: number) => {
          state.badge = count;
        },
        bringToFront: () => {
          state.fronted += 1;
        },
      },
    },
  };
}

it('what waits is told when no window is looked at, redacted; low risk is answered there [approval.notices]', async () => {
  const { host, shown, state } = fakeHost();
  const bench = await startBench({ host });
  const { window, server } = bench;
  server.script(
    say(
      call('write', { file_path: 'a.txt', content: 'x' }),
      bash('curl -H "Authorization: Bearer abcDEF123456789xyz" http://x'),
    ),
    say('done'),
  );
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await window.until(() => shown.length === 2);
  const [low, other] = ['a.txt', 'curl'].map((text) => shown.find(({ body }) => body.includes(text))!);
  expect(other!.answers).toBe(false);
  expect(other!.body).not.toContain('abcDEF123456789xyz');
  expect(state.badge).toBe(2);
  other!.onReview();
  expect(state.fronted).toBe(1);
  await window.until(() => window.app.focus?.approvalId !== undefined);
  const curl = window.app.approvals.find(({ title }) => title.includes('curl'))!;
  expect(window.app.focus).toMatchObject({ id, approvalId: curl.id });
  await window.request('approval.defer', { id: curl.id, deferred: true });
  await window.until(() => state.badge === 1);
  if (low!.answers) low!.onAnswer('allow');
  else await window.answer(window.app.approvals.find(({ title }) => title === 'a.txt')!, 'allow');
  await window.until(() => window.calls(id)[0]?.state === 'ok');
  expect(state.badge).toBe(0);
  await window.answer(curl, 'deny');
  await window.untilIdle(id);
});

it('nothing is told while the window is looked at, or when the person turned it off [approval.notices]', async () => {
  const { host, shown, state } = fakeHost();
  const bench = await startBench({ host });
  const { window, server } = bench;
  state.lookedAt = true;
  server.script(say(bash('touch a')), say('done'), say(bash('touch b')), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await window.answer(await window.approval(), 'deny');
  await window.untilIdle(id);
  state.lookedAt = false;
  await window.request('settings.change', { changes: { notifications: false } });
  await bench.send(id, 'again');
  const second = await window.approval();
  expect(state.badge).toBe(1);
  expect(shown).toEqual([]);
  await window.answer(second, 'deny');
  await window.untilIdle(id);
});

it('what a notice does not show whole is reviewed, however low its risk [approval.notices]', async () => {
  const { host, shown } = fakeHost();
  const bench = await startBench({ host });
  const { window, server } = bench;
  const long = `touch ${'a'.repeat(120)} ${'b'.repeat(120)}`;
  const lines = 'touch a1\ntouch b1\ntouch c1\ntouch d1';
  const hidden = 'touch e1\u200b';
  server.script(say(...['touch whole', 'touch f1\ntouch g1', long, lines, hidden].map(bash)), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await window.until(() => shown.length === 5);
  expect(window.app.approvals.map(({ risk }) => risk.level).slice(0, 4)).toEqual(Array(4).fill('low'));
  expect(shown.map(({ answers }) => answers)).toEqual([true, true, false, false, false]);
  expect(shown[1]?.body).toContain('touch g1');
  expect(shown[2]?.body).toMatch(/b…$/);
  await window.request('run.cancel', { sessionId: id });
  await window.untilIdle(id);
});
