import { type ChildProcess, execFile, spawn } from 'node:child_process';
import type { Notice } from './approvals/notices.ts';

type ShowNotice = (notice: Notice) => () => void;

/** What the program needs to reach the person's desktop; nothing else of ours is its business. */
const passedOn = /^(PATH|HOME|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XDG_.*|DBUS_SESSION_BUS_ADDRESS)$/;

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)));

const markup: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Shows notices with buttons on Linux, where Electron shows none, through `notify-send` of libnotify 0.8 or later. Where that is missing
 * or older, `fallback` shows them.
 */
export function createLinuxNotices(fallback: ShowNotice, program = 'notify-send'): ShowNotice {
  let hasButtons: Promise<boolean> | undefined;
  const shown = new Set<ChildProcess>();
  // A notice that outlived the app would be answered by nobody.
  process.once('exit', () => {
    for (const child of shown) child.kill('SIGINT');
  });

  const show: ShowNotice = ({ title, body, answers, onAnswer, onReview }) => {
    // Desktops read markup in a body, and not all alike: what holds any may not look as it is, and is reviewed.
    const isPlain = !/[&<>]/.test(body);
    const buttons = answers && isPlain ? ['allow=Allow once', 'deny=Deny'] : ['review=Review'];
    const actions = [...buttons, 'default=Review'].flatMap((action) => ['--action', action]);
    const text = body.replace(/[&<>]/g, (char) => markup[char] ?? char);
    const child = spawn(program, ['--app-name', 'Switchyard', ...actions, '--', title, text], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environment(),
    });
    shown.add(child);
    let pressed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      pressed += chunk;
    });
    child.on('error', () => shown.delete(child));
    child.on('close', () => {
      if (!shown.delete(child)) return;
      const action = pressed.trim();
      if (action === 'allow' || action === 'deny') onAnswer(action);
      else if (action !== '') onReview();
    });
    return () => {
      // On this signal it takes its notice away.
      if (shown.delete(child)) child.kill('SIGINT');
    };
  };

  return (notice) => {
    hasButtons ??= knowsActions(program);
    let close: (() => void) | undefined;
    let isClosed = false;
    void hasButtons.then((yes) => {
      if (!isClosed) close = yes ? show(notice) : fallback(notice);
    });
    return () => {
      isClosed = true;
      close?.();
    };
  };
}

const knowsActions = (program: string): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(program, ['--help'], { env: environment(), timeout: 2000 }, (error, help) => {
      resolve(!error && help.includes('--action'));
    });
  });
