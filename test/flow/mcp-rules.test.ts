import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, type Tool } from '../../electron/tools/tool.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const issue = 'mcp__github__create_issue';

/** Tools as a server would bring them along; what they were called with is kept. */
function serverTools() {
  const calls: { tool: string; args: unknown }[] = [];
  const tool = (name: string, mainArgument?: string): Tool =>
    defineTool({
      name,
      ...(mainArgument ? { mainArgument } : {}),
      description: name,
      schema: z.record(z.string(), z.unknown()),
      kind: 'other',
      effects: { reads: true, writes: true, runs: true, network: true },
      concurrent: false,
      describe: async () => ({ title: name, detail: { type: 'json' } }),
      execute: async (args) => {
        calls.push({ tool: name, args });
        return { status: 'ok', output: 'made' };
      },
    });
  return { calls, tools: [tool(issue), tool('mcp__github__delete_repo'), tool('mcp__docs__search', 'query')] };
}

const user = { source: 'user' } as const;
const add = (bench: Bench, kind: 'allow' | 'ask' | 'deny', rule: string) =>
  bench.window.request('rules.add', { place: user, kind, rule, term: 'never' });

describe('a tool of a server', () => {
  it('is asked about, and "always allow" offers its arguments; the saved rule then covers just such calls [rules.arguments] [P4] [P7]', async () => {
    const { calls, tools } = serverTools();
    const bench = await startBench({ tools });
    const { window, server } = bench;
    server.script(
      say(call(issue, { repo: 'acme/web', title: 'one', labels: ['x'] })),
      say(call(issue, { repo: 'acme/web', title: 'two' })),
      say(call(issue, { repo: 'else/web', title: 'three' })),
      say('done'),
    );
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const first = await window.approval();
    expect(await window.request('approval.suggestRule', { id: first.id })).toEqual({
      rules: [`${issue}(repo:acme/web, title:one)`],
      pairs: ['repo:acme/web', 'title:one'],
      reason: expect.stringContaining('`labels`'),
    });
    const rules = [`${issue}(repo:acme/*)`];
    expect(await window.request('rules.preview', { id: first.id, rules, scope: 'user' })).toMatchObject({
      of: 1,
      matched: [{ tool: issue }],
    });
    await window.answer(first, 'allow', { grant: { rules, scope: 'session' } });
    const third = await window.approval(({ args }) => (args as { repo?: string }).repo === 'else/web');
    expect(calls.map(({ args }) => args)).toMatchObject([{ title: 'one' }, { title: 'two' }]);
    expect(window.session(id).head.config.rules.allow).toEqual(rules);
    await window.answer(third, 'deny');
    await window.untilIdle(id);
    expect(calls).toHaveLength(2);
    await expectLaws(bench, id);
  });

  it('is denied by its arguments, also in Bypass, and asked about where they are missing [rules.arguments] [P5]', async () => {
    const { calls, tools } = serverTools();
    const bench = await startBench({ tools });
    const { window, server } = bench;
    await add(bench, 'deny', `${issue}(repo:acme/secret)`);
    server.script(say(call(issue, { repo: 'ACME/secret' })), say(call(issue, { title: 'x' })), say('done'));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await window.answer(await window.approval(), 'deny');
    await window.untilIdle(id);
    expect(window.calls(id).map(({ state }) => state)).toEqual(['denied', 'denied']);
    expect(calls).toEqual([]);
    await expectLaws(bench, id);
  });

  it('can be tried as a typed call, by its arguments or by the main one that it declares [rules.arguments] [rules.test]', async () => {
    const bench = await startBench({ tools: serverTools().tools });
    await add(bench, 'allow', `${issue}(repo:acme/*)`);
    await add(bench, 'allow', 'mcp__docs__search(how to *)');
    await add(bench, 'allow', 'mcp__github__delete_repo(acme/*)');
    const test = async (text: string) => (await bench.window.request('rules.test', { call: text })).decision;
    expect(await test(`${issue}: {"repo":"acme/web"}`)).toBe('allow');
    expect(await test(`${issue}: {"repo":"else/web"}`)).toBe('ask');
    expect(await test('mcp__docs__search: how to test')).toBe('allow');
    expect(await test('mcp__docs__search: {"query":"how to test"}')).toBe('allow');
    expect(await test('mcp__docs__search: why')).toBe('ask');
    expect(await test('mcp__github__delete_repo: {"repo":"acme/web"}')).toBe('ask');
  });

  it('rules for its arguments are kept as text, hold after a restart, and those that can never hold are refused [rules.arguments] [P1]', async () => {
    const first = await startBench({ tools: serverTools().tools });
    const rules = [`${issue}(repo:acme/*, title:a\\, b)`, 'mcp__github__get_*', 'mcp__docs'];
    for (const rule of rules) await add(first, 'allow', rule);
    await add(first, 'deny', 'mcp__*(token:*)');
    await expect(add(first, 'allow', 'mcp__*')).rejects.toMatchObject({ code: 'invalid' });
    await expect(add(first, 'allow', `${issue}(repo:a, b)`)).rejects.toMatchObject({ code: 'invalid' });
    const bench = await first.restart();
    const listed = (await bench.window.request('rules.list', {})).rules;
    expect(listed.filter(({ kind }) => kind === 'allow').map(({ rule }) => rule)).toEqual(rules);
    expect(listed.every(({ problem }) => problem === undefined)).toBe(true);
    const test = async (text: string) => (await bench.window.request('rules.test', { call: text })).decision;
    expect(await test(`${issue}: {"repo":"acme/web","title":"a, b","token":null}`)).toBe('deny');
    expect(await test('mcp__docs__search: {"token":"x"}')).toBe('deny');
  });

  it('of a name that rules could not tell from another is refused', async () => {
    const { tools } = serverTools();
    await expect(
      startBench({ tools: [...tools, { ...tools[0]!, name: 'mcp__git_hub__createissue' }] }),
    ).rejects.toThrow('Two tools');
    for (const name of ['Read', 'skill', 'manageskill']) {
      await expect(startBench({ tools: [{ ...tools[0]!, name }] })).rejects.toThrow('Two tools');
    }
  });
});

