import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createAssets } from '../../../../electron/assets.ts';
import type { DemoMessage } from '../../../../electron/model/demo/conversation.ts';
import { type DemoReply, demoReply } from '../../../../electron/model/demo/rules.ts';
import { builtInTools } from '../../../../electron/tools/built-in.ts';
import type { Tool } from '../../../../electron/tools/tool.ts';

const label = '_Switchyard demo: rules, not a language model._';
const assets = createAssets(undefined);
const tools = new Map(builtInTools({ rg: assets.rg }).map((tool) => [tool.name, tool]));
const names = new Set([...tools.keys(), 'task']);
let workspace = '';

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'demo-'));
  await cp(assets.sample, workspace, { recursive: true });
  return () => rm(workspace, { recursive: true, force: true });
});

type Answer = (tool: string, args: Record<string, unknown>) => string | undefined | Promise<string | undefined>;

/** Talks with the rules as the loop does, with the real tools on a copy of the sample; `answer` may speak for a tool. */
async function talk(prompt: string, answer: Answer = () => undefined, before: DemoMessage[] = []) {
  const messages: DemoMessage[] = [
    { role: 'system', content: 'Be good.' },
    ...before,
    { role: 'user', content: prompt },
  ];
  const called: { name: string; args: Record<string, unknown> }[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const reply: DemoReply = demoReply(messages, names);
    if (reply.calls.length === 0) {
      expect(reply.text.endsWith(label)).toBe(true);
      return { text: reply.text, called, messages };
    }
    const calls = reply.calls.map(({ name, args }, index) => ({
      id: `c${turn}-${index}`,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(args) },
    }));
    messages.push({ role: 'assistant', content: reply.text, tool_calls: calls });
    called.push(...reply.calls);
    for (const [index, { name, args }] of reply.calls.entries()) {
      const content = (await answer(name, args)) ?? (await execute(tools.get(name), args));
      messages.push({ role: 'tool', tool_call_id: `c${turn}-${index}`, content });
    }
  }
  throw new Error('the demo does not come to an end');
}

async function execute(tool: Tool | undefined, args: unknown): Promise<string> {
  if (!tool) throw new Error('no such tool');
  const { output } = await tool.execute(tool.schema.parse(args), {
    sessionId: 's',
    callId: 'c',
    workspace,
    signal: new AbortController().signal,
    output: () => {},
    processStarted: async () => {},
    saveBlob: async () => '',
    approvedPlaces: undefined,
    env: { PATH: process.env.PATH ?? '' },
  });
  return output;
}

const inWorkspace = (file: string) => readFile(join(workspace, file), 'utf8');

test('lists files with their real names and counts', async () => {
  const { text } = await talk('List the files');
  expect(text).toContain('`.` holds 2 folders and 3 files');
  expect(text).toContain('src/');
});

test('reads a file and shows it in a block', async () => {
  const { text } = await talk('Read README.md');
  expect(text).toContain('```markdown\n# ');
  expect(text).not.toMatch(/^\s*1\t/m);
});

test('says plainly that a file is not there', async () => {
  const { text } = await talk('Read nothing.md');
  expect(text).toMatch(/About `nothing\.md`:\n\n> .*nothing\.md/);
});

