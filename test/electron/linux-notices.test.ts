import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../electron/approvals/notices.ts';
import { createLinuxNotices } from '../../electron/linux-notices.ts';

/** A program that keeps what it was given, one a line, and then does what `then` says. */
async function programThat(then: string, help = '-A, --action=NAME'): Promise<{ path: string; given: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-notify-'));
  const [path, given] = [join(folder, 'notify-send'), join(folder, 'given')];
  const script = `#!/bin/sh
[ "$1" = --help ] && { echo '${help}'; exit; }
printf '%s\\n' "$@" "key:$OPENAI_API_KEY" > '${given}'
${then}
`;
  await writeFile(path, script);
  await chmod(path, 0o700);
  return { path, given };
}

const noticeOf = (more: Partial<Notice> = {}) => ({
  title: 'A session waits for you',
  body: 'bash: touch a',
  answers: true,
  onAnswer: vi.fn(),
  onReview: vi.fn(),
  ...more,
});

describe.skipIf(process.platform === 'win32')('a notice on Linux', () => {
  it.each(['allow', 'deny'] as const)('is answered by its button: %s [approval.notices]', async (action) => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-not-for-others');
    const { path, given } = await programThat(`echo ${action}`);
    const notice = noticeOf();
    createLinuxNotices(vi.fn(), path)(notice);
    await vi.waitFor(() => expect(notice.onAnswer).toHaveBeenCalledWith(action));
    expect(notice.onReview).not.toHaveBeenCalled();
    const lines = (await readFile(given, 'utf8')).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['allow=Allow once', 'deny=Deny', 'default=Review', 'bash: touch a']));
    expect(lines).toContain('key:');
  });

  it.each([
    ['of a risk', noticeOf({ answers: false }), 'bash: touch a'],
    ['that a desktop may read as markup', noticeOf({ body: 'bash: a <b>&& b' }), 'bash: a &lt;b&gt;&amp;&amp; b'],
  ])('%s can only be reviewed [approval.notices]', async (_what, notice, shown) => {
    const { path, given } = await programThat('echo review');
    createLinuxNotices(vi.fn(), path)(notice);
    await vi.waitFor(() => expect(notice.onReview).toHaveBeenCalledOnce());
    const text = await readFile(given, 'utf8');
    expect(text).toContain(`\n${shown}\n`);
    expect(text).not.toContain('allow=');
  });

  it('that is taken away is closed, and answers nothing [approval.notices]', async () => {
    const { path, given } = await programThat(
      `trap "echo closed > '$0.closed'; exit" INT; while :; do sleep 0.05; done`,
    );
    const notice = noticeOf();
    const close = createLinuxNotices(vi.fn(), path)(notice);
    await vi.waitFor(async () => expect(await readFile(given, 'utf8')).toContain('key:'));
    close();
    await vi.waitFor(async () => expect(await readFile(`${path}.closed`, 'utf8')).toBe('closed\n'));
    expect(notice.onAnswer).not.toHaveBeenCalled();
    expect(notice.onReview).not.toHaveBeenCalled();
  });

  it('is shown without buttons where the program is missing or old [approval.notices]', async () => {
    const old = await programThat('echo allow', '-u, --urgency');
    for (const program of ['/nowhere/notify-send', old.path]) {
      const closed = vi.fn();
      const fallback = vi.fn(() => closed);
      const notice = noticeOf();
      const close = createLinuxNotices(fallback, program)(notice);
      await vi.waitFor(() => expect(fallback).toHaveBeenCalledWith(notice));
      close();
      expect(closed).toHaveBeenCalledOnce();
    }
  });
});
