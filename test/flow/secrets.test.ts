import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Log } from '../../electron/log.ts';
import { call, httpError, say } from '../fakes/model-server.ts';
import { apiKey, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

/** Files below a folder, whole, that hold the text; also in base64. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).isDirectory()) found.push(...(await filesWith(path, text)));
    else if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

it('the key of the model is sent to the model and found nowhere else [secrets] [I11] [T8] [S-W71] [S-W72]', async () => {
  const logged: string[] = [];
  const write = (message: string, fields?: Record<string, unknown>) =>
    void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const bench = await startBench({ files: { 'key.txt': `KEY=${apiKey}\n` }, log });
  const { window, server } = bench;
  const long = 'yes "$(cat key.txt)" | head -n 3000';
  server.script(
    say(`I know ${apiKey}`, call('bash', { command: 'env | sort' }), call('read', { file_path: 'key.txt' })),
    say(call('bash', { command: long }), call('write', { file_path: 'copy.txt', content: apiKey })),
    say(
      call('bash', { command: `echo ${apiKey}` }),
      call('ls', { nokey: apiKey }),
      call('ls', { [apiKey]: 1 }),
      call(apiKey, {}),
    ),
    httpError(400, { error: { message: `bad request with ${apiKey}` } }),
  );
  const id = await bench.newSession({ mode: 'bypass', title: 'secrets' });
  await bench.send(id, `my key is ${apiKey}, keep it`);
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('failed');
  expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${apiKey}`)).toBe(true);
  expect(window.calls(id)[0]?.result?.output).toContain('PATH=');
  expect(window.calls(id)[0]?.result?.output).not.toMatch(/OPENAI_API_KEY/);
  await expectLaws(bench, id);

  expect(JSON.stringify(window.heard)).not.toContain(apiKey);
  expect(JSON.stringify([window.app, ...window.replicas.values()])).not.toContain(apiKey);
  expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain(apiKey);
  expect(logged.join('\n')).not.toContain(apiKey);
  expect(window.calls(id).some((one) => one.result?.blob)).toBe(true);
  await bench.workbench.shutdown(2000);
  expect(await filesWith(bench.userDataDir, apiKey)).toEqual([]);
});

it('commands see no variable that looks like a secret, unless the person allows its name [secrets]', async () => {
  const bench = await startBench();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    OPENAI_BASE_URL: bench.server.baseUrl,
    OPENAI_MODEL: 'scripted',
    MY_TOKEN: 'one',
    AWS_REGION: 'two',
    DB_PASSWORD: 'three',
    BASH_ENV: '/tmp/nothing',
    PLAIN: 'four',
  };
  const again = await bench.restart({ env });
  again.server.script(say(call('bash', { command: 'env' })), say('ok'));
  const id = await again.newSession({ mode: 'bypass' });
  await again.send(id, 'go');
  await again.window.untilIdle(id);
  const output = again.window.calls(id)[0]?.result?.output ?? '';
  expect(output).toContain('PLAIN=four');
  for (const name of ['MY_TOKEN', 'AWS_REGION', 'DB_PASSWORD', 'BASH_ENV']) expect(output).not.toContain(name);
});

it('what looks like a secret but is not ours reaches the model unchanged [secrets]', async () => {
  const other = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
  const bench = await startBench({ files: { 'a.txt': `token ${other}\n` } });
  bench.server.script(say(call('read', { file_path: 'a.txt' })), say('ok'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await bench.window.untilIdle(id);
  expect(JSON.stringify(bench.server.requests[1]?.body.messages)).toContain(other);
});
