import { app, BrowserWindow, Notification } from 'electron';
import type { NoticeHost } from './approvals/notices.ts';
import { createLinuxNotices } from './linux-notices.ts';
import { bringToFront } from './window.ts';

/** Electron shows buttons on macOS and Windows only; on Linux the one action is the click, which reviews. */
const notify: NoticeHost['notify'] = ({ title, body, answers, onAnswer, onReview }) => {
  if (!Notification.isSupported()) return () => {};
  const actions = answers
    ? [
        { type: 'button' as const, text: 'Allow once' },
        { type: 'button' as const, text: 'Deny' },
      ]
    : [{ type: 'button' as const, text: 'Review' }];
  const notification = new Notification({ title, body, actions });
  notification.on('action', (_event, index) => {
    if (!answers) return onReview();
    onAnswer(index === 0 ? 'allow' : 'deny');
  });
  notification.on('click', onReview);
  notification.show();
  return () => notification.close();
};

/** The system's notifications and the app's badge. */
export const noticeHost: NoticeHost = {
  isLookedAt: () => BrowserWindow.getFocusedWindow() !== null,
  notify: process.platform === 'linux' ? createLinuxNotices(notify) : notify,
  setBadge: (count) => {
    app.setBadgeCount(count);
  },
  bringToFront: () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window) bringToFront(window);
  },
};