it('a tool whose name is that of looking something up, but which changes something, is asked about all the same [H7] [H3]', async () => {
  const { tools, calls } = serverTools();
  const bench = await startBench({ tools: [{ ...tools[0]!, name: 'search' }] });
  const { window, server } = bench;
  server.script(say(call('search', { q: 'x' })), say('done'));
  const id = await bench.newSession();
  const policy = { enabled: true, timeoutAction: 'reject', yoloLanes: ['query'] } as const;
  await window.request('confirmation.set', { sessionId: id, policy: { ...policy, yoloLanes: ['query'] } });
  await bench.send(id, 'go');
  await window.answer(await window.approval(), 'deny');
  await window.untilIdle(id);
  expect(calls).toEqual([]);
});

describe('tools that are denied altogether', () => {
  it('are hidden from the model, those of which something is left are not, and a change holds at the next turn [rules.hidden-tools]', async () => {
    const { tools, calls } = serverTools();
    const bench = await startBench({ tools });
    const { window, server } = bench;
    await add(bench, 'deny', 'mcp__github__delete_*');
    await add(bench, 'deny', `${issue}(repo:x)`);
    await add(bench, 'deny', 'Bash');
    await add(bench, 'deny', 'Read(secret/**)');
    server.script(say(call('mcp__github__delete_repo', {})), say('done'), say('again'));
    const id = await bench.newSession();
    const told = async (index: number) => {
      const { tools } = (await server.request(index)).body as { tools: { function: { name: string } }[] };
      return tools.map((tool) => tool.function.name);
    };
    await bench.send(id, 'go');
    await window.untilIdle(id);
    expect(await told(0)).toEqual(expect.arrayContaining([issue, 'read', 'grep', 'mcp__docs__search']));
    expect(await told(0)).not.toEqual(expect.arrayContaining(['mcp__github__delete_repo']));
    expect(await told(0)).not.toEqual(expect.arrayContaining(['bash']));
    // It knows of the tool all the same.
    expect(window.calls(id)).toMatchObject([{ state: 'denied', decision: { rule: 'mcp__github__delete_*' } }]);
    expect(calls).toEqual([]);
    await add(bench, 'deny', 'Edit');
    await bench.send(id, 'more');
    await window.until(() => server.requests.length === 3);
    await window.untilIdle(id);
    expect(await told(2)).not.toEqual(expect.arrayContaining(['write']));
    await expectLaws(bench, id);
  });
});
