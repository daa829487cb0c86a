import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startBench } from './harness.ts';

const readme = '# Tiny\n\nA project to try teh demo on.\n';
const label = 'Switchyard demo: rules, not a language model.';

/** A session on the embedded demo, whatever else runs on this machine. */
async function demo() {
  const bench = await startBench({ files: { 'README.md': readme, 'a.txt': 'one\n', 'b.txt': 'two\n' } });
  const id = await bench.newSession({ profileId: 'demo' });
  const answer = () => {
    const message = bench.window.session(id).items.findLast((item) => item.kind === 'message');
    return message?.kind === 'message' ? message.text : '';
  };
  return { ...bench, id, answer };
}

test('the demo answers offline from what it really read, labelled as no language model', async () => {
  const { window, id, send, answer } = await demo();
  await send(id, 'Summarise the structure of this project');
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(answer()).toContain('### Tiny');
  expect(answer()).toContain('It holds 3 files');
  expect(answer()).toContain(label);
  expect(state.head.context).toMatchObject({ window: 32_768, source: 'reported' });
});

test('its edit waits for approval; allowed it changes the file, denied it says so and why', async () => {
  const { window, id, send, answer, file } = await demo();
  await send(id, 'Fix the typo in README.md');
  await window.answer(await window.approval(), 'deny', { comment: 'not today' });
  await window.untilIdle(id);
  expect(answer()).toContain('You denied the edit of `README.md`: “not today”');
  expect(await file('README.md')).toBe(readme);

  await send(id, 'Fix the typo in README.md');
  await window.answer(await window.approval(), 'allow');
  await window.until(() => window.app.approvals.length === 0);
  await window.untilIdle(id);
  expect(answer()).toContain('Edited README.md');
  expect(await file('README.md')).toBe(readme.replace('teh', 'the'));
});

test('in parallel it starts child sessions, and its answer holds what they found', async () => {
  const { window, id, send, answer } = await demo();
  await send(id, 'In parallel look at a.txt, b.txt and README.md');
  await window.untilIdle(id);
  expect(Object.values(window.app.sessions).filter(({ parentId }) => parentId === id)).toHaveLength(3);
  expect(answer()).toContain('3 of 3 child sessions reported.');
  expect(answer()).toMatch(/### a\.txt[\s\S]*one[\s\S]*### b\.txt[\s\S]*two/);
});

test('its context can be compacted, with a list in the place of a summary, and it answers the next prompt alone [compact.fallback]', async () => {
  const { window, id, send, answer } = await demo();
  for (const prompt of ['Read README.md', 'Read a.txt', 'Read b.txt']) {
    await send(id, prompt);
    await window.untilIdle(id);
  }
  await window.request('context.compact', { sessionId: id });
  const summary = await window.until(() => window.session(id).items.find((item) => item.kind === 'summary'));
  expect(summary).toMatchObject({ method: 'truncate', reason: 'the demo cannot sum up' });
  expect(summary.kind === 'summary' && summary.text).toContain('a.txt');
  const calls = window.calls(id).length;
  await send(id, 'Read b.txt');
  await window.untilIdle(id);
  expect(answer()).toContain('two');
  expect(window.calls(id)).toHaveLength(calls + 1);
});

test('a skill that a prompt brings along is not taken for the prompt', async () => {
  const { window, id, send, answer, userDataDir } = await demo();
  const folder = join(userDataDir, 'skills', 'careful');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'SKILL.md'), '---\nname: careful\ndescription: d\n---\nRead b.txt\n\nRun `ls`\n');
  await send(id, '/careful Read a.txt');
  await window.untilIdle(id);
  expect(window.calls(id).map(({ title }) => title)).toEqual(['a.txt']);
  expect(answer()).toContain('one');
});