test('searches as plain text and counts what it found', async () => {
  const { text, called } = await talk('Search for "teh"');
  expect(called).toEqual([{ name: 'grep', args: { pattern: 'teh' } }]);
  expect(text).toMatch(/`teh` occurs in 1 line:\n\n```text\nREADME\.md:\d+:/);
  expect((await talk('Search for "zzz(("')).text).toContain('The search for `zzz((` says');
});

test('summarises the project from its listing, files, README and manifest', async () => {
  const { text, called } = await talk('Summarise the structure of this project');
  expect(called.map(({ name }) => name)).toEqual(['ls', 'glob', 'read', 'read']);
  const title = (await inWorkspace('README.md')).split('\n')[0]?.slice(2);
  expect(text).toContain(`### ${title}`);
  expect(text).toMatch(/It holds 8 files: .*5 `\.js`/);
  expect(text).toMatch(/\*\*src\/\*\* – 3 files, such as `cli\.js`/);
  expect(text).toContain('```json');
});

test('fixes the typo after having read the file', async () => {
  const { text, called } = await talk('Fix the typo in README.md');
  expect(called.map(({ name }) => name)).toEqual(['read', 'edit']);
  expect(await inWorkspace('README.md')).not.toMatch(/\bteh\b/);
  expect(text).toContain('Edited README.md');
  expect((await talk('Fix the typo in README.md')).text).toContain('found none');
});

test('creates exactly the file it was told to', async () => {
  const { text } = await talk('Create the file docs/new.txt with "one\\ntwo"');
  expect(await inWorkspace('docs/new.txt')).toBe('one\ntwo');
  expect(text).toContain('Made docs/new.txt');
});

test('replaces one occurrence, refuses several without "all", and changes nothing when there is none', async () => {
  await talk('Create the file x.txt with "aa b aa"');
  expect((await talk('Replace "aa" with "c" in x.txt')).text).toContain('occurs 2 times');
  expect(await inWorkspace('x.txt')).toBe('aa b aa');
  await talk('Replace all "aa" with "c" in x.txt');
  expect(await inWorkspace('x.txt')).toBe('c b c');
  const none = await talk('Replace "nope" with "c" in x.txt');
  expect(none.text).toContain('I changed nothing');
  expect(none.called.map(({ name }) => name)).toEqual(['read']);
});

test('runs a command and shows what it said, exit code included', async () => {
  const { text } = await talk('Run `echo one; echo two >&2; exit 3`');
  expect(text).toMatch(/says:\n\n```text\n.*one\ntwo\n.*exit code 3/s);
});

test('does one thing after the other', async () => {
  const { text, called } = await talk('Create the file x.txt with "hi", then read x.txt and then run `cat x.txt`');
  expect(called.map(({ name }) => name)).toEqual(['write', 'read', 'bash']);
  expect(text.match(/hi/g)?.length).toBeGreaterThan(1);
});

test('in parallel: one task for each, all in one reply, and their reports in the answer', async () => {
  const child: Answer = async (tool, args) => (tool === 'task' ? (await talk(String(args.prompt))).text : undefined);
  const { text, messages } = await talk('In parallel look at src, test and README.md', child);
  expect(messages.filter(({ role }) => role === 'assistant')).toHaveLength(1);
  expect(text).toContain('3 of 3 child sessions reported.');
  expect(text).toMatch(/### src\n\n`src` holds 3 files/);
  expect(text).toMatch(/### README\.md\n\n\*\*README\.md\*\*/);
  expect(text).toContain('\n# Trail log\n');
  expect(text.split(label)).toHaveLength(2);
});

test.each([
  [
    'Denied by the person; it was not run. Do not make the same call again.\nThey said: not on a Friday',
    'You denied writing `x.txt`: “not on a Friday”',
  ],
  ['Denied by the person; it was not run. Do not make the same call again.', 'You denied writing `x.txt`. I leave it'],
  ['Denied: the session is in Plan mode', 'Writing `x.txt` was denied: the session is in Plan mode'],
  ['Interrupted while it waited for approval; it was not run.', 'Writing `x.txt` did not happen: Interrupted'],
])('acknowledges truthfully: %s', async (output, answer) => {
  const { text, called } = await talk('Create the file x.txt with "a"', () => output);
  expect(text).toContain(answer);
  expect(called).toHaveLength(1);
});

test('says when the person changed a call, and what ran', async () => {
  const note =
    '[The person edited this call before allowing it. What ran: {"command":"echo safe"}]\nsafe\n[exit code 0]';
  const { text } = await talk('Run `echo risky`', () => note);
  expect(text).toContain('You changed the command. `echo safe` says:');
});

test('a later prompt starts anew; images that a call read are no prompt', async () => {
  const first = await talk('List the files');
  const before = [...first.messages.slice(1), { role: 'assistant' as const, content: first.text }];
  expect((await talk('Read notes.md', undefined, before)).called).toEqual([
    { name: 'read', args: { file_path: 'notes.md' } },
  ]);
  const withImage: DemoMessage[] = [...first.messages, { role: 'user', content: 'Image read by read: a.png' }];
  expect(demoReply(withImage, names).text).toContain('`.` holds');
});

test('anything else is answered with what it can do, and nothing is called', async () => {
  const { text, called } = await talk('Write me a poem about trains');
  expect(called).toEqual([]);
  expect(text).toContain('This is the demo that comes with Switchyard');
});

test('a tool that is not on offer is not called', () => {
  const reply = demoReply([{ role: 'user', content: 'Run `ls`' }], new Set(['read']));
  expect(reply.calls).toEqual([]);
  expect(reply.text).toContain('`bash`, which this session does not have');
});

test('results that were lost or are odd never break it', () => {
  const call = { id: 'c', type: 'function' as const, function: { name: 'ls', arguments: 'not json' } };
  const messages: DemoMessage[] = [
    { role: 'user', content: 'Summarise the structure of this project' },
    { role: 'assistant', content: null, tool_calls: [call] },
  ];
  expect(demoReply(messages, names).text).toContain(label);
  expect(demoReply([], names).text).toContain(label);
});
