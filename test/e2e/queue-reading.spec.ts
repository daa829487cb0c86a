import { expect, type Page } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { command, expectAccessible } from './keyboard.ts';
import { test, view } from './scripted.ts';

interface AxNode {
  nodeId: string;
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  childIds?: string[];
}

/** What a screen reader reads of the node with this role and name, in order: a line a control, heading or text. */
async function readAloud(page: Page, role: string, name: RegExp): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: AxNode[] };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const root = nodes.find((node) => !node.ignored && node.role?.value === role && name.test(node.name?.value ?? ''));
  if (!root) throw new Error(`no ${role} ${name} in the accessibility tree`);
  const lines: string[] = [];
  const read = (node: AxNode) => {
    const is = node.role?.value ?? '';
    const said = node.name?.value ?? '';
    if (!node.ignored && ['button', 'heading', 'checkbox', 'StaticText', 'image'].includes(is) && said.trim() !== '') {
      lines.push(is === 'StaticText' ? said.trim() : `${is} ${said}`);
      if (is !== 'heading') return;
    }
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child && is !== 'heading') read(child);
    }
  };
  read(root);
  return lines;
}

test('a card is read in order: whose, what, why, how risky, with what, and the answers', async ({ scripted }) => {
  scripted.server.script(
    say(call('task', { description: 'look around', prompt: 'Look.' })),
    say(call('bash', { command: 'touch made.txt && npm test' })),
    say('Nothing.'),
    say('Done.'),
  );
  const { page } = await scripted.start();
  const { send, card } = view(page);
  await send('a parent task');
  await expect(card(/^bash:/)).toBeVisible();
  const lines = await readAloud(page, 'article', /^bash: touch/);
  const whole = lines.join('\n');
  const order = [
    'button a parent task',
    'button look around',
    'heading bash touch made.txt && npm test',
    'Asked because',
    'Manual mode asks before commands run',
    'waiting since',
    'Medium risk',
    'Runs',
    'Creates',
    // The arguments: the command, then what stands beside it.
    'timeout',
    'button Allow once',
    'button Always allow…',
    'button Edit',
    'button Deny',
    'button Later',
  ];
  const places = order.map((text) => whole.indexOf(text));
  expect(
    places.every((place) => place >= 0),
    `${order.filter((_, n) => places[n]! < 0)} of\n${whole}`,
  ).toBe(true);
  expect(places, whole).toEqual([...places].sort((a, b) => a - b));
  // The command itself stands between the reasons and the answers, however it is coloured.
  const spoken = whole.replace(/\s+/g, '');
  const exact = 'touchmade.txt&&npmtest';
  expect(spoken.lastIndexOf(exact)).toBeGreaterThan(spoken.indexOf('Mediumrisk'));
  expect(spoken.lastIndexOf(exact)).toBeLessThan(spoken.indexOf('buttonAllowonce'));
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in cards, forms, batch, rules and decisions, ${colorScheme}`, async ({ scripted }) => {
    test.setTimeout(180_000);
    scripted.server.script(
      say(
        call('bash', { command: 'ls && touch one.txt && npm test' }),
        call('write', { file_path: 'notes.txt', content: 'first line\nother\n' }),
        call('bash', { command: 'rm -rf /opt/nothing-here' }),
        call('edit', { file_path: 'notes.txt', old_string: 'nowhere', new_string: 'x' }),
        call('grep', { pattern: 'root', path: '/etc', glob: '*.conf' }),
      ),
      say('Done.'),
    );
    const { page } = await scripted.start({ colorScheme });
    const { send, card, queue, pill } = view(page);
    await send('go');
    await expect(pill).toHaveText(/5/);
    await expectAccessible(page, '[aria-label="Approval queue"]');
    const axe = () => expectAccessible(page, 'article:focus-within');
    const first = card(/^bash: ls/);
    for (const button of ['Always allow…', 'Edit', 'Deny', 'Comment']) {
      await first.getByRole('button', { name: button, exact: true }).click();
      if (button === 'Always allow…') await expect(first).toContainText('Already covered');
      await axe();
      await page.keyboard.press('Escape');
    }
    for (const name of [/^write:/, /^grep:/]) {
      await queue.focus();
      for (let step = 0; step < 5 && (await card(name).count()) === 0; step += 1) await page.keyboard.press('j');
      await card(name).getByRole('button', { name: 'Edit', exact: true }).click();
      await expect(card(name).getByRole('textbox').first()).toBeVisible();
      await axe();
      await page.keyboard.press('Escape');
    }
    await queue.getByRole('checkbox', { name: 'Select' }).first().check();
    await queue.getByRole('button', { name: /Review 1 selected/ }).click();
    await expectAccessible(page, '[role="dialog"]');
    await page.keyboard.press('Escape');
    for (const name of ['Permission rules', 'Decision log']) {
      await command(page, name);
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, '[role="dialog"]');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
  });
}
